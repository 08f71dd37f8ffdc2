/** Day-ahead prices by zone and interval, and by hour. */

import { type Collector, collector, type Report } from "./collector.ts";
import { divideRounded } from "./quantity.ts";

export type ZonalPrice = {
  /** NORD, CNOR, CSUD, SUD, CALA, SICI, SARD, or as the file writes it. */
  readonly zone: string;
  /** Seconds since the Unix epoch. */
  readonly start: number;
  /** 3600 or 900. */
  readonly seconds: number;
  /** 10⁻⁴ €/MWh, signed. */
  readonly price: number;
};

/** 10,000 €/MWh: the market is limited to half of that, so more is mistyped. */
const MOST = 100_000_000n;
const HOUR = 3600;

/** @param file for messages */
export function priceCollector(file: string): Collector<ZonalPrice> {
  return collector<ZonalPrice>(
    file,
    ({ zone }) => zone,
    ({ price }) => String(price),
  );
}

/** The price as a number, unless it is none or beyond the market's limits; then that is reported. */
export function checkedPrice(
  price: bigint | undefined,
  place: Parameters<Report>[0],
  report: Report,
): number | undefined {
  if (price === undefined) report(place, "not a price in €/MWh", "Mend it, or take it out if the price is unknown");
  else if (price > MOST || price < -MOST) report(place, "beyond 10000 €/MWh", "Mend the decimal separator");
  else return Number(price);
  return undefined;
}

/**
 * Hourly prices: those of an hour as they are, and the mean of an hour's quarter-hours, rounded half away from zero to
 * 10⁻⁴ €/MWh. An hour that is not covered whole has no price.
 */
export function hourlyPrices(prices: readonly ZonalPrice[]): ZonalPrice[] {
  const hours = Map.groupBy(prices, ({ zone, start }) => `${zone} ${Math.floor(start / HOUR)}`);
  return [...hours.values()].flatMap((parts) => {
    const [first] = parts;
    const covered = parts.reduce((total, { seconds }) => total + seconds, 0);
    if (first === undefined || covered !== HOUR) return [];
    const total = parts.reduce((sum, { price, seconds }) => sum + BigInt(price) * BigInt(seconds), 0n);
    const start = Math.floor(first.start / HOUR) * HOUR;
    return [{ zone: first.zone, start, seconds: HOUR, price: Number(divideRounded(total, BigInt(HOUR))) }];
  });
}

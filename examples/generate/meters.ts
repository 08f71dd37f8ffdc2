/** What the meters of a model community read, and the files that say so. */

import type { HourRange } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Reading } from "../../oracle/readingsFile.ts";
import { formatDecimal } from "../../settlement/amounts.ts";
import { formatHour, formatLocalHour, type Hour, marketDayOf } from "../../settlement/hours.ts";
import { clearSkyYield } from "./clearSky.ts";
import { type Load, loadWatts } from "./loadShapes.ts";

/** What is behind a meter, and how much of the usual; a silent meter leaves a gap from a local hour on. */
export type BehindMeter = {
  readonly load: Load;
  readonly size: number;
  readonly silent?: { readonly first: string; readonly hours: number };
};

/** By market day: how much of the clear sky's yield gets through. */
export function cloudsOf({ first, end }: HourRange, random: () => number): Map<string, number> {
  const clouds = new Map<string, number>();
  for (let hour = first; hour < end; hour += 12) {
    const day = marketDayOf(hour);
    if (!clouds.has(day)) clouds.set(day, random() < 0.6 ? 0.85 + 0.15 * random() : 0.2 + 0.5 * random());
  }
  return clouds;
}

/**
 * A meter behind which a plant and a load are: it measures only what is left of one when the other is served.
 * @param power of the plant, W; 0 without one
 */
export function meterReadings(
  behind: BehindMeter,
  power: number,
  { first, end }: HourRange,
  clouds: ReadonlyMap<string, number>,
  random: () => number,
): Map<Hour, Reading> {
  const readings = new Map<Hour, Reading>();
  for (let hour = first; hour < end; hour++) {
    const local = formatLocalHour(hour);
    const dayOfWeek = Temporal.PlainDate.from(local.slice(0, 10)).dayOfWeek;
    const load = loadWatts(behind.load, Number(local.slice(11, 13)), dayOfWeek) * behind.size * (0.75 + 0.5 * random());
    const sun = power * clearSkyYield(hour) * (clouds.get(marketDayOf(hour)) ?? 1) * (0.92 + 0.16 * random());
    const surplus = Math.round(sun - load);
    const injected = power === 0 ? undefined : Math.max(0, surplus);
    readings.set(hour, { injected, withdrawn: Math.max(0, -surplus) });
  }
  for (const hour of [...readings.keys()]) if (isSilent(behind.silent, hour)) readings.delete(hour);
  return readings;
}

function isSilent(silent: BehindMeter["silent"], hour: Hour): boolean {
  if (silent === undefined) return false;
  for (let back = 0; back < silent.hours; back++) {
    if (formatLocalHour(hour - back).startsWith(silent.first)) return true;
  }
  return false;
}

/** The text of a readings file, meter by meter. */
export function readingsCsv(readings: ReadonlyMap<string, ReadonlyMap<Hour, Reading>>): string {
  const lines = [...readings].flatMap(([id, hours]) =>
    [...hours].map(
      ([hour, { injected, withdrawn }]) => `${id},${formatHour(hour)},${injected ?? ""},${withdrawn ?? ""}`,
    ),
  );
  return `${["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines].join("\n")}\n`;
}

/** The text of a prices file. */
export function pricesCsv(prices: Prices): string {
  const lines = [...prices].map(([hour, price]) => `${formatHour(hour)},${formatDecimal(BigInt(price), 4, 2)}`);
  return `${["utc_hour,price_eur_mwh", ...lines].join("\n")}\n`;
}

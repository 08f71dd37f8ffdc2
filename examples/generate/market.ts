/** What electricity costs on a market with much sun. */

import { formatLocalHour, type Hour, marketDayOf } from "../../settlement/hours.ts";
import { clearSkyYield } from "./clearSky.ts";

/** €/MWh by local hour, 0 to 23, on a working day without sun. */
const EVENINGS_DEAR = [
  118, 110, 104, 101, 102, 110, 128, 150, 158, 146, 138, 134, 130, 128, 130, 134, 142, 156, 176, 190, 184, 164, 144,
  130,
] as const;

const SATURDAY = 6;
const SUNDAY = 7;
const UNITS_PER_EURO = 10_000;

/** Zonal prices in 10⁻⁴ €/MWh, whole cents: low and at times below zero when the sun shines on a Sunday. */
export function zonalPrices(first: Hour, end: Hour, random: () => number): Map<Hour, number> {
  const levels = new Map<string, { level: number; sun: number }>();
  const prices = new Map<Hour, number>();
  for (let hour = first; hour < end; hour++) {
    const day = marketDayOf(hour);
    const of = levels.get(day) ?? { level: 0.85 + 0.3 * random(), sun: 60 + 90 * random() };
    levels.set(day, of);
    const dayOfWeek = Temporal.PlainDate.from(day).dayOfWeek;
    const demand = dayOfWeek === SUNDAY ? 0.7 : dayOfWeek === SATURDAY ? 0.85 : 1;
    const dark = (EVENINGS_DEAR[Number(formatLocalHour(hour).slice(11, 13))] ?? 0) * of.level * demand;
    const euros = dark - of.sun * clearSkyYield(hour) + 6 * (random() - 0.5);
    prices.set(hour, Math.round(euros * 100) * (UNITS_PER_EURO / 100));
  }
  return prices;
}

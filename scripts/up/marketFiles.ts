/** The simulated market: each afternoon a file with the zonal prices of the next day, where the oracle looks for them. */

import { join } from "node:path";
import { formatDecimal } from "../../settlement/amounts.ts";
import {
  formatHour,
  formatLocalHour,
  type Hour,
  hoursOfMarketDay,
  marketDayOf,
  monthOf,
} from "../../settlement/hours.ts";
import { writeWhole } from "../settlementFolder.ts";
import type { ModelMeters } from "./modelMeters.ts";

/** The local hour by which the day-ahead market has published. */
const PUBLISHED_AT = 13;

/** The first hour of which no price is known yet at an hour. */
export function endOfPrices(now: Hour): Hour {
  const today = hoursOfMarketDay(marketDayOf(now));
  const tomorrow = today.firstHour + today.hourCount;
  if (Number(formatLocalHour(now).slice(11, 13)) < PUBLISHED_AT) return tomorrow;
  const { firstHour, hourCount } = hoursOfMarketDay(marketDayOf(tomorrow));
  return firstHour + hourCount;
}

/** Writes the prices of the hours from `first` to before `end`. */
export function writePrices(folder: string, zone: string, meters: ModelMeters, first: Hour, end: Hour): void {
  if (first >= end) return;
  const lines = ["zone,utc_hour,price_eur_mwh"];
  for (let hour = first; hour < end; hour++) {
    const price = meters.prices(monthOf(hour)).get(hour);
    if (price !== undefined) lines.push(`${zone},${formatHour(hour)},${formatDecimal(BigInt(price), 4, 2)}`);
  }
  writeWhole(join(folder, `${marketDayOf(first)}-${marketDayOf(end - 1)}.csv`), lines.join("\n"));
}

/** What the meters of docs/story's community read and what energy cost: invented, and the same each time. */

import type { Load } from "../../examples/generate/loadShapes.ts";
import { zonalPrices } from "../../examples/generate/market.ts";
import { cloudsOf, meterReadings, modelHours } from "../../examples/generate/meters.ts";
import type { HourRange } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Reading, Readings } from "../../oracle/readingsFile.ts";
import { type Hour, hoursOfMarketDay, type Month, startOfMonth } from "../../settlement/hours.ts";
import { seededRandom } from "../../settlement/random.ts";

/** February 2024 and August 2026. */
export const FIRST_MONTH: Month = 2024 * 12 + 1;
export const LAST_MONTH: Month = 2026 * 12 + 7;
export const STORY_HOURS: HourRange = { first: startOfMonth(FIRST_MONTH), end: startOfMonth(LAST_MONTH + 1) };
const SEED = 20_240_201;

const BEHIND: Readonly<Record<string, { readonly load: Load; readonly size: number; readonly watts: number }>> = {
  municipio: { load: "townHall", size: 0.7, watts: 0 },
  palestra: { load: "shop", size: 0, watts: 8_000 },
  ferri: { load: "shop", size: 0.8, watts: 14_000 },
  forno: { load: "bakery", size: 0.8, watts: 0 },
  "casa-rossi": { load: "household", size: 1.2, watts: 3_000 },
  "casa-neri": { load: "household", size: 0.6, watts: 0 },
};

/** The inverter of the farm is broken: its plant yields nothing. */
const BROKEN = daysFrom("2025-06-09", "2025-09-22");
/** The bakery's new meter is read with a factor of two. */
const DOUBLED = daysFrom("2024-07-01", "2024-10-01");
/** Nothing is received from Anna Neri's meter. */
const SILENT = daysFrom("2025-10-14", "2025-10-17");

/** The readings as they are in truth, by meter. */
export function trueReadings(): Readings {
  const clouds = cloudsOf(STORY_HOURS, seededRandom(SEED));
  const hours = modelHours(STORY_HOURS);
  const readings = new Map(
    Object.entries(BEHIND).map(([id, { load, size, watts }], index) => [
      id,
      meterReadings({ load, size }, watts, hours, clouds, seededRandom(SEED + 1 + index)),
    ]),
  );
  const withoutSun = meterReadings({ load: "shop", size: 0.8 }, 0, modelHours(BROKEN), clouds, seededRandom(SEED));
  for (const [hour, { withdrawn }] of withoutSun) readings.get("ferri")?.set(hour, { injected: 0, withdrawn });
  return readings;
}

/** The readings as the distributor first sent them. */
export function firstReadings(truth: Readings): Readings {
  const doubled = between(truth.get("forno"), DOUBLED).map(([hour, { injected, withdrawn }]): [Hour, Reading] => [
    hour,
    { injected, withdrawn: 2 * (withdrawn ?? 0) },
  ]);
  const neri = new Map(truth.get("casa-neri"));
  for (const [hour] of between(neri, SILENT)) neri.delete(hour);
  return new Map(truth).set("forno", new Map([...(truth.get("forno") ?? []), ...doubled])).set("casa-neri", neri);
}

/** What the distributor sent anew: the hours that had been wrong or missing. */
export function correctedReadings(truth: Readings): Readings {
  return new Map([
    ["forno", new Map(between(truth.get("forno"), DOUBLED))],
    ["casa-neri", new Map(between(truth.get("casa-neri"), SILENT))],
  ]);
}

export function readingsIn(readings: Readings, range: HourRange): Readings {
  return new Map([...readings].map(([id, hours]) => [id, new Map(between(hours, range))]));
}

export function storyPrices(): Prices {
  return zonalPrices(STORY_HOURS.first, STORY_HOURS.end, seededRandom(SEED));
}

function between(hours: ReadonlyMap<Hour, Reading> = new Map(), { first, end }: HourRange): [Hour, Reading][] {
  return [...hours].filter(([hour]) => hour >= first && hour < end);
}

/** From the first day to the one before `end`. */
function daysFrom(first: string, end: string): HourRange {
  return { first: hoursOfMarketDay(first).firstHour, end: hoursOfMarketDay(end).firstHour };
}

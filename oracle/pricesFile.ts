/** Hourly zonal prices from a CSV file: `utc_hour,price_eur_mwh` and optionally `area`. */

import { parseDecimal } from "../settlement/amounts.ts";
import { type Hour, parseHour } from "../settlement/hours.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import type { PlannedConfiguration } from "./communityPlan.ts";
import { readCsv } from "./csvFile.ts";
import type { HourRange } from "./dayBatches.ts";
import { EARLIEST_HOUR } from "./readingsFile.ts";

/** Zonal prices in 10⁻⁴ €/MWh by hour. */
export type Prices = ReadonlyMap<Hour, number>;

export const NO_PRICES: Prices = new Map();

/** Consecutive hours without a price. */
export type PriceGap = { readonly area: string; readonly firstHour: Hour; readonly hours: number };

const REQUIRED = ["utc_hour", "price_eur_mwh"] as const;
const OPTIONAL = ["area"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** 10,000 €/MWh: the market is limited to half of that, so more is mistyped. */
const MOST = 100_000_000n;
const DECIMALS = 4;

/**
 * Reads and checks a file of zonal prices, in any order of hours. A line without an area is for every configuration.
 * @returns prices by configuration
 * @throws InputError with everything that is wrong
 */
export function readPrices(file: string, configurations: readonly PlannedConfiguration[]): Prices[] {
  const lines = readCsv<Column>(file, REQUIRED, OPTIONAL);
  if (lines.length === 0) {
    throw new InputError([{ file, problem: "no lines below the header", remedy: "Add prices" }]);
  }
  const problems: InputProblem[] = [];
  const prices = configurations.map(() => new Map<Hour, number>());
  for (const { line, fields } of lines) {
    const report = (field: Column, problem: string, remedy: string) =>
      problems.push({ file, line, field, value: fields.get(field), problem, remedy });
    const hour = parseHour(fields.get("utc_hour") ?? "");
    if (hour === undefined) report("utc_hour", "not the start of an hour in UTC", "Write it as 2026-03-01T08:00:00Z");
    else if (hour < EARLIEST_HOUR) report("utc_hour", "before the year 2000", "Mend the year");

    const price = parseDecimal(fields.get("price_eur_mwh") ?? "", DECIMALS);
    if (price === undefined) {
      const remedy = "Write it as 112.4 or -5.25, with a point; leave the whole line out if the price is unknown";
      report("price_eur_mwh", "not a price in €/MWh with at most four decimals", remedy);
    } else if (price > MOST || price < -MOST) {
      report("price_eur_mwh", "beyond 10000 €/MWh", "Mend the decimal point");
    }

    const area = fields.get("area") ?? "";
    const meant = prices.filter((_, index) => area === "" || configurations[index]?.area === area);
    if (meant.length === 0) {
      report("area", "unknown area", `Use one of ${configurations.map((each) => each.area).join(", ")}`);
    }
    if (hour === undefined || price === undefined) continue;
    if (meant.some((known) => known.has(hour))) {
      report("utc_hour", "this hour has a price already", "Keep one line for each hour and area");
    }
    for (const known of meant) known.set(hour, Number(price));
  }
  if (problems.length > 0) throw new InputError(problems);
  return prices;
}

/** What is missing in a range of hours. */
export function priceGapsOf(area: string, prices: Prices, range: HourRange): PriceGap[] {
  const gaps: PriceGap[] = [];
  let open: Hour | undefined;
  for (let hour = range.first; hour <= range.end; hour++) {
    if (hour < range.end && !prices.has(hour)) open ??= hour;
    else if (open !== undefined) {
      gaps.push({ area, firstHour: open, hours: hour - open });
      open = undefined;
    }
  }
  return gaps;
}

/** Everything that a settlement starts from, read and checked before anything is written. */

import { type CommunityFile, readCommunityFile } from "../oracle/communityFile.ts";
import { type CommunityPlan, type PlannedConfiguration, planCommunity } from "../oracle/communityPlan.ts";
import { compareReadings } from "../oracle/compareReadings.ts";
import { coveredHours, type Gap, gapsOf, type HourRange } from "../oracle/dayBatches.ts";
import {
  checkRecordedPrices,
  NO_PRICES,
  type PriceGap,
  type Prices,
  priceGapsOf,
  readPrices,
} from "../oracle/pricesFile.ts";
import { type Readings, readReadings } from "../oracle/readingsFile.ts";
import type { History } from "../settlement/history.ts";
import {
  endOfMonth,
  formatHour,
  formatMonth,
  type Hour,
  hoursOfMarketDay,
  type Month,
  monthOf,
  monthsBetween,
  startOfMonth,
} from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { Recomputed } from "../settlement/recompute.ts";
import { encodeRuleSet, type RuleSet } from "../settlement/rules.ts";
import { type ReceiptLine, readReceipts } from "./receiptsFile.ts";
import { toJson } from "./table.ts";

export type SettleFiles = {
  readonly community: string;
  readonly readings: string;
  readonly receipts: string;
  /** Needed if a plant is paid by the zonal price. */
  readonly prices: string | undefined;
};

/** A chain on which an earlier settlement got so far. */
export type Earlier = { readonly history: History; readonly recomputed: Recomputed };

export type SettleInputs = {
  readonly plan: CommunityPlan;
  readonly readings: Readings;
  /** By configuration: the hours to record, from the ledger's next on. */
  readonly ranges: readonly HourRange[];
  readonly firstMonths: readonly Month[];
  readonly ruleSets: readonly RuleSet[];
  readonly receipts: readonly ReceiptLine[];
  /** By configuration. */
  readonly prices: readonly Prices[];
  readonly gaps: readonly Gap[];
  /** Hours without a price in configurations whose plants need it. */
  readonly priceGaps: readonly PriceGap[];
};

/** Reads the community file. */
export function readPlan(file: string): CommunityPlan {
  const community: CommunityFile = readCommunityFile(file);
  return planCommunity(community, file);
}

/**
 * Reads readings and receipts, against the plan and against what is recorded already.
 * @param now seconds since the Unix epoch
 * @throws InputError with what is wrong
 */
export function readSettleInputs(
  files: SettleFiles,
  plan: CommunityPlan,
  earlier: Earlier | undefined,
  now: number,
): SettleInputs {
  const starts = plan.configurations.map(({ start }): Hour | undefined =>
    start === undefined ? undefined : hoursOfMarketDay(start).firstHour,
  );
  const readings = readReadings(files.readings, plan.meters, now, starts);
  const prices = readPricesOf(files, plan);
  if (earlier !== undefined) {
    checkRecorded(files.readings, plan, earlier, readings);
    for (const [index, { area }] of plan.configurations.entries()) {
      const ledger = earlier.recomputed.ledgers[index];
      checkRecordedPrices(files.prices ?? "", area, ledger, prices[index] ?? NO_PRICES);
    }
  }

  const ranges = plan.configurations.map((_, index) => rangeOf(files.readings, plan, earlier, readings, index));
  const firstMonths = ranges.map(({ first }, index) => earlier?.history.ledgers[index]?.firstMonth ?? monthOf(first));
  const ruleSets = ruleSetsOf(files.community, plan, firstMonths);
  if (earlier !== undefined) checkAdopted(files.community, earlier, ruleSets);
  checkComingRules(files.community, ruleSets, earlier, ranges);
  return {
    plan,
    readings,
    ranges,
    firstMonths,
    ruleSets,
    receipts: readReceipts(
      files.receipts,
      plan.configurations,
      ranges.map(({ end }, index) => ({ firstMonth: firstMonths[index] ?? monthOf(end), lastMonth: monthOf(end) })),
    ),
    prices,
    gaps: ranges.flatMap((range, index) => gapsOf(readings, metersOf(plan, index), range)),
    priceGaps: plan.configurations.flatMap((configuration, index) => {
      const range = ranges[index];
      if (range === undefined || !needsPrices(configuration)) return [];
      return priceGapsOf(configuration.area, prices[index] ?? NO_PRICES, range);
    }),
  };
}

/** Whether a plant is paid by the zonal price. */
function needsPrices({ roster }: PlannedConfiguration): boolean {
  return roster.plants.some(({ regime }) => regime === "CACER");
}

function readPricesOf(files: SettleFiles, plan: CommunityPlan): Prices[] {
  if (files.prices !== undefined) return readPrices(files.prices, plan.configurations);
  const configuration = plan.configurations.find(needsPrices);
  if (configuration === undefined) return plan.configurations.map(() => NO_PRICES);
  throw new InputError([
    {
      file: files.community,
      field: "--prices",
      problem: `missing: CACER plants of ${configuration.area} are paid by the zonal price of each hour`,
      remedy: "Name a file with --prices: utc_hour,price_eur_mwh",
    },
  ]);
}

/** A chain begins so long before its first hour, so that everything can be set up before. */
export const HOURS_BEFORE = 24;

/** `RuleBook.MAX_AHEAD`. */
const MOST_HOURS_AHEAD = 5 * 365 * 24;

export function metersOf(plan: CommunityPlan, configuration: number): CommunityPlan["meters"] {
  return plan.meters.filter((meter) => meter.configuration === configuration);
}

function rangeOf(
  file: string,
  plan: CommunityPlan,
  earlier: Earlier | undefined,
  readings: Readings,
  configuration: number,
): HourRange {
  const { area, start } = plan.configurations[configuration] ?? { area: "", start: undefined };
  const next = earlier?.history.ledgers[configuration]?.nextHour;
  const covered = coveredHours(readings, metersOf(plan, configuration), start);
  const range = next === undefined ? covered : { first: next, end: Math.max(next, covered?.end ?? next) };
  if (range !== undefined) {
    checkNoEmptyMonth(file, metersOf(plan, configuration), readings, range);
    return range;
  }
  const remedy = "Add readings of its meters, or take the configuration out of the community file";
  throw new InputError([{ file, problem: `no readings for configuration ${area}`, remedy }]);
}

/** What is recorded stands, so a mistyped year must not become years of missing readings. */
function checkNoEmptyMonth(file: string, meters: CommunityPlan["meters"], readings: Readings, range: HourRange): void {
  const months = range.first < range.end ? monthsBetween(range.first, range.end) : [];
  const hours = meters.flatMap(({ id }) => [...(readings.get(id)?.keys() ?? [])]);
  const empty = months.find((month) => {
    const from = Math.max(range.first, startOfMonth(month));
    const to = Math.min(range.end, endOfMonth(month));
    return !hours.some((hour) => hour >= from && hour < to);
  });
  if (empty === undefined) return;
  const remedy = "Add its readings, or mend the year of the lines before it";
  throw new InputError([{ file, problem: `no reading of any meter in ${formatMonth(empty)}`, remedy }]);
}

/** A recorded reading stands: a file that says otherwise is refused rather than half heeded. */
function checkRecorded(file: string, plan: CommunityPlan, earlier: Earlier, readings: Readings): void {
  const differences = compareReadings(earlier.recomputed.ledgers, plan.meters, readings);
  const problems = differences
    .filter(({ inFile }) => inFile !== undefined)
    .map(({ meter, hour, direction, recorded, inFile }) => ({
      file,
      field: `${direction}_wh of meter ${meter} at ${formatHour(hour)}`,
      value: String(inFile),
      problem: `recorded already as ${recorded ?? "missing"}`,
      remedy: "Keep what was recorded; corrections of recorded hours are not taken yet",
    }));
  if (problems.length > 0) throw new InputError(problems);
}

function ruleSetsOf(file: string, plan: CommunityPlan, firstMonths: readonly Month[]): RuleSet[] {
  const first = Math.min(...firstMonths);
  const ruleSets = plan.ruleSets.map((ruleSet) => ({ ...ruleSet, fromMonth: ruleSet.fromMonth ?? first }));
  const from = ruleSets[0]?.fromMonth ?? first;
  if (from > first) {
    throw new InputError([
      {
        file,
        field: "rules[0].from",
        value: formatMonth(from),
        problem: `no rules for ${formatMonth(first)}, the first month of the readings`,
        remedy: "Leave `from` out of the first rules, or write that month",
      },
    ]);
  }
  return ruleSets;
}

/** Rules after the first are adopted for a month that has not begun on the chain, at most five years ahead. */
function checkComingRules(
  file: string,
  ruleSets: readonly RuleSet[],
  earlier: Earlier | undefined,
  ranges: readonly HourRange[],
): void {
  const adopted = earlier?.history.ruleSets.length ?? 0;
  const reached = ranges.map(({ first }) => first);
  const now = earlier === undefined ? Math.min(...reached) - HOURS_BEFORE : Math.max(...reached);
  const problems = ruleSets.flatMap(({ fromMonth }, index) => {
    const begins = startOfMonth(fromMonth);
    if (index === 0 || index < adopted || (begins > now && begins <= now + MOST_HOURS_AHEAD)) return [];
    return [
      {
        file,
        field: `rules[${index}].from`,
        value: formatMonth(fromMonth),
        problem: begins <= now ? "this month has begun already" : "more than five years ahead",
        remedy: `Rules are never retroactive: write a month that begins after ${formatHour(now)}`,
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function checkAdopted(file: string, earlier: Earlier, ruleSets: readonly RuleSet[]): void {
  for (const [index, { encoded }] of earlier.history.ruleSets.entries()) {
    const planned = ruleSets[index];
    if (planned !== undefined && toJson(encodeRuleSet(planned)) === toJson(encoded)) continue;
    throw new InputError([
      {
        file,
        field: `rules[${index}]`,
        problem: `not the rules that are in force from ${formatMonth(encoded.fromMonth)}`,
        remedy: "Adopted rules stand: put them back as they were, and add new ones below with a later month in `from`",
      },
    ]);
  }
}

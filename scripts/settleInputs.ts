/** Everything that a settlement starts from, read and checked before anything is written. */

import { zeroHash } from "viem";
import { type CommunityFile, readCommunityFile } from "../oracle/communityFile.ts";
import { type CommunityPlan, type PlannedConfiguration, planCommunity } from "../oracle/communityPlan.ts";
import { compareReadings } from "../oracle/compareReadings.ts";
import { correctionsOf, highestCorrected, priceDifferences } from "../oracle/corrections.ts";
import { coveredHours, type Gap, gapsOf, type HourRange } from "../oracle/dayBatches.ts";
import { NO_PRICES, type PriceGap, type Prices, priceGapsOf, readPrices } from "../oracle/pricesFile.ts";
import { type Readings, readReadings } from "../oracle/readingsFile.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import type { History } from "../settlement/history.ts";
import {
  endOfMonth,
  formatHour,
  formatMonth,
  type Hour,
  hoursOfMarketDay,
  type Month,
  marketDayOf,
  monthOf,
  monthsBetween,
  startOfMonth,
} from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { Recomputed } from "../settlement/recompute.ts";
import type { RecomputedLedger } from "../settlement/recomputeLedger.ts";
import { encodeRuleSet, type RuleSet } from "../settlement/rules.ts";
import { type ReceiptLine, readReceipts } from "./receiptsFile.ts";
import { toJson } from "./table.ts";

export type SettleFiles = {
  readonly community: string;
  readonly readings: string;
  readonly receipts: string;
  /** Needed if a plant is paid by the zonal price. */
  readonly prices: string | undefined;
  /** Of the readings. */
  readonly grade: Grade;
  /** Years of all configurations that existed in them. */
  readonly adjusted: readonly number[];
};

export type YearOfConfiguration = { readonly configuration: number; readonly year: number };

/** A chain on which an earlier settlement got so far. */
export type Earlier = { readonly history: History; readonly recomputed: Recomputed };

/** How many recorded hours of a meter the file corrects. */
export type MeterCorrections = { readonly meter: string; readonly hours: number };
export type PriceCorrections = { readonly area: string; readonly hours: number };

export type SettleInputs = {
  readonly plan: CommunityPlan;
  readonly readings: Readings;
  readonly grade: Grade;
  /** By configuration: what its ledger has; empty if nothing is recorded yet. */
  readonly recorded: readonly RecomputedLedger[];
  readonly corrections: readonly MeterCorrections[];
  readonly priceCorrections: readonly PriceCorrections[];
  /** By configuration: the hours to record, from the ledger's next on. */
  readonly ranges: readonly HourRange[];
  readonly firstMonths: readonly Month[];
  readonly ruleSets: readonly RuleSet[];
  readonly receipts: readonly ReceiptLine[];
  /** Years whose adjustment by GSE is among the receipts. */
  readonly adjustments: readonly YearOfConfiguration[];
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
  const recorded = earlier?.recomputed.ledgers ?? [];
  checkGrade(files, plan, recorded, readings);

  const ranges = plan.configurations.map((_, index) => rangeOf(files.readings, plan, earlier, readings, index));
  const firstMonths = ranges.map(({ first }, index) => earlier?.history.ledgers[index]?.firstMonth ?? monthOf(first));
  const ruleSets = ruleSetsOf(files.community, plan, firstMonths);
  if (earlier !== undefined) checkAdopted(files.community, earlier, ruleSets);
  checkComingRules(files.community, ruleSets, earlier, ranges);
  return {
    plan,
    readings,
    grade: files.grade,
    recorded,
    corrections: correctedHours(plan, recorded, readings),
    priceCorrections: plan.configurations.flatMap(({ area }, index) => {
      const ledger = recorded[index];
      const hours = ledger === undefined ? 0 : priceDifferences(ledger, prices[index] ?? NO_PRICES);
      return hours === 0 ? [] : [{ area, hours }];
    }),
    ranges,
    firstMonths,
    ruleSets,
    receipts: readReceipts(
      files.receipts,
      plan.configurations,
      plan.accounts,
      ranges.map(({ end }, index) => ({ firstMonth: firstMonths[index] ?? monthOf(end), lastMonth: monthOf(end) })),
    ),
    adjustments: files.adjusted.flatMap((year) => adjustmentsOf(files.readings, year, plan, ranges, firstMonths)),
    prices,
    gaps: ranges.flatMap((range, index) => gapsOf(readings, metersOf(plan, index), range)),
    priceGaps: plan.configurations.flatMap((configuration, index) => {
      const range = ranges[index];
      if (range === undefined || !needsPrices(configuration)) return [];
      return priceGapsOf(configuration.area, prices[index] ?? NO_PRICES, range);
    }),
  };
}

/** Held money of a year is released once its last hour is recorded and GSE's adjustment is booked. */
function adjustmentsOf(
  file: string,
  year: number,
  plan: CommunityPlan,
  ranges: readonly HourRange[],
  firstMonths: readonly Month[],
): YearOfConfiguration[] {
  const end = startOfMonth((year + 1) * 12);
  const concerned = ranges.flatMap((range, configuration) =>
    (firstMonths[configuration] ?? 0) < (year + 1) * 12 ? [{ range, configuration }] : [],
  );
  const open = concerned.find(({ range }) => range.end < end);
  if (open === undefined && concerned.length > 0)
    return concerned.map(({ configuration }) => ({ configuration, year }));
  const area = plan.configurations[open?.configuration ?? 0]?.area ?? "";
  const problem = open === undefined ? "before the first readings" : `not over yet: readings of ${area} end before`;
  throw new InputError([
    { file, field: "--adjusted", value: String(year), problem, remedy: "Give a year whose readings are complete" },
  ]);
}

/** Whether a plant is paid by the zonal price. */
function needsPrices({ roster }: PlannedConfiguration): boolean {
  return roster.plants.some(({ regime }) => regime === "CACER");
}

/**
 * The prices of each configuration, none if no file is named.
 * @throws InputError if a plant is paid by prices that are not given
 */
export function readPricesOf(files: Pick<SettleFiles, "community" | "prices">, plan: CommunityPlan): Prices[] {
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

export function rangeOf(
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

/** A correction is worth at least what it corrects. */
function checkGrade(
  { readings: file, grade }: SettleFiles,
  plan: CommunityPlan,
  recorded: readonly RecomputedLedger[],
  readings: Readings,
): void {
  const problems = recorded.flatMap((ledger, index) => {
    const given = { readings, meters: metersOf(plan, index), grade, prices: NO_PRICES };
    const highest = highestCorrected(correctionsOf(ledger, given, () => zeroHash));
    if (highest === undefined || GRADES.indexOf(grade) >= GRADES.indexOf(highest.grade)) return [];
    return [
      {
        file,
        field: "--grade",
        value: grade,
        problem: `these readings correct those of ${marketDayOf(highest.firstHour)}, which were recorded as ${highest.grade}`,
        remedy: `Take the corrected hours out, or say --grade ${highest.grade} if the readings are that`,
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Recorded hours of which the file says otherwise, by meter; what it leaves out stays as recorded. */
function correctedHours(
  plan: CommunityPlan,
  recorded: readonly RecomputedLedger[],
  readings: Readings,
): MeterCorrections[] {
  const hoursOf = new Map<string, Set<Hour>>();
  for (const { meter, hour, inFile } of compareReadings(recorded, plan.meters, readings)) {
    if (inFile === undefined) continue;
    hoursOf.set(meter, (hoursOf.get(meter) ?? new Set()).add(hour));
  }
  return [...hoursOf].map(([meter, hours]) => ({ meter, hours: hours.size }));
}

export function ruleSetsOf(file: string, plan: CommunityPlan, firstMonths: readonly Month[]): RuleSet[] {
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

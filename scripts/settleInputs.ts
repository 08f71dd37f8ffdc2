/** Everything that a settlement starts from, read and checked before anything is written. */

import { zeroHash } from "viem";
import type { CommunityPlan, PlannedConfiguration } from "../oracle/communityPlan.ts";
import { compareReadings } from "../oracle/compareReadings.ts";
import { type Correction, correctionsOf, highestCorrected, priceDifferences } from "../oracle/corrections.ts";
import { coveredHours, type Gap, gapsOf, type HourRange } from "../oracle/dayBatches.ts";
import { NO_PRICES, type PriceGap, type Prices, priceGapsOf, readPrices } from "../oracle/pricesFile.ts";
import { type LeftOut, type Readings, readReadingsFile } from "../oracle/readingsFile.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import type { History } from "../settlement/history.ts";
import {
  endOfMonth,
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
import type { RuleSet } from "../settlement/rules.ts";
import { type ReceiptLine, readReceipts } from "./receiptsFile.ts";
import { type LedgerRosters, planRosters, type RosterChange, rosterChanges } from "./settleRosters.ts";
import { checkAdopted, checkComingRules, ruleSetsOf } from "./settleRules.ts";

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
  /** First market day that may get another roster after it was recorded; undefined: none may. */
  readonly backTo: string | undefined;
};

export type YearOfConfiguration = { readonly configuration: number; readonly year: number };

/** A chain on which an earlier settlement got so far. */
export type Earlier = { readonly history: History; readonly recomputed: Recomputed<RecomputedLedger> };

/** How many recorded hours of a meter the file corrects. */
export type MeterCorrections = { readonly meter: string; readonly hours: number };
export type PriceCorrections = { readonly area: string; readonly hours: number };

/** How many recorded days get a higher grade. */
export type GradeChange = { readonly area: string; readonly days: number; readonly grade: Grade };

export type SettleInputs = {
  readonly plan: CommunityPlan;
  readonly readings: Readings;
  readonly grade: Grade;
  /** By configuration. */
  readonly rosters: readonly LedgerRosters[];
  readonly rosterChanges: readonly RosterChange[];
  /** By configuration: what its ledger has, with the rosters to come; empty if nothing is recorded yet. */
  readonly recorded: readonly RecomputedLedger[];
  readonly corrections: readonly MeterCorrections[];
  readonly priceCorrections: readonly PriceCorrections[];
  readonly gradeChanges: readonly GradeChange[];
  readonly leftOut: readonly LeftOut[];
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
  const { readings, leftOut } = readReadingsFile(files.readings, plan.meters, now, starts);
  const prices = readPricesOf(files, plan);
  const ranges = plan.configurations.map((_, index) => rangeOf(files.readings, plan, earlier, readings, index));
  const rosters = planRosters(files.community, plan, earlier?.history, ranges, files.backTo);
  const recorded = (earlier?.recomputed.ledgers ?? []).map((ledger, index) => withRosters(ledger, rosters[index]));
  const corrections = recorded.map((ledger, index) => {
    const given = { readings, meters: metersOf(plan, index), grade: files.grade, prices: NO_PRICES };
    return correctionsOf(ledger, given, () => zeroHash);
  });
  checkGrade(files, corrections);

  const firstMonths = ranges.map(({ first }, index) => earlier?.history.ledgers[index]?.firstMonth ?? monthOf(first));
  const ruleSets = ruleSetsOf(files.community, plan, firstMonths);
  if (earlier !== undefined) checkAdopted(files.community, earlier.history, ruleSets);
  checkComingRules(files.community, ruleSets, earlier?.history, ranges);
  return {
    plan,
    readings,
    grade: files.grade,
    rosters,
    rosterChanges: rosterChanges(
      plan,
      rosters,
      ranges.map(({ first }) => first),
    ),
    gradeChanges: gradeChangesOf(plan, corrections, files.grade),
    leftOut,
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

/** A ledger as it is once the rosters to come are adopted. */
function withRosters(ledger: RecomputedLedger, rosters: LedgerRosters | undefined): RecomputedLedger {
  const toCome = (rosters?.toAdopt ?? []).map((version) => ({ ...version, position: Number.POSITIVE_INFINITY }));
  return { ...ledger, versions: [...ledger.versions, ...toCome] };
}

/** Whether a plant is paid by the zonal price. */
function needsPrices({ rosters }: PlannedConfiguration): boolean {
  return rosters.some(({ roster }) => roster.plants.some(({ regime }) => regime === "CACER"));
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
function checkGrade({ readings: file, grade }: SettleFiles, corrections: readonly (readonly Correction[])[]): void {
  const problems = corrections.flatMap((ofLedger) => {
    const highest = highestCorrected(ofLedger);
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

function gradeChangesOf(
  plan: CommunityPlan,
  corrections: readonly (readonly Correction[])[],
  grade: Grade,
): GradeChange[] {
  return plan.configurations.flatMap(({ area }, index) => {
    const raised = (corrections[index] ?? []).filter(({ old, corrected }) => old.grade !== corrected.grade);
    const days = new Set(raised.map(({ old }) => marketDayOf(old.firstHour))).size;
    return days === 0 ? [] : [{ area, days, grade }];
  });
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

/** From files that say otherwise than the chain to batches that replace recorded ones. */

import type { Hex } from "viem";
import { type Batch, maskBit } from "../settlement/batch.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import type { Hour } from "../settlement/hours.ts";
import { type RosterVersion, versionAt } from "../settlement/keys.ts";
import { newestAt, type RecomputedBatch, type RecomputedLedger } from "../settlement/recomputeLedger.ts";
import { channelsOf, encodeRoster, type Roster } from "../settlement/roster.ts";
import { pricesOf, type ReadingOf, readingsOf, rowsOf } from "./dayBatches.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import type { Prices } from "./pricesFile.ts";
import type { Readings } from "./readingsFile.ts";

/** What the files of a settlement say of one configuration. */
export type Given = {
  readonly readings: Readings;
  readonly meters: readonly MeterChannels[];
  /** Of the readings. */
  readonly grade: Grade;
  /** Corrected only where a plant is paid by them. */
  readonly prices: Prices;
};

/** What a ledger has of some hours: roster versions in the order of their adoption, and of each batch its revisions. */
export type RecordedLedger = {
  readonly versions: readonly RosterVersion[];
  readonly batches: readonly (readonly (Pick<RecomputedBatch, "position" | "batch" | "digest"> | undefined)[])[];
};

export type Correction = {
  /** What stands recorded. */
  readonly old: Batch;
  readonly corrected: Batch;
  /** Of `corrected`. */
  readonly roster: Roster;
  /** Or else only of the roster or the prices. */
  readonly ofReadings: boolean;
};

/**
 * A correction of every batch with an hour of which the files or the roster say otherwise, in the order of the hours. A recorded
 * reading or price that the files leave out stays as it is. The grade is the file's if the file has all readings that were
 * recorded, else that of the batch: a batch is worth what the least of its readings is. A file of a higher grade that has them
 * all corrects them even if they are the same.
 */
export function correctionsOf(
  ledger: RecordedLedger,
  { readings, meters, grade, prices }: Given,
  seedOf: (firstHour: Hour, revision: number) => Hex,
): Correction[] {
  const fileReading = readingsOf(readings, meters);
  return ledger.batches.flatMap((revisions) => {
    const newest = newestAt(revisions);
    const inForce = newest && versionAt(newest.batch.firstHour, ledger.versions);
    if (newest === undefined || inForce === undefined) return [];
    const { batch: old, digest } = newest;
    const before = ledger.versions[old.rosterVersion - 1]?.roster;
    const recorded = recordedReadings(old, before, inForce.roster);
    const isWhole = recorded.every(({ number, hours }) =>
      hours.every((reading, lane) => reading === undefined || fileReading(number, old.firstHour + lane) !== undefined),
    );
    const raisesGrade = isWhole && GRADES.indexOf(grade) > GRADES.indexOf(old.grade) && recorded.some(isMeasured);
    const ofReadings = raisesGrade || recorded.some((channel) => differs(old.firstHour, channel, fileReading));
    const isOfRoster =
      before !== inForce.roster && (before === undefined || encodeRoster(before) !== encodeRoster(inForce.roster));
    if (!ofReadings && !isOfRoster && correctedPrices(old, inForce.roster, prices) === 0) return [];

    const recordedReading: ReadingOf = (channel, hour) =>
      recorded.find(({ number }) => number === channel)?.hours[hour - old.firstHour];
    const revision = old.revision + 1;
    const filePrice = (hour: Hour) => (isPriced(inForce.roster) ? prices.get(hour) : undefined);
    const corrected = {
      ...old,
      rosterVersion: ledger.versions.indexOf(inForce) + 1,
      grade: ofReadings && isWhole ? grade : old.grade,
      revision,
      replaces: digest,
      seed: seedOf(old.firstHour, revision),
      ...rowsOf(inForce.roster, old, (channel, hour) => fileReading(channel, hour) ?? recordedReading(channel, hour)),
      ...pricesOf((hour) => filePrice(hour) ?? recordedPrice(old, hour), old),
    };
    return [{ old, corrected, roster: inForce.roster, ofReadings }];
  });
}

/** The highest grade of the recorded batches whose readings are corrected, and where; undefined if there is none. */
export function highestCorrected(
  corrections: readonly Correction[],
): { readonly firstHour: Hour; readonly grade: Grade } | undefined {
  const batches = corrections.filter(({ ofReadings }) => ofReadings).map(({ old }) => old);
  return batches.toSorted((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade))[0];
}

/** In how many recorded hours a plant is paid by another price than that of the file. */
export function priceDifferences(ledger: RecomputedLedger, prices: Prices): number {
  return ledger.batches.reduce((total, revisions) => {
    const batch = newestAt(revisions)?.batch;
    const roster = batch && versionAt(batch.firstHour, ledger.versions)?.roster;
    return batch === undefined || roster === undefined ? total : total + correctedPrices(batch, roster, prices);
  }, 0);
}

type Recorded = { readonly number: number; readonly hours: readonly (number | undefined)[] };

/** What a batch has of each channel that is now on the roster; undefined: missing, or not metered then. */
function recordedReadings(batch: Batch, before: Roster | undefined, inForce: Roster): Recorded[] {
  const rows = [...batch.injected, ...batch.withdrawn];
  const rowOf = new Map((before === undefined ? [] : channelsOf(before)).map(({ number }, row) => [number, row]));
  return channelsOf(inForce).map(({ number }) => {
    const row = rowOf.get(number);
    return {
      number,
      hours: Array.from({ length: batch.hourCount }, (_, lane) =>
        row === undefined || ((batch.missing[row] ?? 0) & maskBit(lane)) !== 0 ? undefined : rows[row]?.[lane],
      ),
    };
  });
}

function isMeasured({ hours }: Recorded): boolean {
  return hours.some((reading) => reading !== undefined);
}

function differs(firstHour: Hour, { number, hours }: Recorded, fileReading: ReadingOf): boolean {
  return hours.some((reading, lane) => {
    const given = fileReading(number, firstHour + lane);
    return given !== undefined && given !== reading;
  });
}

/** In how many hours of a batch the file has another price; none where no plant is paid by it. */
function correctedPrices(batch: Batch, roster: Roster, prices: Prices): number {
  if (!isPriced(roster)) return 0;
  const hours = Array.from({ length: batch.hourCount }, (_, lane) => batch.firstHour + lane);
  return hours.filter((hour) => {
    const given = prices.get(hour);
    return given !== undefined && given !== recordedPrice(batch, hour);
  }).length;
}

function recordedPrice({ firstHour, priceMask, prices }: Batch, hour: Hour): number | undefined {
  const lane = hour - firstHour;
  return (priceMask & maskBit(lane)) === 0 ? prices[lane] : undefined;
}

function isPriced({ plants }: Roster): boolean {
  return plants.some(({ regime }) => regime === "CACER");
}

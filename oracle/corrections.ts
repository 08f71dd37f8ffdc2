/** From a file that says otherwise than the chain to batches that replace recorded ones. */

import type { Hex } from "viem";
import { type Batch, maskBit } from "../settlement/batch.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import type { Hour } from "../settlement/hours.ts";
import { versionAt } from "../settlement/keys.ts";
import { newestAt, type RecomputedLedger } from "../settlement/recomputeLedger.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import type { PlannedMeter } from "./communityPlan.ts";
import { type ReadingOf, readingsOf, rowsOf } from "./dayBatches.ts";
import type { Readings } from "./readingsFile.ts";

export type Correction = {
  /** What stands recorded. */
  readonly old: Batch;
  readonly corrected: Batch;
  /** Of `corrected`. */
  readonly roster: Roster;
};

/**
 * A correction of every batch with an hour of which the file says otherwise, in the order of the hours. A recorded reading that
 * the file leaves out stays as it is. The grade is the file's if the file has all readings that were recorded, else that of
 * the batch: a batch is worth what the least of its readings is.
 * @param grade of the file's readings, not below that of any batch they correct
 */
export function correctionsOf(
  ledger: RecomputedLedger,
  meters: readonly PlannedMeter[],
  readings: Readings,
  grade: Grade,
  seedOf: (firstHour: Hour, revision: number) => Hex,
): Correction[] {
  const fileReading = readingsOf(readings, meters);
  return ledger.batches.flatMap((revisions) => {
    const newest = newestAt(revisions);
    if (newest === undefined) return [];
    const { batch: old, digest } = newest;
    const recorded = recordedReadings(old, ledger.versions[old.rosterVersion - 1]?.roster);
    const inForce = versionAt(old.firstHour, ledger.versions);
    if (inForce === undefined || !recorded.some((hours) => differs(old.firstHour, hours, fileReading))) return [];

    const recordedReading: ReadingOf = (channel, hour) =>
      recorded.find(({ number }) => number === channel)?.hours[hour - old.firstHour];
    const isWhole = recorded.every(({ number, hours }) =>
      hours.every((reading, lane) => reading === undefined || fileReading(number, old.firstHour + lane) !== undefined),
    );
    const revision = old.revision + 1;
    const corrected = {
      ...old,
      rosterVersion: ledger.versions.indexOf(inForce) + 1,
      grade: isWhole ? grade : old.grade,
      revision,
      replaces: digest,
      seed: seedOf(old.firstHour, revision),
      ...rowsOf(inForce.roster, old, (channel, hour) => fileReading(channel, hour) ?? recordedReading(channel, hour)),
    };
    return [{ old, corrected, roster: inForce.roster }];
  });
}

/** The highest grade of the recorded batches that the file corrects, and where; undefined if there is none. */
export function highestCorrected(
  corrections: readonly Correction[],
): { readonly firstHour: Hour; readonly grade: Grade } | undefined {
  const batches = corrections.map(({ old }) => old);
  return batches.toSorted((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade))[0];
}

type Recorded = { readonly number: number; readonly hours: readonly (number | undefined)[] };

/** What a batch has of each channel; undefined: missing. */
function recordedReadings(batch: Batch, roster: Roster | undefined): Recorded[] {
  const rows = [...batch.injected, ...batch.withdrawn];
  return (roster === undefined ? [] : channelsOf(roster)).map(({ number }, index) => ({
    number,
    hours: Array.from({ length: batch.hourCount }, (_, lane) =>
      ((batch.missing[index] ?? 0) & maskBit(lane)) !== 0 ? undefined : rows[index]?.[lane],
    ),
  }));
}

function differs(firstHour: Hour, { number, hours }: Recorded, fileReading: ReadingOf): boolean {
  return hours.some((reading, lane) => {
    const given = fileReading(number, firstHour + lane);
    return given !== undefined && given !== reading;
  });
}

/** Whether an oracle can stand behind a batch that another one made: reading by reading, against what it knows itself. */

import { type Batch, maskBit } from "../settlement/batch.ts";
import type { Hour } from "../settlement/hours.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import type { ReadingOf } from "./dayBatches.ts";

/** So much another oracle's reading may be off one's own: whichever is more. */
export type Tolerance = { readonly wattHours: number; readonly percent: number };

/** Wh; undefined: missing. */
export type Disagreement = {
  readonly channel: number;
  readonly hour: Hour;
  readonly own: number | undefined;
  readonly theirs: number | undefined;
};

/**
 * Where a batch says otherwise than is known here. What is not known here is no reason to disagree; what is known here and missing
 * there is one.
 * @param own what is known here
 */
export function disagreements(batch: Batch, roster: Roster, own: ReadingOf, tolerance: Tolerance): Disagreement[] {
  const rows = [...batch.injected, ...batch.withdrawn];
  return channelsOf(roster).flatMap(({ number: channel }, row) =>
    Array.from({ length: batch.hourCount }, (_, lane): Disagreement[] => {
      const hour = batch.firstHour + lane;
      const known = own(channel, hour);
      const isMissing = ((batch.missing[row] ?? 0) & maskBit(lane)) !== 0;
      const theirs = isMissing ? undefined : rows[row]?.[lane];
      return known === undefined || isNear(known, theirs, tolerance) ? [] : [{ channel, hour, own: known, theirs }];
    }).flat(),
  );
}

/** Whether one of two batches for the same hour and revision can be recorded where the other one can. */
export function comparable(a: Batch, b: Batch): boolean {
  return a.rosterVersion === b.rosterVersion && a.hourCount === b.hourCount && a.replaces === b.replaces;
}

/** Whether two batches for the same hours cannot both be near one and the same truth. */
export function contradict(a: Batch, b: Batch, roster: Roster, { wattHours, percent }: Tolerance): boolean {
  const rows = [...a.injected, ...a.withdrawn];
  const numbers = channelsOf(roster).map(({ number }) => number);
  const ofA: ReadingOf = (channel, hour) => {
    const row = numbers.indexOf(channel);
    const lane = hour - a.firstHour;
    return ((a.missing[row] ?? 0) & maskBit(lane)) === 0 ? rows[row]?.[lane] : undefined;
  };
  return disagreements(b, roster, ofA, { wattHours: 2 * wattHours, percent: 2 * percent }).length > 0;
}

function isNear(own: number, theirs: number | undefined, { wattHours, percent }: Tolerance): boolean {
  if (theirs === undefined) return false;
  return Math.abs(own - theirs) <= Math.max(wattHours, (own * percent) / 100);
}

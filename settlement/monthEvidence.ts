/** What of a month's readings may explain why GSE's figures are other than the community's. */

import { maskBit } from "./batch.ts";
import { GRADES, type Grade } from "./grade.ts";
import type { Month } from "./hours.ts";
import { batchesOfMonth } from "./monthExpected.ts";
import type { RecomputedLedger } from "./recompute.ts";

export type Evidence = {
  /** Hours without a reading, counted as zero, by channel; channels without any left out. */
  readonly missing: readonly { readonly channel: number; readonly hours: number }[];
  /** The lowest grade below *distributor*, and how many hours are below it; undefined if there are none. */
  readonly lowGrade: { readonly grade: Grade; readonly hours: number } | undefined;
  /** Hours with shared energy and no zonal price. */
  readonly withoutPrice: number;
  /** Days or parts of days that were corrected after they were recorded. */
  readonly corrected: number;
};

const ENOUGH = GRADES.indexOf("distributor");

export function evidenceOfMonth(ledger: RecomputedLedger, month: Month): Evidence {
  const batches = batchesOfMonth(ledger, month);
  const grades = batches.map(({ batch }) => GRADES.indexOf(batch.grade)).filter((grade) => grade < ENOUGH);
  const lowest = GRADES[Math.min(...grades)];
  const low = batches.filter(({ batch }) => GRADES.indexOf(batch.grade) < ENOUGH);
  return {
    missing: [...(ledger.months.get(month)?.channels ?? [])]
      .flatMap(([channel, { missing }]) => (missing === 0 ? [] : [{ channel, hours: missing }]))
      .toSorted((a, b) => b.hours - a.hours || a.channel - b.channel),
    lowGrade: lowest && { grade: lowest, hours: low.reduce((hours, { batch }) => hours + batch.hourCount, 0) },
    withoutPrice: batches.reduce(
      (hours, { batch, tally }) =>
        hours + tally.shared.filter((energy, hour) => energy > 0n && (batch.priceMask & maskBit(hour)) !== 0).length,
      0,
    ),
    corrected: batches.filter(({ batch }) => batch.revision > 0).length,
  };
}

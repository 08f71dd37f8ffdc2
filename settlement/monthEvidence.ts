/** What of a month's readings may explain why GSE's figures are other than the community's. */

import { GRADES, type Grade } from "./grade.ts";
import type { Month } from "./hours.ts";
import { batchesOfMonth, type ComparedLedger } from "./monthExpected.ts";

export type Evidence = {
  /** Hours without a reading, counted as zero, by channel; channels without any left out. */
  readonly missing: readonly { readonly channel: number; readonly hours: number }[];
  /** The lowest grade below *distributor*, and how many hours are below it; undefined if there are none. */
  readonly lowGrade: { readonly grade: Grade; readonly hours: number } | undefined;
  /** Hours without a zonal price, where a premium depends on it. */
  readonly withoutPrice: number;
  /** Days or parts of days that were corrected after they were recorded. */
  readonly corrected: number;
};

const ENOUGH = GRADES.indexOf("distributor");

export function evidenceOfMonth(ledger: ComparedLedger, month: Month): Evidence {
  const batches = batchesOfMonth(ledger, month).map(({ batch }) => ({ ...batch, grade: GRADES.indexOf(batch.grade) }));
  const low = batches.filter(({ grade }) => grade < ENOUGH);
  const grade = GRADES[Math.min(...low.map((batch) => batch.grade))];
  return {
    missing: [...(ledger.months.get(month)?.channels ?? [])]
      .flatMap(([channel, { missing }]) => (missing === 0 ? [] : [{ channel, hours: missing }]))
      .toSorted((a, b) => b.hours - a.hours || a.channel - b.channel),
    lowGrade: grade && { grade, hours: low.reduce((hours, { hourCount }) => hours + hourCount, 0) },
    withoutPrice: ledger.months.get(month)?.hoursWithoutPrice ?? 0,
    corrected: batches.filter(({ revision }) => revision > 0).length,
  };
}

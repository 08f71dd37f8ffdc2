/** Which differences are beyond the tolerance, and what they are in energy. */

import { sum } from "./amounts.ts";
import type { Month } from "./hours.ts";
import type { Evidence } from "./monthEvidence.ts";
import type { Balance, ReconciledMonth, ReconciledYear } from "./reconciliation.ts";

export type Finding = {
  readonly subject: "advance" | "premium" | "valorisation" | "fees";
  /** Undefined: of the whole year. */
  readonly month: Month | undefined;
  /** Micro-euro, as are the next two. */
  readonly expected: bigint;
  readonly received: bigint;
  /** Received − expected. */
  readonly difference: bigint;
  /** The difference at the mean tariff of the month or year, Wh, rounded toward zero; undefined if there is none. */
  readonly energy: bigint | undefined;
  /** What may explain it; undefined for a year. */
  readonly evidence: Evidence | undefined;
};

/**
 * Advances are compared by month until the year is due, then premium, valorisation and fees by year, each traced to its
 * months. Valorisation that came by month is compared by month before.
 * @param tolerance micro-euro for each plant and month
 */
export function findingsOf(year: ReconciledYear, tolerance: bigint): Finding[] {
  const { months, isDue } = year;
  const of = (month: ReconciledMonth) => tolerance * BigInt(Math.max(1, month.plants));
  const ofYear = sum(months.map(of));
  const premiumEnergy = sum(months.map((month) => month.premiumEnergy));
  const shared = sum(months.map((month) => month.shared));

  const advances = months
    .filter(({ advanceState }) => advanceState === "due")
    .flatMap((month) => finding("advance", month.advance, of(month), premiumRate(month), month));
  const premiumMonths = months.flatMap((month) =>
    finding("premium", month.premium, of(month), premiumRate(month), month),
  );
  const valorisationMonths = months
    .filter(({ hasValorisation }) => isDue || hasValorisation)
    .flatMap((month) => {
      const rate = { energy: month.shared, amount: month.valorisation.expected ?? 0n };
      return finding("valorisation", month.valorisation, of(month), rate, month);
    });
  if (!isDue) return [...advances, ...valorisationMonths];

  const premiumOfYear = { energy: premiumEnergy, amount: year.premium.expected ?? 0n };
  const valorisationOfYear = { energy: shared, amount: year.valorisation.expected ?? 0n };
  return [
    ...traced(finding("premium", year.premium, ofYear, premiumOfYear, undefined), premiumMonths),
    ...traced(finding("valorisation", year.valorisation, ofYear, valorisationOfYear, undefined), valorisationMonths),
    ...finding("fees", year.fees, ofYear, NO_RATE, undefined),
  ];
}

/** Energy and what it earned, micro-euro: a mean tariff. */
type Rate = { readonly energy: bigint; readonly amount: bigint };

const NO_RATE: Rate = { energy: 0n, amount: 0n };

function premiumRate({ premiumEnergy, premium }: ReconciledMonth): Rate {
  return { energy: premiumEnergy, amount: premium.expected ?? 0n };
}

/** Months matter where the year differs: an adjustment that was split by accrual moves money between them. */
function traced(ofYear: readonly Finding[], months: readonly Finding[]): Finding[] {
  return ofYear.length === 0 ? [] : [...ofYear, ...months];
}

function finding(
  subject: Finding["subject"],
  { expected, received, difference }: Balance,
  tolerance: bigint,
  rate: Rate,
  month: ReconciledMonth | undefined,
): Finding[] {
  if (expected === undefined || difference === undefined) return [];
  if (difference <= tolerance && -difference <= tolerance) return [];
  const energy = rate.amount === 0n ? undefined : (difference * rate.energy) / rate.amount;
  return [{ subject, month: month?.month, expected, received, difference, energy, evidence: month?.evidence }];
}

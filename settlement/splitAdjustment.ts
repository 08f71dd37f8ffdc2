/** A yearly adjustment that came as one amount, split by month so that it can be booked. */

import { sum } from "./amounts.ts";

/**
 * Splits an amount in proportion to weights. Each part is rounded toward zero to whole units; the units left over go one
 * each to the parts with the largest remainders, of equal ones to the earlier, so that the parts add up exactly.
 * @param amount in the smallest unit, cents; may be negative
 * @param weights zero or more, at least one above zero
 */
export function splitByLargestRemainder(amount: bigint, weights: readonly bigint[]): bigint[] {
  const whole = sum(weights);
  if (whole <= 0n) throw new RangeError("nothing to split in proportion to");
  const magnitude = amount < 0n ? -amount : amount;
  const exact = weights.map((weight) => magnitude * weight);
  const parts = exact.map((product) => product / whole);
  const left = Number(magnitude - sum(parts));
  // Sorting keeps the order of equal ones.
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: product % whole }))
    .toSorted((a, b) => (a.remainder === b.remainder ? 0 : a.remainder < b.remainder ? 1 : -1));
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => {
    const units = raised.has(index) ? part + 1n : part;
    return amount < 0n ? -units : units;
  });
}

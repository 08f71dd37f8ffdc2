/**
 * How far a division is from the Shapley value. Only what members get is compared: what goes to funds is the community's
 * choice, and is the same loss to all.
 */

import { maximum, sum } from "./amounts.ts";
import type { ShapleyValues } from "./coalitionGame.ts";

export type MemberFairness = {
  readonly account: number;
  /** What the division gives, micro-euro. */
  readonly amount: bigint;
  /** What it would give if members' money were divided by the Shapley value; rounded toward zero. */
  readonly fair: bigint;
  /** amount − fair. */
  readonly difference: bigint;
  /** Half of the 95% interval of `fair`; 0 if the value is exact. */
  readonly uncertainty: bigint;
};

export type Fairness = {
  readonly members: readonly MemberFairness[];
  /** What members get together, micro-euro. */
  readonly total: bigint;
  /** How much would have to pass from some members to others: half of Σ |difference|; rounded down. */
  readonly moved: bigint;
  /** Mean of |difference|, rounded down. */
  readonly meanDistance: bigint;
  /** The greatest |difference|, and whose it is: the first of equals. */
  readonly largestDistance: bigint;
  readonly largestOf: number;
  /** `moved`, `meanDistance` and `largestDistance` in millionths of the total. */
  readonly relative: { readonly moved: bigint; readonly meanDistance: bigint; readonly largestDistance: bigint };
};

/** Half of a 95% interval, in standard errors. */
const STANDARD_ERRORS_95 = 1.96;

/**
 * @param accounts the players of the game, in its order
 * @param amounts micro-euro by account
 */
export function fairnessOf(
  accounts: readonly number[],
  amounts: ReadonlyMap<number, bigint>,
  values: ShapleyValues,
): Fairness {
  const total = sum(accounts.map((account) => amounts.get(account) ?? 0n));
  const whole = sum(values.numerators);
  const members = accounts.map((account, player): MemberFairness => {
    const amount = amounts.get(account) ?? 0n;
    const fair = whole === 0n ? 0n : (total * (values.numerators[player] ?? 0n)) / whole;
    return {
      account,
      amount,
      fair,
      difference: amount - fair,
      uncertainty: uncertaintyOf(values, player, total, whole),
    };
  });
  const distances = members.map(({ difference }) => magnitude(difference));
  const largestDistance = distances.reduce(maximum, 0n);
  const moved = sum(distances) / 2n;
  const meanDistance = members.length === 0 ? 0n : sum(distances) / BigInt(members.length);
  return {
    members,
    total,
    moved,
    meanDistance,
    largestDistance,
    relative: {
      moved: millionths(moved, magnitude(total)),
      meanDistance: millionths(meanDistance, magnitude(total)),
      largestDistance: millionths(largestDistance, magnitude(total)),
    },
    largestOf: members[distances.indexOf(largestDistance)]?.account ?? 0,
  };
}

/** `part` in millionths of `whole`, rounded toward zero; 0 of nothing. */
export function millionths(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (part * 1_000_000n) / whole;
}

/** An estimate, so in floating point: money × interval / what the values add up to. */
function uncertaintyOf(values: ShapleyValues, player: number, total: bigint, whole: bigint): bigint {
  const error = values.sample?.standardErrors[player] ?? 0;
  if (whole === 0n) return 0n;
  const worth = Math.abs(Number(whole) / Number(values.denominator));
  return BigInt(Math.ceil((Number(magnitude(total)) * STANDARD_ERRORS_95 * error) / worth));
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

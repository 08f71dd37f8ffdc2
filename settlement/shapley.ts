/**
 * The exact Shapley value of hours that are each a weight times the lesser of two sums: of shared energy, and of the premium
 * where no grant reduces it.
 *
 * A player's value is the mean over all orders of arrival of what the player adds to those who came before:
 * Σₖ k!·(n−k−1)!/n! · Σ over coalitions C of k others of v(C + player) − v(C). Only the sums of |Σ net| over all coalitions
 * of one size, with and without a player, are needed. The players are divided into two halves: a coalition is a part of
 * one half joined with a part of the other, and the sum of |a + b| over all b of one size comes from one merge of two
 * sorted lists. An hour so costs n · 2^(n/2) steps instead of 2ⁿ.
 */

import { ExactSums, type GameHour, netOf, type ShapleyValues } from "./coalitionGame.ts";

/** Beyond this many players the value is sampled: `settlement/shapleySample.ts`. */
export const MOST_EXACT_PLAYERS = 20;

/** One hour's sums of net energy over the parts of one half of the players. */
type HalfSums = {
  readonly first: number;
  readonly players: number;
  /** Parts as bit masks, in ascending order of their sums. */
  readonly order: Uint32Array;
  readonly sums: Float64Array;
  readonly scratch: { readonly order: Uint32Array; readonly sums: Float64Array };
  /** The sums by size of the part, ascending, and before each the total of all smaller ones. */
  readonly bySize: readonly { readonly sums: Float64Array; readonly before: Float64Array }[];
};

/**
 * @param players their number
 * @param hours of all configurations, in any order
 * @throws RangeError if there are more players than MOST_EXACT_PLAYERS or too much energy in an hour
 */
export function shapleyExact(players: number, hours: Iterable<GameHour>): ShapleyValues {
  if (players > MOST_EXACT_PLAYERS) throw new RangeError(`${players} players, more than ${MOST_EXACT_PLAYERS}`);
  const split = Math.ceil(players / 2);
  const [left, right] = [halfOf(0, split), halfOf(split, players - split)];
  const leftSums = new ExactSums(left.order.length * right.bySize.length);
  const rightSums = new ExactSums(right.order.length * left.bySize.length);
  const energy = new ExactSums(players);
  const ownNet = new ExactSums(players);

  for (const hour of hours) {
    const { net, hasBothSigns, most } = netOf(hour);
    add(energy.open(most), hour.injected, hour.weight);
    add(energy.open(most), hour.withdrawn, hour.weight);
    // Where all are on the same side, |Σ net| is additive: everyone's value is the own |net|.
    if (!hasBothSigns) {
      add(ownNet.open(most), net.map(Math.abs), hour.weight);
      continue;
    }
    sumParts(left, net);
    sumParts(right, net);
    joinParts(left, right, hour.weight, leftSums.open(most * partsOfOneSize(right)));
    joinParts(right, left, hour.weight, rightSums.open(most * partsOfOneSize(left)));
  }

  const absolute = [
    ...timesFactorial(players, left.players, leftSums.values()),
    ...timesFactorial(players, right.players, rightSums.values()),
  ];
  const orders = factorial(players);
  const own = ownNet.values();
  return {
    numerators: energy.values().map((total, i) => orders * (total - (own[i] ?? 0n)) - (absolute[i] ?? 0n)),
    denominator: 2n * orders,
    sample: undefined,
  };
}

function halfOf(first: number, players: number): HalfSums {
  const parts = 2 ** players;
  const bySize = Array.from({ length: players + 1 }, (_, size) => {
    const count = binomial(players, size);
    return { sums: new Float64Array(count), before: new Float64Array(count + 1) };
  });
  const list = () => ({ order: new Uint32Array(parts), sums: new Float64Array(parts) });
  return { first, players, ...list(), scratch: list(), bySize };
}

/** Sorts the sums of all parts of a half: each player merges the list so far with itself, moved by the own net. */
function sumParts({ first, players, order, sums, scratch, bySize }: HalfSums, net: Float64Array): void {
  order[0] = 0;
  sums[0] = 0;
  for (let player = 0; player < players; player++) {
    const length = 1 << player;
    const own = net[first + player] ?? 0;
    scratch.order.set(order.subarray(0, length));
    scratch.sums.set(sums.subarray(0, length));
    let [without, together] = [0, 0];
    for (let to = 0; to < 2 * length; to++) {
      const a = without < length ? (scratch.sums[without] ?? 0) : Number.POSITIVE_INFINITY;
      const b = together < length ? (scratch.sums[together] ?? 0) + own : Number.POSITIVE_INFINITY;
      if (a <= b) {
        sums[to] = a;
        order[to] = scratch.order[without++] ?? 0;
      } else {
        sums[to] = b;
        order[to] = (scratch.order[together++] ?? 0) | length;
      }
    }
  }
  const filled = new Uint32Array(players + 1);
  for (let index = 0; index < order.length; index++) {
    const size = sizeOf(order[index] ?? 0);
    const part = bySize[size];
    if (part === undefined) continue;
    const at = filled[size] ?? 0;
    const own = sums[index] ?? 0;
    part.sums[at] = own;
    part.before[at + 1] = (part.before[at] ?? 0) + own;
    filled[size] = at + 1;
  }
}

/** The most parts that have the same size. */
function partsOfOneSize({ bySize }: HalfSums): number {
  return Math.max(...bySize.map(({ sums }) => sums.length));
}

/**
 * Adds weight · Σ |a + b| over the other half's parts b of each size to the sum of each part a. As a grows, the first b
 * that outweighs it moves down.
 * @param totals by size of b, then by mask of a
 */
function joinParts({ order, sums }: HalfSums, other: HalfSums, weight: number, totals: Float64Array): void {
  const parts = order.length;
  for (const [size, { sums: others, before }] of other.bySize.entries()) {
    const offset = size * parts;
    const count = others.length;
    const whole = before[count] ?? 0;
    let negative = count;
    for (let index = 0; index < parts; index++) {
      const own = sums[index] ?? 0;
      while (negative > 0 && (others[negative - 1] ?? 0) + own >= 0) negative--;
      const at = offset + (order[index] ?? 0);
      const absolute = whole - 2 * (before[negative] ?? 0) + own * (count - 2 * negative);
      totals[at] = (totals[at] ?? 0) + weight * absolute;
    }
  }
}

/**
 * n! times the Shapley values of some of the players.
 * @param players n
 * @param some how many of them the masks are about: all, or one half
 * @param totals Σ v over the coalitions that consist of a mask's players and so many others: by number of others, then by mask
 */
export function timesFactorial(players: number, some: number, totals: readonly bigint[]): bigint[] {
  const parts = 2 ** some;
  /** By size of the coalition: Σ v of all, and of those with the player. */
  const all = new Array<bigint>(players + 1).fill(0n);
  const having = Array.from({ length: some }, () => new Array<bigint>(players + 1).fill(0n));
  for (let others = 0; others * parts < totals.length; others++) {
    for (let mask = 0; mask < parts; mask++) {
      const total = totals[others * parts + mask] ?? 0n;
      const k = others + sizeOf(mask);
      all[k] = (all[k] ?? 0n) + total;
      for (const [player, row] of having.entries()) if ((mask >> player) & 1) row[k] = (row[k] ?? 0n) + total;
    }
  }
  return having.map((row) => {
    let value = 0n;
    for (let k = 0; k < players; k++) {
      const marginal = (row[k + 1] ?? 0n) - ((all[k] ?? 0n) - (row[k] ?? 0n));
      value += factorial(k) * factorial(players - k - 1) * marginal;
    }
    return value;
  });
}

function add(sums: Float64Array, amounts: Float64Array, weight: number): void {
  for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + weight * (amounts[index] ?? 0);
}

function sizeOf(mask: number): number {
  let size = 0;
  for (let bits = mask; bits !== 0; bits &= bits - 1) size++;
  return size;
}

export function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

function binomial(n: number, k: number): number {
  return Number(factorial(n) / (factorial(k) * factorial(n - k)));
}

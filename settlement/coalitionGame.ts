/**
 * Shared energy as a game of coalitions: what would be shared if only some of the accounts were there,
 * v(C) = Σₕ min(Σ injected, Σ withdrawn) over the accounts of C (rules.md, Splitting it).
 *
 * As min(G, W) = (G + W − |G − W|) / 2, the sums of everyone's energy are additive, and only |Σ net| over a coalition has
 * to be weighed, net being injected less withdrawn.
 */

import type { Batch, Row } from "./batch.ts";
import type { Channel, Roster } from "./roster.ts";

/** One hour of one configuration: Wh by player. All integers of doubles are exact up to 2⁵³. */
export type GameHour = { readonly injected: Float64Array; readonly withdrawn: Float64Array };

/** Shapley values in Wh: numerators over one denominator. They add up to v(all) exactly. */
export type ShapleyValues = {
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
  /** Undefined if the values are exact. */
  readonly sample: Sample | undefined;
};

export type Sample = {
  /** Orders of the players that were tried. */
  readonly orders: number;
  /** Of each player's value, Wh. */
  readonly standardErrors: readonly number[];
};

/** What an hour says to a method. Wh. */
export type NetHour = {
  readonly net: Float64Array;
  /** Some inject more than they withdraw, others less. */
  readonly hasBothSigns: boolean;
  /** Σ injected + withdrawn: no sum of net energies is greater. */
  readonly total: number;
};

/**
 * 2³⁹ Wh: the most that all meters of a configuration may measure in an hour, 128 channels at the largest reading. Sums
 * over the 2¹¹ parts of half of 22 players then stay below 2⁵³.
 */
export const MOST_IN_AN_HOUR = 2 ** 39;

/** @throws RangeError if there is more energy in the hour than can be added up exactly */
export function netOf({ injected, withdrawn }: GameHour): NetHour {
  const net = new Float64Array(injected.length);
  let [total, hasPositive, hasNegative] = [0, false, false];
  for (let player = 0; player < net.length; player++) {
    const energy = (injected[player] ?? 0) - (withdrawn[player] ?? 0);
    total += (injected[player] ?? 0) + (withdrawn[player] ?? 0);
    net[player] = energy;
    if (energy > 0) hasPositive = true;
    if (energy < 0) hasNegative = true;
  }
  if (total > MOST_IN_AN_HOUR) throw new RangeError(`${total} Wh in one hour, more than ${MOST_IN_AN_HOUR}`);
  return { net, hasBothSigns: hasPositive && hasNegative, total };
}

/** Sums of doubles that are integers, moved to bigints before they could become inexact. */
export class ExactSums {
  readonly #pending: Float64Array;
  readonly #settled: bigint[];
  #bound = 0;

  constructor(length: number) {
    this.#pending = new Float64Array(length);
    this.#settled = new Array<bigint>(length).fill(0n);
  }

  /** Where to add, each time at most `most` in magnitude to each sum. */
  open(most: number): Float64Array {
    if (this.#bound + most > Number.MAX_SAFE_INTEGER) this.#settle();
    this.#bound += most;
    return this.#pending;
  }

  values(): readonly bigint[] {
    this.#settle();
    return this.#settled;
  }

  #settle(): void {
    for (const [index, amount] of this.#pending.entries()) {
      if (amount !== 0) this.#settled[index] = (this.#settled[index] ?? 0n) + BigInt(amount);
    }
    this.#pending.fill(0);
    this.#bound = 0;
  }
}

/**
 * The hours of a configuration's batches.
 * @param players accounts, in the order of the game; those of other configurations have no energy here
 */
export function* gameHours(batches: readonly Batch[], roster: Roster, players: readonly number[]): Generator<GameHour> {
  const positionOf = new Map(players.map((account, position) => [account, position]));
  const positions = (channels: readonly Channel[]) => channels.map(({ account }) => positionOf.get(account));
  const [injecting, withdrawing] = [positions(roster.injection), positions(roster.withdrawal)];
  for (const { hourCount, injected, withdrawn } of batches) {
    for (let lane = 0; lane < hourCount; lane++) {
      yield {
        injected: byPlayer(injected, injecting, lane, players.length),
        withdrawn: byPlayer(withdrawn, withdrawing, lane, players.length),
      };
    }
  }
}

function byPlayer(
  rows: readonly Row[],
  positions: readonly (number | undefined)[],
  lane: number,
  players: number,
): Float64Array {
  const energy = new Float64Array(players);
  for (const [row, position] of positions.entries()) {
    if (position !== undefined) energy[position] = (energy[position] ?? 0) + (rows[row]?.[lane] ?? 0);
  }
  return energy;
}

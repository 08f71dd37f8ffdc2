/**
 * A community as a game of coalitions: what would be shared, or earned, if only some of the accounts were there (rules.md,
 * Splitting it). Shared energy is v(C) = Σₕ min(Σ injected, Σ withdrawn) over the accounts of C; the premium is a sum of
 * such lesser ones, each with a weight: `settlement/premiumGame.ts`.
 *
 * As min(G, W) = (G + W − |G − W|) / 2, the sums of everyone's energy are additive, and only |Σ net| over a coalition has
 * to be weighed, net being injected less withdrawn.
 */

import type { Batch, Row } from "./batch.ts";
import type { Channel, Roster } from "./roster.ts";

/** One hour of one configuration, Wh by player, is worth weight · min(Σ injected, Σ withdrawn). */
export type GameHour = {
  readonly injected: Float64Array;
  readonly withdrawn: Float64Array;
  /** An integer: 1 if the game is about energy, 10⁻⁴ €/MWh if about money. */
  readonly weight: number;
};

/**
 * An hour in which what a plant earns depends on the part of the withdrawals that is exempt, x = Σ exempt / Σ withdrawn: it is
 * worth Σ over the levels of (onAll + onExempt · x) · min(Σ injected, Σ withdrawn).
 */
export type ReducedHour = {
  readonly withdrawn: Float64Array;
  readonly exempt: Float64Array;
  readonly levels: readonly {
    readonly injected: Float64Array;
    /** 10⁻⁴ €/MWh; may be fractions. */
    readonly onAll: number;
    readonly onExempt: number;
  }[];
};

/** Its value is the sum of all its hours. */
export type Game = { readonly hours: readonly GameHour[]; readonly reduced: readonly ReducedHour[] };

/** Shapley values in the game's unit: numerators over one denominator. They add up to v(all) exactly. */
export type ShapleyValues = {
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
  /** Undefined if the values are exact. */
  readonly sample: Sample | undefined;
};

export type Sample = {
  /** Orders of the players that were tried. */
  readonly orders: number;
  /** Of each player's value, in the game's unit. */
  readonly standardErrors: readonly number[];
};

/** What an hour says to a method. Wh. */
export type NetHour = {
  readonly net: Float64Array;
  /** Some inject more than they withdraw, others less. */
  readonly hasBothSigns: boolean;
  /** |weight| · Σ (injected + withdrawn): no sum of net energies is worth more. */
  readonly most: number;
};

/**
 * 2⁴⁵: the most that an hour's energy, injected and withdrawn, may be worth, for example 27 MWh at 130 €/MWh. Sums over the
 * 252 parts of one size of half of 20 players then stay below 2⁵³, up to which all integers of doubles are exact.
 */
export const MOST_IN_AN_HOUR = 2 ** 45;

/** @throws RangeError if there is more energy in the hour than can be added up exactly */
export function netOf({ injected, withdrawn, weight }: GameHour): NetHour {
  const net = new Float64Array(injected.length);
  let [total, hasPositive, hasNegative] = [0, false, false];
  for (let player = 0; player < net.length; player++) {
    const energy = (injected[player] ?? 0) - (withdrawn[player] ?? 0);
    total += (injected[player] ?? 0) + (withdrawn[player] ?? 0);
    net[player] = energy;
    if (energy > 0) hasPositive = true;
    if (energy < 0) hasNegative = true;
  }
  return { net, hasBothSigns: hasPositive && hasNegative, most: checkedMost(total, Math.abs(weight)) };
}

/**
 * A bound of what the hour is worth to any coalition.
 * @throws RangeError if there is more energy in the hour than can be added up exactly
 */
export function mostOfReduced({ withdrawn, levels }: ReducedHour): number {
  const weight = levels.reduce((all, { onAll, onExempt }) => all + Math.abs(onAll) + Math.abs(onExempt), 0);
  const total = withdrawn.reduce((all, wattHours) => all + wattHours, 0);
  return checkedMost(total, weight);
}

function checkedMost(wattHours: number, weight: number): number {
  const most = wattHours * weight;
  if (most <= MOST_IN_AN_HOUR) return most;
  throw new RangeError(`${wattHours} Wh in one hour, more than ${Math.floor(MOST_IN_AN_HOUR / weight)}`);
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
 * The shared energy of a configuration's batches, hour by hour; Wh.
 * @param players accounts, in the order of the game; those of other configurations have no energy here
 */
export function* gameHours(batches: readonly Batch[], roster: Roster, players: readonly number[]): Generator<GameHour> {
  const [injecting, withdrawing] = [positionsOf(roster.injection, players), positionsOf(roster.withdrawal, players)];
  for (const { hourCount, injected, withdrawn } of batches) {
    for (let lane = 0; lane < hourCount; lane++) {
      yield {
        injected: byPlayer(injected, injecting, lane, players.length),
        withdrawn: byPlayer(withdrawn, withdrawing, lane, players.length),
        weight: 1,
      };
    }
  }
}

/** By channel, the position of its account among the players. */
export function positionsOf(channels: readonly Channel[], players: readonly number[]): (number | undefined)[] {
  const positionOf = new Map(players.map((account, position) => [account, position]));
  return channels.map(({ account }) => positionOf.get(account));
}

/** Wh of one hour by player; rows without a position are left out. */
export function byPlayer(
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

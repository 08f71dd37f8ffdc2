/**
 * The Shapley value where there are too many players for the exact one: the mean over random orders of arrival. Each order is
 * tried forwards and backwards, so that who comes early in one comes late in the other; that makes the two errors cancel in
 * part. Efficiency stays exact: every order shares out v(all).
 */

import {
  type Game,
  type GameHour,
  mostOfReduced,
  netOf,
  type ReducedHour,
  type ShapleyValues,
} from "./coalitionGame.ts";
import { seededRandom } from "./random.ts";

/** Some hours of a game, into which players come one after the other. */
type Arrivals = {
  readonly clear: () => void;
  /** Twice what all who have come are worth, less what is certain; an integer up to 2⁵². */
  readonly join: (player: number) => number;
};

/** An hour, and a bound of what it is worth. */
type Bounded<Hour> = { readonly hour: Hour; readonly most: number };

/** So much may come together before it is moved to bigints: what someone adds is the difference of two such sums. */
const MOST_TOGETHER = 2 ** 52;

/**
 * @param pairs orders tried, each forwards and backwards; at least 2
 * @param onPair told after each pair
 * @throws RangeError if there is too much energy in an hour to add up exactly
 */
export function shapleySampled(
  players: number,
  { hours, reduced }: Game,
  pairs: number,
  seed: number,
  onPair: (done: number) => void = () => undefined,
): ShapleyValues {
  const { certain, mixed } = certainOf(players, hours);
  const games = [
    ...together(mixed).map((some) => lesserSums(players, some)),
    ...together(reduced.map((hour) => ({ hour, most: 2 * mostOfReduced(hour) + 2 }))).map(reducedSums),
  ];
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length: players }, (_, player) => player);
  const totals = new Array<bigint>(players).fill(0n);
  const added = new Float64Array(players);
  const squares = new Float64Array(players);
  const means = new Float64Array(players);
  for (let pair = 1; pair <= pairs; pair++) {
    shuffle(order, random);
    added.fill(0);
    for (const arriving of [order, order.toReversed()]) {
      for (const game of games) arrive(arriving, game, added, totals);
    }
    for (let player = 0; player < players; player++) {
      // Welford's update of mean and squared deviations; `added` is twice the worth, of two orders.
      const worth = (added[player] ?? 0) / 4;
      const distance = worth - (means[player] ?? 0);
      means[player] = (means[player] ?? 0) + distance / pair;
      squares[player] = (squares[player] ?? 0) + distance * (worth - (means[player] ?? 0));
    }
    onPair(pair);
  }
  const orders = BigInt(2 * pairs);
  return {
    numerators: certain.map((worth, player) => orders * worth + (totals[player] ?? 0n)),
    denominator: 2n * orders,
    sample: {
      orders: 2 * pairs,
      standardErrors: Array.from(squares, (square) => Math.sqrt(square / (pairs - 1) / pairs)),
    },
  };
}

/** What each player adds to those before. */
function arrive(order: Uint32Array, game: Arrivals, added: Float64Array, totals: bigint[]): void {
  game.clear();
  let before = 0;
  for (const player of order) {
    const after = game.join(player);
    added[player] = (added[player] ?? 0) + after - before;
    totals[player] = (totals[player] ?? 0n) + BigInt(after - before);
    before = after;
  }
}

/**
 * Twice what is additive, by player: everyone's energy, less |net| in hours in which all are on one side. Only |Σ net| of
 * the other hours has to be sampled.
 */
function certainOf(
  players: number,
  hours: readonly GameHour[],
): { readonly certain: readonly bigint[]; readonly mixed: readonly Bounded<GameHour>[] } {
  const certain = new Array<bigint>(players).fill(0n);
  const mixed: Bounded<GameHour>[] = [];
  for (const hour of hours) {
    const { net, hasBothSigns, most } = netOf(hour);
    if (hasBothSigns) mixed.push({ hour, most });
    for (let player = 0; player < players; player++) {
      const energy = (hour.injected[player] ?? 0) + (hour.withdrawn[player] ?? 0);
      const additive = hour.weight * (energy - (hasBothSigns ? 0 : Math.abs(net[player] ?? 0)));
      certain[player] = (certain[player] ?? 0n) + BigInt(additive);
    }
  }
  return { certain, mixed };
}

/** −Σ weight · |Σ net|. */
function lesserSums(players: number, hours: readonly GameHour[]): Arrivals {
  const net = Array.from({ length: players }, (_, player) =>
    Float64Array.from(hours, ({ injected, withdrawn }) => (injected[player] ?? 0) - (withdrawn[player] ?? 0)),
  );
  const weights = Float64Array.from(hours, ({ weight }) => weight);
  const running = new Float64Array(hours.length);
  return {
    clear: () => running.fill(0),
    join(player) {
      const own = net[player] ?? running;
      let worth = 0;
      for (let hour = 0; hour < running.length; hour++) {
        const sum = (running[hour] ?? 0) + (own[hour] ?? 0);
        running[hour] = sum;
        worth -= (weights[hour] ?? 0) * Math.abs(sum);
      }
      return worth;
    },
  };
}

/** Twice the worth, rounded to the game's unit. */
function reducedSums(hours: readonly ReducedHour[]): Arrivals {
  const running = hours.map(({ levels }) => ({ withdrawn: 0, exempt: 0, injected: new Float64Array(levels.length) }));
  return {
    clear() {
      for (const sums of running) {
        sums.withdrawn = 0;
        sums.exempt = 0;
        sums.injected.fill(0);
      }
    },
    join(player) {
      let worth = 0;
      for (const [index, { withdrawn, exempt, levels }] of hours.entries()) {
        const sums = running[index];
        if (sums === undefined) continue;
        sums.withdrawn += withdrawn[player] ?? 0;
        sums.exempt += exempt[player] ?? 0;
        const part = sums.withdrawn === 0 ? 0 : sums.exempt / sums.withdrawn;
        for (const [k, { injected, onAll, onExempt }] of levels.entries()) {
          const total = (sums.injected[k] ?? 0) + (injected[player] ?? 0);
          sums.injected[k] = total;
          worth += Math.min(total, sums.withdrawn) * (onAll + onExempt * part);
        }
      }
      return 2 * Math.round(worth);
    },
  };
}

/** The hours, in groups that are worth no more than MOST_TOGETHER. */
function together<Hour>(hours: readonly Bounded<Hour>[]): Hour[][] {
  const groups: Hour[][] = [];
  let bound = Number.POSITIVE_INFINITY;
  for (const { hour, most } of hours) {
    if (bound + most > MOST_TOGETHER) {
      groups.push([]);
      bound = 0;
    }
    groups.at(-1)?.push(hour);
    bound += most;
  }
  return groups;
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
}

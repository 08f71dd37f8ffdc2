/**
 * The Shapley value of shared energy where there are too many players for the exact one: the mean over random orders of
 * arrival. Each order is tried forwards and backwards, so that who comes early in one comes late in the other; that makes the
 * two errors cancel in part. Efficiency stays exact: every order shares out v(all).
 */

import { type GameHour, netOf, type ShapleyValues } from "./coalitionGame.ts";
import { seededRandom } from "./random.ts";

type Hours = {
  /** By player, the hours in which not all are on one side. */
  readonly net: readonly Float64Array[];
  /** Of everyone's injected and withdrawn energy, less |net| of the other hours: what needs no sampling. Wh by player. */
  readonly certain: readonly bigint[];
};

/**
 * @param pairs orders tried, each forwards and backwards; at least 2
 * @param onPair told after each pair
 * @throws RangeError if there is too much energy to add up exactly
 */
export function shapleySampled(
  players: number,
  hours: Iterable<GameHour>,
  pairs: number,
  seed: number,
  onPair: (done: number) => void = () => undefined,
): ShapleyValues {
  const { net, certain } = columnsOf(players, hours);
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length: players }, (_, player) => player);
  const running = new Float64Array(net[0]?.length ?? 0);
  const added = new Float64Array(players);
  const totals = new Array<bigint>(players).fill(0n);
  const squares = new Float64Array(players);
  const means = new Float64Array(players);
  for (let pair = 1; pair <= pairs; pair++) {
    shuffle(order, random);
    added.fill(0);
    arrive(order, net, running, added);
    arrive(order.toReversed(), net, running, added);
    for (let player = 0; player < players; player++) {
      const both = added[player] ?? 0;
      totals[player] = (totals[player] ?? 0n) + BigInt(both);
      // Welford's update of mean and squared deviations; the value of a pair is a quarter of both: two orders, half of |net|.
      const distance = both / 4 - (means[player] ?? 0);
      means[player] = (means[player] ?? 0) + distance / pair;
      squares[player] = (squares[player] ?? 0) + distance * (both / 4 - (means[player] ?? 0));
    }
    onPair(pair);
  }
  const orders = BigInt(2 * pairs);
  return {
    numerators: certain.map((energy, player) => orders * energy - (totals[player] ?? 0n)),
    denominator: 2n * orders,
    sample: {
      orders: 2 * pairs,
      standardErrors: Array.from(squares, (square) => Math.sqrt(square / (pairs - 1) / pairs)),
    },
  };
}

/** What each player adds to |Σ net| of those before, summed over the hours and added to `added`. */
function arrive(order: Uint32Array, net: readonly Float64Array[], running: Float64Array, added: Float64Array): void {
  running.fill(0);
  let before = 0;
  for (const player of order) {
    const own = net[player] ?? running;
    let after = 0;
    for (let hour = 0; hour < running.length; hour++) {
      const sum = (running[hour] ?? 0) + (own[hour] ?? 0);
      running[hour] = sum;
      after += Math.abs(sum);
    }
    added[player] = (added[player] ?? 0) + after - before;
    before = after;
  }
}

function columnsOf(players: number, hours: Iterable<GameHour>): Hours {
  const certain = new Array<bigint>(players).fill(0n);
  const mixed: Float64Array[] = [];
  let most = 0;
  for (const hour of hours) {
    const { net, hasBothSigns } = netOf(hour);
    if (hasBothSigns) mixed.push(net);
    for (let player = 0; player < players; player++) {
      const energy = (hour.injected[player] ?? 0) + (hour.withdrawn[player] ?? 0);
      most += energy;
      certain[player] = (certain[player] ?? 0n) + BigInt(energy - (hasBothSigns ? 0 : Math.abs(net[player] ?? 0)));
    }
  }
  // Four times: a pair's two orders, each a difference of two sums.
  if (most > Number.MAX_SAFE_INTEGER / 4) throw new RangeError(`${most} Wh in all, too much to sample exactly`);
  const net = Array.from({ length: players }, (_, player) => Float64Array.from(mixed, (hour) => hour[player] ?? 0));
  return { net, certain };
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

/** Shapley values of a whole game: exact or sampled; of energy and of the money that comes of it. */

import { sum } from "./amounts.ts";
import type { Game, Sample, ShapleyValues } from "./coalitionGame.ts";
import { MOST_EXACT_PLAYERS, shapleyExact } from "./shapley.ts";
import { shapleyEnumerated } from "./shapleyEnumerated.ts";
import { shapleySampled } from "./shapleySample.ts";

/** How the value is sampled where there are too many players for the exact one. */
export type Sampling = { readonly pairs: number; readonly seed: number };

/** Money, in micro-euro, and the values of the game that it comes of. */
export type ValuedMoney = { readonly amount: bigint; readonly values: ShapleyValues };

/**
 * Exact up to MOST_EXACT_PLAYERS, sampled beyond.
 * @param show how far it is: hours or pairs of orders
 * @throws RangeError if there is too much energy in an hour to add up exactly
 */
export function shapleyValues(
  players: number,
  game: Game,
  { pairs, seed }: Sampling,
  show: (done: number, total: number) => void,
): ShapleyValues {
  if (players > MOST_EXACT_PLAYERS) {
    return shapleySampled(players, game, pairs, seed, (done) => show(done, pairs));
  }
  const total = game.hours.length + game.reduced.length;
  const shown = function* () {
    for (const [done, hour] of game.hours.entries()) {
      yield hour;
      show(done + 1, total);
    }
  };
  const plain = shapleyExact(players, shown());
  if (game.reduced.length === 0) return plain;
  const reduced = shapleyEnumerated(players, game.reduced, (done) => show(game.hours.length + done, total));
  return added(plain, reduced);
}

/**
 * Each kind of money by the game that it comes of, in micro-euro: the premium by what a coalition would earn, all else by
 * what it would share. A premium that was paid though none accrues by the readings goes by energy as well.
 */
export function valuesOfMoney(premium: ValuedMoney, other: ValuedMoney): ShapleyValues {
  if (sum(premium.values.numerators) === 0n) return inMoney({ ...other, amount: premium.amount + other.amount });
  return added(inMoney(premium), inMoney(other));
}

/** So much money in proportion to the values. */
function inMoney({ amount, values: { numerators, denominator, sample } }: ValuedMoney): ShapleyValues {
  const whole = sum(numerators);
  if (whole === 0n) return { numerators: numerators.map(() => 0n), denominator: 1n, sample };
  const perUnit = Math.abs(Number(amount) / (Number(whole) / Number(denominator)));
  return {
    numerators: numerators.map((value) => value * amount),
    denominator: whole,
    sample: sample && { ...sample, standardErrors: sample.standardErrors.map((error) => error * perUnit) },
  };
}

function added(a: ShapleyValues, b: ShapleyValues): ShapleyValues {
  return {
    numerators: a.numerators.map(
      (value, player) => value * b.denominator + (b.numerators[player] ?? 0n) * a.denominator,
    ),
    denominator: a.denominator * b.denominator,
    sample: addedSamples(a.sample, b.sample),
  };
}

/** Samples of the same orders err together: their errors add up at most. Games of the same players are both sampled or neither. */
function addedSamples(a: Sample | undefined, b: Sample | undefined): Sample | undefined {
  return (
    a && b && { ...a, standardErrors: a.standardErrors.map((error, player) => error + (b.standardErrors[player] ?? 0)) }
  );
}

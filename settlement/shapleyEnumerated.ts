/**
 * The Shapley value where what a coalition earns depends on the part of its withdrawals that is exempt from the reduction by
 * a grant. Such a quotient does not fall into halves of the players, so all 2ⁿ coalitions are weighed in each hour: blocks of
 * 2¹⁰ coalitions, which differ in the first ten players only, stay in the processor's cache while a few hours pass.
 */

import { mostOfReduced, type ReducedHour, type ShapleyValues } from "./coalitionGame.ts";
import { factorial, MOST_EXACT_PLAYERS, timesFactorial } from "./shapley.ts";

const LOW_PLAYERS = 10;
const HOURS_AT_ONCE = 8;

/** What nobody withdraws, so that no part is divided by zero; it vanishes when a whole Wh is added. */
const ALMOST_NOTHING = 1e-300;

/** Sums over all sets of the low players, and what the high players add one by one. */
type Sums = { readonly low: Float64Array; readonly high: Float64Array };
type HourSums = {
  readonly withdrawn: Sums;
  readonly exempt: Sums;
  readonly levels: readonly { readonly injected: Sums; readonly onAll: number; readonly onExempt: number }[];
};

/**
 * Each coalition's value is a sum of doubles over the hours, then rounded to the game's unit, 10⁻¹⁰ €.
 * @param show told now and then how many hours are done
 * @throws RangeError if there are more players than MOST_EXACT_PLAYERS or too much energy in an hour
 */
export function shapleyEnumerated(
  players: number,
  hours: readonly ReducedHour[],
  show: (done: number) => void = () => undefined,
): ShapleyValues {
  if (players > MOST_EXACT_PLAYERS) throw new RangeError(`${players} players, more than ${MOST_EXACT_PLAYERS}`);
  // Refuses an hour with too much energy before any work is done.
  for (const hour of hours) mostOfReduced(hour);
  const low = Math.min(players, LOW_PLAYERS);
  const values = new Float64Array(2 ** players);
  for (let first = 0; first < hours.length; first += HOURS_AT_ONCE) {
    const sums = hours.slice(first, first + HOURS_AT_ONCE).map((hour) => hourSums(hour, low));
    for (let high = 0; high < 2 ** (players - low); high++) {
      const block = values.subarray(high << low, (high + 1) << low);
      for (const hour of sums) addHour(block, hour, high);
    }
    show(Math.min(first + HOURS_AT_ONCE, hours.length));
  }
  const totals = Array.from(values, (value) => BigInt(Math.round(value)));
  return {
    numerators: timesFactorial(players, players, totals),
    denominator: factorial(players),
    sample: undefined,
  };
}

/** Adds the hour's worth of each coalition of some low players and the high ones of a mask. */
function addHour(block: Float64Array, { withdrawn, exempt, levels }: HourSums, high: number): void {
  const [highWithdrawn, highExempt] = [highSum(withdrawn, high), highSum(exempt, high)];
  for (const { injected, onAll, onExempt } of levels) {
    const highInjected = highSum(injected, high);
    for (let mask = 0; mask < block.length; mask++) {
      const all = highWithdrawn + (withdrawn.low[mask] ?? 0);
      const some = highInjected + (injected.low[mask] ?? 0);
      // The lesser of the two; Math.min takes twice as long.
      const shared = (all + some - Math.abs(all - some)) / 2;
      const part = (highExempt + (exempt.low[mask] ?? 0)) / all;
      block[mask] = (block[mask] ?? 0) + shared * (onAll + onExempt * part);
    }
  }
}

function hourSums({ withdrawn, exempt, levels }: ReducedHour, low: number): HourSums {
  return {
    withdrawn: sumsOf(withdrawn, low, ALMOST_NOTHING),
    exempt: sumsOf(exempt, low),
    levels: levels.map((level) => ({ ...level, injected: sumsOf(level.injected, low) })),
  };
}

function sumsOf(energy: Float64Array, low: number, nobody = 0): Sums {
  const sums = new Float64Array(2 ** low);
  sums[0] = nobody;
  for (let player = 0; player < low; player++) {
    const bit = 1 << player;
    for (let mask = 0; mask < bit; mask++) sums[bit | mask] = (sums[mask] ?? 0) + (energy[player] ?? 0);
  }
  return { low: sums, high: energy.subarray(low) };
}

function highSum({ high }: Sums, mask: number): number {
  let total = 0;
  for (let player = 0; player < high.length; player++) if ((mask >> player) & 1) total += high[player] ?? 0;
  return total;
}

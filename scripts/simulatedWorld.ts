/** The energy of a community, as it is or as a scenario makes it: batches, months, the Shapley value. No rules, no money. */

import { zeroHash } from "viem";
import type { CommunityPlan } from "../oracle/communityPlan.ts";
import { batchesOf, type HourRange } from "../oracle/dayBatches.ts";
import type { Prices } from "../oracle/pricesFile.ts";
import type { Readings } from "../oracle/readingsFile.ts";
import type { Batch } from "../settlement/batch.ts";
import { type GameHour, gameHours, type ShapleyValues } from "../settlement/coalitionGame.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { channelsOf } from "../settlement/roster.ts";
import { MOST_EXACT_PLAYERS, shapleyExact } from "../settlement/shapley.ts";
import { shapleySampled } from "../settlement/shapleySample.ts";
import { type SimulatedMonth, simulateMonths } from "../settlement/simulation.ts";
import { metersOf } from "./settleInputs.ts";

export type World = {
  readonly plan: CommunityPlan;
  /** The accounts with meters: the players of the game. */
  readonly players: readonly number[];
  /** By configuration. */
  readonly batches: readonly (readonly Batch[])[];
  readonly months: readonly SimulatedMonth[];
  readonly values: ShapleyValues;
};

/** How the Shapley value is sampled where it cannot be exact. */
export type Sampling = { readonly pairs: number; readonly seed: number };

/**
 * @param file of the readings, for messages
 * @throws InputError if there is more energy than can be added up exactly
 */
export function worldOf(
  plan: CommunityPlan,
  readings: Readings,
  ranges: readonly HourRange[],
  prices: readonly Prices[],
  sampling: Sampling,
  file: string,
  show: (done: number, total: number) => void,
): World {
  const rosters = plan.configurations.flatMap(({ rosters }) => rosters.slice(0, 1).map(({ roster }) => roster));
  const batches = rosters.map((roster, index) => {
    const range = ranges[index] ?? { first: 0, end: 0 };
    return batchesOf(
      readings,
      metersOf(plan, index),
      [{ effectiveHour: 0, roster }],
      range,
      "distributor",
      () => zeroHash,
      prices[index],
    );
  });
  const accounts = new Set(rosters.flatMap((roster) => channelsOf(roster).map(({ account }) => account)));
  const players = [...accounts].toSorted((a, b) => a - b);
  const hours = function* (shown: typeof show): Generator<GameHour> {
    const total = batches.flat().length;
    let done = 0;
    for (const [index, roster] of rosters.entries()) {
      for (const batch of batches[index] ?? []) {
        yield* gameHours([batch], roster, players);
        shown(++done, total);
      }
    }
  };
  try {
    const values =
      players.length <= MOST_EXACT_PLAYERS
        ? shapleyExact(players.length, hours(show))
        : shapleySampled(
            players.length,
            hours(() => undefined),
            sampling.pairs,
            sampling.seed,
            (done) => show(done, sampling.pairs),
          );
    const months = rosters.flatMap((roster, index) => simulateMonths(index, roster, batches[index] ?? []));
    return { plan, players, batches, months, values };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([{ file, problem: error.message, remedy: "Mend the readings that are too large" }]);
  }
}

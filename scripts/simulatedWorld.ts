/** The energy of a community, as it is or as a scenario makes it: batches, months, the Shapley value. No rules, no money. */

import { zeroHash } from "viem";
import type { CommunityPlan } from "../oracle/communityPlan.ts";
import { batchesOf, type HourRange } from "../oracle/dayBatches.ts";
import type { Prices } from "../oracle/pricesFile.ts";
import type { Readings } from "../oracle/readingsFile.ts";
import type { Batch } from "../settlement/batch.ts";
import { type Game, gameHours, type ShapleyValues } from "../settlement/coalitionGame.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { premiumGame } from "../settlement/premiumGame.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { type Sampling, shapleyValues } from "../settlement/shapleyValues.ts";
import { type SimulatedMonth, simulateMonths } from "../settlement/simulation.ts";
import { metersOf } from "./settleInputs.ts";

export type World = {
  readonly plan: CommunityPlan;
  /** The accounts with meters: the players of the game. */
  readonly players: readonly number[];
  /** By configuration. */
  readonly batches: readonly (readonly Batch[])[];
  readonly months: readonly SimulatedMonth[];
  /** What each adds to the shared energy, Wh, and to the premium, 10⁻¹⁰ €. */
  readonly values: { readonly energy: ShapleyValues; readonly premium: ShapleyValues };
};

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
  show: (game: "kWh" | "€", done: number, total: number) => void,
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
  const ofConfigurations = (game: (batches: readonly Batch[], roster: Roster) => Game): Game => {
    const games = rosters.map((roster, index) => game(batches[index] ?? [], roster));
    return { hours: games.flatMap(({ hours }) => hours), reduced: games.flatMap(({ reduced }) => reduced) };
  };
  const energy = ofConfigurations((some, roster) => ({ hours: [...gameHours(some, roster, players)], reduced: [] }));
  const premium = ofConfigurations((some, roster) => premiumGame(some, roster, players));
  try {
    const values = {
      energy: shapleyValues(players.length, energy, sampling, (done, total) => show("kWh", done, total)),
      premium: shapleyValues(players.length, premium, sampling, (done, total) => show("€", done, total)),
    };
    const months = rosters.flatMap((roster, index) => simulateMonths(index, roster, batches[index] ?? []));
    return { plan, players, batches, months, values };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([{ file, problem: error.message, remedy: "Mend the readings that are too large" }]);
  }
}

/** The energy of a community, as it is or as a scenario makes it: batches, months, the Shapley value. No rules, no money. */

import { zeroHash } from "viem";
import type { CommunityPlan } from "../oracle/communityPlan.ts";
import { batchesOf, type HourRange } from "../oracle/dayBatches.ts";
import type { Prices } from "../oracle/pricesFile.ts";
import type { Readings } from "../oracle/readingsFile.ts";
import type { Batch } from "../settlement/batch.ts";
import { type Game, gameHours, type ShapleyValues } from "../settlement/coalitionGame.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { rostersOfMonth } from "../settlement/keys.ts";
import { premiumGame } from "../settlement/premiumGame.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { type Sampling, shapleyValues } from "../settlement/shapleyValues.ts";
import { rosterOf, type SimulatedMonth, simulateMonths } from "../settlement/simulation.ts";
import { metersOf } from "./settleInputs.ts";

/** What is metered. */
export type MeteredWorld = {
  readonly plan: CommunityPlan;
  /** The accounts with meters in the months: the players of the game. */
  readonly players: readonly number[];
  /** By configuration. */
  readonly batches: readonly (readonly Batch[])[];
  readonly months: readonly SimulatedMonth[];
};

export type World = MeteredWorld & {
  /** What each adds to the shared energy, Wh, and to the premium, 10⁻¹⁰ €. */
  readonly values: { readonly energy: ShapleyValues; readonly premium: ShapleyValues };
};

export function meteredWorld(
  plan: CommunityPlan,
  readings: Readings,
  ranges: readonly HourRange[],
  prices: readonly Prices[],
): MeteredWorld {
  const batches = plan.configurations.map(({ rosters }, index) => {
    const range = ranges[index] ?? { first: 0, end: 0 };
    return batchesOf(readings, metersOf(plan, index), rosters, range, "distributor", () => zeroHash, prices[index]);
  });
  const months = plan.configurations.flatMap(({ rosters }, index) =>
    simulateMonths(index, rosters, batches[index] ?? []),
  );
  const metered = months.flatMap(({ month, versions }) => rostersOfMonth(month, versions));
  const accounts = metered.flatMap(({ roster }) => channelsOf(roster).map(({ account }) => account));
  return { plan, players: [...new Set(accounts)].toSorted((a, b) => a - b), batches, months };
}

/**
 * @param file of the readings, for messages
 * @throws InputError if there is more energy than can be added up exactly
 */
export function valuesOf(
  { plan, players, batches }: MeteredWorld,
  sampling: Sampling,
  file: string,
  show: (game: "kWh" | "€", done: number, total: number) => void,
): World["values"] {
  const joined = (gameOf: (batches: readonly Batch[], roster: Roster) => Game): Game => {
    const games = plan.configurations.flatMap(({ rosters }, index) =>
      (batches[index] ?? []).map((batch) => gameOf([batch], rosterOf(batch, rosters))),
    );
    return { hours: games.flatMap(({ hours }) => hours), reduced: games.flatMap(({ reduced }) => reduced) };
  };
  const energy = joined((some, roster) => ({ hours: [...gameHours(some, roster, players)], reduced: [] }));
  const premium = joined((some, roster) => premiumGame(some, roster, players));
  try {
    return {
      energy: shapleyValues(players.length, energy, sampling, (done, total) => show("kWh", done, total)),
      premium: shapleyValues(players.length, premium, sampling, (done, total) => show("€", done, total)),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([{ file, problem: error.message, remedy: "Mend the readings that are too large" }]);
  }
}

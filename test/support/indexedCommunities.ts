/** Communities of all kinds on one chain, for an index to follow. */

import fc from "fast-check";
import { adjustedHistory } from "./adjustedHistory.ts";
import type { Stage } from "./communityOnChain.ts";
import { worlds } from "./randomWorld.ts";
import { redeemedHistory } from "./redeemedHistory.ts";
import { correctedHistory } from "./settledHistory.ts";
import { emptyModel, goThrough } from "./worldMoney.ts";
import { build } from "./worldOnChain.ts";

/**
 * A community that was corrected, one that redeemed and changed a payee, one of two areas with an adjusted year and a debt
 * written off, and some at random.
 */
export async function communitiesOfAllKinds(stage: Stage, seed: number, random: number): Promise<void> {
  await correctedHistory(stage);
  await redeemedHistory(stage);
  await adjustedHistory(stage);
  await randomCommunities(stage, seed, random);
}

export async function randomCommunities(stage: Stage, seed: number, count: number): Promise<void> {
  for (const world of fc.sample(worlds(2), { seed, numRuns: count })) {
    const built = await build(stage, world);
    const model = emptyModel();
    for (const run of world.runs) await goThrough(stage, built, model, run);
  }
}

/** Corrections and roster versions that reach back, on the chain of a random community and in what stands beside it. */

import assert from "node:assert/strict";
import { GRADES } from "../../settlement/grade.ts";
import { adoptRoster, amend, correctionOf, type Stage } from "./communityOnChain.ts";
import type { WorldChange } from "./randomWorld.ts";
import { type Built, batchOfMeters, changed } from "./worldOnChain.ts";

/** Makes a change on the chain, and in what stands. */
export async function makeChange(stage: Stage, built: Built, change: WorldChange): Promise<void> {
  const configuration = built.configurations[change.configuration % built.configurations.length];
  assert(configuration);
  const { ledger, firstHour, meters, versions, standing } = configuration;
  const index = change.batch % standing.length;
  const old = standing[index];
  assert(old);
  if (change.kind === "roster") {
    const roster = changed(versions, change.seed);
    await adoptRoster(stage, ledger, old.batch.firstHour, roster);
    versions.push({ effectiveHour: old.batch.firstHour, roster });
    return;
  }
  const version = versions.findLastIndex(({ effectiveHour }) => effectiveHour <= old.batch.firstHour);
  const roster = versions[version]?.roster;
  assert(roster);
  const seed = change.kind === "amend" ? change.seed : configuration.seed;
  const readings = batchOfMeters(roster, version + 1, old.batch, firstHour, seed, meters);
  const grade = [readings.grade, old.batch.grade].toSorted((a, b) => GRADES.indexOf(b) - GRADES.indexOf(a))[0];
  assert(grade);
  const batch = correctionOf(old.batch, old.roster, ledger, { ...readings, grade });
  await amend(stage, ledger, old.batch, batch, roster);
  standing[index] = { batch, roster };
}

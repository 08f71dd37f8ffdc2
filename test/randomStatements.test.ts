/*
 * Random communities, read from the chain with the times of its blocks: what holds of every account's statements over any
 * months, of every meter's hours (test/support/periods.ts), and of what is handed to others (test/support/exports.ts).
 *
 * CONDIVISA_STATEMENT_RUNS communities (4 by default) from seed CONDIVISA_SEED (any by default; the title says which).
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readHistory } from "../chain/history.ts";
import { recompute } from "../settlement/recompute.ts";
import { openStage, type Stage } from "./support/communityOnChain.ts";
import { checkCertificates, checkEvidence, checkKinds, checkPostings } from "./support/exports.ts";
import { chainTimes, checkHours, checkPeriods } from "./support/periods.ts";
import { worlds } from "./support/randomWorld.ts";
import { emptyModel, goThrough } from "./support/worldMoney.ts";
import { build } from "./support/worldOnChain.ts";

const RUNS = Number(process.env["CONDIVISA_STATEMENT_RUNS"] ?? 4);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);

describe(`the statements of ${RUNS} random communities from seed ${SEED}`, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  it("add up month by month to what the chain says, hours to months, and exports to both", async function () {
    this.timeout(RUNS * 20_000);
    let bookings = 0;
    await fc.assert(
      fc.asyncProperty(worlds(2), async (world) => {
        const built = await build(stage, world);
        const model = emptyModel();
        for (const run of world.runs) await goThrough(stage, built, model, run);
        const history = await readHistory(stage.client, built.at);
        const recomputed = recompute(history);
        const timeOf = await chainTimes(stage.client, history);
        const whole = checkPeriods(history, recomputed, timeOf);
        checkHours(history, recomputed);
        checkKinds(history, recomputed);
        checkPostings(history);
        checkCertificates(history, recomputed, timeOf);
        checkEvidence(history, recomputed);
        bookings += whole.reduce((count, statement) => count + statement.bookings.length, 0);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    assert(bookings > 0);
  });
});

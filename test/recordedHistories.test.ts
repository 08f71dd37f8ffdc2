/**
 * test/settlement/histories/ is what a chain says today: what is tested there without a chain holds on one.
 * UPDATE_SNAPSHOTS=1 accepts what the chain says.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import type { History } from "../settlement/history.ts";
import { adjustedHistory } from "./support/adjustedHistory.ts";
import { openStage, type Stage } from "./support/communityOnChain.ts";
import { historyModule } from "./support/recordedHistory.ts";
import { redeemedHistory } from "./support/redeemedHistory.ts";
import { correctedHistory, settledHistory } from "./support/settledHistory.ts";

const MAKERS: Readonly<Record<string, (stage: Stage) => Promise<History>>> = {
  settled: settledHistory,
  corrected: correctedHistory,
  redeemed: redeemedHistory,
  adjusted: adjustedHistory,
};

describe("recorded histories", () => {
  for (const [name, make] of Object.entries(MAKERS)) {
    it(`${name}: as the chain says`, async function () {
      this.timeout(30_000);
      const stage = await openStage();
      const text = historyModule(name, await make(stage).finally(() => stage.chain.close()));
      const file = `${import.meta.dirname}/settlement/histories/${name}.ts`;
      if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(file, text);
      const recorded = readFileSync(file, "utf8").split("\n");
      const changed = text.split("\n").findIndex((line, i) => line !== recorded[i]);
      if (changed === -1 && recorded.length === text.split("\n").length) return;
      const where = `line ${changed + 1}: ${text.split("\n")[changed] ?? "nothing"}`;
      const howToAccept = "If that is as it should be: UPDATE_SNAPSHOTS=1 ./condivisa test --grep recorded";
      assert.fail(`The chain says otherwise than ${file}, ${where}\n${howToAccept}`);
    });
  }
});

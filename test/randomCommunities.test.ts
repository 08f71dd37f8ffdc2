/**
 * Random communities through the contracts and through settlement/, which share no code: they must agree to the last unit,
 * whatever the sizes of the chunks and whenever receipts come. A failing seed stands in the test's name; add it to SEEDS.
 */

import assert from "node:assert/strict";
import { readHistory } from "../chain/history.ts";
import { sum } from "../settlement/amounts.ts";
import { audit } from "../settlement/audit.ts";
import { endOfMonth } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import { tallyBatch } from "../settlement/tally.ts";
import { openStage, type Stage } from "./support/communityOnChain.ts";
import { beginCommunity, book, playRun, recordHours } from "./support/playedCommunity.ts";
import { FEBRUARY, JANUARY, randomCommunity } from "./support/randomCommunity.ts";

/** Seeds that once failed are kept here. */
const SEEDS: readonly number[] = [];
const COUNT = process.env["CONDIVISA_DEEP"] === undefined ? 8 : 300;
const BASE = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 1_000_000);

describe("random communities: contracts and settlement/ agree exactly", function () {
  this.timeout(120_000);
  let stage: Stage;

  for (const seed of [...SEEDS, ...Array.from({ length: COUNT }, (_, i) => BASE + i)]) {
    it(`seed ${seed}`, async () => {
      const { community, receipts, random } = randomCommunity(seed);
      stage = await openStage(Math.min(...community.configurations.map(({ firstHour }) => firstHour)) - 24);
      const words = () => 1 + Math.floor(random() * 6);
      const at = await beginCommunity(stage, community);
      const split = Math.floor(random() * receipts.length);
      const late = receipts.slice(split);

      const january = await recordHours(stage, at, community, 0, endOfMonth(JANUARY));
      await book(stage, at, receipts.slice(0, split));
      // A receipt that comes while the run is computed makes it begin anew.
      await playRun(stage, at, { from: JANUARY, to: JANUARY }, words, () => book(stage, at, late.slice(0, 1)));
      const february = await recordHours(stage, at, community, endOfMonth(JANUARY), endOfMonth(FEBRUARY));
      await book(stage, at, late.slice(1));
      await playRun(stage, at, { from: JANUARY, to: FEBRUARY }, words);
      await playRun(stage, at, { from: FEBRUARY, to: FEBRUARY }, words);

      const history = await readHistory(stage.client, at);
      const recomputed = recompute(history);
      assert.deepEqual(await audit(history, recomputed), []);

      const recorded = [...january, ...february];
      assert.equal(recorded.length, history.ledgers.flatMap(({ batches }) => batches).length);
      for (const [configuration, { months }] of history.ledgers.entries()) {
        const tallies = recorded
          .filter((entry) => entry.configuration === configuration)
          .map(({ batch, roster }) => tallyBatch(batch, roster));
        const shared = sum(tallies.flatMap((tally) => tally.shared));
        assert.equal(sum(months.map((month) => month.shared)), shared);
        assert.equal(sum(months.flatMap((month) => [...month.attributed.values()])), shared);
        assert.equal(sum(months.map((month) => month.accrued)), sum(tallies.map(({ accrued }) => accrued)));
      }
      const { treasury } = history;
      const net = sum(receipts.map((receipt) => receipt.net));
      assert.equal(treasury.received, net);
      assert.equal(sum(treasury.settled.map(({ amount }) => amount)), net);
      assert.equal(sum(treasury.accounts.map(({ owed, paid }) => owed + paid)), net);
      assert.equal(treasury.supply, treasury.paid);
      await stage.chain.close();
    });
  }
});

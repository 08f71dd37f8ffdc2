/*
 * Treasury.pay
 *   too early, of no words → refused; in chunks of any size, each account once
 *   enough to spend → what is owed; less → the same fraction to all, the rest stays owed
 *   a claw-back makes owed negative, which later runs net; nobody is asked to pay back
 *   a receipt after apportioning belongs to the next run
 */

import assert from "node:assert/strict";
import { parseEventLogs } from "viem";
import { communityAbi, creditTokenAbi, treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { sum } from "../../settlement/amounts.ts";
import { receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import { FIRST_MONTH, OBJECTION_SECONDS, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";
import {
  approveRun,
  balanceOf,
  book,
  closedMonthCommunity,
  computeRun,
  payAll,
  phase,
  runOf,
  settle,
} from "../support/runsOnChain.ts";

describe("Treasury payouts", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => treasuryCalls(at);
  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: treasuryAbi, address: at.treasury, functionName, args });
  /** What accounts 1 to `count` got, were owed and hold in tokens. */
  async function balances(count: number) {
    return Promise.all(Array.from({ length: count }, (_, i) => balanceOf(stage, at, i + 1)));
  }

  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await closedMonthCommunity(stage, 5);
    await book(stage, at, receiptOf(FIRST_MONTH, 50_000_000n));
  });
  after(() => stage.chain.close());

  describe("pay", () => {
    it("waits for the auditor, to the second: NotYetPayable", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await approveRun(stage, at, run);
      const { payableFrom } = await runOf(stage, at, run);
      assert.equal(payableFrom, stage.chain.time() + OBJECTION_SECONDS);
      stage.chain.advanceTo(payableFrom - 1);
      await assertRefused(send(stage, "treasurer", calls().pay(run, 1n)), "NotYetPayable", [payableFrom]);
      stage.chain.advanceTo(payableFrom);
      await assertRefused(send(stage, "treasurer", calls().pay(run, 0n)), "ChunkEmpty", []);
      await send(stage, "treasurer", calls().pay(run, 1n));
    });

    it("pays each account once in chunks of one word, to the wallets, and ends", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await approveRun(stage, at, run);
      const receipts = await payAll(stage, at, run, 1n);
      assert.equal(receipts.length, 2);
      const logs = receipts.flatMap((receipt) => receipt.logs);
      const payouts = parseEventLogs({ abi: treasuryAbi, eventName: "Payout", logs }).map(({ args }) => args);
      assert.deepEqual(
        payouts.map(({ account }) => account),
        [1, 2, 3, 4, 5, 6],
      );
      assert.equal(sum(payouts.map(({ amount }) => amount)), 50_000_000n);
      assert.deepEqual(
        payouts.map(({ delta }) => delta),
        payouts.map(({ amount }) => amount),
      );
      for (const { account, amount } of payouts) {
        const payee = await read(stage, {
          abi: communityAbi,
          address: at.community,
          functionName: "payeeOf",
          args: [account],
        });
        const tokens = await read(stage, {
          abi: creditTokenAbi,
          address: at.token,
          functionName: "balanceOf",
          args: [payee],
        });
        assert.equal(tokens, amount);
        assert.equal(await view("settledOf", 0, FIRST_MONTH, account), amount);
      }
      const [paid] = parseEventLogs({ abi: treasuryAbi, eventName: "RunPaid", logs });
      assert.deepEqual(paid?.args, { run, paidInAll: 50_000_000n });
      assert.deepEqual(await view("paid"), 50_000_000n);
      await assertRefused(send(stage, "treasurer", calls().pay(run, 1n)), "WrongPhase", [
        run,
        phase("paid"),
        phase("approved"),
      ]);
    });

    it("leaves a receipt after apportioning to the next run", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await book(stage, at, receiptOf(FIRST_MONTH, 30_000_000n));
      await approveRun(stage, at, run);
      await payAll(stage, at, run);
      assert.equal(await view("paid"), 50_000_000n);
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      assert.equal(await view("paid"), 80_000_000n);
    });

    it("nets a claw-back against later runs and asks nobody to pay back", async () => {
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const first = await balances(6);
      await book(stage, at, receiptOf(FIRST_MONTH, -20_000_000n));
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const clawed = await balances(6);
      assert.deepEqual(
        clawed.map(({ paid }) => paid),
        first.map(({ paid }) => paid),
      );
      assert(clawed.every(({ owed }) => owed < 0n));
      assert.equal(sum(clawed.map(({ owed }) => owed)), -20_000_000n);
      await book(stage, at, receiptOf(FIRST_MONTH, 15_000_000n));
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      assert.equal(await view("paid"), 50_000_000n, "all of it still nets");
      await book(stage, at, receiptOf(FIRST_MONTH, 6_000_000n));
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const last = await balances(6);
      assert.equal(sum(last.map(({ paid }) => paid)), 51_000_000n);
      assert(
        last.every(({ owed }) => owed >= -1n && owed <= 1n),
        "what a rounding leaves",
      );
    });

    it("pays all the same fraction when there is less to spend than owed, and the rest later", async () => {
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      // The next month's money is taken back before anything else comes: less is there than is owed.
      await book(stage, at, receiptOf(FIRST_MONTH, 10_000_000n));
      await book(stage, at, receiptOf(FIRST_MONTH + 1, -7_000_000n));
      const run = await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const { totalOwed, payable_ } = await runOf(stage, at, run);
      assert.deepEqual([totalOwed, payable_], [10_000_000n, 3_000_000n]);
      const short = await balances(6);
      for (const { owed, paid } of short) {
        const settled = owed + paid;
        const due = settled - (settled * 5n) / 6n;
        // Each was owed a sixth of its 60 €, of which three tenths are paid: within a micro-euro of rounding.
        const amount = due - owed;
        assert(amount * 10n >= due * 3n - 20n && amount * 10n <= due * 3n + 20n, `${amount} of ${due}`);
      }
      assert(sum(short.map(({ paid }) => paid)) <= 53_000_000n);
      await book(stage, at, receiptOf(FIRST_MONTH + 1, 7_000_000n));
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const all = await balances(6);
      assert.equal(sum(all.map(({ paid }) => paid)), 60_000_000n);
      assert(all.every(({ owed }) => owed === 0n));
    });

    it("pays nothing when more was paid than received", async () => {
      await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      await book(stage, at, receiptOf(FIRST_MONTH, 10_000_000n));
      await book(stage, at, receiptOf(FIRST_MONTH + 1, -90_000_000n));
      const run = await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
      const { totalOwed, payable_ } = await runOf(stage, at, run);
      assert.deepEqual([totalOwed, payable_], [10_000_000n, 0n]);
      assert.equal(await view("paid"), 50_000_000n);
    });
  });
});

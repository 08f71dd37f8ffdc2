/*
 * ExpiringPause, of a ledger and of a treasury alike
 *   pause: the auditor's only; while paused, or within a week of the last pause's end → refused
 *   unpause: the president's only; when not paused → refused
 *   a pause ends by itself after a week, in the very second
 *   it stops intake (record) or payout (pay), and nothing else
 */

import assert from "node:assert/strict";
import { type Address, parseEventLogs } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { ledgerCalls, receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import { FIRST_MONTH, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, read, send } from "../support/refusals.ts";
import { approveRun, book, closedMonthCommunity, computeRun, ledgerAt, payAll, runOf } from "../support/runsOnChain.ts";

const WEEK = 7 * 86_400;

for (const contract of ["ledger", "treasury"] as const) {
  describe(`the pause of a ${contract}`, () => {
    let stage: Stage;
    let at: CommunityAddresses;
    before(async () => {
      stage = await openStage();
    });
    beforeEach(async () => {
      at = await closedMonthCommunity(stage, 2);
    });
    after(() => stage.chain.close());

    const address = (): Address => (contract === "ledger" ? ledgerAt(at, 0) : at.treasury);
    const calls = () => (contract === "ledger" ? ledgerCalls(address()) : treasuryCalls(at));
    const pause = () => send(stage, "auditor", calls().pause());
    const unpause = () => send(stage, "president", calls().unpause());
    const pausedUntil = () =>
      read(stage, { abi: energyLedgerAbi, address: address(), functionName: "pausedUntil", args: [] });

    const names = ["pause", "unpause"] as const;
    itIsRestricted(
      () => stage,
      [
        { allowed: "auditor", call: () => calls().pause() },
        { allowed: "president", call: () => calls().unpause() },
      ],
      (index) => `${names[index]}`,
    );

    it("lasts a week, and none follows within a week of its end: PauseTooSoon", async () => {
      const begun = stage.chain.time();
      const receipt = await pause();
      const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "Paused", logs: receipt.logs });
      assert.deepEqual(event?.args, { by: stage.people.auditor.address, until: begun + WEEK });
      assert.equal(await pausedUntil(), begun + WEEK);
      await assertRefused(pause(), "PauseTooSoon", [begun + 2 * WEEK]);
      stage.chain.advanceTo(begun + 2 * WEEK - 1);
      await assertRefused(pause(), "PauseTooSoon", [begun + 2 * WEEK]);
      stage.chain.advanceTo(begun + 2 * WEEK);
      await pause();
      assert.equal(await pausedUntil(), begun + 3 * WEEK);
    });

    it("ends now when the president says so, and the week's rest counts from then: NotPaused", async () => {
      await assertRefused(unpause(), "NotPaused", []);
      await pause();
      stage.chain.advanceTo(stage.chain.time() + 1000);
      const ended = stage.chain.time();
      const receipt = await unpause();
      const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "Unpaused", logs: receipt.logs });
      assert.deepEqual(event?.args, { by: stage.people.president.address });
      assert.equal(await pausedUntil(), ended);
      await assertRefused(unpause(), "NotPaused", []);
      await assertRefused(pause(), "PauseTooSoon", [ended + WEEK]);
    });

    it("cannot be ended once it has ended by itself: NotPaused", async () => {
      await pause();
      stage.chain.advanceTo(Number(await pausedUntil()));
      await assertRefused(unpause(), "NotPaused", []);
    });
  });
}

describe("a paused treasury", () => {
  it("books, computes, proposes and approves, but does not pay until the pause ends by itself: IsPaused", async () => {
    const stage = await openStage();
    const at = await closedMonthCommunity(stage, 2);
    const calls = treasuryCalls(at);
    await send(stage, "auditor", calls.pause());
    await book(stage, at, receiptOf(FIRST_MONTH, 10_000n));
    const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await approveRun(stage, at, run);
    const until = stage.chain.time() + WEEK;
    stage.chain.advanceTo((await runOf(stage, at, run)).payableFrom);
    await assertRefused(send(stage, "treasurer", calls.pay(run, 1n)), "IsPaused", [until]);
    stage.chain.advanceTo(until - 1);
    await assertRefused(send(stage, "treasurer", calls.pay(run, 1n)), "IsPaused", [until]);
    stage.chain.advanceTo(until);
    await payAll(stage, at, run);
    await stage.chain.close();
  });
});

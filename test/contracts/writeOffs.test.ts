/*
 * Treasury write-offs
 *   propose
 *     not the treasurer's; to no fund; without a reason; more than the account owes, or nothing → refused
 *   approve
 *     not the president's; another hash, or twice; the proposer; while a run is live; the debt has shrunk → refused
 *     else the fund owes it: later runs net it there, and nobody else notices
 */

import assert from "node:assert/strict";
import { parseEventLogs, zeroHash } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { type WriteOff, writeOffHash } from "../../chain/writeOffs.ts";
import { receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import { FIRST_MONTH, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, itRefuses, send } from "../support/refusals.ts";
import { balanceOf, book, closedMonthCommunity, openRun, settle } from "../support/runsOnChain.ts";

const MEMBERS = 2;
const FUND = MEMBERS + 1;

describe("Treasury write-offs", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  let debt: WriteOff;
  const calls = () => treasuryCalls(at);
  const propose = (change: Partial<WriteOff> = {}) =>
    send(stage, "treasurer", calls().proposeWriteOff({ ...debt, ...change }));
  const approve = (given: WriteOff = debt) => send(stage, "president", calls().approveWriteOff(writeOffHash(given)));
  const owed = async (account: number) => (await balanceOf(stage, at, account)).owed;

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());
  // Account 2 was paid and then has to give back.
  beforeEach(async () => {
    at = await closedMonthCommunity(stage, MEMBERS);
    await book(stage, at, receiptOf(FIRST_MONTH, 80_000_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    await book(stage, at, receiptOf(FIRST_MONTH, -30_000_000n, { document: "claw-back" }));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    debt = { account: 2, fund: FUND, amount: -(await owed(2)), reason: "moved abroad" };
    assert(debt.amount > 0n);
  });

  itIsRestricted(
    () => stage,
    [
      { allowed: "treasurer", call: () => calls().proposeWriteOff(debt) },
      { allowed: "president", call: () => calls().approveWriteOff(zeroHash) },
    ],
    (index) => ["proposeWriteOff", "approveWriteOff"][index] ?? "",
  );

  itRefuses(
    () => stage,
    [
      ...[0, 1, FUND + 1, FUND + 4].map((fund) => ({
        what: `account ${fund} as the fund`,
        by: "treasurer" as const,
        call: () => calls().proposeWriteOff({ ...debt, fund }),
        error: fund === 0 || fund === FUND + 4 ? "AccountUnknown" : "WriteOffToNoFund",
        values: () => [fund],
      })),
      {
        what: "no reason",
        by: "treasurer" as const,
        call: () => calls().proposeWriteOff({ ...debt, reason: "" }),
        error: "ReasonMissing",
        values: () => [],
      },
      ...[0n, 1n].map((beyond) => ({
        what: beyond === 0n ? "an amount of nothing" : "more than the account owes",
        by: "treasurer" as const,
        call: () => calls().proposeWriteOff({ ...debt, amount: beyond * (debt.amount + 1n) }),
        error: "WriteOffBeyondDebt",
        values: () => [2, -debt.amount, beyond * (debt.amount + 1n)],
      })),
      {
        what: "an account that there is not",
        by: "treasurer" as const,
        call: () => calls().proposeWriteOff({ ...debt, account: 0 }),
        error: "WriteOffBeyondDebt",
        values: () => [0, 0n, debt.amount],
      },
    ],
  );

  it("makes the fund owe it, once and by two persons: WriteOffNotProposed, SamePerson", async () => {
    const before = await owed(FUND);
    await assertRefused(approve(), "WriteOffNotProposed", [writeOffHash(debt)]);
    await propose();
    const another = { ...debt, amount: debt.amount - 1n };
    await assertRefused(approve(another), "WriteOffNotProposed", [writeOffHash(another)]);
    const { logs } = await approve();
    const [event] = parseEventLogs({ abi: treasuryAbi, eventName: "DebtWrittenOff", logs });
    assert.deepEqual(event?.args, { ...debt, by: stage.people.president.address });
    assert.deepEqual([await owed(2), await owed(FUND)], [0n, before - debt.amount]);
    await assertRefused(approve(), "WriteOffNotProposed", [writeOffHash(debt)]);
  });

  it("waits for a live run to end: RunLive; and looks at the debt again: WriteOffBeyondDebt", async () => {
    await propose();
    const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await assertRefused(approve(), "RunLive", [run]);
    await send(stage, "treasurer", calls().drop(run));
    await book(stage, at, receiptOf(FIRST_MONTH, 20_000_000n, { document: "paid again" }));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    await assertRefused(approve(), "WriteOffBeyondDebt", [2, await owed(2), debt.amount]);
  });

  it("is netted with what the fund gets later, and the next run begins from what is owed then", async () => {
    await propose();
    await approve();
    await book(stage, at, receiptOf(FIRST_MONTH, 60_000_000n, { document: "more" }));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    const balances = await Promise.all([1, 2, FUND].map((account) => balanceOf(stage, at, account)));
    const owedInAll = balances.reduce((total, balance) => total + balance.owed, 0n);
    const paidInAll = balances.reduce((total, balance) => total + balance.paid, 0n);
    assert.equal(owedInAll + paidInAll, 110_000_000n);
    // With a debtor left more is owed than there is: all of that is paid, but for a micro-euro an account.
    assert(paidInAll <= 110_000_000n && paidInAll > 110_000_000n - 3n, `${paidInAll} paid`);
  });
});

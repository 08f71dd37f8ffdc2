/*
 * Treasury.open, weigh, apportion
 *   weigh, apportion
 *     not the treasurer's; in another phase; of no words → refused
 *     chunks of any size give the same pools, totals, entitlements, dust and amounts
 *     a configuration that began later has no cell before
 *     whoever is enrolled after opening has no part in the run
 *   entitlements add up to the pool: dust and unclaimed shares go to the fallback fund, of negative pools too
 */

import assert from "node:assert/strict";
import { parseEventLogs, type TransactionReceipt } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { sum } from "../../settlement/amounts.ts";
import { endOfMonth } from "../../settlement/hours.ts";
import { CLASSES } from "../../settlement/roster.ts";
import { communityCalls, enrolment, receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  amend,
  batchOf,
  correctionOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, read, send } from "../support/refusals.ts";
import {
  apportionAll,
  balanceOf,
  book,
  closedMonthCommunity,
  computeRun,
  LAST_DAY,
  ledgerAt,
  openRun,
  phase,
  runOf,
  settle,
  threeRules,
  WHOLE_CELLS,
  weighAll,
} from "../support/runsOnChain.ts";

const NEXT_MONTH = FIRST_MONTH + 1;

describe("Treasury runs", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => treasuryCalls(at);
  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: treasuryAbi, address: at.treasury, functionName, args });

  before(async () => {
    stage = await openStage();
    at = await closedMonthCommunity(stage, 9);
  });
  after(() => stage.chain.close());

  const names = ["open", "weigh", "apportion"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "treasurer", call: () => calls().open(FIRST_MONTH, FIRST_MONTH) },
      { allowed: "treasurer", call: () => calls().weigh(1, 1n) },
      { allowed: "treasurer", call: () => calls().apportion(1, 1n) },
    ],
    (index) => `${names[index]}`,
  );

  describe("weigh and apportion", () => {
    before(async () => {
      at = await closedMonthCommunity(stage, 9);
      await book(stage, at, receiptOf(FIRST_MONTH, 10_010_000n));
    });

    it("refuses chunks of nothing: ChunkEmpty; and the wrong phase: WrongPhase", async () => {
      const { weigh, apportion, propose, drop } = calls();
      const by = (call: ReturnType<typeof weigh | typeof apportion | typeof propose>) => send(stage, "treasurer", call);
      await assertRefused(by(weigh(1, 1n)), "WrongPhase", [1, phase("none"), phase("weigh")]);
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await assertRefused(by(weigh(run, 0n)), "ChunkEmpty", []);
      await assertRefused(by(apportion(run, 1n)), "WrongPhase", [run, phase("weigh"), phase("apportion")]);
      await assertRefused(by(propose(run)), "WrongPhase", [run, phase("weigh"), phase("apportioned")]);
      await weighAll(stage, at, run);
      await assertRefused(by(weigh(run, 1n)), "WrongPhase", [run, phase("apportion"), phase("weigh")]);
      await assertRefused(by(apportion(run, 0n)), "ChunkEmpty", []);
      await apportionAll(stage, at, run);
      await assertRefused(by(apportion(run, 1n)), "WrongPhase", [run, phase("apportioned"), phase("apportion")]);
      await send(stage, "treasurer", drop(run));
      await assertRefused(by(weigh(run, 1n)), "WrongPhase", [run, phase("dropped"), phase("weigh")]);
    });

    it("come to the same with chunks of every size", async () => {
      const results = new Set<string>();
      for (const size of [1n, 2n, 3n, 1000n, 2n ** 255n]) {
        const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
        const weighed = await weighAll(stage, at, run, size);
        const apportioned = await apportionAll(stage, at, run, size);
        // Ten accounts are three words.
        const chunks = size >= 3n ? 1 : Math.ceil(3 / Number(size));
        assert.deepEqual([weighed.length, apportioned.length], [chunks, chunks]);
        results.add(
          JSON.stringify(resultOf([...weighed, ...apportioned]), (_, value) =>
            typeof value === "bigint" ? `${value}` : value,
          ),
        );
        const { totalOwed } = await runOf(stage, at, run);
        assert.equal(totalOwed, 10_010_000n);
        await send(stage, "treasurer", calls().drop(run));
      }
      assert.equal(results.size, 1);
    });

    it("add up to the pool, dust to the fallback fund", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const { entitlements, dust, pool } = resultOf([
        ...(await weighAll(stage, at, run)),
        ...(await apportionAll(stage, at, run)),
      ]);
      assert.equal(pool, 10_010_000n);
      assert.equal(sum(entitlements) + dust, pool);
      assert(dust > 0n && dust < 20n, `${dust}`);
      await send(stage, "treasurer", calls().drop(run));
    });

    it("round a claw-back toward zero too: every amount is the advance's with the sign turned", async () => {
      const negative = await closedMonthCommunity(stage, 9);
      await book(stage, negative, receiptOf(FIRST_MONTH, -10_010_000n));
      const [up, down] = [
        await openRun(stage, at, FIRST_MONTH, FIRST_MONTH),
        await openRun(stage, negative, FIRST_MONTH, FIRST_MONTH),
      ];
      const plus = resultOf([...(await weighAll(stage, at, up)), ...(await apportionAll(stage, at, up))]);
      const minus = resultOf([
        ...(await weighAll(stage, negative, down)),
        ...(await apportionAll(stage, negative, down)),
      ]);
      assert.deepEqual(
        minus.entitlements,
        plus.entitlements.map((amount) => -amount),
      );
      assert.equal(minus.dust, -plus.dust);
      assert.equal((await runOf(stage, negative, down)).totalOwed, 0n);
      await send(stage, "treasurer", calls().drop(up));
    });
  });

  it("gives what no rule can pay to the fallback fund: nobody of the class, no energy shared", async () => {
    const members = 3;
    const roster = smallRoster(members);
    const own = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
    await enrol(stage, own, members);
    await adoptRoster(stage, ledgerAt(own, 0), LAST_DAY, roster);
    const rule = { pool: "ordinary", share: 5000, fund: 0, classes: CLASSES } as const;
    await adoptRuleSet(stage, own, {
      ...threeRules(members + 1),
      rules: [
        { ...rule, key: "equal", classes: ["impresa"] },
        { ...rule, key: "coincident-withdrawal" },
      ],
    });
    await record(
      stage,
      ledgerAt(own, 0),
      batchOf(roster, LAST_DAY, 24, (row) => (row === 0 ? 0 : 500)),
      roster,
    );
    await book(stage, own, receiptOf(FIRST_MONTH, 70_000n));
    await settle(stage, own, FIRST_MONTH, FIRST_MONTH);
    assert.deepEqual(await paidTo(own, members + 1), [0n, 0n, 0n, 70_000n]);
  });

  it("refuses a difference beyond 56 bits, and can then be dropped: SafeCastOverflowedIntDowncast", async () => {
    at = await closedMonthCommunity(stage, 1);
    const most = 9_223_372_036_854_770_000n;
    await book(stage, at, receiptOf(FIRST_MONTH, most));
    const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await weighAll(stage, at, run);
    // The rule that comes first in the packed words: the only member's energy and equal part.
    const equalPart = (most * 2n) / 10n;
    const apportion = send(stage, "treasurer", calls().apportion(run, 1000n));
    await assertRefused(apportion, "SafeCastOverflowedIntDowncast", [56, equalPart]);
    await send(stage, "treasurer", calls().drop(run));
  });

  it("leaves whoever is enrolled after opening out of the run", async () => {
    at = await closedMonthCommunity(stage, 3);
    await book(stage, at, receiptOf(FIRST_MONTH, 70_000n));
    const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await send(
      stage,
      "secretary",
      communityCalls(at).enrol(["member", "member", "fund"].map(() => enrolment("member"))),
    );
    const results = resultOf([...(await weighAll(stage, at, run)), ...(await apportionAll(stage, at, run))]);
    assert.equal(results.entitlements.length, 6);
    assert.equal((await runOf(stage, at, run)).accounts, 6);
  });

  it("covers several configurations, one of which began a month later", async () => {
    const roster = smallRoster(5);
    const secondStart = endOfMonth(NEXT_MONTH) - 24;
    at = await deployCommunity(stage, [
      { firstHour: LAST_DAY, firstMonth: FIRST_MONTH },
      { firstHour: secondStart, firstMonth: NEXT_MONTH },
    ]);
    await enrol(stage, at, 5);
    await adoptRuleSet(stage, at, threeRules(6));
    await adoptRoster(stage, ledgerAt(at, 0), LAST_DAY, roster);
    await adoptRoster(stage, ledgerAt(at, 1), secondStart, roster);
    for (let hour = LAST_DAY; hour < endOfMonth(NEXT_MONTH); hour += 24) {
      const grade = hour === LAST_DAY ? "estimated" : "distributor";
      await record(stage, ledgerAt(at, 0), { ...batchOf(roster, hour, 24), grade }, roster);
    }
    await record(
      stage,
      ledgerAt(at, 1),
      batchOf(roster, secondStart, 24, () => 9),
      roster,
    );
    await book(stage, at, receiptOf(FIRST_MONTH, 1_000_000n));
    await book(stage, at, receiptOf(NEXT_MONTH, 2_000_000n));
    await book(stage, at, receiptOf(NEXT_MONTH, 4_000_000n, { configuration: 1 }));
    const run = await openRun(stage, at, FIRST_MONTH, NEXT_MONTH);
    const cells = (receipts: readonly TransactionReceipt[]) =>
      parseEventLogs({ abi: treasuryAbi, eventName: "Weighed", logs: receipts.flatMap(({ logs }) => logs) }).map(
        ({ args }) => [args.configuration, args.month, args.pools.ordinary],
      );
    assert.deepEqual(cells(await weighAll(stage, at, run, 1n)), [
      [0, FIRST_MONTH, 1_000_000n],
      [0, NEXT_MONTH, 2_000_000n],
      [1, NEXT_MONTH, 4_000_000n],
    ]);
    await apportionAll(stage, at, run, 1n);
    const { totalOwed, provisional } = await runOf(stage, at, run);
    assert.deepEqual([totalOwed, provisional], [7_000_000n, true], "one of the months is estimated");
    await send(stage, "treasurer", calls().drop(run));
    const later = await settle(stage, at, NEXT_MONTH, NEXT_MONTH);
    const paidLater = await runOf(stage, at, later);
    assert.deepEqual([paidLater.payable_, paidLater.provisional], [6_000_000n, false]);
    assert.equal(await view("settledOf", 1, FIRST_MONTH, 1), 0n);
    assert.notEqual(await view("settledOf", 1, NEXT_MONTH, 1), 0n);
    assert.equal(await view("settledOf", 1, NEXT_MONTH, 0), 0n, "there is no account 0");
    assert.deepEqual(await view("balanceOf", 0), { owed: 0n, delta: 0n, deltaAttempt: 0, paid: 0n });
    const both = await settle(stage, at, FIRST_MONTH, NEXT_MONTH, WHOLE_CELLS, "a month is estimated");
    assert.equal((await runOf(stage, at, both)).payable_, 1_000_000n);
    assert.equal(await view("settledOf", 1, FIRST_MONTH, 1), 0n);
    assert.equal(await view("paid"), 7_000_000n);
  });

  it("begins anew if another month of the year is corrected: the excess goes by the year's energy", async () => {
    at = await closedMonthCommunity(stage, 2);
    const ledger = ledgerAt(at, 0);
    const roster = smallRoster(2);
    const old = batchOf(roster, endOfMonth(FIRST_MONTH), 1);
    await record(stage, ledger, old, roster);
    const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await amend(stage, ledger, old, correctionOf(old, roster, ledger, { grade: "GSE-matched" }), roster);
    const { logs } = await send(stage, "treasurer", calls().weigh(run, 1n));
    const [restarted] = parseEventLogs({ abi: treasuryAbi, eventName: "RunRestarted", logs });
    assert.deepEqual(restarted?.args, { run, attempt: 2 });
  });

  it("takes no notice of a roster that begins after the month", async () => {
    at = await closedMonthCommunity(stage, 5);
    await book(stage, at, receiptOf(FIRST_MONTH, 1_000_000n));
    const results = async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const result = resultOf([...(await weighAll(stage, at, run)), ...(await apportionAll(stage, at, run))]);
      await send(stage, "treasurer", calls().drop(run));
      return result;
    };
    const before = await results();
    const { injection, withdrawal, plants } = smallRoster(5);
    const smaller = { injection, withdrawal: withdrawal.slice(1), plants };
    await adoptRoster(stage, ledgerAt(at, 0), endOfMonth(FIRST_MONTH), smaller);
    assert.deepEqual(await results(), before);
  });

  it("recomputes: a second run of the same months changes nothing and pays nothing", async () => {
    at = await closedMonthCommunity(stage, 5);
    await book(stage, at, receiptOf(FIRST_MONTH, 123_450_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    const before = await paidTo(at, 6);
    const again = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    assert.equal((await runOf(stage, at, again)).totalOwed, 0n);
    await send(stage, "treasurer", calls().drop(again));
    const third = await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    assert.equal((await runOf(stage, at, third)).payable_, 0n);
    assert.deepEqual(await paidTo(at, 6), before);
  });

  async function paidTo(of: CommunityAddresses, accounts: number): Promise<bigint[]> {
    const balances = await Promise.all(Array.from({ length: accounts }, (_, i) => balanceOf(stage, of, i + 1)));
    return balances.map(({ paid }) => paid);
  }
});

/** What the events of one cell's chunks say, put together. */
function resultOf(receipts: readonly TransactionReceipt[]) {
  const logs = receipts.flatMap((receipt) => receipt.logs);
  const [weighed] = parseEventLogs({ abi: treasuryAbi, eventName: "Weighed", logs });
  const [dust] = parseEventLogs({ abi: treasuryAbi, eventName: "DustApportioned", logs });
  const apportioned = parseEventLogs({ abi: treasuryAbi, eventName: "Apportioned", logs });
  assert(weighed && dust);
  let next = 1;
  for (const { args } of apportioned) {
    assert.equal(args.firstAccount, next);
    next += args.entitlements.length;
  }
  return {
    pool: weighed.args.pools.ordinary,
    totals: weighed.args.totals,
    dust: dust.args.amount,
    entitlements: apportioned.flatMap(({ args }) => args.entitlements),
  };
}

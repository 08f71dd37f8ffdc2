/*
 * The audit of a run
 *   covers every month of every configuration from its first month on
 *   is provisional if a month had missing readings, hours without a price or a grade below distributor, or was not read
 *   has dust, also where it is nothing
 */

import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { auditRun } from "../../settlement/auditRun.ts";
import { GRADES } from "../../settlement/grade.ts";
import type { History, RunRecord } from "../../settlement/history.ts";
import { parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { type Recomputed, recompute } from "../../settlement/recompute.ts";
import type { RecomputedMonth } from "../../settlement/recomputeLedger.ts";
import { PAY_ALL } from "../../settlement/rules.ts";
import { remaindersOf, smallRoster } from "../support/communityOnChain.ts";
import { firstHours, historyOf, ledgerOf, paidRunAt, receiptAt, rosterAt, ruleSetAt } from "../support/paperHistory.ts";
import { adjusted } from "./histories/adjusted.ts";

function subjects(history: History, recomputed: Recomputed, number: number): string[] {
  const run = recomputed.runs.find((candidate) => candidate.run.number === number);
  assert(run);
  return auditRun(history, recomputed, run).map(({ subject }) => subject);
}

const [JANUARY, FEBRUARY] = [parseMonth("2026-01") ?? 0, parseMonth("2026-02") ?? 0];
const ROSTER = smallRoster(2);
const RULES = {
  fromMonth: JANUARY,
  remainders: remaindersOf(3),
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules: [{ pool: "ordinary", share: 10_000, key: "fund", classes: [], fund: 3 }],
} as const;
const LEDGER = {
  ...ledgerOf(
    [rosterAt(1, 1, startOfMonth(JANUARY), ROSTER)],
    firstHours(ROSTER, new Map([JANUARY, FEBRUARY].map((month) => [month, [100, 100]]))),
  ),
  nextHour: startOfMonth(FEBRUARY + 1),
};
const onPaper = (run: RunRecord, firstMonth = 0): History =>
  historyOf({
    ledgers: [{ ...LEDGER, firstMonth }],
    ruleSets: [ruleSetAt(1, 1, RULES)],
    receipts: [receiptAt(2, JANUARY, 100n), receiptAt(2, FEBRUARY, 100n)],
    runs: [run],
  });
const subjectsOnPaper = (run: RunRecord, firstMonth?: number) => {
  const history = onPaper(run, firstMonth);
  return subjects(history, recompute(history), run.number);
};

describe("the months of a run", () => {
  const run = paidRunAt(10, 1, JANUARY, FEBRUARY);
  const covers = (given: RunRecord, firstMonth?: number) =>
    !subjectsOnPaper(given, firstMonth).includes("months and configurations");

  it("are all from its first to its last", () => assert(covers(run)));
  it("are not some of them", () => {
    assert(!covers({ ...run, weighed: run.weighed.slice(1) }));
    assert(!covers({ ...run, weighed: run.weighed.toReversed() }));
    assert(!covers({ ...run, toMonth: FEBRUARY + 1 }));
  });
  it("begin with the configuration", () => {
    assert(!covers(run, FEBRUARY));
    assert(covers({ ...run, weighed: run.weighed.slice(1) }, FEBRUARY));
  });
  it("are not looked at before it is proposed", () => {
    assert(covers({ ...run, weighed: run.weighed.slice(1), proposed: undefined }));
  });
  it("are closed", () => {
    const isOpen = (nextHour: number) => {
      const history = onPaper(run);
      const ledgers = history.ledgers.map((ledger) => ({ ...ledger, nextHour }));
      return subjects({ ...history, ledgers }, recompute(history), 1).includes("month 2026-02 of configuration 0");
    };
    assert.deepEqual([isOpen(startOfMonth(FEBRUARY + 1) - 1), isOpen(startOfMonth(FEBRUARY + 1))], [true, false]);
  });
});

describe("a run that says it is not provisional", () => {
  const sound: Partial<RecomputedMonth> = { missing: 0, hoursWithoutPrice: 0, grade: GRADES.indexOf("distributor") };
  /** Whether the audit objects if this is how the months stand. */
  const isWrong = (...changes: Partial<RecomputedMonth>[]) => {
    const recomputed = recompute(adjusted);
    const ledgers = recomputed.ledgers.map((ledger, configuration) => {
      const changed = [...ledger.months].map(
        ([month, sums]) => [month, { ...sums, ...sound, ...changes[configuration] }] as const,
      );
      const months = new Map(changed);
      return { ...ledger, months, monthAt: (month: number) => months.get(month) };
    });
    const runs = recomputed.runs.map((each) => {
      const { proposed } = each.run;
      return { ...each, run: { ...each.run, proposed: proposed && { ...proposed, provisional: false } } };
    });
    return subjects(adjusted, { ...recomputed, ledgers, runs }, 5).includes("provisional");
  };

  it("is right where all is measured", () => assert(!isWrong()));
  for (const [name, change] of [
    ["readings are missing", { missing: 1 }],
    ["an hour had no price", { hoursWithoutPrice: 1 }],
    ["readings are estimated", { grade: GRADES.indexOf("estimated") }],
  ] as const) {
    it(`is wrong where ${name}, in either area`, () =>
      assert.deepEqual([isWrong(change), isWrong({}, change)], [true, true]));
  }
  it("is right with what GSE has matched", () => assert(!isWrong({ grade: GRADES.indexOf("GSE-matched") })));

  it("is wrong where nothing was read", () => {
    const run = paidRunAt(10, 1, FEBRUARY, FEBRUARY + 1);
    assert(subjectsOnPaper(run).includes("provisional"));
    assert(!subjectsOnPaper(paidRunAt(10, 1, FEBRUARY, FEBRUARY)).includes("provisional"));
  });
});

describe("a run's dust", () => {
  const of = (dust: RunRecord["dust"]) =>
    subjectsOnPaper({ ...paidRunAt(10, 1, JANUARY, JANUARY), dust }).filter((subject) => subject.startsWith("dust"));
  const none = { configuration: 0, month: JANUARY, fund: 3, amount: 0n };

  it("is told, also where it is nothing", () => {
    assert.deepEqual(of([none]), []);
    assert.deepEqual(of([]), ["dust of configuration 0, month 2026-01 (micro-euro)"]);
  });
  it("is that of its own month and configuration", () => {
    assert.deepEqual(of([{ ...none, month: FEBRUARY }]).length, 1);
    assert.deepEqual(of([{ ...none, configuration: 1 }]).length, 1);
    assert.deepEqual(
      of([none, { ...none, configuration: 1, amount: 7n }, { ...none, month: FEBRUARY, amount: 7n }]),
      [],
    );
  });
});

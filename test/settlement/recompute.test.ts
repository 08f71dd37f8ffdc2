/*
 * Recomputing a settlement from what went in
 *   the excess goes by the year to date: from January to the run's last month, or to December once the year is adjusted
 *   only what was there when a run weighed, opened or was approved counts
 *   the rules in force; without any, everything is left over
 *   only paid runs change the books; write-offs come in their order
 *   which division a month's statement shows
 */

import assert from "node:assert/strict";
import { zeroAddress, zeroHash } from "viem";
import type { History, RunRecord } from "../../settlement/history.ts";
import { parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { amountsOf, isYearAdjusted, type RecomputedCell, recompute, settledCell } from "../../settlement/recompute.ts";
import type { Roster } from "../../settlement/roster.ts";
import { PAY_ALL, type RuleSet } from "../../settlement/rules.ts";
import { remaindersOf } from "../support/communityOnChain.ts";
import {
  accountAt,
  firstHours,
  historyOf,
  ledgerOf,
  paidRunAt,
  placeAt,
  receiptAt,
  rosterAt,
  ruleSetAt,
} from "../support/paperHistory.ts";

const month = (text: string): number => parseMonth(text) ?? assert.fail(text);
const [NOVEMBER, DECEMBER_BEFORE] = [month("2025-11"), month("2025-12")];
const [JANUARY, FEBRUARY, MARCH, DECEMBER] = [month("2026-01"), month("2026-02"), month("2026-03"), month("2026-12")];
const EURO = 1_000_000n;
const FUND = 3;
const [EXCESS_RESERVE, ADVANCE_RESERVE] = [4, 5];

const ROSTER: Roster = {
  injection: [{ number: 1, account: 1, class: "persona_fisica", exempt: false, weight: 0 }],
  withdrawal: [{ number: 2, account: 2, class: "persona_fisica", exempt: false, weight: 0 }],
  plants: [
    {
      number: 1,
      channel: 1,
      commissioned: "2025-01-01",
      power: 1000,
      regime: "CACER",
      base: 800_000,
      cap: 1_200_000,
      correction: 0,
      reduction: { numerator: 0, denominator: 1 },
    },
  ],
};
/** 1,000 Wh are injected in each month, and these are shared; the threshold is 550. */
const SHARED: [number, number][] = [
  [NOVEMBER, 1000],
  [JANUARY, 600],
  [FEBRUARY, 900],
  [MARCH, 1000],
  [DECEMBER, 550],
];
const LEDGER = ledgerOf(
  [rosterAt(1, 1, startOfMonth(NOVEMBER), ROSTER)],
  firstHours(ROSTER, new Map(SHARED.map(([of, shared]) => [of, [1000, shared]]))),
);
const RULES: RuleSet = {
  fromMonth: NOVEMBER,
  remainders: remaindersOf(FUND),
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules: [{ pool: "ordinary", share: 10_000, key: "equal", classes: ["persona_fisica"], fund: 0 }],
};
const ACCOUNTS = [
  accountAt(1, 1),
  accountAt(1, 2),
  accountAt(1, FUND, "fund"),
  accountAt(1, EXCESS_RESERVE, "reserve"),
  accountAt(1, ADVANCE_RESERVE, "reserve"),
];
/** 100 € a month. */
const RECEIPTS = [NOVEMBER, DECEMBER_BEFORE, JANUARY, FEBRUARY, MARCH, DECEMBER].map((of) =>
  receiptAt(2, of, 100n * EURO),
);
const adjustment = (year: number, position: number, configuration = 0) => ({
  place: placeAt(position),
  configuration,
  year,
  documentHash: zeroHash,
});

const settled = (runs: readonly RunRecord[], more: Partial<History> = {}): History =>
  historyOf({
    accounts: ACCOUNTS,
    ledgers: [LEDGER],
    ruleSets: [ruleSetAt(2, 1, RULES)],
    receipts: RECEIPTS,
    runs,
    ...more,
  });
const cellsOf = (history: History, run = 0): readonly RecomputedCell[] =>
  recompute(history).runs[run]?.cells ?? assert.fail("no such run");

describe("the excess of a month's premium", () => {
  /** Euro held of each month, of 100. */
  const held = (history: History) => cellsOf(history).map(({ pools }) => Number(pools.heldExcess) / Number(EURO));
  const released = (history: History) => cellsOf(history).map(({ pools }) => Number(pools.excess) / Number(EURO));
  const cases: readonly [string, number, number, number[]][] = [
    ["of January: 60% − 55%", JANUARY, JANUARY, [5]],
    ["of January and February: 75% − 55%, for both", JANUARY, FEBRUARY, [20, 20]],
    ["of February alone: from January on", FEBRUARY, FEBRUARY, [20]],
    ["of March: three months, 83.3% − 55%", MARCH, MARCH, [28.333333]],
    ["across a new year: each month by its own year", NOVEMBER, JANUARY, [45, 45, 5]],
    ["of December: the whole year, 76.25% − 55%", DECEMBER, DECEMBER, [21.25]],
    ["of a month before the first reading: none", month("2025-10"), month("2025-10"), [0]],
  ];
  for (const [name, from, to, expected] of cases) {
    it(name, () => assert.deepEqual(held(settled([paidRunAt(10, 1, from, to)])), expected));
  }

  it("once the year is adjusted: by all of it, and it is released", () => {
    const history = settled([paidRunAt(10, 1, JANUARY, FEBRUARY)], { adjustments: [adjustment(2026, 10)] });
    assert.deepEqual(
      [held(history), released(history)],
      [
        [0, 0],
        [21.25, 21.25],
      ],
    );
    assert.deepEqual(
      cellsOf(history).map(({ isAdjusted }) => isAdjusted),
      [true, true],
    );
  });

  for (const [name, others] of [
    ["another year's adjustment", [adjustment(2025, 5)]],
    ["another configuration's", [adjustment(2026, 5, 1)]],
    ["one booked when the run weighed, or later", [adjustment(2026, 11), adjustment(2026, 12)]],
  ] as const) {
    it(`${name} changes nothing`, () => {
      const history = settled([paidRunAt(10, 1, JANUARY, JANUARY)], { adjustments: others });
      assert.deepEqual([held(history), cellsOf(history)[0]?.isAdjusted], [[5], false]);
    });
  }

  it("is nothing in a configuration that the history does not have", () => {
    const [cell] = cellsOf(settled([paidRunAt(10, 1, JANUARY, JANUARY)], { ledgers: [] }));
    assert.deepEqual(cell?.pools, { ordinary: 100n * EURO, excess: 0n, heldExcess: 0n, heldAdvance: 0n });
    assert.deepEqual(cell?.keys, [new Map()]);
  });
});

describe("the year to date of a run's month", () => {
  it("has what accrued and the two sets of plants", () => {
    const [cell] = cellsOf(settled([paidRunAt(10, 1, JANUARY, FEBRUARY)]));
    // At 180 €/MWh the tariff is its base.
    const sums = { injected: 2000n, attributed: 1500n, accrued: 1500n * 800_000n };
    assert.deepEqual(cell?.year, {
      accrued: sums.accrued,
      withoutGrant: sums,
      withGrant: { injected: 0n, attributed: 0n, accrued: 0n },
    });
  });

  it("is as readings stood when the run weighed", () => {
    const late = { ...LEDGER, batches: LEDGER.batches.map((batch, i) => (i === 1 ? movedTo(batch, 11) : batch)) };
    const [cell] = cellsOf(settled([paidRunAt(10, 1, JANUARY, FEBRUARY)], { ledgers: [late] }));
    assert.equal(cell?.year.accrued, 900n * 800_000n);
  });

  function movedTo(batch: (typeof LEDGER.batches)[number], position: number) {
    return { ...batch, revisions: batch.revisions.map((revision) => ({ ...revision, place: placeAt(position) })) };
  }
});

describe("the rules of a run", () => {
  const march = { ...RULES, fromMonth: MARCH, policy: { ...PAY_ALL, holdBack: 5000 } };
  const versions = (adopted: History["ruleSets"]) =>
    cellsOf(settled([paidRunAt(10, 1, FEBRUARY, MARCH)], { ruleSets: adopted })).map((cell) => cell.ruleSetVersion);

  it("are those in force in each month", () => {
    assert.deepEqual(versions([ruleSetAt(2, 1, RULES), ruleSetAt(9, 2, march)]), [1, 2]);
  });
  it("are those adopted before it was opened", () => {
    assert.deepEqual(versions([ruleSetAt(2, 1, RULES), ruleSetAt(10, 2, march)]), [1, 1]);
  });
  it("are none: all is left to account 0, which nobody is", () => {
    const history = settled([paidRunAt(10, 1, JANUARY, JANUARY)], { ruleSets: [] });
    const [cell] = cellsOf(history);
    assert.deepEqual([cell?.ruleSetVersion, cell?.keys, cell?.division.parts], [0, [], []]);
    assert.deepEqual(cell?.division.entitlements, new Map([[0, 100n * EURO]]));
    assert.deepEqual(cell?.ruleSet.policy, PAY_ALL);
  });
});

describe("a run's payouts", () => {
  const run = paidRunAt(10, 1, JANUARY, JANUARY);
  /** Account and amount, in euro. */
  const payouts = (history: History, of = 0) =>
    recompute(history).runs[of]?.booking?.payouts.map(({ account, amount }) => [
      account,
      Number(amount) / Number(EURO),
    ]);

  it("go to members in halves, and the excess waits", () => {
    assert.deepEqual(payouts(settled([run])), [
      [1, 47.5],
      [2, 47.5],
      [EXCESS_RESERVE, 0],
    ]);
  });

  it("are of what was received before it was approved", () => {
    const late = RECEIPTS.map((receipt) => ({ ...receipt, place: placeAt(12) }));
    assert.equal(recompute(settled([run], { receipts: late })).runs[0]?.booking?.payable, 0n);
    const justInTime = [receiptAt(2, JANUARY, 100n * EURO), receiptAt(11, JANUARY, 40n * EURO)];
    const booking = recompute(settled([run], { receipts: justInTime })).runs[0]?.booking;
    // The receipt that came after weighing is divided in the next run, but it is money.
    assert.deepEqual([booking?.totalOwed, booking?.payable], [100n * EURO, 100n * EURO]);
    const payable = (clawedBackAt: number) => {
      const receipts = [...justInTime, receiptAt(clawedBackAt, MARCH, -90n * EURO)];
      return recompute(settled([run], { receipts })).runs[0]?.booking?.payable;
    };
    assert.deepEqual([payable(11), payable(12)], [50n * EURO, 100n * EURO]);
  });

  it("leave out what earlier runs paid", () => {
    const second = paidRunAt(20, 2, FEBRUARY, FEBRUARY);
    const receipts = [receiptAt(2, JANUARY, 100n * EURO), receiptAt(15, FEBRUARY, 10n * EURO)];
    const booking = recompute(settled([run, second], { receipts })).runs[1]?.booking;
    // 110 € came in, 95 € went out; 5 € wait in the reserve, of 10 € a fifth is excess.
    assert.deepEqual([booking?.payable, booking?.totalOwed], [15n * EURO, 15n * EURO]);
  });

  it("are there once it is approved, and change the books once it is paid", () => {
    const approved = { ...run, paid: undefined };
    const proposed = { ...approved, approved: undefined };
    const [first] = recompute(settled([proposed])).runs;
    assert.equal(first?.booking, undefined);
    assert.equal(first?.cells.length, 1);
    const unpaid = recompute(settled([approved]));
    assert.equal(unpaid.runs[0]?.booking?.payouts.length, 3);
    assert.deepEqual([unpaid.books.paid.size, unpaid.books.settled.size], [0, 0]);
    const paid = recompute(settled([run]));
    assert.equal(paid.books.paid.get(1), 47_500_000n);
    // Nothing of an unpaid run is settled or spent.
    assert.deepEqual(
      payouts(settled([approved, { ...paidRunAt(20, 2, JANUARY, JANUARY) }]), 1),
      payouts(settled([run])),
    );
  });

  it("go to accounts that existed when it was opened", () => {
    const accounts = ACCOUNTS.map((account) => (account.number === 2 ? { ...account, place: placeAt(10) } : account));
    assert.deepEqual(payouts(settled([run], { accounts })), [
      [1, 47.5],
      [EXCESS_RESERVE, 0],
    ]);
  });

  describe("below the minimum", () => {
    const ruleSets = [ruleSetAt(2, 1, { ...RULES, policy: { ...PAY_ALL, minimumPayment: 50n * EURO } })];
    const closed = (position: number) =>
      ACCOUNTS.map((account) => (account.number === 2 ? { ...account, closed: placeAt(position) } : account));
    const payoutOf2 = (given: RunRecord, position: number) =>
      payouts(settled([given], { ruleSets, accounts: closed(position) }))?.find(([account]) => account === 2);

    it("wait", () => {
      assert.deepEqual(payouts(settled([run], { ruleSets })), [
        [1, 0],
        [2, 0],
        [EXCESS_RESERVE, 0],
      ]);
    });
    it("by the rules of the run's last month", () => {
      const fromFebruary = ruleSetAt(3, 2, { ...RULES, fromMonth: FEBRUARY });
      const both = settled([paidRunAt(10, 1, JANUARY, FEBRUARY)], { ruleSets: [...ruleSets, fromFebruary] });
      assert.deepEqual(payouts(both)?.slice(0, 2), [
        [1, 80],
        [2, 80],
      ]);
    });
    it("without rules, nothing waits", () => {
      const none = settled([run], { ruleSets: [], accounts: [accountAt(1, 0)] });
      assert.deepEqual(payouts(none), [[0, 100]]);
    });
    it("do not wait for an account that was closed before its payout", () => {
      assert.deepEqual(payoutOf2(run, 12), [2, 47.5]);
      assert.deepEqual(payoutOf2(run, 13), [2, 0]);
    });
    it("the account's own payout decides, where it has one", () => {
      const own = { place: placeAt(9), account: 2, delta: 0n, amount: 0n, owed: 0n };
      assert.deepEqual(payoutOf2({ ...run, payouts: [{ ...own, account: 1, place: placeAt(5) }, own] }, 8), [2, 47.5]);
      assert.deepEqual(payoutOf2({ ...run, payouts: [own] }, 9), [2, 0]);
    });
    it("of a run that is not paid yet, what is closed now does not wait either: it will be closed then", () => {
      assert.deepEqual(payoutOf2({ ...run, paid: undefined }, 5), [2, 47.5]);
    });
  });
});

describe("write-offs", () => {
  const writeOff = (position: number) => ({
    place: placeAt(position),
    account: 1,
    fund: FUND,
    amount: 7n,
    reason: "left",
    proposedBy: undefined,
    approvedBy: zeroAddress,
  });
  const run = paidRunAt(10, 1, JANUARY, JANUARY);
  const owed = (writeOffs: History["writeOffs"]) => {
    const { books, runs } = recompute(settled([run], { writeOffs }));
    return { atRun: runs[0]?.booking?.books.owed.get(FUND), atEnd: books.owed.get(FUND) };
  };

  it("count for the runs that are opened after them", () => {
    assert.deepEqual(owed([writeOff(9)]), { atRun: -7n, atEnd: -7n });
  });
  it("and else at the end, each once", () => {
    assert.deepEqual(owed([writeOff(10), writeOff(11)]), { atRun: 0n, atEnd: -14n });
    assert.deepEqual(owed([writeOff(8), writeOff(9), writeOff(20)]), { atRun: -14n, atEnd: -21n });
  });
});

describe("the division that a month shows", () => {
  const cell = { configuration: 0, month: JANUARY };
  const first = paidRunAt(10, 1, JANUARY, JANUARY);
  const second = paidRunAt(20, 2, JANUARY, FEBRUARY);
  const receipts = [receiptAt(2, JANUARY, 100n * EURO), receiptAt(15, JANUARY, 10n * EURO)];
  const premium = (runs: readonly RunRecord[]) =>
    settledCell(recompute(settled(runs, { receipts })), cell)?.amounts.premium;

  it("is that of the newest paid run", () => {
    assert.equal(premium([first, second]), 110n * EURO);
    assert.equal(premium([first, { ...second, paid: undefined }]), 100n * EURO);
  });
  it("is none before a run has paid on it", () => {
    assert.equal(premium([{ ...first, paid: undefined }]), undefined);
    assert.equal(premium([paidRunAt(10, 1, FEBRUARY, FEBRUARY)]), undefined);
  });
});

describe("what came in for a month", () => {
  const receipts = [
    receiptAt(1, JANUARY, 1n),
    receiptAt(2, JANUARY, 20n, { kind: "valorisation" }),
    receiptAt(3, JANUARY, 300n, { kind: "other" }),
    receiptAt(4, JANUARY, 4000n, { kind: "energy-sale", account: 1 }),
    receiptAt(5, JANUARY, 50_000n, { kind: "energy-sale", account: 1 }),
    receiptAt(6, JANUARY, -600_000n, { kind: "reserve", account: 3 }),
    receiptAt(7, FEBRUARY, 7_000_000n),
    receiptAt(8, JANUARY, 80_000_000n, { configuration: 1 }),
    receiptAt(9, JANUARY, 900_000_000n),
  ];
  const amounts = (position: number) =>
    amountsOf(historyOf({ receipts }), { configuration: 0, month: JANUARY }, position);

  it("is its premium, what is shared, and what is passed through, net", () => {
    const passedThrough = new Map([
      [1, 54_000n],
      [3, -600_000n],
    ]);
    assert.deepEqual(amounts(9), { premium: 1n, shared: 320n, passedThrough });
    assert.equal(amounts(10).premium, 900_000_001n);
  });
  it("is nothing before the first receipt", () => {
    assert.deepEqual(amounts(1), { premium: 0n, shared: 0n, passedThrough: new Map() });
  });
});

describe("whether a month's year is adjusted", () => {
  const history = historyOf({ adjustments: [adjustment(2026, 5)] });
  for (const [name, configuration, of, position, expected] of [
    ["its first month", 0, JANUARY, 6, true],
    ["its last month", 0, DECEMBER, 6, true],
    ["the month before it", 0, DECEMBER_BEFORE, 6, false],
    ["another configuration", 1, JANUARY, 6, false],
    ["at that position, not yet", 0, JANUARY, 5, false],
  ] as const) {
    it(`${name}: ${expected}`, () => {
      assert.equal(isYearAdjusted(history, { configuration, month: of }, position), expected);
    });
  }
});

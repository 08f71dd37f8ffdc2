/*
 * Recomputing a ledger
 *   the sums of a month over its batches, of each channel and plant
 *   as it stood at a position of the chain: the newest revision before it, and the rosters adopted before it
 *   a batch that cannot be read counts for nothing
 */

import assert from "node:assert/strict";
import type { Hex } from "viem";
import { type Batch, maskBit } from "../../settlement/batch.ts";
import type { BatchRecord, LedgerHistory } from "../../settlement/history.ts";
import { parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { newestAt, recomputeLedger, versionsAt } from "../../settlement/recomputeLedger.ts";
import type { Channel, Roster } from "../../settlement/roster.ts";
import { batchOf } from "../support/communityOnChain.ts";
import { ledgerOf, revisionAt, rosterAt } from "../support/paperHistory.ts";
import { zero } from "../support/tampering.ts";

const JANUARY = parseMonth("2026-01") ?? 0;
const START = startOfMonth(JANUARY);
const FEBRUARY_START = startOfMonth(JANUARY + 1);

const channel = (number: number): Channel => ({
  number,
  account: number,
  class: "persona_fisica",
  exempt: false,
  weight: 0,
});
const cacer = { regime: "CACER", base: 800_000, cap: 1_200_000, correction: 0 } as const;
const ROSTER: Roster = {
  injection: [channel(1), channel(2)],
  withdrawal: [channel(3), channel(4)],
  plants: [
    {
      ...cacer,
      number: 1,
      channel: 1,
      commissioned: "2025-01-01",
      power: 1,
      reduction: { numerator: 0, denominator: 1 },
    },
    {
      ...cacer,
      number: 2,
      channel: 2,
      commissioned: "2025-01-02",
      power: 1,
      reduction: { numerator: 1, denominator: 2 },
    },
  ],
};
const FEWER: Roster = { ...ROSTER, withdrawal: [channel(3)] };
const ROSTERS = [rosterAt(1, 1, START, ROSTER)];

/** One hour with these readings, at the price at which the tariff is its base. */
const hourOf = (firstHour: number, readings: readonly number[], change: Partial<Batch> = {}): Batch => {
  const batch = batchOf(ROSTER, firstHour, 1, (row) => readings[row] ?? 0);
  return { ...batch, priceMask: 0, prices: [1_800_000, ...new Array<number>(23).fill(0)], ...change };
};
const recordOf = (...revisions: [number, Batch | undefined][]): BatchRecord => ({
  firstHour: revisions[0]?.[1]?.firstHour ?? 0,
  revisions: revisions.map(([position, batch]) => revisionAt(position, batch)),
  storedDigest: zero,
});
const recomputed = (batches: readonly BatchRecord[], rosters = ROSTERS) =>
  recomputeLedger(ledgerOf(rosters, batches), 1);

const FIRST = hourOf(START, [300, 100, 500, 300]);
const SECOND = hourOf(START + 1, [50, 50, 40, 40], {
  grade: "estimated",
  missing: [0, 0, 0, maskBit(0)],
  priceMask: maskBit(0),
  prices: new Array<number>(24).fill(0),
});

describe("a recomputed month", () => {
  it("has the sums of its batches, by channel and by plant", () => {
    const { months } = recomputed([recordOf([2, FIRST]), recordOf([3, SECOND])]);
    const month = months.get(JANUARY);
    assert(month);
    const { plantSets, channels, attributed, ...sums } = month;
    // All of the first hour is shared; of the second 80 Wh, 50 of the first plant and 30 of the second.
    assert.deepEqual(sums, {
      month: JANUARY,
      injected: 500n,
      withdrawn: 880n,
      shared: 480n,
      // 80 €/MWh on 300 Wh, half of that on 100 Wh; nothing without a price.
      accrued: 300n * 800_000n + 100n * 400_000n,
      missing: 1,
      hoursWithoutPrice: 1,
      hours: 2,
      grade: 1,
    });
    assert.deepEqual(plantSets, {
      withoutGrant: { injected: 350n, attributed: 350n, accrued: 300n * 800_000n },
      withGrant: { injected: 150n, attributed: 130n, accrued: 100n * 400_000n },
    });
    assert.deepEqual(
      attributed,
      new Map([
        [1, 350n],
        [2, 130n],
      ]),
    );
    assert.deepEqual(
      channels,
      new Map([
        // 300 and ⌊50 · 0.8⌋ of a ratio rounded down.
        [1, { energy: 350n, coincident: 339n, missing: 0 }],
        [2, { energy: 150n, coincident: 139n, missing: 0 }],
        // Half of 500 and 300 Wh, all of 40.
        [3, { energy: 540n, coincident: 290n, missing: 0 }],
        [4, { energy: 340n, coincident: 190n, missing: 1 }],
      ]),
    );
  });

  it("is one of several", () => {
    const { months } = recomputed([recordOf([2, FIRST]), recordOf([3, hourOf(FEBRUARY_START, [1, 0, 1, 0])])]);
    assert.deepEqual(
      [...months].map(([month, { shared }]) => [month, shared]),
      [
        [JANUARY, 400n],
        [JANUARY + 1, 1n],
      ],
    );
  });

  it("counts the newest revision of a batch", () => {
    const { batches, months } = recomputed([recordOf([2, FIRST], [5, hourOf(START, [7, 0, 7, 0])])]);
    assert.deepEqual(
      batches.map((revisions) => revisions.map((revision) => [revision?.position, revision?.tally.accrued])),
      [
        [
          [2, 280_000_000n],
          [5, 5_600_000n],
        ],
      ],
    );
    assert.equal(months.get(JANUARY)?.shared, 7n);
  });

  it("tells the channels of a batch by the roster that it names", () => {
    const rosters = [...ROSTERS, rosterAt(2, 2, START + 1, FEWER)];
    const batch = { ...hourOf(START + 1, [50, 50, 40]), rosterVersion: 2 };
    const second = { ...batch, withdrawn: batch.withdrawn.slice(0, 1), missing: [0, 0, maskBit(0)] };
    const { months } = recomputed([recordOf([2, FIRST]), recordOf([3, second])], rosters);
    assert.deepEqual(months.get(JANUARY)?.channels.get(3), { energy: 540n, coincident: 290n, missing: 1 });
    assert.deepEqual(months.get(JANUARY)?.channels.get(4), { energy: 300n, coincident: 150n, missing: 0 });
  });
});

describe("a month at a position of the chain", () => {
  const ledger = recomputed([
    recordOf([10, FIRST], [20, hourOf(START, [7, 0, 7, 0])]),
    recordOf([12, SECOND]),
    recordOf([30, hourOf(FEBRUARY_START, [1, 0, 1, 0])]),
  ]);
  for (const [name, position, shared] of [
    ["before anything of it was recorded", 10, undefined],
    ["with its first batch", 11, 400n],
    ["with both", 13, 480n],
    ["at the correction, still without it", 20, 480n],
    ["after the correction", 21, 87n],
    ["now", Number.POSITIVE_INFINITY, 87n],
  ] as const) {
    it(name, () => assert.equal(ledger.monthAt(JANUARY, position)?.shared, shared));
  }
  it("is the month as it stands where nothing has changed since", () => {
    assert.equal(ledger.monthAt(JANUARY, 21), ledger.months.get(JANUARY));
  });
  it("is another month's own", () => {
    assert.equal(ledger.monthAt(JANUARY + 1, 30), undefined);
    assert.equal(ledger.monthAt(JANUARY + 1, 31)?.shared, 1n);
    assert.equal(ledger.monthAt(JANUARY - 1, 31), undefined);
  });
  it("counts the revisions that can be read", () => {
    const unread = recomputed([recordOf([10, FIRST], [20, undefined])]);
    assert.equal(newestAt(unread.batches[0] ?? [])?.position, 10);
    assert.equal(unread.monthAt(JANUARY, 21)?.shared, 400n);
    assert.equal(unread.monthAt(JANUARY, 10), undefined);
    assert.equal(newestAt([]), undefined);
  });
  it("has the rosters adopted before it", () => {
    const rosters = [rosterAt(1, 1, START, ROSTER), rosterAt(5, 2, START + 1, FEWER)];
    const { versions } = recomputed([], rosters);
    assert.deepEqual(versions, [
      { position: 1, effectiveHour: START, roster: ROSTER },
      { position: 5, effectiveHour: START + 1, roster: FEWER },
    ]);
    const at = (position: number) => versionsAt(recomputed([], rosters), position).length;
    assert.deepEqual([at(1), at(2), at(5), at(6)], [0, 1, 1, 2]);
  });
});

describe("what cannot be read", () => {
  const isRead = (batch: Batch | undefined, rosters = ROSTERS) => {
    const { batches, months } = recomputed([recordOf([2, batch])], rosters);
    assert.equal(months.size, batches[0]?.[0] === undefined ? 0 : 1);
    return batches[0]?.[0] !== undefined;
  };
  /** Changes the bytes of the batch. */
  const spoiled = (change: object): LedgerHistory => {
    const ledger = ledgerOf(ROSTERS, [recordOf([2, FIRST])]);
    const batches = ledger.batches.map((record) => ({
      ...record,
      revisions: record.revisions.map((revision) => ({
        ...revision,
        input: revision.input && { ...revision.input, batch: { ...revision.input.batch, ...change } },
      })),
    }));
    return { ...ledger, batches };
  };

  for (const [name, batch] of [
    ["calldata of another call", undefined],
    ["a batch of no roster", { ...FIRST, rosterVersion: 0 }],
    ["a batch of a roster that there is not", { ...FIRST, rosterVersion: 2 }],
    ["an injection row too few", { ...FIRST, injected: FIRST.injected.slice(1) }],
    ["a withdrawal row too few", { ...FIRST, withdrawn: FIRST.withdrawn.slice(1) }],
    ["a mask too few", { ...FIRST, missing: FIRST.missing.slice(1) }],
    ["a mask too many", { ...FIRST, missing: [...FIRST.missing, 0] }],
  ] as const) {
    it(name, () => assert.equal(isRead(batch), false));
  }
  it("but what is whole is", () => assert.equal(isRead(FIRST), true));

  for (const [name, change] of [
    ["a part of a row", { injected: "0x00" }],
    ["an unknown grade", { grade: 9 }],
  ] as const) {
    it(name, () => assert.deepEqual(recomputeLedger(spoiled(change), 1).batches, [[undefined]]));
  }

  const blob = (given: Hex) => ROSTERS.map((roster) => ({ ...roster, blob: given }));
  it("a roster of other bytes, and all its batches", () => {
    assert.equal(isRead(FIRST, blob("0x00")), false);
    const { versions } = recomputed([], blob("0x00"));
    assert.deepEqual(versions[0]?.roster, { injection: [], withdrawal: [], plants: [] });
  });
  it("but bytes that are none are a mistake of the program", () => {
    assert.throws(() => recomputed([], blob("0xzz")), /zz/);
    assert.throws(() => recomputeLedger(spoiled({ injected: "0xzz" }), 1), /zz/);
  });
});

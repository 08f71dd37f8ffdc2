/** Why an entitlement changed, from one run to the next. */

import assert from "node:assert/strict";
import { changesOf, type Reason } from "../../settlement/changes.ts";
import { NO_PLANT_SUMS } from "../../settlement/premium.ts";
import type { RecomputedCell, RecomputedRun } from "../../settlement/recompute.ts";
import { PAY_ALL } from "../../settlement/rules.ts";

const ACCOUNT = 1;
const NOBODY = { injection: [], withdrawal: [], plants: [] };
const CELL = { configuration: 0, month: 2026 * 12 } as const;
/** Half of what plants with a grant accrued is beyond their threshold: they shared 95% of what they injected. */
const YEAR = {
  accrued: 100n,
  withoutGrant: NO_PLANT_SUMS,
  withGrant: { injected: 100n, attributed: 95n, accrued: 100n },
};

describe("changesOf", () => {
  const before = cellOf({});
  const cases: [string, Partial<RecomputedCell>, Reason[]][] = [
    ["another receipt", { amounts: { premium: 2n, shared: 0n, passedThrough: new Map() } }, ["receipts"]],
    ["GSE's adjustment", { isAdjusted: true }, ["adjustment"]],
    ["another roster", { rosters: [{ roster: NOBODY, hours: 744n }] }, ["roster"]],
    ["a corrected reading", { keys: [new Map([[ACCOUNT, 8n]])] }, ["readings"]],
    ["another part of the year beyond the threshold", { year: { ...YEAR, accrued: 200n } }, ["excess"]],
    [
      "a claw-back for corrected readings",
      { amounts: { premium: -1n, shared: 0n, passedThrough: new Map() }, keys: [new Map()] },
      ["receipts", "readings"],
    ],
  ];
  for (const [what, after, reasons] of cases) {
    it(`names ${what}`, () => {
      const runs = [runOf(1, [before]), runOf(2, [cellOf({ ...after, ...entitling(5n) })])];
      assert.deepEqual(changesOf({ ledgers: [], runs, books }, 2, ACCOUNT), [{ ...CELL, delta: 4n, reasons }]);
    });
  }

  it("names no change of the year where its part beyond the threshold stays", () => {
    const more = {
      accrued: 200n,
      withoutGrant: NO_PLANT_SUMS,
      withGrant: { injected: 200n, attributed: 190n, accrued: 200n },
    };
    const runs = [runOf(1, [before]), runOf(2, [cellOf({ year: more, isAdjusted: true, ...entitling(5n) })])];
    assert.deepEqual(changesOf({ ledgers: [], runs, books }, 2, ACCOUNT)[0]?.reasons, ["adjustment"]);
  });

  it("leaves out months that did not change, and takes one for its first where no paid run covered it", () => {
    const runs = [runOf(1, [before]), runOf(2, [before])];
    assert.deepEqual(changesOf({ ledgers: [], runs, books }, 2, ACCOUNT), []);
    const dropped = [runOf(1, [before], false), runOf(2, [before])];
    assert.deepEqual(changesOf({ ledgers: [], runs: dropped, books }, 2, ACCOUNT), [
      { ...CELL, delta: 1n, reasons: ["first"] },
    ]);
  });
});

const books = { settled: new Map(), owed: new Map(), paid: new Map() };

function entitling(amount: bigint): Pick<RecomputedCell, "division"> {
  return { division: { parts: [], remainders: [], entitlements: new Map([[ACCOUNT, amount]]) } };
}

function cellOf(cell: Partial<RecomputedCell>): RecomputedCell {
  const remainders = { fallbackFund: 2, excessFallbackFund: 2, excessReserve: 3, advanceReserve: 4 };
  return {
    cell: CELL,
    amounts: { premium: 1n, shared: 0n, passedThrough: new Map() },
    isAdjusted: false,
    year: YEAR,
    pools: { ordinary: 1n, excess: 0n, heldExcess: 0n, heldAdvance: 0n },
    ruleSetVersion: 1,
    ruleSet: { fromMonth: CELL.month, remainders, policy: PAY_ALL, documentHash: "0x00", rules: [] },
    rosters: [],
    keys: [new Map([[ACCOUNT, 7n]])],
    ...entitling(1n),
    ...cell,
  };
}

function runOf(number: number, cells: RecomputedCell[], isPaid = true): RecomputedRun {
  const place = { block: 1n, position: number, transaction: "0x00" } as const;
  const steps = { weighed: [], apportioned: [], dust: [], proposed: undefined, approved: undefined, payouts: [] };
  const paid = isPaid ? { place, paidInAll: 0n } : undefined;
  const run = { number, opened: place, fromMonth: CELL.month, toMonth: CELL.month, ...steps, paid, dropped: !isPaid };
  return { run, cells, payees: [], booking: undefined };
}

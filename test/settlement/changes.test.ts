/*
 * Why an entitlement changed from one run to the next
 *   by month, with every reason that holds; months without a change left out
 *   against the newest paid run that covered the month
 *   the same content is the same, in whatever order it was put together
 */

import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { type Change, changesOf } from "../../settlement/changes.ts";
import { NO_PLANT_SUMS } from "../../settlement/premium.ts";
import type { Recomputed, RecomputedCell, RecomputedRun } from "../../settlement/recompute.ts";
import { PAY_ALL } from "../../settlement/rules.ts";
import { EMPTY_BOOKS } from "../../settlement/run.ts";
import { remaindersOf, smallRoster } from "../support/communityOnChain.ts";
import { paidRunAt } from "../support/paperHistory.ts";

const MONTH = 24_315;
const ACCOUNT = 1;

/** What all plants accrued, and of one plant with a grant what it injected and what of it was shared: beyond 45%, all counts. */
const year = (accrued: bigint, injected: bigint, attributed: bigint): RecomputedCell["year"] => ({
  accrued,
  withoutGrant: NO_PLANT_SUMS,
  withGrant: { injected, attributed, accrued: injected },
});
const cell = (entitlement: bigint, change: Partial<RecomputedCell> = {}): RecomputedCell => ({
  cell: { configuration: 0, month: MONTH },
  amounts: { premium: 10n, shared: 5n, passedThrough: new Map([[1, 2n]]) },
  isAdjusted: false,
  year: year(100n, 100n, 95n),
  pools: { ordinary: 0n, excess: 0n, heldExcess: 0n, heldAdvance: 0n },
  ruleSetVersion: 1,
  ruleSet: { fromMonth: 0, remainders: remaindersOf(3), policy: PAY_ALL, documentHash: zeroHash, rules: [] },
  rosters: [{ roster: smallRoster(2), hours: 24n }],
  keys: [new Map([[1, 7n]])],
  division: { parts: [], remainders: [], entitlements: new Map([[ACCOUNT, entitlement]]) },
  ...change,
});
const run = (number: number, cells: readonly RecomputedCell[], isPaid = true): RecomputedRun => {
  const record = paidRunAt(10 * number, number, MONTH, MONTH);
  return { run: isPaid ? record : { ...record, paid: undefined }, cells, payees: [], booking: undefined };
};
const changes = (runs: readonly RecomputedRun[], of: number, account = ACCOUNT): Change[] => {
  const recomputed: Recomputed = { ledgers: [], runs, books: EMPTY_BOOKS };
  return changesOf(recomputed, of, account);
};
const change = (delta: bigint, ...reasons: Change["reasons"]) => ({ configuration: 0, month: MONTH, delta, reasons });

describe("what changed for an account", () => {
  const cases: readonly [string, Partial<RecomputedCell>, Change["reasons"]][] = [
    ["premium came", { amounts: { premium: 11n, shared: 5n, passedThrough: new Map([[1, 2n]]) } }, ["receipts"]],
    ["valorisation came", { amounts: { premium: 10n, shared: 6n, passedThrough: new Map([[1, 2n]]) } }, ["receipts"]],
    ["a sale came", { amounts: { premium: 10n, shared: 5n, passedThrough: new Map([[1, 3n]]) } }, ["receipts"]],
    ["another's sale", { amounts: { premium: 10n, shared: 5n, passedThrough: new Map([[2, 2n]]) } }, ["receipts"]],
    ["the year was adjusted", { isAdjusted: true }, ["adjustment"]],
    ["others were metered", { rosters: [{ roster: smallRoster(3), hours: 24n }] }, ["roster"]],
    ["others were metered for longer", { rosters: [{ roster: smallRoster(2), hours: 25n }] }, ["roster"]],
    ["the year accrued more, none of it beyond the threshold", { year: year(200n, 100n, 95n) }, ["excess"]],
    ["less of the year is beyond the threshold", { year: year(100n, 100n, 94n) }, ["excess"]],
    ["the year accrued twice as much, and so beyond the threshold", { year: year(200n, 200n, 190n) }, []],
    ["a key is another", { keys: [new Map([[1, 8n]])] }, ["readings"]],
    ["a key is another's", { keys: [new Map([[2, 7n]])] }, ["readings"]],
    [
      "all of it",
      {
        amounts: { premium: 9n, shared: 5n, passedThrough: new Map() },
        isAdjusted: true,
        keys: [],
        year: year(1n, 1n, 1n),
      },
      ["receipts", "adjustment", "readings", "excess"],
    ],
    ["nothing that is told", {}, []],
  ];
  for (const [name, after, reasons] of cases) {
    it(`${name}: ${reasons.join(", ") || "no reason"}`, () => {
      assert.deepEqual(changes([run(1, [cell(100n)]), run(2, [cell(130n, after)])], 2), [change(30n, ...reasons)]);
    });
  }

  it("does not depend on the order in which accounts were added", () => {
    const sales = [
      [1, 2n],
      [12, 3n],
      [5, 4n],
    ] as const;
    const of = (entries: typeof sales | readonly (readonly [number, bigint])[]) => ({
      amounts: { premium: 10n, shared: 5n, passedThrough: new Map(entries) },
      keys: [new Map(entries)],
    });
    const runs = [run(1, [cell(100n, of(sales))]), run(2, [cell(90n, of(sales.toReversed()))])];
    assert.deepEqual(changes(runs, 2), [change(-10n)]);
  });

  it("is everything at first", () => {
    assert.deepEqual(changes([run(1, [cell(100n)])], 1), [change(100n, "first")]);
    assert.deepEqual(changes([run(1, [cell(100n)])], 1, 99), []);
  });

  it("is nothing where the entitlement is the same, whatever changed for others", () => {
    assert.deepEqual(changes([run(1, [cell(100n)]), run(2, [cell(100n, { isAdjusted: true })])], 2), []);
  });

  it("is by month and configuration", () => {
    const others = [
      { configuration: 1, month: MONTH },
      { configuration: 0, month: MONTH + 1 },
    ].map((of) => cell(7n, { cell: of }));
    assert.deepEqual(changes([run(1, [cell(100n)]), run(2, [cell(101n), ...others])], 2), [
      change(1n),
      { configuration: 1, month: MONTH, delta: 7n, reasons: ["first"] },
      { configuration: 0, month: MONTH + 1, delta: 7n, reasons: ["first"] },
    ]);
  });

  it("is against the newest paid run before it", () => {
    const runs = [run(1, [cell(100n)]), run(2, [cell(120n)]), run(3, [cell(500n)], false), run(4, [cell(125n)])];
    assert.deepEqual(changes(runs, 4), [change(5n)]);
    assert.deepEqual(changes(runs, 2), [change(20n)]);
  });

  it("is nothing of a run that there is not", () => assert.deepEqual(changes([run(1, [cell(100n)])], 9), []));
});

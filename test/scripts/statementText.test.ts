/** What a statement says beside its amounts: why something waits, is held, or moved. */

import assert from "node:assert/strict";
import type { Register } from "../../scripts/settlementFolder.ts";
import { statementText } from "../../scripts/statementText.ts";
import { WORDS } from "../../scripts/words.ts";
import type { Change } from "../../settlement/changes.ts";
import type { AccountKind } from "../../settlement/history.ts";
import type { Pools } from "../../settlement/pools.ts";
import type { Statement, StatementMonth, StatementPart, StatementPayout } from "../../settlement/statement.ts";

const JANUARY = 2026 * 12;
const EURO = 1_000_000n;
const REGISTER: Register = { community: "CER", accounts: [], meters: [], configurations: [] };
const PLACE = { block: 1n, position: 1, transaction: "0x00" } as const;

describe("statementText", () => {
  const cases: [string, Partial<StatementPayout> & { kind?: AccountKind }, string][] = [
    ["nothing of what is paid in full", { amount: 7n * EURO }, ""],
    [
      "that a small amount waits",
      { owed: 4n * EURO, minimum: 5n * EURO },
      " (waits for what comes next: paid from 5.000000 €)",
    ],
    [
      "that all get a part where money is short",
      { amount: EURO, owed: EURO },
      " (not enough for all: each gets the same fraction, the rest follows)",
    ],
    [
      "the same of what is so short that it stays below the minimum",
      { owed: 6n * EURO, minimum: 5n * EURO },
      " (not enough for all: each gets the same fraction, the rest follows)",
    ],
    ["that a debt is netted", { owed: -EURO }, " (netted against what comes next; nothing to pay in)"],
    [
      "that a reserve is never paid",
      { owed: EURO, minimum: undefined, kind: "reserve" },
      " (kept until the adjustment, never paid)",
    ],
  ];
  for (const [what, { kind, ...payout }, remark] of cases) {
    it(`says ${what}, of the payout and of what is owed now`, () => {
      const lines = linesOf({
        payouts: [payoutOf(payout)],
        owed: payout.owed ?? 0n,
        account: accountOf(kind ?? "member"),
      });
      const owed = payout.owed === undefined ? "0.000000" : `${payout.owed / EURO}.000000`;
      assert(lines.includes(`Owed: ${owed} €${remark}`), lines.join("\n"));
      assert(
        lines.some((line) => line.endsWith(`owed: ${owed} €${remark} [block 1, transaction 0x00]`)),
        lines.join("\n"),
      );
    });
  }

  it("says what of a month is held, and leaves the line out where nothing is", () => {
    const pools: Pools = { ordinary: 8n * EURO, excess: 0n, heldAdvance: 2n * EURO, heldExcess: 3n * EURO };
    const held =
      "  Community — To divide: 8.000000 €; Held back of the advance until the adjustment: 2.000000 €; " +
      "Excess held until the adjustment: 3.000000 €";
    assert(linesOf({ months: [monthOf({ pools })] }).includes(held));
    const free = linesOf({ months: [monthOf({ pools: { ...pools, heldAdvance: 0n, heldExcess: 0n } })] });
    assert(!free.some((line) => line.includes("To divide")));
  });

  it("leaves out rules of a pool in which there is nothing", () => {
    const part: StatementPart = {
      rule: 1,
      pool: "excess",
      key: "fund",
      share: 5000,
      ownKey: 0n,
      totalKey: 0n,
      amount: 0n,
    };
    const pools: Pools = { ordinary: 0n, excess: 0n, heldAdvance: 0n, heldExcess: EURO };
    const rules = (of: Pools) =>
      linesOf({ months: [monthOf({ pools: of, parts: [part] })] }).filter((line) => line.includes("Rule 1"));
    assert.deepEqual(rules(pools), []);
    assert.equal(rules({ ...pools, excess: EURO }).length, 1);
  });

  it("says by which rules a month went once they have changed", () => {
    const part: StatementPart = {
      rule: 1,
      pool: "ordinary",
      key: "fund",
      share: 5000,
      ownKey: 0n,
      totalKey: 0n,
      amount: 0n,
    };
    const why = (ruleSet: number) =>
      linesOf({ months: [monthOf({ ruleSet, rulesFrom: JANUARY, parts: [part] })] }).find((line) =>
        line.includes("Why"),
      );
    assert.equal(why(1), "  Why this amount:");
    assert.equal(why(2), "  Why this amount (rules from 2026-01):");
  });

  it("sums up months in a row that only follow the rest of their year", () => {
    const change = (month: number, delta: bigint, ...reasons: Change["reasons"][number][]): Change => ({
      configuration: 0,
      month: JANUARY + month,
      delta,
      reasons,
    });
    const changes = [
      change(-1, EURO, "excess"),
      change(0, EURO, "excess"),
      change(1, 2n * EURO, "excess"),
      change(2, EURO, "readings", "excess"),
      change(3, EURO, "excess"),
      change(5, EURO, "excess"),
      { ...change(6, EURO, "excess"), configuration: 1 },
      change(7, EURO, "first"),
      change(8, EURO, "first"),
    ];
    const excess = "(the year's part beyond the threshold changed)";
    assert.deepEqual(
      linesOf({ payouts: [payoutOf({ changes })] }).filter((line) => line.startsWith("    ")),
      [
        `    2025-12: 1.000000 € ${excess}`,
        `    2026-01 – 2026-02: 3.000000 € ${excess}`,
        `    2026-03: 1.000000 € (corrected readings, the year's part beyond the threshold changed)`,
        `    2026-04: 1.000000 € ${excess}`,
        `    2026-06: 1.000000 € ${excess}`,
        `    2026-07: 1.000000 € ${excess}`,
        "    2026-08: 1.000000 € (first run on the month)",
        "    2026-09: 1.000000 € (first run on the month)",
      ],
    );
  });
});

function linesOf(statement: Partial<Statement>): string[] {
  const whole = {
    account: accountOf("member"),
    months: [],
    payouts: [],
    entitled: 0n,
    paid: 0n,
    owed: 0n,
    writeOffs: [],
    redemptions: [],
    tokens: 0n,
  };
  return statementText({ ...whole, ...statement }, REGISTER, WORDS.en).split("\n");
}

function accountOf(kind: AccountKind): Statement["account"] {
  return { place: PLACE, number: 1, kind, social: false, closed: undefined, firstPayee: "0x00", payee: "0x00" };
}

function payoutOf(payout: Partial<StatementPayout>): StatementPayout {
  const whole = {
    run: 1,
    fromMonth: JANUARY,
    toMonth: JANUARY,
    delta: 0n,
    changes: [],
    amount: 0n,
    owed: 0n,
    minimum: 0n,
  };
  return { ...whole, block: 1n, transaction: "0x00", ...payout };
}

function monthOf(month: Partial<StatementMonth>): StatementMonth {
  const place = { configuration: 0, area: "AC001E00001", month: JANUARY, isOpen: false, shared: 0n, accrued: 0n };
  const rules = { pools: undefined, ruleSet: 1, rulesFrom: undefined, parts: [], remainders: [], entitlement: 0n };
  return { ...place, channels: [], ...rules, ...month };
}

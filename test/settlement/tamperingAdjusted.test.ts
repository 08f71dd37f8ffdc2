/*
 * The audit of a community of two areas whose year was adjusted finds nothing: an excess held and released, receipts of all
 * kinds, a roster that reaches back, an account closed, a debt written off, runs paid, dropped and approved. If any one fact
 * of these is another, the first difference says where.
 */

import assert from "node:assert/strict";
import { audit } from "../../settlement/audit.ts";
import type { History, MonthRecord, RunRecord } from "../../settlement/history.ts";
import { recompute } from "../../settlement/recompute.ts";
import { first, onRule, onRuleSet, onTreasury, type Tampering } from "../support/tampering.ts";
import { adjusted } from "./histories/adjusted.ts";

/** Changes a run by its number. */
const onRunOf =
  (number: number, change: (run: RunRecord) => Partial<RunRecord>): Tampering =>
  (given) => ({ ...given, runs: given.runs.map((run) => (run.number === number ? { ...run, ...change(run) } : run)) });
const onPools = (number: number, change: (pools: RunRecord["weighed"][number]["pools"]) => object): Tampering =>
  onRunOf(number, ({ weighed }) => ({
    weighed: first(weighed, ({ pools }) => ({ pools: { ...pools, ...change(pools) } })),
  }));
/** Changes the month of the first area. */
const onFirstMonth =
  (change: (month: MonthRecord) => Partial<MonthRecord>): Tampering =>
  (given) => ({ ...given, ledgers: first(given.ledgers, ({ months }) => ({ months: first(months, change) })) });
const onAccount =
  (number: number, change: Partial<History["accounts"][number]>): Tampering =>
  (given) => ({
    ...given,
    accounts: given.accounts.map((account) => (account.number === number ? { ...account, ...change } : account)),
  });
const onReceiptOf =
  (kind: string, change: Partial<History["receipts"][number]>): Tampering =>
  (given) => ({
    ...given,
    receipts: given.receipts.map((receipt) => (receipt.kind === kind ? { ...receipt, ...change } : receipt)),
  });

describe("a tampered history of an adjusted year", () => {
  const RULES = /^rule set 1$/;
  const CELL = "configuration 0, month 2026-12";
  const cases: readonly [string, Tampering, RegExp, string][] = [
    [
      "a month's sum of plants with a grant",
      onFirstMonth(({ plantSets }) => ({
        plantSets: { ...plantSets, withGrant: { ...plantSets.withGrant, injected: 1n } },
      })),
      /^ledger AREA-0, month 2026-12$/,
      "injected Wh of CACER plants with a grant",
    ],
    [
      "a month's accrual of plants without a grant",
      onFirstMonth(({ plantSets }) => ({
        plantSets: { ...plantSets, withoutGrant: { ...plantSets.withoutGrant, accrued: 1n } },
      })),
      /^ledger AREA-0, month 2026-12$/,
      "accrued premium of CACER plants without a grant (10⁻¹⁰ €)",
    ],
    [
      "a month's attributed energy of plants without a grant",
      onFirstMonth(({ plantSets }) => ({
        plantSets: { ...plantSets, withoutGrant: { ...plantSets.withoutGrant, attributed: 1n } },
      })),
      /^ledger AREA-0, month 2026-12$/,
      "attributed Wh of CACER plants without a grant",
    ],
    [
      "a month's hours without a price",
      onFirstMonth(() => ({ hoursWithoutPrice: 0 })),
      /^ledger AREA-0, month 2026-12$/,
      "hours without a price",
    ],
    ["a share of the excess pool", onRule(6, { share: 6001 }), RULES, "sum of shares of the excess pool"],
    ["enterprises on the excess pool", onRule(6, { classes: 4 }), RULES, "enterprises in rule 7 of the excess pool"],
    ["an injection key on the excess pool", onRule(6, { key: 1 }), RULES, "injection key of rule 7 on the excess pool"],
    ["a coincident one", onRule(6, { key: 2 }), RULES, "injection key of rule 7 on the excess pool"],
    ["a fund of the excess pool", onRule(9, { fund: 7 }), RULES, "whether the fund of rule 10 is social"],
    [
      "the excess pool's fallback to a fund that is not social",
      onRuleSet(({ remainders }) => ({ remainders: { ...remainders, excessFallbackFund: 7 } })),
      RULES,
      "whether it is social",
    ],
    [
      "the excess pool's fallback to a member",
      onRuleSet(({ remainders }) => ({ remainders: { ...remainders, excessFallbackFund: 1 } })),
      RULES,
      "kind of the excess pool's fallback fund",
    ],
    [
      "the excess kept by a fund",
      onRuleSet(({ remainders }) => ({ remainders: { ...remainders, excessReserve: 7 } })),
      RULES,
      "kind of the excess reserve",
    ],
    [
      "the advance kept by a fund",
      onRuleSet(({ remainders }) => ({ remainders: { ...remainders, advanceReserve: 7 } })),
      RULES,
      "kind of the advance reserve",
    ],
    [
      "a rule set in force from the next month only",
      onRuleSet(({ fromMonth }) => ({ fromMonth: fromMonth + 1 })),
      /^run 1$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "how much is held back",
      onRuleSet(({ policy }) => ({ policy: { ...policy, holdBack: 2501 } })),
      /^run 1$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "a yearly calendar",
      onRuleSet(({ policy }) => ({ policy: { ...policy, isYearly: true } })),
      /^run 1$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "the minimum payment",
      onRuleSet(({ policy }) => ({ policy: { ...policy, minimumPayment: 0n } })),
      /^run 3$/,
      "payout to account 4 (micro-euro)",
    ],

    [
      "the kind of a receipt",
      onReceiptOf("valorisation", { kind: "premium" }),
      /^receipts$/,
      `premium of ${CELL} (micro-euro)`,
    ],
    [
      "a receipt of no kind in particular",
      (given) => ({ ...given, receipts: given.receipts.filter(({ kind }) => kind !== "other") }),
      /^receipts$/,
      "valorisation and other receipts of configuration 1, month 2026-12 (micro-euro)",
    ],
    [
      "a reserve that is nobody's",
      onReceiptOf("reserve", { account: 0 }),
      /^receipts$/,
      `valorisation and other receipts of ${CELL} (micro-euro)`,
    ],
    [
      "whose a reserve is",
      onReceiptOf("reserve", { account: 7 }),
      /^run 3$/,
      `entitlement of account 6, ${CELL} (micro-euro)`,
    ],
    [
      "what was passed through",
      onTreasury(({ amounts }) => ({
        amounts: first(amounts, ({ passedThrough }) => ({ passedThrough: passedThrough + 1n })),
      })),
      /^receipts$/,
      `passed through in ${CELL} (micro-euro)`,
    ],
    [
      "the adjustment of the year",
      (given) => ({ ...given, adjustments: [] }),
      /^run 3$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "the year that was adjusted",
      (given) => ({ ...given, adjustments: first(given.adjustments, () => ({ year: 2025 })) }),
      /^run 3$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "the area whose year was adjusted",
      (given) => ({ ...given, adjustments: first(given.adjustments, () => ({ configuration: 1 })) }),
      /^run 3$/,
      `ordinary pool of ${CELL} (micro-euro)`,
    ],
    [
      "an excess pool",
      onPools(3, ({ excess }) => ({ excess: excess + 1n })),
      /^run 3$/,
      `excess pool of ${CELL} (micro-euro)`,
    ],
    [
      "an excess held",
      onPools(1, ({ heldExcess }) => ({ heldExcess: heldExcess + 1n })),
      /^run 1$/,
      `excess held of ${CELL} (micro-euro)`,
    ],
    [
      "an advance held",
      onPools(1, ({ heldAdvance }) => ({ heldAdvance: heldAdvance + 1n })),
      /^run 1$/,
      `advance held of ${CELL} (micro-euro)`,
    ],
    [
      "an area left out of a run",
      onRunOf(1, ({ weighed }) => ({ weighed: weighed.slice(1) })),
      /^run 1$/,
      "months and configurations",
    ],
    ["who closed an account", onAccount(3, { closed: undefined }), /^run 4$/, "payout to account 3 (micro-euro)"],
    [
      "an account closed by then",
      onAccount(6, { closed: adjusted.accounts[2]?.closed }),
      /^run 3$/,
      "payout to account 6 (micro-euro)",
    ],
    ["a reserve that is paid", onAccount(9, { kind: "fund" }), RULES, "kind of the advance reserve"],
    [
      "a debt that was not written off",
      (given) => ({ ...given, writeOffs: [] }),
      /^run 5$/,
      "owed in all (micro-euro)",
    ],
    [
      "how much was written off",
      (given) => ({ ...given, writeOffs: first(given.writeOffs, ({ amount }) => ({ amount: amount - 1n })) }),
      /^treasury$/,
      "owed to account 4 (micro-euro)",
    ],
    [
      "which fund took the debt over",
      (given) => ({ ...given, writeOffs: first(given.writeOffs, () => ({ fund: 6 })) }),
      /^run 5$/,
      "owed in all (micro-euro)",
    ],
    [
      "a dropped run that was approved",
      onRunOf(2, () => ({ approved: adjusted.runs[0]?.approved })),
      /^run 2$/,
      "owed in all (micro-euro)",
    ],
    [
      "what is payable of a run that is not paid yet",
      onRunOf(5, ({ approved }) => ({ approved: approved && { ...approved, payable: approved.payable + 1n } })),
      /^run 5$/,
      "payable (micro-euro)",
    ],
    [
      "the dust of the excess pool",
      onRunOf(3, ({ dust }) => ({ dust: dust.map((part) => (part.fund === 6 ? { ...part, amount: 4n } : part)) })),
      /^run 3$/,
      `dust of ${CELL} (micro-euro)`,
    ],
  ];

  it("nothing tampered with: nothing found", async () => {
    assert.deepEqual(await audit(adjusted, recompute(adjusted)), []);
  });

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(adjusted);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.equal(difference.subject, subject, JSON.stringify(difference));
      assert.notEqual(difference.chain, difference.recomputed);
    });
  }
});

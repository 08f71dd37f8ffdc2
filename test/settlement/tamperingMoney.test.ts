/*
 * If any one fact of a settled community's rules, receipts, runs or money is another, the first difference of its audit
 * says where.
 */

import assert from "node:assert/strict";
import { audit } from "../../settlement/audit.ts";
import { recompute } from "../../settlement/recompute.ts";
import { FIRST_MONTH } from "../support/communityOnChain.ts";
import { first, onReceipt, onRule, onRuleSet, onRun, onTreasury, type Tampering } from "../support/tampering.ts";
import { settled } from "./histories/settled.ts";

describe("a history with tampered money", () => {
  const RULES = /^rule set 1$/;
  const RUN = /^run 2$/;
  const RUN_1 = /^run 1$/;

  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    ["a rule's share", onRule(3, { share: 2001 }), RULES, /^sum of shares of the ordinary pool$/],
    [
      "shares moved between rules",
      (given) => onRule(1, { share: 3000 })(onRule(2, { share: 4000 })(given)),
      RUN_1,
      /^(dust|entitlement)/,
    ],
    ["a rule's key", onRule(1, { key: 2 }), RUN_1, /^key total of rule 2/],
    ["a rule's classes", onRule(3, { classes: 4 }), RUN_1, /^key total of rule 4/],
    ["a rule's fund", onRule(0, { fund: 2 }), RUN_1, /^entitlement of account 2/],
    [
      "the fallback",
      onRuleSet(({ remainders }) => ({ remainders: { ...remainders, fallbackFund: 1 } })),
      RULES,
      /^kind of the fallback fund$/,
    ],
    [
      "the fund's kind",
      (given) => ({ ...given, accounts: given.accounts.map((account) => ({ ...account, kind: "member" })) }),
      RULES,
      /^kind of the fallback fund$/,
    ],

    ["a receipt's net", onReceipt((net) => ({ net: net + 1n })), /^receipts$/, /^net of receipt 1/],
    ["a receipt's fee", onReceipt(() => ({ fee: 1n })), /^receipts$/, /^net of receipt 1/],
    [
      "a receipt's amount altogether",
      onReceipt((net) => ({ net: net + 1n, gross: net + 1n })),
      /^receipts$/,
      /^premium of configuration 0, month 2026-03/,
    ],
    [
      "a receipt's month",
      onReceipt(() => ({ month: FIRST_MONTH + 1 })),
      /^receipts$/,
      /^premium of configuration 0, month 2026-03/,
    ],
    [
      "a receipt left out",
      (given) => ({ ...given, receipts: given.receipts.slice(1) }),
      /^receipts$/,
      /^premium of configuration 0, month 2026-03/,
    ],
    [
      "a stored pool",
      onTreasury(({ amounts }) => ({ amounts: first(amounts, ({ premium }) => ({ premium: premium - 1n })) })),
      /^receipts$/,
      /^premium of configuration 0/,
    ],
    [
      "what was received in all",
      onTreasury(({ received }) => ({ received: received + 1n })),
      /^receipts$/,
      /^received in all/,
    ],

    [
      "a run's first month",
      onRun(({ fromMonth, toMonth }) => ({ fromMonth: fromMonth + 1, toMonth })),
      RUN,
      /^months and configurations$/,
    ],
    ["a run's last month", onRun(({ toMonth }) => ({ toMonth: toMonth + 1 })), RUN, /^months and configurations$/],
    [
      "a run's pool",
      onRun(({ weighed }) => ({
        weighed: first(weighed, ({ pools }) => ({ pools: { ...pools, ordinary: pools.ordinary + 1n } })),
      })),
      RUN,
      /^ordinary pool of configuration 0/,
    ],
    [
      "a run's rule set",
      onRun(({ weighed }) => ({ weighed: first(weighed, () => ({ ruleSet: 2 })) })),
      RUN,
      /^rule set of configuration 0/,
    ],
    [
      "a run's key total",
      onRun(({ weighed }) => ({
        weighed: first(weighed, ({ totals }) => ({ totals: totals.map((total) => total + 1n) })),
      })),
      RUN,
      /^key total of rule 1/,
    ],
    [
      "an entitlement",
      onRun(({ apportioned }) => ({
        apportioned: first(apportioned, ({ entitlements }) => ({
          entitlements: entitlements.map((amount, i) => (i === 2 ? amount + 1n : amount)),
        })),
      })),
      RUN,
      /^entitlement of account 3/,
    ],
    [
      "the dust",
      onRun(({ dust }) => ({ dust: first(dust, ({ amount }) => ({ amount: amount + 1n })) })),
      RUN,
      /^dust of configuration 0/,
    ],
    [
      "whose the dust is",
      onRun(({ dust }) => ({ dust: first(dust, () => ({ fund: 1 })) })),
      RUN,
      /^entitlement of account 1/,
    ],
    ["no dust", onRun(() => ({ dust: [] })), RUN, /^dust of configuration 0/],
    [
      "whether it is provisional",
      onRun(({ proposed }) => ({ proposed: proposed && { ...proposed, provisional: false } })),
      RUN,
      /^provisional$/,
    ],
    [
      "no reason to pay on provisional months",
      onRun(({ approved }) => ({ approved: approved && { ...approved, overrideReason: "" } })),
      RUN,
      /^reason to pay/,
    ],
    [
      "approval by who proposed",
      onRun(({ approved, proposed }) => ({ approved: approved && proposed && { ...approved, by: proposed.by } })),
      RUN,
      /^approved by$/,
    ],
    ["no approval", onRun(() => ({ approved: undefined })), RUN, /^approval$/],
    [
      "what was owed in all",
      onRun(({ proposed }) => ({ proposed: proposed && { ...proposed, totalOwed: 1n } })),
      RUN,
      /^owed in all/,
    ],
    [
      "what was payable",
      onRun(({ approved }) => ({ approved: approved && { ...approved, payable: 1n } })),
      RUN,
      /^payable/,
    ],
    [
      "a payout's amount",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ amount }) => ({ amount: amount + 1n })) })),
      RUN,
      /^payout to account 1/,
    ],
    [
      "a payout's difference",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ delta }) => ({ delta: delta + 1n })) })),
      RUN,
      /^difference booked for account 1/,
    ],
    [
      "what a payout leaves owed",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ owed }) => ({ owed: owed + 1n })) })),
      RUN,
      /^still owed to account 1/,
    ],
    [
      "a payout left out",
      onRun(({ payouts }) => ({ payouts: payouts.slice(1) })),
      RUN,
      /^difference booked for account 1/,
    ],
    [
      "a payout to one more",
      onRun(({ payouts }) => ({ payouts: [...payouts, ...first(payouts, () => ({ account: 99 })).slice(0, 1)] })),
      RUN,
      /^difference booked for account 99/,
    ],
    ["a payout twice", onRun(({ payouts }) => ({ payouts: [...payouts, ...payouts.slice(0, 1)] })), RUN, /^payouts$/],
    [
      "what was paid in all by then",
      onRun(({ paid }) => ({ paid: paid && { ...paid, paidInAll: paid.paidInAll + 1n } })),
      RUN,
      /^paid in all when it was paid/,
    ],
    ["an account that never was", (given) => ({ ...given, accounts: given.accounts.slice(1) }), RUN_1, /account 1/],

    [
      "a settled amount",
      onTreasury(({ settled }) => ({ settled: first(settled, ({ amount }) => ({ amount: amount + 1n })) })),
      /^treasury$/,
      /^settled for account 1/,
    ],
    [
      "what is owed",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ owed }) => ({ owed: owed + 1n })) })),
      /^treasury$/,
      /^owed to account 1/,
    ],
    [
      "what was paid",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ paid }) => ({ paid: paid + 1n })) })),
      /^treasury$/,
      /^paid to account 1/,
    ],
    ["what was paid in all", onTreasury(({ paid }) => ({ paid: paid + 1n })), /^treasury$/, /^paid in all/],
  ];

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(settled);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
      assert.notEqual(difference.chain, difference.recomputed);
    });
  }
});

/*
 * The statement of
 *   a household in two areas: its meters, old and new, what each rule gave it and why, payouts with what changed
 *   a social fund: its part of the excess, rounding, a reserve passed through
 *   a member who redeemed
 *   a month that is open, or that no run has paid on; an account that nothing is known of
 */

import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { sum } from "../../settlement/amounts.ts";
import type { AccountRecord, History } from "../../settlement/history.ts";
import { parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { recompute } from "../../settlement/recompute.ts";
import type { Roster } from "../../settlement/roster.ts";
import { PAY_ALL, type RuleSet } from "../../settlement/rules.ts";
import { type Statement, type StatementMonth, statementOf } from "../../settlement/statement.ts";
import { remaindersOf } from "../support/communityOnChain.ts";
import {
  accountAt,
  firstHours,
  historyOf,
  ledgerOf,
  paidRunAt,
  receiptAt,
  rosterAt,
  ruleSetAt,
} from "../support/paperHistory.ts";
import { onLedger } from "../support/tampering.ts";
import { adjusted } from "./histories/adjusted.ts";
import { redeemed } from "./histories/redeemed.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const [HOME, OWNER, NEIGHBOUR, SOCIAL_FUND, FUND, EXCESS_RESERVE] = [2, 4, 5, 6, 7, 8];

function statement(history: History, number: number): Statement {
  const account = history.accounts.find((candidate) => candidate.number === number);
  assert(account);
  return statementOf(history, recompute(history), account);
}

function monthOfArea({ months }: Statement, configuration: number): StatementMonth {
  const month = months.find((candidate) => candidate.configuration === configuration);
  assert(month);
  return month;
}

describe("the statement of a household in two areas", () => {
  const POOLS = { ordinary: 253_062_493n, excess: 96_947_507n, heldExcess: 0n, heldAdvance: 0n };

  it("shows its meters, also the closed and the new one, with what coincided", () => {
    // 12 hours of 900, 800, 700 or 650 Wh and 7 Wh more each hour, in the morning and in the afternoon.
    const rise = 7n * 66n;
    const { channels, ...month } = monthOfArea(statement(adjusted, HOME), 0);
    assert.deepEqual(channels, [
      {
        channel: 3,
        direction: "injected",
        energy: 12n * (400n + 800n) + 2n * rise,
        coincident: 15_324n,
        attributed: 15_324n,
        missing: 0,
      },
      {
        channel: 6,
        direction: "withdrawn",
        energy: 12n * 700n + rise,
        coincident: 7252n,
        attributed: undefined,
        missing: 0,
      },
      {
        channel: 10,
        direction: "withdrawn",
        energy: 12n * 650n + rise,
        coincident: 6097n,
        attributed: undefined,
        missing: 0,
      },
    ]);
    const { configuration, area, isOpen, shared, accrued, ruleSet, rulesFrom } = month;
    assert.deepEqual(
      { configuration, area, month: month.month, isOpen, shared, accrued, ruleSet, rulesFrom },
      {
        configuration: 0,
        area: "AREA-0",
        month: DECEMBER,
        isOpen: false,
        // All that was injected was shared: four plants of 300 to 900 Wh.
        shared: 12n * (900n + 500n + 400n + 300n + 300n + 900n + 800n + 100n) + 8n * rise,
        accrued: 42_547_973_740n,
        ruleSet: 1,
        rulesFrom: DECEMBER,
      },
    );
  });

  it("says what each rule gave it of which pool, by which key, and why", () => {
    const { parts, pools, entitlement, remainders } = monthOfArea(statement(adjusted, HOME), 0);
    assert.deepEqual(pools, POOLS);
    const expected = [
      ["ordinary", 2, "attributed-injection", 3000, 15_324n, 54_096n],
      ["ordinary", 3, "coincident-injection", 1500, 15_324n, 54_096n],
      ["ordinary", 4, "coincident-withdrawal", 2500, 13_349n, 54_092n],
      ["ordinary", 5, "equal", 1000, 24n, 72n],
      // Weights 3 and 6 for 12 hours, 3 and 2 for 12 hours; of all accounts 35 a hour.
      ["ordinary", 6, "static-weight", 1000, 168n, 840n],
      ["excess", 7, "coincident-withdrawal", 6000, 13_349n, 23_850n],
      ["excess", 8, "equal", 2000, 24n, 72n],
    ] as const;
    assert.deepEqual(
      parts,
      expected.map(([pool, rule, key, share, ownKey, totalKey]) => {
        const amount = (POOLS[pool] * BigInt(share) * ownKey) / (10_000n * totalKey);
        return { rule, pool, key, share, ownKey, totalKey, amount };
      }),
    );
    assert.equal(entitlement, 100_388_748n);
    assert.deepEqual(remainders, []);
  });

  it("shows the payouts, with what changed by month and why", () => {
    const { payouts } = statement(adjusted, HOME);
    const change = (configuration: number, delta: bigint, ...reasons: string[]) => ({
      configuration,
      month: DECEMBER,
      delta,
      reasons,
    });
    assert.deepEqual(
      payouts.map(({ block, transaction, ...payout }) => payout),
      [
        {
          run: 1,
          fromMonth: DECEMBER,
          toMonth: DECEMBER,
          delta: 47_053_787n,
          changes: [change(0, 37_810_553n, "first"), change(1, 9_243_234n, "first")],
          amount: 47_053_787n,
          owed: 0n,
          minimum: 12_000_000n,
        },
        {
          run: 3,
          fromMonth: DECEMBER,
          toMonth: DECEMBER,
          delta: 47_791_297n,
          changes: [
            change(0, 45_207_963n, "receipts", "adjustment", "roster", "readings", "excess"),
            change(1, 2_583_334n, "receipts"),
          ],
          amount: 46_974_743n,
          owed: 816_554n,
          minimum: 12_000_000n,
        },
        {
          run: 4,
          fromMonth: DECEMBER,
          toMonth: DECEMBER,
          delta: 17_370_232n,
          changes: [change(0, 17_370_232n, "receipts")],
          amount: 0n,
          owed: 18_186_786n,
          minimum: 12_000_000n,
        },
      ],
    );
    const places = adjusted.runs.flatMap((run) => run.payouts.filter(({ account }) => account === HOME));
    assert.deepEqual(
      payouts.map(({ block, transaction }) => [block, transaction]),
      places.map(({ place }) => [place.block, place.transaction]),
    );
  });

  it("adds up: entitled = paid + owed, and tokens are what was paid", () => {
    const { entitled, paid, owed, tokens, payouts, account } = statement(adjusted, HOME);
    assert.equal(account, adjusted.accounts[1]);
    assert.deepEqual([entitled, paid, owed, tokens], [112_215_316n, 94_028_530n, 18_186_786n, 94_028_530n]);
    assert.equal(entitled, paid + owed);
    assert.equal(paid, sum(payouts.map(({ amount }) => amount)));
  });

  it("counts the missing readings of a meter, until they are corrected", () => {
    const uncorrected = onLedger(({ batches }) => ({
      batches: batches.map((batch) => ({ ...batch, revisions: batch.revisions.slice(0, 1) })),
    }))(adjusted);
    const missing = (history: History) =>
      monthOfArea(statement(history, NEIGHBOUR), 0).channels.map((channel) => [channel.channel, channel.missing]);
    assert.deepEqual([missing(uncorrected), missing(adjusted)], [[[8, 1]], [[8, 0]]]);
  });
});

describe("the statement of others", () => {
  it("a social fund: its part of the excess, rounding, and a reserve passed through", () => {
    const { months, entitled, paid, owed } = statement(adjusted, SOCIAL_FUND);
    const [first, second] = months;
    assert(first && second);
    assert.deepEqual(first.channels, []);
    const part = { rule: 10, pool: "excess", key: "fund", share: 1000, ownKey: 0n, totalKey: 0n };
    assert.deepEqual(first.parts, [{ ...part, amount: 9_694_750n }]);
    assert.deepEqual(first.remainders, [
      { kind: "excess-dust", amount: 3n },
      { kind: "passed-through", amount: 4_000_000n },
    ]);
    assert.deepEqual([first.entitlement, second.entitlement], [13_694_753n, 0n]);
    // All of it still waits for the minimum payment.
    assert.deepEqual([entitled, paid, owed], [13_694_753n, 0n, 13_694_753n]);
  });

  it("a reserve, which is never paid", () => {
    const { payouts } = statement(adjusted, EXCESS_RESERVE);
    assert.deepEqual(
      payouts.map(({ run, amount, minimum }) => [run, amount, minimum]),
      [1, 3, 4].map((run) => [run, 0n, undefined]),
    );
  });

  it("a plant's owner whose debt was partly written off owes the rest", () => {
    const { entitled, paid, owed } = statement(adjusted, OWNER);
    const [writtenOff] = adjusted.writeOffs;
    assert(writtenOff);
    assert.equal(owed, entitled - paid + writtenOff.amount);
    const { amount, reason, place } = writtenOff;
    const told = { amount, reason, block: place.block, transaction: place.transaction };
    assert.deepEqual(statement(adjusted, OWNER).writeOffs, [{ role: "debtor", ...told }]);
    assert.deepEqual(statement(adjusted, FUND).writeOffs, [{ role: "fund", ...told }]);
    assert.deepEqual(statement(adjusted, HOME).writeOffs, []);
  });

  it("a member who redeemed: its own payments with what became of them, and the tokens left", () => {
    const { redemptions, tokens, paid } = statement(redeemed, 1);
    assert.deepEqual(redemptions, [
      { file: 1, endToEndId: "A", amount: 1_000_000n, state: "executed" },
      { file: 1, endToEndId: "B", amount: 2_000_000n, state: "reversed" },
      { file: 2, endToEndId: "E", amount: 1_000_000n, state: "dropped" },
    ]);
    assert.deepEqual([paid, tokens], [22_000_000n, 21_000_000n]);
  });

  it("an account that the treasury knows nothing of", () => {
    const stranger: AccountRecord = { ...adjusted.accounts[0], number: 99 } as AccountRecord;
    const { months, payouts, entitled, paid, owed, tokens } = statementOf(adjusted, recompute(adjusted), stranger);
    assert.deepEqual([payouts, entitled, paid, owed, tokens], [[], 0n, 0n, 0n, 0n]);
    assert.deepEqual(
      months.map(({ channels, parts, remainders }) => [channels, parts, remainders]),
      [
        [[], [], []],
        [[], [], []],
      ],
    );
  });
});

describe("the months of a statement", () => {
  it("stand in their order, of one month by area", () => {
    const november = onLedger(({ months }) => ({
      months: [...months, ...months.map((month) => ({ ...month, month: DECEMBER - 1 }))],
    }))(adjusted);
    assert.deepEqual(
      statement(november, HOME).months.map(({ month, configuration }) => [month, configuration]),
      [
        [DECEMBER - 1, 0],
        [DECEMBER - 1, 1],
        [DECEMBER, 0],
        [DECEMBER, 1],
      ],
    );
  });

  it("are open until their last hour is recorded", () => {
    const missingAnHour = onLedger(({ nextHour }) => ({ nextHour: nextHour - 1 }))(adjusted);
    assert.deepEqual(
      statement(missingAnHour, HOME).months.map(({ isOpen }) => isOpen),
      [true, true],
    );
  });

  it("have no pools, parts or rule set before a run has paid on them", () => {
    const unpaid: History = { ...adjusted, runs: adjusted.runs.filter(({ paid }) => paid === undefined) };
    const { pools, ruleSet, rulesFrom, parts, remainders, entitlement, shared } = monthOfArea(
      statement(unpaid, HOME),
      0,
    );
    assert.deepEqual([pools, ruleSet, rulesFrom], [undefined, 0, undefined]);
    assert.deepEqual([parts, remainders, entitlement, shared], [[], [], 0n, 54_096n]);
  });

  it("are empty where the ledger was not recomputed", () => {
    const [account] = adjusted.accounts;
    assert(account);
    const { months } = statementOf(adjusted, { ...recompute(adjusted), ledgers: [] }, account);
    assert.deepEqual(
      months.map(({ channels, shared, accrued }) => [channels, shared, accrued]),
      [
        [[], 0n, 0n],
        [[], 0n, 0n],
      ],
    );
  });

  it("show meters at zero whose readings are not known", () => {
    const unread = onLedger(() => ({ batches: [] }))(adjusted);
    const { channels, shared, accrued } = monthOfArea(statement(unread, HOME), 1);
    assert.deepEqual(channels, [
      { channel: 1, direction: "injected", energy: 0n, coincident: 0n, attributed: 0n, missing: 0 },
    ]);
    assert.deepEqual([shared, accrued], [0n, 0n]);
  });

  it("show meters by number, and no rounding where there is none", () => {
    const channel = { account: 1, class: "persona_fisica", exempt: false, weight: 0 } as const;
    const roster: Roster = {
      injection: [{ ...channel, number: 30 }],
      withdrawal: [
        { ...channel, number: 2 },
        { ...channel, number: 10 },
      ],
      plants: [{ number: 1, channel: 30, commissioned: "2025-01-01", power: 1, regime: "none" }],
    };
    const ruleSet: RuleSet = {
      fromMonth: DECEMBER,
      remainders: remaindersOf(2),
      policy: PAY_ALL,
      documentHash: zeroHash,
      rules: [{ pool: "ordinary", share: 10_000, key: "fund", classes: [], fund: 2 }],
    };
    const [month] = adjusted.ledgers[0]?.months ?? [];
    assert(month);
    const read = ledgerOf(
      [rosterAt(1, 1, startOfMonth(DECEMBER), roster)],
      firstHours(roster, new Map([[DECEMBER, [5, 4, 3]]])),
    );
    const history = historyOf({
      accounts: [accountAt(1, 1), accountAt(1, 2, "fund")],
      ledgers: [{ ...read, months: [{ ...month, month: DECEMBER }] }],
      ruleSets: [ruleSetAt(1, 1, ruleSet)],
      receipts: [receiptAt(2, DECEMBER, 100n)],
      runs: [paidRunAt(10, 1, DECEMBER, DECEMBER)],
    });
    assert.deepEqual(
      monthOfArea(statement(history, 1), 0).channels.map(({ channel: number, direction, energy, attributed }) => [
        number,
        direction,
        energy,
        attributed,
      ]),
      [
        [2, "withdrawn", 4n, undefined],
        [10, "withdrawn", 3n, undefined],
        [30, "injected", 5n, 5n],
      ],
    );
    const { parts, remainders, entitlement } = monthOfArea(statement(history, 2), 0);
    assert.deepEqual([parts.length, remainders, entitlement], [1, [], 100n]);
  });
});

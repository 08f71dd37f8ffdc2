/**
 * The audit: what the chain says of its results against what settlement/ computes from what went in.
 *
 * Differences come in the order in which a person would want to hear of them: code, readings, tallies, months, rules,
 * receipts, runs, money. The first is usually the cause of the others.
 */

import { sum } from "./amounts.ts";
import { auditLedger } from "./auditLedger.ts";
import { auditRedemptions } from "./auditRedemptions.ts";
import { auditRun } from "./auditRun.ts";
import { Comparison, type Difference } from "./comparison.ts";
import type { History } from "./history.ts";
import { formatMonth } from "./hours.ts";
import type { Recomputed } from "./recompute.ts";
import { WHOLE } from "./rules.ts";

/** All differences between the chain and the recomputation; none means that every number can be relied on. */
export async function audit(history: History, recomputed: Recomputed): Promise<Difference[]> {
  const ledgers = await Promise.all(
    history.ledgers.map((ledger, index) => auditLedger(ledger, recomputed.ledgers[index])),
  );
  return [
    ...history.foreignCode.map(({ contract, address }) => ({
      place: `contract ${contract} at ${address}`,
      subject: "code",
      chain: "other code",
      recomputed: "what these sources compile to",
    })),
    ...ledgers.flat(),
    ...auditRules(history),
    ...auditReceipts(history),
    ...recomputed.runs.flatMap((run) => auditRun(history, recomputed, run)),
    ...auditMoney(history, recomputed),
    ...auditRedemptions(history, recomputed.books.paid),
  ];
}

function auditRules(history: History): Difference[] {
  return history.ruleSets.flatMap(({ version, encoded }) => {
    const compare = new Comparison(`rule set ${version}`);
    compare.same("sum of shares", sum(encoded.rules.map(({ share }) => BigInt(share))), WHOLE);
    const funds = history.accounts.filter(({ kind }) => kind === "fund").map(({ number }) => number);
    if (!funds.includes(encoded.fallbackFund)) compare.same("fallback fund", encoded.fallbackFund, "a fund");
    return compare.differences;
  });
}

function auditReceipts(history: History): Difference[] {
  const compare = new Comparison("receipts");
  for (const { number, gross, fee, vat, net } of history.receipts) {
    compare.same(`net of receipt ${number} (micro-euro)`, net, gross - fee - vat);
  }
  const expected = new Map<string, bigint>();
  for (const { configuration, month, net } of history.receipts) {
    const key = `${configuration}/${month}`;
    expected.set(key, (expected.get(key) ?? 0n) + net);
  }
  for (const { configuration, month, amount } of history.treasury.pools) {
    const name = `pool of configuration ${configuration}, month ${formatMonth(month)} (micro-euro)`;
    compare.same(name, amount, expected.get(`${configuration}/${month}`) ?? 0n);
  }
  compare.same("received in all (micro-euro)", history.treasury.received, sum(history.receipts.map(({ net }) => net)));
  return compare.differences;
}

function auditMoney(history: History, { books }: Recomputed): Difference[] {
  const compare = new Comparison("treasury");
  const { treasury } = history;
  for (const { configuration, month, account, amount } of treasury.settled) {
    const expected = books.settled.get(`${configuration}/${month}`)?.get(account) ?? 0n;
    compare.same(
      `settled for account ${account}, configuration ${configuration}, month ${formatMonth(month)} (micro-euro)`,
      amount,
      expected,
    );
  }
  for (const { number, owed, paid } of treasury.accounts) {
    compare.same(`owed to account ${number} (micro-euro)`, owed, books.owed.get(number) ?? 0n);
    compare.same(`paid to account ${number} (micro-euro)`, paid, books.paid.get(number) ?? 0n);
  }
  compare.same("paid in all (micro-euro)", treasury.paid, sum(books.paid.values()));
  return compare.differences;
}

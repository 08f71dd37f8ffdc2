/**
 * The audit: what the chain says of its results against what settlement/ computes from what went in.
 *
 * Differences come in the order in which a person would want to hear of them: code, readings, tallies, months, rules,
 * receipts, runs, money. The first is usually the cause of the others.
 */

import { sum } from "./amounts.ts";
import { auditLedger } from "./auditLedger.ts";
import { auditRedemptions, compareSecondPerson } from "./auditRedemptions.ts";
import { auditRun } from "./auditRun.ts";
import { Comparison, type Difference } from "./comparison.ts";
import type { History } from "./history.ts";
import { formatMonth } from "./hours.ts";
import { amountsOf, type Recomputed } from "./recompute.ts";
import type { RecomputedLedger } from "./recomputeLedger.ts";
import { encodeClasses, KEYS, POOLS, WHOLE } from "./rules.ts";

/** All differences between the chain and the recomputation; none means that every number can be relied on. */
export async function audit(history: History, recomputed: Recomputed<RecomputedLedger>): Promise<Difference[]> {
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
    ...auditWriteOffs(history),
    ...auditMoney(history, recomputed),
    ...auditRedemptions(history, recomputed.books.paid),
  ];
}

function auditRules(history: History): Difference[] {
  return history.ruleSets.flatMap(({ version, encoded }) => {
    const compare = new Comparison(`rule set ${version}`);
    const { rules, remainders } = encoded;
    for (const [number, pool] of POOLS.entries()) {
      const whole = sum(rules.filter((rule) => rule.pool === number).map(({ share }) => BigInt(share)));
      if (pool === "ordinary" || whole !== 0n) compare.same(`sum of shares of the ${pool} pool`, whole, WHOLE);
    }
    const kindOf = (account: number) => history.accounts.find(({ number }) => number === account);
    compare.same("kind of the fallback fund", kindOf(remainders.fallbackFund)?.kind, "fund");
    compare.same("kind of the excess pool's fallback fund", kindOf(remainders.excessFallbackFund)?.kind, "fund");
    compare.same("whether it is social", kindOf(remainders.excessFallbackFund)?.social, true);
    compare.same("kind of the excess reserve", kindOf(remainders.excessReserve)?.kind, "reserve");
    compare.same("kind of the advance reserve", kindOf(remainders.advanceReserve)?.kind, "reserve");
    for (const [index, rule] of rules.entries()) {
      if (rule.pool !== POOLS.indexOf("excess")) continue;
      const isFund = rule.key === KEYS.indexOf("fund") + 1;
      if (isFund) compare.same(`whether the fund of rule ${index + 1} is social`, kindOf(rule.fund)?.social, true);
      const isInjection = ["attributed-injection", "coincident-injection"].includes(KEYS[rule.key - 1] ?? "");
      compare.same(`injection key of rule ${index + 1} on the excess pool`, isInjection, false);
      const toEnterprises = (rule.classes & encodeClasses(["impresa"])) !== 0;
      compare.same(`enterprises in rule ${index + 1} of the excess pool`, toEnterprises, false);
    }
    return compare.differences;
  });
}

function auditReceipts(history: History): Difference[] {
  const compare = new Comparison("receipts");
  for (const { number, gross, fee, vat, net } of history.receipts) {
    compare.same(`net of receipt ${number} (micro-euro)`, net, gross - fee - vat);
  }
  for (const { configuration, month, ...amounts } of history.treasury.amounts) {
    const expected = amountsOf(history, { configuration, month }, Number.POSITIVE_INFINITY);
    const place = `configuration ${configuration}, month ${formatMonth(month)} (micro-euro)`;
    compare.same(`premium of ${place}`, amounts.premium, expected.premium);
    compare.same(`valorisation and other receipts of ${place}`, amounts.shared, expected.shared);
    compare.same(`passed through in ${place}`, amounts.passedThrough, sum(expected.passedThrough.values()));
  }
  compare.same("received in all (micro-euro)", history.treasury.received, sum(history.receipts.map(({ net }) => net)));
  return compare.differences;
}

function auditWriteOffs({ accounts, writeOffs }: History): Difference[] {
  const compare = new Comparison("write-offs");
  for (const [index, { fund, proposedBy, approvedBy }] of writeOffs.entries()) {
    const name = `write-off ${index + 1}`;
    compare.same(`kind of who takes over ${name}`, accounts.find(({ number }) => number === fund)?.kind, "fund");
    compareSecondPerson(compare, name, proposedBy, approvedBy);
  }
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

/** What must hold of what a community hands to GSE, to payees and to its accountant. */

import assert from "node:assert/strict";
import { sum } from "../../settlement/amounts.ts";
import { certificateOf } from "../../settlement/certificate.ts";
import { excessEvidence } from "../../settlement/excessEvidence.ts";
import type { History } from "../../settlement/history.ts";
import { entitledByKind, MONEY_KINDS, type MoneyKind, paidByKind } from "../../settlement/moneyKinds.ts";
import { receiptsOf } from "../../settlement/periodChanges.ts";
import type { TimeOf } from "../../settlement/periodStatement.ts";
import { postedBalance, postingsOf } from "../../settlement/postings.ts";
import type { Recomputed } from "../../settlement/recompute.ts";
import { monthsWithAny } from "./periods.ts";

/** Entitlements by kind are each account's, and of each kind what came in; payouts by kind are the payouts. */
export function checkKinds(history: History, recomputed: Recomputed): void {
  for (const { run, cells } of recomputed.runs) {
    for (const cell of cells) {
      const receipts = receiptsOf(history, recomputed, run.number, cell);
      const byAccount = entitledByKind(cell, receipts);
      for (const [account, amount] of cell.division.entitlements) {
        assert.equal(sum(Object.values(byAccount.get(account) ?? {})), amount, `account ${account}`);
      }
      const of = (kind: MoneyKind) => sum([...byAccount.values()].map((byKind) => byKind[kind]));
      for (const kind of MONEY_KINDS) {
        const received = sum(receipts.filter((receipt) => receipt.kind === kind).map(({ net }) => net));
        assert.equal(of(kind), received, kind);
      }
    }
  }
  for (const { entry, byKind } of paidByKind(history, recomputed)) {
    assert.equal(sum(Object.values(byKind)), entry.payout.amount);
  }
}

/** Debits are credits, and every balance is the chain's. */
export function checkPostings(history: History): void {
  const postings = postingsOf(history);
  for (const [number, of] of Map.groupBy(postings, (posting) => posting.number)) {
    const [debit, credit] = [sum(of.map((each) => each.debit)), sum(of.map((each) => each.credit))];
    assert.equal(debit, credit, `entry ${number}`);
    assert(of.every((each) => each.debit >= 0n && each.credit >= 0n));
  }
  const { received, accounts } = history.treasury;
  const { redeemed, reversed, sums } = history.tokens;
  assert.equal(postedBalance(postings, "bank"), received - redeemed + reversed);
  const paidRuns = history.runs.flatMap(({ payouts }) => payouts);
  assert.equal(-postedBalance(postings, "unsettled"), received - sum(paidRuns.map(({ delta }) => delta)));
  for (const { number, owed, balance } of accounts) {
    assert.equal(-postedBalance(postings, "owed", number), owed, `owed to ${number}`);
    assert.equal(-postedBalance(postings, "credit", number), balance, `credit of ${number}`);
    const ordered = sums.find((candidate) => candidate.number === number)?.inEscrow;
    assert.equal(-postedBalance(postings, "ordered", number), ordered, `ordered by ${number}`);
  }
}

/** Certificates of all years add up to what each account was paid, by kind as in all. */
export function checkCertificates(history: History, recomputed: Recomputed, timeOf: TimeOf): void {
  const years = [...new Set(monthsWithAny(history, timeOf).map((month) => Math.floor(month / 12)))];
  for (const account of history.accounts) {
    const certificates = years.map((year) => certificateOf(history, recomputed, account, year, timeOf));
    const paid = history.treasury.accounts.find(({ number }) => number === account.number)?.paid;
    assert.equal(sum(certificates.map((certificate) => certificate.paid)), paid);
    for (const certificate of certificates) {
      assert.equal(sum(Object.values(certificate.byKind)), certificate.paid);
      assert.equal(sum(certificate.payouts.map(({ amount }) => amount)), certificate.paid);
    }
  }
}

/** All that came in for the settled months went somewhere, and nothing of the excess where it must not. */
export function checkEvidence(history: History, recomputed: Recomputed): void {
  for (const configuration of history.ledgers.keys()) {
    const months = recomputed.runs.flatMap(({ run, cells }) => (run.paid === undefined ? [] : cells));
    const years = new Set(months.map(({ cell }) => Math.floor(cell.month / 12)));
    for (const year of years) {
      const { totals, allocations, months: told } = excessEvidence(history, recomputed, configuration, year);
      assert.equal(sum(allocations.map(({ amount }) => amount)), totals.received);
      assert.equal(sum(Object.values(totals.pools)) + totals.passedThrough, totals.received);
      assert.equal(totals.excessTo.others, 0n, "of the excess nothing to enterprises or other funds");
      assert.equal(totals.excessTo.nonEnterprises + totals.excessTo.socialFunds, totals.pools.excess);
      const settled = history.treasury.settled.filter(
        (of) => of.configuration === configuration && Math.floor(of.month / 12) === year,
      );
      assert.equal(totals.received, sum(settled.map(({ amount }) => amount)), "as the chain settled");
      assert.equal(new Set(told.map(({ month }) => month)).size, told.length);
    }
  }
}

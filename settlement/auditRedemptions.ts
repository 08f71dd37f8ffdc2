/**
 * The audit of what became of tokens after they were paid: second persons, ids, states, balances, and
 * supply = paid − redeemed + reversed.
 */

import type { Address } from "viem";
import { sum } from "./amounts.ts";
import { Comparison, type Difference } from "./comparison.ts";
import type { History } from "./history.ts";
import { balanceOf, fileContentHash, type RedeemedPayment, redeemedPayments, tokenSums } from "./redemptions.ts";
import type { TokenHistory } from "./tokenHistory.ts";

/** @param paid to each account by all runs, recomputed, in micro-euro */
export function auditRedemptions(history: History, paid: ReadonlyMap<number, bigint>): Difference[] {
  const { tokens } = history;
  const payments = redeemedPayments(tokens);
  return [...auditPayees(history), ...auditFiles(tokens, payments), ...auditTokens(history, payments, paid)];
}

function auditPayees({ accounts, tokens }: History): Difference[] {
  const compare = new Comparison("payees");
  const payees = new Map(accounts.map(({ number, firstPayee }) => [number, firstPayee]));
  for (const { account, change, from, to, proposedBy, approvedBy } of tokens.payeeChanges) {
    compare.same(`payee of account ${account} before change ${change}`, from, payees.get(account));
    compareSecondPerson(compare, `change ${change} of a payee`, proposedBy, approvedBy);
    payees.set(account, to);
  }
  for (const { number, payee } of accounts) compare.same(`payee of account ${number}`, payee, payees.get(number));
  return compare.differences;
}

function auditFiles(tokens: TokenHistory, payments: readonly RedeemedPayment[]): Difference[] {
  const compare = new Comparison("redemptions");
  const ids = new Set<string>();
  for (const { endToEndId } of payments) {
    if (ids.has(endToEndId)) compare.same(`end-to-end id ${endToEndId}`, "used twice", "used once");
    ids.add(endToEndId);
  }
  for (const file of tokens.files) {
    const name = `file ${file.number}`;
    const own = payments.filter((payment) => payment.file === file.number);
    if (file.state === "open") continue;
    if (!file.dropped) {
      const content = fileContentHash(file.number, file.documentHash, own);
      compare.same(`content of ${name}`, file.contentHash, content);
      compare.same(`payments of ${name}`, own.length, file.count);
      compare.same(`total of ${name} (micro-euro)`, sum(own.map(({ amount }) => amount)), file.total);
    }
    if (file.approved === undefined) continue;
    compareSecondPerson(compare, name, file.openedBy, file.approved.by);
    compare.same(`content that was approved of ${name}`, file.approved.contentHash, file.contentHash);
  }
  const fileOf = new Map(payments.map(({ endToEndId, file }) => [endToEndId, file]));
  const approved = new Set(tokens.files.filter((file) => file.approved).map(({ number }) => number));
  for (const { number, endToEndIds, proposedBy, approved: approval } of tokens.outcomes) {
    if (approval !== undefined) compareSecondPerson(compare, `outcomes ${number}`, proposedBy, approval.by);
    for (const id of endToEndIds) {
      const file = fileOf.get(id);
      if (file === undefined || !approved.has(file)) compare.same(`payment ${id}`, "settled", "in an approved file");
    }
  }
  const told = new Map(tokens.settled.map(({ endToEndId, state }) => [endToEndId, state]));
  for (const { endToEndId, state } of payments) {
    compare.same(`state of payment ${endToEndId}`, told.get(endToEndId) ?? "escrowed", state);
  }
  return compare.differences;
}

function auditTokens(
  { treasury, tokens }: History,
  payments: readonly RedeemedPayment[],
  paid: ReadonlyMap<number, bigint>,
): Difference[] {
  const compare = new Comparison("tokens");
  const sums = tokenSums(tokens, payments);
  for (const { number, inEscrow, redeemed, reversed } of tokens.sums) {
    const expected = sums.get(number);
    compare.same(`in escrow of account ${number} (micro-euro)`, inEscrow, expected?.inEscrow ?? 0n);
    compare.same(`redeemed by account ${number} (micro-euro)`, redeemed, expected?.redeemed ?? 0n);
    compare.same(`reversed to account ${number} (micro-euro)`, reversed, expected?.reversed ?? 0n);
  }
  for (const { number, balance } of treasury.accounts) {
    const expected = balanceOf(paid.get(number) ?? 0n, sums.get(number));
    compare.same(`tokens of account ${number} (micro-euro)`, balance, expected);
  }
  const all = [...sums.values()];
  const redeemed = sum(all.map((account) => account.redeemed));
  const reversed = sum(all.map((account) => account.reversed));
  compare.same("redeemed in all (micro-euro)", tokens.redeemed, redeemed);
  compare.same("reversed in all (micro-euro)", tokens.reversed, reversed);
  compare.same("tokens in escrow (micro-euro)", tokens.escrow, sum(all.map(({ inEscrow }) => inEscrow)));
  compare.same("token supply (micro-euro)", treasury.supply, sum(paid.values()) - redeemed + reversed);
  return compare.differences;
}

/** Says if a decision lacks its proposal or its approval, or if both are the same person's. */
export function compareSecondPerson(
  compare: Comparison,
  what: string,
  first: Address | undefined,
  second: Address | undefined,
): void {
  if (first === undefined) compare.same(`proposal of ${what}`, "none", "by an officer");
  if (second === undefined) compare.same(`approval of ${what}`, "none", "by the president");
  if (second !== undefined && first === second) {
    compare.same(`${what} approved by`, second, "another person than who proposed it");
  }
}

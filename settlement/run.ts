/** Booking a run: what each account is owed, and what of it can be paid now. */

import { minimum, sum } from "./amounts.ts";
import type { Month } from "./hours.ts";

/** One month of one configuration. */
export type Cell = { readonly configuration: number; readonly month: Month };

/** The community's books between runs. All amounts in micro-euro. */
export type Books = {
  /** By cell, then by account: what runs have settled so far. */
  readonly settled: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
  /** By account: entitled and not yet paid; negative if too much was paid. */
  readonly owed: ReadonlyMap<number, bigint>;
  readonly paid: ReadonlyMap<number, bigint>;
};

/** An account in the order of payment, and what it takes for it to be paid. */
export type Payee = {
  readonly account: number;
  /** Micro-euro: less waits. Undefined for a reserve, which is never paid. */
  readonly minimum: bigint | undefined;
};

export type Payout = {
  readonly account: number;
  /** Entitlements of the run's months less what was settled for them before. */
  readonly delta: bigint;
  /** 0 where it waits for the minimum or the year's adjustment. */
  readonly amount: bigint;
  /** What stays owed after the payout. */
  readonly owed: bigint;
};

export type Booking = {
  readonly books: Books;
  /** Σ owed over the accounts to which something is owed. */
  readonly totalOwed: bigint;
  readonly payable: bigint;
  readonly payouts: readonly Payout[];
};

export const EMPTY_BOOKS: Books = { settled: new Map(), owed: new Map(), paid: new Map() };

export function cellKey({ configuration, month }: Cell): string {
  return `${configuration}/${month}`;
}

/** What the run would add to each account. */
export function deltasOf(
  books: Books,
  entitlements: readonly { readonly cell: Cell; readonly byAccount: ReadonlyMap<number, bigint> }[],
): Map<number, bigint> {
  const deltas = new Map<number, bigint>();
  for (const { cell, byAccount } of entitlements) {
    const settled = books.settled.get(cellKey(cell)) ?? new Map<number, bigint>();
    for (const account of new Set([...byAccount.keys(), ...settled.keys()])) {
      const difference = (byAccount.get(account) ?? 0n) - (settled.get(account) ?? 0n);
      deltas.set(account, (deltas.get(account) ?? 0n) + difference);
    }
  }
  return deltas;
}

/**
 * Books a run and pays ⌊owed · payable / total owed⌋ to each account to which something is owed: the same fraction to all
 * when there is less to spend than is owed. What is below the payee's minimum waits.
 * @param unspent Σ receipts − Σ payouts when the run was approved
 * @param payees the accounts that existed when it was opened, in the order in which they are paid
 */
export function bookRun(
  books: Books,
  entitlements: readonly { readonly cell: Cell; readonly byAccount: ReadonlyMap<number, bigint> }[],
  unspent: bigint,
  payees: readonly Payee[],
): Booking {
  const deltas = deltasOf(books, entitlements);
  const owed = new Map(books.owed);
  for (const [account, delta] of deltas) owed.set(account, (owed.get(account) ?? 0n) + delta);
  const totalOwed = sum([...owed.values()].filter((amount) => amount > 0n));
  const payable = unspent <= 0n ? 0n : minimum(unspent, totalOwed);

  const paid = new Map(books.paid);
  const payouts: Payout[] = [];
  for (const { account, minimum: least } of payees) {
    const due = owed.get(account) ?? 0n;
    const share = due > 0n ? (due * payable) / totalOwed : 0n;
    const amount = least === undefined || share < least ? 0n : share;
    owed.set(account, due - amount);
    paid.set(account, (paid.get(account) ?? 0n) + amount);
    const delta = deltas.get(account) ?? 0n;
    if (delta !== 0n || share !== 0n) payouts.push({ account, delta, amount, owed: due - amount });
  }

  const settled = new Map(books.settled);
  for (const { cell, byAccount } of entitlements) settled.set(cellKey(cell), byAccount);
  return { books: { settled, owed, paid }, totalOwed, payable, payouts };
}

/** The books after a fund has taken over what an account owed. */
export function writeOff(
  books: Books,
  { account, fund, amount }: { readonly account: number; readonly fund: number; readonly amount: bigint },
): Books {
  const owed = new Map(books.owed);
  owed.set(account, (owed.get(account) ?? 0n) + amount);
  owed.set(fund, (owed.get(fund) ?? 0n) - amount);
  return { ...books, owed };
}

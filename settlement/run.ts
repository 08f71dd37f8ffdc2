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

export type Payout = {
  readonly account: number;
  /** Entitlements of the run's months less what was settled for them before. */
  readonly delta: bigint;
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
 * when there is less to spend than is owed.
 * @param unspent Σ receipts − Σ payouts when the run was approved
 * @param accounts those that existed when it was opened, in the order in which they are paid
 */
export function bookRun(
  books: Books,
  entitlements: readonly { readonly cell: Cell; readonly byAccount: ReadonlyMap<number, bigint> }[],
  unspent: bigint,
  accounts: readonly number[],
): Booking {
  const deltas = deltasOf(books, entitlements);
  const owed = new Map(books.owed);
  for (const [account, delta] of deltas) owed.set(account, (owed.get(account) ?? 0n) + delta);
  const totalOwed = sum([...owed.values()].filter((amount) => amount > 0n));
  const payable = unspent <= 0n ? 0n : minimum(unspent, totalOwed);

  const paid = new Map(books.paid);
  const payouts: Payout[] = [];
  for (const account of accounts) {
    const due = owed.get(account) ?? 0n;
    const amount = due > 0n ? (due * payable) / totalOwed : 0n;
    owed.set(account, due - amount);
    paid.set(account, (paid.get(account) ?? 0n) + amount);
    const delta = deltas.get(account) ?? 0n;
    if (delta !== 0n || amount !== 0n) payouts.push({ account, delta, amount, owed: due - amount });
  }

  const settled = new Map(books.settled);
  for (const { cell, byAccount } of entitlements) settled.set(cellKey(cell), byAccount);
  return { books: { settled, owed, paid }, totalOwed, payable, payouts };
}

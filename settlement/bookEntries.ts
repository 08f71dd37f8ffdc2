/** What was booked in a community, in the order of the chain: the entries of its books, and what each does to an account. */

import type { PayoutRecord, Place, ReceiptRecord, RunRecord, SettledHistory, WriteOffRecord } from "./history.ts";
import { perObject } from "./perObject.ts";
import type { AccountTransferRecord, PaymentState, RedemptionPaymentRecord } from "./tokenHistory.ts";

export type ReceiptEntry = { readonly kind: "receipt"; readonly place: Place; readonly receipt: ReceiptRecord };

/** What a run entitled an account to more than was settled for it before; negative where it was too much. */
export type EntitlementEntry = {
  readonly kind: "entitlement";
  readonly place: Place;
  readonly run: RunRecord;
  readonly payout: PayoutRecord;
};

/** Owed becomes credit. */
export type PayoutEntry = Omit<EntitlementEntry, "kind"> & { readonly kind: "payout" };

/** A debt that a fund took over. */
export type WriteOffEntry = { readonly kind: "write-off"; readonly place: Place; readonly writeOff: WriteOffRecord };

/** A step of a bank transfer: `escrowed` is its order, the others are what became of it. */
export type RedemptionEntry = {
  readonly kind: "redemption";
  readonly place: Place;
  readonly payment: RedemptionPaymentRecord;
  readonly state: PaymentState;
};

/** A member paid an accredited account with its credit. */
export type TransferEntry = {
  readonly kind: "transfer";
  readonly place: Place;
  readonly transfer: AccountTransferRecord;
};

export type BookEntry = ReceiptEntry | EntitlementEntry | PayoutEntry | WriteOffEntry | RedemptionEntry | TransferEntry;

/** Where an account stands. Micro-euro. */
export type Balance = {
  /** Entitled to and not paid yet; negative if too much was paid. */
  readonly owed: bigint;
  /** Tokens at the account's disposal. */
  readonly credit: bigint;
  /** Tokens in escrow: ordered to the bank, which has not confirmed. */
  readonly ordered: bigint;
};

export const NO_BALANCE: Balance = { owed: 0n, credit: 0n, ordered: 0n };

/**
 * All entries in chain order. A payout's entitlement stands before it; where nothing was paid, or nothing was new, only the
 * other is there. A run that is being paid counts as far as it has come.
 */
export function bookEntries({ receipts, runs, writeOffs, tokens }: SettledHistory): BookEntry[] {
  const entries: BookEntry[] = [
    ...receipts.map((receipt): BookEntry => ({ kind: "receipt", place: receipt.place, receipt })),
    ...runs.flatMap((run) => run.payouts.flatMap((payout) => payoutEntries(run, payout))),
    ...writeOffs.map((writeOff): BookEntry => ({ kind: "write-off", place: writeOff.place, writeOff })),
    ...tokens.payments.map(
      (payment): BookEntry => ({ kind: "redemption", place: payment.place, payment, state: "escrowed" }),
    ),
    ...tokens.settled.map(
      (payment): BookEntry => ({ kind: "redemption", place: payment.place, payment, state: payment.state }),
    ),
    ...tokens.transfers.map((transfer): BookEntry => ({ kind: "transfer", place: transfer.place, transfer })),
  ];
  return entries.toSorted((a, b) => a.place.position - b.place.position);
}

/** What an entry does to an account; nothing where it is none of its own. */
export function effectOn(entry: BookEntry, account: number): Balance {
  switch (entry.kind) {
    case "receipt":
      return NO_BALANCE;
    case "entitlement":
      return entry.payout.account === account ? { ...NO_BALANCE, owed: entry.payout.delta } : NO_BALANCE;
    case "payout": {
      const { amount } = entry.payout;
      return entry.payout.account === account ? { ...NO_BALANCE, owed: -amount, credit: amount } : NO_BALANCE;
    }
    case "write-off": {
      const { account: debtor, fund, amount } = entry.writeOff;
      return { ...NO_BALANCE, owed: (debtor === account ? amount : 0n) - (fund === account ? amount : 0n) };
    }
    case "redemption":
      return entry.payment.account === account ? stepOf(entry.state, entry.payment.amount) : NO_BALANCE;
    case "transfer": {
      const { from, to, amount } = entry.transfer;
      return { ...NO_BALANCE, credit: (to === account ? amount : 0n) - (from === account ? amount : 0n) };
    }
  }
}

export function addBalances(a: Balance, b: Balance): Balance {
  return { owed: a.owed + b.owed, credit: a.credit + b.credit, ordered: a.ordered + b.ordered };
}

/** The entries about an account, also where they move nothing, in chain order. */
export function entriesOf(history: SettledHistory, account: number): readonly BookEntry[] {
  return entriesByAccount(history).get(account) ?? [];
}

const entriesByAccount = perObject((history: SettledHistory) => {
  const byAccount = new Map<number, BookEntry[]>();
  for (const entry of bookEntries(history)) {
    for (const account of new Set(concerned(entry))) {
      const known = byAccount.get(account);
      if (known === undefined) byAccount.set(account, [entry]);
      else known.push(entry);
    }
  }
  return byAccount;
});

function concerned(entry: BookEntry): readonly number[] {
  switch (entry.kind) {
    case "receipt":
      return [];
    case "entitlement":
    case "payout":
      return [entry.payout.account];
    case "write-off":
      return [entry.writeOff.account, entry.writeOff.fund];
    case "redemption":
      return [entry.payment.account];
    case "transfer":
      return [entry.transfer.from, entry.transfer.to];
  }
}

function payoutEntries(run: RunRecord, payout: PayoutRecord): BookEntry[] {
  const entry = { place: payout.place, run, payout };
  return [
    ...(payout.delta === 0n ? [] : [{ kind: "entitlement", ...entry } as const]),
    ...(payout.amount === 0n ? [] : [{ kind: "payout", ...entry } as const]),
  ];
}

function stepOf(state: PaymentState, amount: bigint): Balance {
  switch (state) {
    case "none":
      return NO_BALANCE;
    case "escrowed":
      return { ...NO_BALANCE, credit: -amount, ordered: amount };
    case "executed":
      return { ...NO_BALANCE, ordered: -amount };
    case "dropped":
    case "refused":
      return { ...NO_BALANCE, credit: amount, ordered: -amount };
    case "reversed":
      return { ...NO_BALANCE, credit: amount };
  }
}

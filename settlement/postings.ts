/** The community's books in double entry: every booking as a debit and a credit of the same amount. */

import { type BookEntry, bookEntries } from "./bookEntries.ts";
import type { SettledHistory } from "./history.ts";

/**
 * - `bank`: what GSE and others paid, less what was transferred to members (an asset; the bank itself is not on the chain)
 * - `unsettled`: received and not yet anybody's by a paid run (a liability towards all)
 * - `owed`, `credit`, `ordered`: what an account is owed, was credited, has ordered to the bank (liabilities towards it)
 */
export const LEDGER_ACCOUNTS = ["bank", "unsettled", "owed", "credit", "ordered"] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

export type Posting = {
  /** Position of its entry among all, from 1: its debits and credits are the same. */
  readonly number: number;
  readonly entry: BookEntry;
  readonly ledgerAccount: LedgerAccount;
  /** Whose; 0 for the community's own `bank` and `unsettled`. */
  readonly account: number;
  /** Micro-euro; one of the two is 0. */
  readonly debit: bigint;
  readonly credit: bigint;
};

type Side = Pick<Posting, "ledgerAccount" | "account">;

/** All postings in chain order, two an entry; steps of a transfer that move nothing have none. */
export function postingsOf(history: SettledHistory): Posting[] {
  return bookEntries(history).flatMap((entry, index) => {
    const moved = movementOf(entry);
    if (moved === undefined) return [];
    const [debited, credited] = moved.amount < 0n ? [moved.credited, moved.debited] : [moved.debited, moved.credited];
    const amount = moved.amount < 0n ? -moved.amount : moved.amount;
    const posting = { number: index + 1, entry };
    return [
      { ...posting, ...debited, debit: amount, credit: 0n },
      { ...posting, ...credited, debit: 0n, credit: amount },
    ];
  });
}

/** An account's balance: debits less credits. */
export function postedBalance(postings: readonly Posting[], ledgerAccount: LedgerAccount, account = 0): bigint {
  return postings
    .filter((posting) => posting.ledgerAccount === ledgerAccount && posting.account === account)
    .reduce((balance, { debit, credit }) => balance + debit - credit, 0n);
}

const BANK: Side = { ledgerAccount: "bank", account: 0 };
const UNSETTLED: Side = { ledgerAccount: "unsettled", account: 0 };

function movementOf(entry: BookEntry): { debited: Side; credited: Side; amount: bigint } | undefined {
  const of = (ledgerAccount: LedgerAccount, account: number): Side => ({ ledgerAccount, account });
  switch (entry.kind) {
    case "receipt":
      return { debited: BANK, credited: UNSETTLED, amount: entry.receipt.net };
    case "entitlement":
      return { debited: UNSETTLED, credited: of("owed", entry.payout.account), amount: entry.payout.delta };
    case "payout": {
      const { account, amount } = entry.payout;
      return { debited: of("owed", account), credited: of("credit", account), amount };
    }
    case "write-off": {
      const { account, fund, amount } = entry.writeOff;
      return { debited: of("owed", fund), credited: of("owed", account), amount };
    }
    case "transfer": {
      const { from, to, amount } = entry.transfer;
      return { debited: of("credit", from), credited: of("credit", to), amount };
    }
    case "redemption": {
      const { account, amount } = entry.payment;
      const [credit, ordered] = [of("credit", account), of("ordered", account)];
      switch (entry.state) {
        case "none":
          return undefined;
        case "escrowed":
          return { debited: credit, credited: ordered, amount };
        case "executed":
          return { debited: ordered, credited: BANK, amount };
        case "dropped":
        case "refused":
          return { debited: ordered, credited: credit, amount };
        case "reversed":
          return { debited: BANK, credited: credit, amount };
      }
    }
  }
}

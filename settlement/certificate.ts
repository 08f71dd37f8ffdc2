/** What an account was paid in a calendar year, by the kind of receipt it came from: what it needs for its tax return. */

import type { Balance } from "./bookEntries.ts";
import type { AccountRecord, SettledHistory } from "./history.ts";
import { addKinds, type ByKind, NOTHING_OF_ANY, paidByKind } from "./moneyKinds.ts";
import { type PeriodTotals, periodStatement, type TimeOf } from "./periodStatement.ts";
import type { Recomputed } from "./recompute.ts";

export type CertifiedPayout = {
  readonly run: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
  /** Micro-euro, as are all amounts here. */
  readonly amount: bigint;
  readonly byKind: ByKind;
};

export type Certificate = {
  readonly account: AccountRecord;
  readonly year: number;
  /** Booked in the year, by the time of their block in Europe/Rome. */
  readonly payouts: readonly CertifiedPayout[];
  readonly paid: bigint;
  readonly byKind: ByKind;
  /** Of what was paid, in this year or before: executed by the bank in the year, less what it gave back. */
  readonly transferred: PeriodTotals["transferred"];
  /** At the end of the year. */
  readonly closing: Balance;
};

/** The certificate of a year; amounts are net of what GSE withheld from the receipts. */
export function certificateOf(
  history: SettledHistory,
  recomputed: Recomputed,
  account: AccountRecord,
  year: number,
  timeOf: TimeOf,
): Certificate {
  const period = { fromMonth: year * 12, toMonth: year * 12 + 11 };
  const { bookings, totals, closing } = periodStatement(history, recomputed, account, period, timeOf);
  const kinds = new Map(
    paidByKind(history, recomputed)
      .filter(({ entry }) => entry.payout.account === account.number)
      .map(({ entry, byKind }) => [entry.run.number, byKind]),
  );
  const payouts = bookings
    .filter((booking) => booking.kind === "payout")
    .map(({ run, time, block, transaction, effect }): CertifiedPayout => {
      return { run, time, block, transaction, amount: effect.credit, byKind: kinds.get(run) ?? NOTHING_OF_ANY };
    });
  return {
    account,
    year,
    payouts,
    paid: totals.paid,
    byKind: payouts.map(({ byKind }) => byKind).reduce(addKinds, NOTHING_OF_ANY),
    transferred: totals.transferred,
    closing,
  };
}

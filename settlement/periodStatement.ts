/**
 * The statement of one account over whole months, as a bank would write it: opening balance, what was booked, closing balance.
 *
 * What belongs to a period:
 * - *Bookings* (entitlements and their corrections, payouts, write-offs, bank transfers, credit passed on) belong to the month
 *   in which the chain booked them, by the time of their block in Europe/Rome, whatever month they are for. A correction of a
 *   year ago stands in the statement of the month in which it was settled, with the month that it corrects. So closing =
 *   opening + bookings, exactly; one period's closing is the next one's opening; and a statement that was once handed out
 *   keeps its figures, because nothing is booked into the past.
 * - *Energy* belongs to the month in which it flowed, as it stands recorded when the statement is made: a later correction of
 *   readings shows there, and its money in the period of the run that settles it.
 *
 * All amounts are micro-euro, energy is Wh.
 */

import {
  addBalances,
  type Balance,
  type BookEntry,
  type EntitlementEntry,
  effectOn,
  entriesOf,
  NO_BALANCE,
  type PayoutEntry,
} from "./bookEntries.ts";
import { GRADES, type Grade } from "./grade.ts";
import type { AccountRecord, SettledHistory } from "./history.ts";
import { formatMonth, type Month, monthOf } from "./hours.ts";
import { type PeriodChange, periodChanges } from "./periodChanges.ts";
import type { Recomputed } from "./recompute.ts";
import {
  type OwedBecause,
  owedBecause,
  type StatementMonth,
  type StatementWriteOff,
  statementMonth,
} from "./statement.ts";
import type { PaymentState } from "./tokenHistory.ts";

/** Whole months, the last included. */
export type Period = { readonly fromMonth: Month; readonly toMonth: Month };

/** When a block was made, in seconds since the Unix epoch; later blocks never earlier. */
export type TimeOf = (block: bigint) => number;

/** A month of the period in one configuration: what was metered and what of it is settled. */
export type PeriodMonth = Omit<StatementMonth, "parts" | "remainders" | "pools" | "ruleSet" | "rulesFrom"> & {
  /** The lowest of its readings; undefined while there are none. */
  readonly grade: Grade | undefined;
  /** Hours recorded so far. */
  readonly hours: number;
  /** In which CACER plants could accrue nothing. */
  readonly hoursWithoutPrice: number;
};

type Booked = {
  /** Of its block. Seconds since the Unix epoch. */
  readonly time: number;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
  /** What it did to the account's balance. */
  readonly effect: Balance;
  /** After it. */
  readonly balance: Balance;
};

type OfRun = {
  readonly run: number;
  readonly fromMonth: Month;
  readonly toMonth: Month;
  /** Still owed once the run had paid, and why. */
  readonly owedAfter: bigint;
  readonly because: OwedBecause | undefined;
  /** Less waits until it has grown to this; undefined for a reserve, which is never paid. */
  readonly minimum: bigint | undefined;
};

export type PeriodBooking = Booked &
  (
    | (OfRun & {
        readonly kind: "entitlement";
        /** What the run changed, by month. */
        readonly changes: readonly PeriodChange[];
      })
    | (OfRun & { readonly kind: "payout" })
    | { readonly kind: "write-off"; readonly role: StatementWriteOff["role"]; readonly reason: string }
    | {
        readonly kind: "redemption";
        readonly file: number;
        readonly endToEndId: string;
        readonly amount: bigint;
        readonly state: PaymentState;
      }
    | { readonly kind: "transfer"; readonly from: number; readonly to: number }
  );

/** Σ over the period's bookings. */
export type PeriodTotals = {
  readonly entitled: bigint;
  readonly paid: bigint;
  /** Debts of the account that a fund took over; of a fund, negative: those that it took over. */
  readonly writtenOff: bigint;
  /** Transfers that the bank executed, less those that it gave back after that. */
  readonly transferred: bigint;
  /** Credit received from members less credit paid to accredited accounts. */
  readonly passedOn: bigint;
};

export type PeriodStatement = {
  readonly account: AccountRecord;
  readonly period: Period;
  readonly opening: Balance;
  readonly months: readonly PeriodMonth[];
  readonly bookings: readonly PeriodBooking[];
  readonly totals: PeriodTotals;
  readonly closing: Balance;
};

/** A period that ends before it begins. */
export class PeriodError extends Error {
  override name = "PeriodError";
}

/**
 * The statement of an account over a period.
 * @param timeOf of every block in which something of the account was booked
 * Throws PeriodError.
 */
export function periodStatement(
  history: SettledHistory,
  recomputed: Recomputed,
  account: AccountRecord,
  period: Period,
  timeOf: TimeOf,
): PeriodStatement {
  if (period.toMonth < period.fromMonth) {
    const [from, to] = [period.fromMonth, period.toMonth].map(formatMonth);
    throw new PeriodError(`the period from ${from} to ${to} ends before it begins: exchange the two`);
  }
  const entries = entriesOf(history, account.number).map((entry) => {
    return { entry, time: timeOf(entry.place.block), effect: effectOn(entry, account.number) };
  });
  const monthOfEntry = ({ time }: { time: number }) => monthOf(Math.floor(time / SECONDS_PER_HOUR));
  const before = entries.filter((booked) => monthOfEntry(booked) < period.fromMonth);
  const within = entries.filter(
    (booked) => monthOfEntry(booked) >= period.fromMonth && monthOfEntry(booked) <= period.toMonth,
  );
  const opening = before.map(({ effect }) => effect).reduce(addBalances, NO_BALANCE);
  let balance = opening;
  const bookings = within.map(({ entry, time, effect }): PeriodBooking => {
    balance = addBalances(balance, effect);
    const { block, transaction } = entry.place;
    return { ...toldOf(entry, history, recomputed, account), time, block, transaction, effect, balance };
  });
  return {
    account,
    period,
    opening,
    months: monthsOf(history, recomputed, account.number, period),
    bookings,
    totals: totalsOf(bookings),
    closing: balance,
  };
}

const SECONDS_PER_HOUR = 3600;

function monthsOf(
  history: SettledHistory,
  recomputed: Recomputed,
  account: number,
  { fromMonth, toMonth }: Period,
): PeriodMonth[] {
  return history.ledgers
    .flatMap((ledger, configuration) =>
      ledger.months
        .filter(({ month }) => month >= fromMonth && month <= toMonth)
        .map(({ month }): PeriodMonth => {
          const { parts, remainders, pools, ruleSet, rulesFrom, ...told } = statementMonth(
            ledger,
            recomputed,
            account,
            { configuration, month },
          );
          const sums = recomputed.ledgers[configuration]?.months.get(month);
          return {
            ...told,
            grade: GRADES[sums?.grade ?? -1],
            hours: sums?.hours ?? 0,
            hoursWithoutPrice: sums?.hoursWithoutPrice ?? 0,
          };
        }),
    )
    .toSorted((a, b) => a.month - b.month || a.configuration - b.configuration);
}

type Told = PeriodBooking extends infer Each ? (Each extends Booked ? Omit<Each, keyof Booked> : never) : never;

function toldOf(entry: BookEntry, history: SettledHistory, recomputed: Recomputed, account: AccountRecord): Told {
  switch (entry.kind) {
    case "receipt":
      throw new RangeError(`receipt ${entry.receipt.number} is no booking of an account`);
    case "entitlement":
      return {
        kind: "entitlement",
        ...ofRun(entry, recomputed, account),
        changes: periodChanges(history, recomputed, entry.run.number, account.number),
      };
    case "payout":
      return { kind: "payout", ...ofRun(entry, recomputed, account) };
    case "write-off": {
      const role = entry.writeOff.account === account.number ? "debtor" : "fund";
      return { kind: "write-off", role, reason: entry.writeOff.reason };
    }
    case "redemption": {
      const { file, endToEndId, amount } = entry.payment;
      return { kind: "redemption", file, endToEndId, amount, state: entry.state };
    }
    case "transfer":
      return { kind: "transfer", from: entry.transfer.from, to: entry.transfer.to };
  }
}

function ofRun({ run, payout }: EntitlementEntry | PayoutEntry, { runs }: Recomputed, { kind }: AccountRecord): OfRun {
  const { payees } = runs.find((candidate) => candidate.run.number === run.number) ?? { payees: [] };
  const minimum = payees.find(({ account }) => account === payout.account)?.minimum;
  return {
    run: run.number,
    fromMonth: run.fromMonth,
    toMonth: run.toMonth,
    owedAfter: payout.owed,
    because: owedBecause({ ...payout, minimum }, kind),
    minimum,
  };
}

/** What a period's bookings add up to. */
export function totalsOf(bookings: readonly Pick<PeriodBooking, "kind" | "effect">[]): PeriodTotals {
  let [entitled, paid, writtenOff, transferred, passedOn] = [0n, 0n, 0n, 0n, 0n];
  for (const booking of bookings) {
    const { effect } = booking;
    if (booking.kind === "entitlement") entitled += effect.owed;
    if (booking.kind === "payout") paid += effect.credit;
    if (booking.kind === "write-off") writtenOff += effect.owed;
    if (booking.kind === "transfer") passedOn += effect.credit;
    if (booking.kind === "redemption") transferred -= effect.credit + effect.ordered;
  }
  return { entitled, paid, writtenOff, transferred, passedOn };
}

/** A period's statement as CSV: one line a fact, so that a spreadsheet can filter and sum. */

import { formatDecimal, formatKwh, formatMicro } from "../../settlement/amounts.ts";
import type { Balance } from "../../settlement/bookEntries.ts";
import { formatMonth, secondsOf, startOfMonth } from "../../settlement/hours.ts";
import type { PeriodChange } from "../../settlement/periodChanges.ts";
import type { PeriodBooking, PeriodMonth, PeriodStatement } from "../../settlement/periodStatement.ts";
import { type CsvRow, csvOf, textCell } from "./csv.ts";
import { isoTime } from "./localTime.ts";
import type { Names } from "./names.ts";

/**
 * The columns, with what stands in them. `record` says which of them a line has:
 * - `opening`, `booking`, `closing`: what is owed, the credit and the transfers under way; opening + Σ booking = closing in each
 *   of the three columns
 * - `channel`: a meter's energy in a month; `configuration`: the whole configuration's
 * - `receipt`, `part`, `remainder`, `before`: what explains a booking of kind `entitlement`; of its run and each month,
 *   amount_eur of Σ part + Σ remainder − before is the booking's part of that month
 */
export const PERIOD_COLUMNS = [
  "record",
  "kind",
  "time",
  "month",
  "configuration",
  "run",
  "owed_eur",
  "credit_eur",
  "ordered_eur",
  "amount_eur",
  "rule",
  "pool",
  "pool_eur",
  "share_percent",
  "key",
  "own_key",
  "total_key",
  "receipt",
  "gross_eur",
  "fee_eur",
  "vat_eur",
  "channel",
  "meter",
  "energy_kwh",
  "coincident_kwh",
  "attributed_kwh",
  "shared_kwh",
  "accrued_eur",
  "missing_hours",
  "grade",
  "note",
  "block",
  "transaction",
] as const;

type Row = CsvRow<(typeof PERIOD_COLUMNS)[number]>;

/** Amounts with six decimals (accrued with ten), energy in kWh with three: nothing is rounded. */
export function periodCsv(statement: PeriodStatement, names: Names): string {
  const { period, opening, months, bookings, closing } = statement;
  return csvOf(PERIOD_COLUMNS, [
    { record: "opening", time: isoTime(secondsOf(startOfMonth(period.fromMonth))), ...balanceCells(opening) },
    ...months.flatMap((month) => monthRows(month, names)),
    ...bookings.flatMap(bookingRows),
    { record: "closing", time: isoTime(secondsOf(startOfMonth(period.toMonth + 1))), ...balanceCells(closing) },
  ]);
}

function balanceCells({ owed, credit, ordered }: Balance): Row {
  return { owed_eur: formatMicro(owed), credit_eur: formatMicro(credit), ordered_eur: formatMicro(ordered) };
}

function monthRows({ configuration, area, month, channels, ...of }: PeriodMonth, names: Names): Row[] {
  const cell = { month: formatMonth(month), configuration: textCell(area) } as const;
  return [
    {
      record: "configuration",
      kind: of.isOpen ? "open" : "closed",
      ...cell,
      shared_kwh: formatKwh(of.shared),
      accrued_eur: formatDecimal(of.accrued, 10),
      grade: of.grade ?? "",
    },
    ...channels.map(
      ({ channel, direction, energy, coincident, attributed, missing }): Row => ({
        record: "channel",
        kind: direction,
        ...cell,
        channel,
        meter: textCell(names.meterOf(configuration, channel) ?? ""),
        energy_kwh: formatKwh(energy),
        coincident_kwh: formatKwh(coincident),
        attributed_kwh: attributed === undefined ? "" : formatKwh(attributed),
        missing_hours: missing,
      }),
    ),
  ];
}

function bookingRows(booking: PeriodBooking): Row[] {
  const { kind, time, block, transaction, effect } = booking;
  const row: Row = {
    record: "booking",
    kind,
    time: isoTime(time),
    ...balanceCells(effect),
    block,
    transaction,
  };
  switch (booking.kind) {
    case "entitlement":
      return [{ ...row, run: booking.run }, ...booking.changes.flatMap((change) => changeRows(booking.run, change))];
    case "payout":
      return [{ ...row, run: booking.run }];
    case "write-off":
      return [{ ...row, kind: `${kind}-${booking.role}`, note: textCell(booking.reason) }];
    case "redemption":
      return [{ ...row, kind: `${kind}-${booking.state}`, note: textCell(booking.endToEndId) }];
    case "transfer":
      return [{ ...row, note: `from ${booking.from} to ${booking.to}` }];
  }
}

function changeRows(run: number, change: PeriodChange): Row[] {
  const { receipts, pools, parts, remainders, before } = change;
  const cell = { month: formatMonth(change.month), configuration: textCell(change.area), run } as const;
  return [
    ...receipts.map(
      ({ number, kind, gross, fee, vat, net, block, transaction }): Row => ({
        record: "receipt",
        kind,
        ...cell,
        amount_eur: formatMicro(net),
        receipt: number,
        gross_eur: formatMicro(gross),
        fee_eur: formatMicro(fee),
        vat_eur: formatMicro(vat),
        block,
        transaction,
      }),
    ),
    ...parts.map(
      ({ rule, pool, key, share, ownKey, totalKey, amount }): Row => ({
        record: "part",
        ...cell,
        amount_eur: formatMicro(amount),
        rule,
        pool,
        pool_eur: formatMicro(pools[pool]),
        share_percent: formatDecimal(BigInt(share), 2),
        key,
        own_key: ownKey,
        total_key: totalKey,
      }),
    ),
    ...remainders.map(
      ({ kind, amount }): Row => ({ record: "remainder", kind, ...cell, amount_eur: formatMicro(amount) }),
    ),
    { record: "before", ...cell, amount_eur: formatMicro(before), note: change.reasons.join(" ") },
  ];
}

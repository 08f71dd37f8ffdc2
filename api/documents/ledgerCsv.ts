/** The community's books as CSV for its accountant: double entry, one line a debit or a credit. */

import { formatMicro } from "../../settlement/amounts.ts";
import type { BookEntry } from "../../settlement/bookEntries.ts";
import { formatMonth } from "../../settlement/hours.ts";
import type { TimeOf } from "../../settlement/periodStatement.ts";
import type { Posting } from "../../settlement/postings.ts";
import { type CsvRow, csvOf, textCell } from "./csv.ts";
import { isoTime } from "./localTime.ts";
import type { Names } from "./names.ts";

/**
 * `entry` numbers what was booked: its debits and credits are the same. `ledger_account` is `bank`, `unsettled` (received, not yet
 * settled by a run), or with `account` what that one is owed, was credited, has ordered to the bank. Gross, fee and VAT of a
 * receipt are told beside its net amount, which alone is booked.
 */
export const LEDGER_COLUMNS = [
  "entry",
  "time",
  "kind",
  "ledger_account",
  "account",
  "name",
  "debit_eur",
  "credit_eur",
  "receipt",
  "receipt_kind",
  "month",
  "configuration",
  "gross_eur",
  "fee_eur",
  "vat_eur",
  "document_hash",
  "run",
  "file",
  "end_to_end_id",
  "note",
  "block",
  "transaction",
] as const;

type Row = CsvRow<(typeof LEDGER_COLUMNS)[number]>;

/** @param areas by configuration */
export function ledgerCsv(
  postings: readonly Posting[],
  areas: readonly string[],
  names: Names,
  timeOf: TimeOf,
): string {
  return csvOf(
    LEDGER_COLUMNS,
    postings.map(({ number, entry, ledgerAccount, account, debit, credit }) => ({
      entry: number,
      time: isoTime(timeOf(entry.place.block)),
      kind: entry.kind === "redemption" ? `redemption-${entry.state}` : entry.kind,
      ledger_account: ledgerAccount,
      account: account === 0 ? "" : account,
      name: account === 0 ? "" : textCell(names.nameOf(account) ?? ""),
      debit_eur: debit === 0n ? "" : formatMicro(debit),
      credit_eur: credit === 0n ? "" : formatMicro(credit),
      ...detailsOf(entry, areas),
      block: entry.place.block,
      transaction: entry.place.transaction,
    })),
  );
}

function detailsOf(entry: BookEntry, areas: readonly string[]): Row {
  switch (entry.kind) {
    case "receipt": {
      const { number, kind, month, configuration, gross, fee, vat, documentHash } = entry.receipt;
      return {
        receipt: number,
        receipt_kind: kind,
        month: formatMonth(month),
        configuration: textCell(areas[configuration] ?? ""),
        gross_eur: formatMicro(gross),
        fee_eur: formatMicro(fee),
        vat_eur: formatMicro(vat),
        document_hash: documentHash,
      };
    }
    case "entitlement":
    case "payout":
      return { run: entry.run.number };
    case "write-off":
      return { note: textCell(entry.writeOff.reason) };
    case "redemption":
      return { file: entry.payment.file, end_to_end_id: textCell(entry.payment.endToEndId) };
    case "transfer":
      return { note: `from ${entry.transfer.from} to ${entry.transfer.to}` };
  }
}

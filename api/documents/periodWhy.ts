/** Why a run entitled an account to what it did: receipts, pools, rules and keys, month by month. */

import { formatDecimal, formatEuro } from "../../settlement/amounts.ts";
import { formatMonth, type Month } from "../../settlement/hours.ts";
import type { PeriodChange } from "../../settlement/periodChanges.ts";
import type { PeriodBooking, PeriodStatement } from "../../settlement/periodStatement.ts";
import { dateText, monthsText } from "./localTime.ts";
import { amountCell, drawTable, euroText, grouped, type PdfColumn, type PdfRow } from "./pdfTable.ts";
import { COLOURS, heading, type Sheet, write } from "./sheet.ts";
import type { Telling } from "./telling.ts";

/** A run that corrects more months than this tells them in a line each. */
const MOST_IN_FULL = 4;

export function whySection(sheet: Sheet, { bookings }: PeriodStatement, telling: Telling): void {
  const entitlements = bookings.filter((booking) => booking.kind === "entitlement");
  if (entitlements.length === 0) return;
  heading(sheet, telling.words.why);
  for (const entitlement of entitlements) runSection(sheet, entitlement, telling);
}

type Entitlement = Extract<PeriodBooking, { kind: "entitlement" }>;

function runSection(sheet: Sheet, { run, fromMonth, toMonth, time, changes }: Entitlement, telling: Telling): void {
  const { words, language } = telling;
  const title = words.runHeading(run, dateText(time, language), monthsText(fromMonth, toMonth));
  write(sheet, "H3", title, { size: 9.5, font: "bold", before: 8, after: 4 });
  const corrections = changes.filter(({ reasons }) => !reasons.includes("first"));
  const inFull =
    corrections.length > MOST_IN_FULL ? changes.filter((change) => !corrections.includes(change)) : changes;
  if (inFull.length > 0)
    drawTable(
      sheet,
      partColumns(telling),
      inFull.flatMap((change) => monthRows(change, telling)),
    );
  if (inFull.length === changes.length) return;
  write(sheet, "P", words.corrections, { size: 8.5, font: "bold", before: 6, after: 3 });
  drawTable(
    sheet,
    correctionColumns(telling),
    summedUp(corrections).map((change) => correctionRow(change, telling)),
  );
  write(sheet, "P", words.correctionsNote, { size: 7.5, colour: COLOURS.faint, before: 3 });
}

function partColumns({ words }: Telling): PdfColumn[] {
  return [
    { title: words.rule, part: 36, align: "left" },
    { title: words.pool, part: 18, align: "right" },
    { title: words.share, part: 10, align: "right" },
    { title: words.ownOfTotal, part: 22, align: "right" },
    { title: words.amount, part: 16, align: "right" },
  ];
}

/** `2024-06 · AC001E00123`, what came in, what each rule gave of it, and what that changes. */
function monthRows(change: PeriodChange, telling: Telling): PdfRow[] {
  const { words } = telling;
  const { area, month, parts, pools, remainders, before, delta, reasons } = change;
  const shown = parts.filter(({ pool }) => pools[pool] !== 0n);
  return [
    { kind: "group", cells: [`${formatMonth(month)} · ${area}`], note: receiptsText(change, telling) },
    ...shown.map(({ rule, pool, key, share, ownKey, totalKey, amount }): PdfRow => {
      const isFund = key === "fund";
      return {
        cells: [
          `${rule}. ${words.keys[key]}${pool === "excess" ? `, ${words.pools.excess}` : ""}`,
          amountCell(pools[pool], words),
          `${grouped(formatDecimal(BigInt(share), 2), words)}%`,
          isFund ? "" : `${grouped(String(ownKey), words)} / ${grouped(String(totalKey), words)}`,
          amountCell(amount, words),
        ],
      };
    }),
    ...remainders.map(({ kind, amount }): PdfRow => {
      return { cells: [words.remainders[kind], "", "", "", amountCell(amount, words)] };
    }),
    ...(before === 0n ? [] : [{ cells: [words.settledBefore, "", "", "", amountCell(-before, words)] }]),
    {
      kind: "total",
      cells: [`${words.difference}: ${reasonsText(reasons, telling)}`, "", "", "", amountCell(delta, words)],
    },
  ];
}

function receiptsText({ receipts }: PeriodChange, { words }: Telling): string {
  const texts = receipts.map(({ kind, net, number, block }) =>
    words.receipt(words.receiptKinds[kind], euroText(formatEuro(net), words), number, block),
  );
  return `${words.received}: ${texts.join("; ") || "–"}`;
}

function reasonsText(reasons: PeriodChange["reasons"], { words }: Telling): string {
  return reasons.map((reason) => words.reasons[reason]).join(", ");
}

type Correction = Pick<PeriodChange, "area" | "month" | "before" | "delta" | "reasons"> & { readonly toMonth: Month };

/** Months in a row that follow only what the others of their year did, as one. */
function summedUp(changes: readonly PeriodChange[]): Correction[] {
  const sums: Correction[] = [];
  for (const { area, month, before, delta, reasons } of changes) {
    const last = sums.at(-1);
    const goesOn =
      last?.area === area &&
      last.toMonth + 1 === month &&
      Math.floor(last.month / 12) === Math.floor(month / 12) &&
      [last.reasons, reasons].every((each) => each.every((reason) => reason === "excess"));
    if (goesOn) {
      sums[sums.length - 1] = { ...last, toMonth: month, before: last.before + before, delta: last.delta + delta };
    } else {
      sums.push({ area, month, toMonth: month, before, delta, reasons });
    }
  }
  return sums;
}

function correctionColumns({ words }: Telling): PdfColumn[] {
  return [
    { title: words.month, part: 20, align: "left" },
    { title: words.reason, part: 38, align: "left" },
    { title: words.before, part: 15, align: "right" },
    { title: words.now, part: 15, align: "right" },
    { title: words.difference, part: 15, align: "right" },
  ];
}

function correctionRow({ month, toMonth, before, delta, reasons }: Correction, telling: Telling): PdfRow {
  const amounts = [before, before + delta, delta].map((amount) => amountCell(amount, telling.words));
  return { cells: [monthsText(month, toMonth), reasonsText(reasons, telling), ...amounts] };
}

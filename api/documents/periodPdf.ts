/** A period's statement as a PDF for whoever it is about. */

import type { Balance } from "../../settlement/bookEntries.ts";
import { secondsOf, startOfMonth } from "../../settlement/hours.ts";
import type { PeriodStatement } from "../../settlement/periodStatement.ts";
import { dateText, monthsText, monthText } from "./localTime.ts";
import type { Names } from "./names.ts";
import { drawHead, verificationSection } from "./parts.ts";
import { amountCell, drawTable, type PdfRow } from "./pdfTable.ts";
import { bookingsSection } from "./periodBookings.ts";
import { energySections } from "./periodEnergy.ts";
import { whySection } from "./periodWhy.ts";
import { COLOURS, closeSheet, decoration, heading, openSheet, type Sheet, use } from "./sheet.ts";
import { type DocumentOptions, type Telling, tellingIn } from "./telling.ts";
import type { DocumentWords } from "./words.ts";

/** The same input gives the same bytes. */
export async function periodPdf(
  statement: PeriodStatement,
  names: Names,
  { language, asOf, verification }: DocumentOptions,
): Promise<Uint8Array> {
  const telling = tellingIn(language, names);
  const { words } = telling;
  const { account, period } = statement;
  const title = `${words.statement} ${account.number}, ${monthsText(period.fromMonth, period.toMonth)}`;
  const sheet = openSheet({ title, language, issued: asOf.time });
  head(sheet, statement, telling);
  balances(sheet, statement, telling);
  summarySection(sheet, statement, telling);
  energySections(sheet, statement, telling);
  bookingsSection(sheet, statement, telling);
  whySection(sheet, statement, telling);
  verificationSection(sheet, telling, words.notes, asOf, verification);
  return closeSheet(sheet, (page, pages) => `${names.community} · ${title} · ${words.page(page, pages)}`);
}

function head(sheet: Sheet, { account, period }: PeriodStatement, telling: Telling): void {
  const { words, language } = telling;
  const months = words.period(monthText(period.fromMonth, language), monthText(period.toMonth, language));
  drawHead(sheet, telling, `${words.statement}, ${months}`, account);
}

/** Three figures at a glance. */
function balances(sheet: Sheet, { totals, closing }: PeriodStatement, { words }: Telling): void {
  const { doc, root } = sheet;
  const figures = [
    [words.paidInPeriod, totals.paid],
    [words.credit, closing.credit],
    [words.owed, closing.owed],
  ] as const;
  const gap = 10;
  const width = (sheet.width - 2 * gap) / 3;
  const top = doc.y;
  for (const [index, [label, amount]] of figures.entries()) {
    const x = sheet.left + index * (width + gap);
    decoration(sheet, () => doc.roundedRect(x, top, width, 46, 4).fill(COLOURS.panel));
    const cell = amountCell(amount, words);
    root.add(
      doc.struct("P", {}, () => {
        use(sheet, "regular", 8, COLOURS.faint);
        doc.text(`${label} `, x + 10, top + 8, { lineBreak: false });
        use(sheet, "bold", 15, index === 0 ? COLOURS.accent : COLOURS.text);
        const [main, rest] = typeof cell === "string" ? [cell, ""] : [cell.text, cell.faint];
        doc.text(main, x + 10, top + 20, { lineBreak: false });
        const after = x + 10 + doc.widthOfString(main);
        const baseline = doc.currentLineHeight();
        use(sheet, "regular", 9, COLOURS.faint);
        doc.text(rest, after, top + 20 + baseline * 0.79 - doc.currentLineHeight() * 0.79, { lineBreak: false });
      }),
    );
  }
  doc.y = top + 46;
}

function summarySection(sheet: Sheet, statement: PeriodStatement, { words, language }: Telling): void {
  const { period, opening, closing, bookings } = statement;
  const date = (month: number) => dateText(secondsOf(startOfMonth(month)), language);
  const cells = (what: string, { owed, credit, ordered }: Balance) => [
    what,
    ...[owed, credit, ordered].map((amount) => amountCell(amount, words)),
  ];
  const kinds = [...Map.groupBy(bookings, ({ kind }) => kind)];
  const rows: PdfRow[] = [
    { cells: cells(words.opening(date(period.fromMonth)), opening) },
    ...kinds.map(([kind, of]) => {
      const total = (key: keyof Balance) => of.reduce((sum, { effect }) => sum + effect[key], 0n);
      const effect = { owed: total("owed"), credit: total("credit"), ordered: total("ordered") };
      return { cells: cells(words.bookingKinds[kind], effect) };
    }),
    { kind: "total", cells: cells(words.closing(date(period.toMonth + 1)), closing) },
  ];
  heading(sheet, words.summary);
  drawTable(sheet, balanceColumns(words, ""), rows);
}

/** A description and the three balances. */
export function balanceColumns(words: DocumentWords, title: string) {
  return [
    { title, part: 46, align: "left" },
    { title: words.owed, part: 18, align: "right" },
    { title: words.credit, part: 18, align: "right" },
    { title: words.ordered, part: 18, align: "right" },
  ] as const;
}

/** A yearly certificate as a PDF, to be signed by the community. */

import type { Certificate } from "../../settlement/certificate.ts";
import { secondsOf, startOfMonth } from "../../settlement/hours.ts";
import { MONEY_KINDS } from "../../settlement/moneyKinds.ts";
import { CERTIFICATE_WORDS, type CertificateWords } from "./certificateWords.ts";
import { dateText } from "./localTime.ts";
import type { Names } from "./names.ts";
import { drawHead, verificationSection } from "./parts.ts";
import { amountCell, drawTable, type PdfColumn } from "./pdfTable.ts";
import { COLOURS, closeSheet, decoration, heading, needRoom, openSheet, type Sheet, use, write } from "./sheet.ts";
import { type DocumentOptions, type Telling, tellingIn } from "./telling.ts";

/** The same input gives the same bytes. */
export async function certificatePdf(
  certificate: Certificate,
  names: Names,
  { language, asOf, verification }: DocumentOptions,
): Promise<Uint8Array> {
  const telling = tellingIn(language, names);
  const words = CERTIFICATE_WORDS[language];
  const { account, year } = certificate;
  const title = words.title(year);
  const sheet = openSheet({ title: `${title}, ${account.number}`, language, issued: asOf.time });
  drawHead(sheet, telling, title, account);
  write(sheet, "P", words.statement(names.community, year), { size: 10, after: 2 });
  kindsSection(sheet, certificate, telling, words);
  payoutsSection(sheet, certificate, telling, words);
  standingSection(sheet, certificate, telling, words);
  signatureLine(sheet, words);
  verificationSection(sheet, telling, words.notes, asOf, verification);
  return closeSheet(sheet, (page, pages) => `${names.community} · ${title} · ${telling.words.page(page, pages)}`);
}

const left = (title: string, part: number): PdfColumn => ({ title, part, align: "left" });
const right = (title: string, part: number): PdfColumn => ({ title, part, align: "right" });

function kindsSection(sheet: Sheet, { byKind, paid }: Certificate, { words }: Telling, own: CertificateWords): void {
  heading(sheet, own.byKind);
  drawTable(
    sheet,
    [left(own.kind, 75), right(own.amount, 25)],
    [
      ...MONEY_KINDS.filter((kind) => byKind[kind] !== 0n).map((kind) => {
        return { cells: [words.receiptKinds[kind], amountCell(byKind[kind], words)] };
      }),
      { kind: "total" as const, cells: [own.total, amountCell(paid, words)] },
    ],
  );
}

function payoutsSection(
  sheet: Sheet,
  { payouts, byKind }: Certificate,
  { words, language }: Telling,
  own: CertificateWords,
): void {
  heading(sheet, own.payouts);
  if (payouts.length === 0) {
    write(sheet, "P", own.nothingPaid, { size: 9, colour: COLOURS.faint });
    return;
  }
  const kinds = MONEY_KINDS.filter(
    (kind) => byKind[kind] !== 0n || payouts.some((payout) => payout.byKind[kind] !== 0n),
  );
  const several = kinds.length > 1 ? kinds : [];
  drawTable(
    sheet,
    [
      left(own.date, 16),
      left(own.run, 12),
      ...several.map((kind) => right(`${words.receiptKinds[kind]} €`, 18)),
      right(own.amount, 18),
    ],
    payouts.map(({ run, time, block, transaction, amount, byKind: of }) => ({
      cells: [
        dateText(time, language),
        String(run),
        ...several.map((kind) => amountCell(of[kind], words)),
        amountCell(amount, words),
      ],
      note: words.place(block, transaction),
    })),
  );
}

function standingSection(
  sheet: Sheet,
  { year, transferred, closing }: Certificate,
  { words, language }: Telling,
  own: CertificateWords,
): void {
  const lastSecond = secondsOf(startOfMonth((year + 1) * 12)) - 1;
  heading(sheet, own.atTheEnd(dateText(lastSecond, language)));
  const rows = [
    [own.transferred, transferred],
    [own.credit, closing.credit],
    [own.ordered, closing.ordered],
    [own.owed, closing.owed],
  ] as const;
  drawTable(
    sheet,
    [left("", 75), right(own.amount, 25)],
    rows.map(([what, amount]) => ({ cells: [what, amountCell(amount, words)] })),
  );
}

function signatureLine(sheet: Sheet, { signature }: CertificateWords): void {
  const { doc } = sheet;
  needRoom(sheet, 60);
  doc.y += 34;
  const width = 210;
  const x = sheet.left + sheet.width - width;
  decoration(sheet, () => {
    doc
      .moveTo(x, doc.y)
      .lineTo(x + width, doc.y)
      .lineWidth(0.5)
      .strokeColor(COLOURS.faint)
      .stroke();
  });
  doc.y += 3;
  sheet.root.add(
    doc.struct("P", {}, () => {
      use(sheet, "regular", 8, COLOURS.faint);
      doc.text(signature, x, doc.y, { width });
    }),
  );
}

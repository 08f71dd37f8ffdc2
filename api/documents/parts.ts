/** How every document begins and ends. */

import type { AccountRecord } from "../../settlement/history.ts";
import { isKeyless } from "../../settlement/keyless.ts";
import { dateText } from "./localTime.ts";
import { drawQrCode } from "./qrCode.ts";
import { COLOURS, heading, needRoom, rule, type Sheet, use, write } from "./sheet.ts";
import type { DocumentOptions, Telling } from "./telling.ts";

/** The community, what the document is, and of an account's whose it is. */
export function drawHead(
  sheet: Sheet,
  { names, words }: Telling,
  title: string,
  account: AccountRecord | undefined,
): void {
  write(sheet, "P", names.community, { size: 10, font: "bold", colour: COLOURS.accent, after: 2 });
  write(sheet, "H1", title, { size: 18, font: "bold", after: 4 });
  if (account === undefined) return;
  const name = names.nameOf(account.number);
  const kind = words.kinds[account.kind] + (account.closed === undefined ? "" : `, ${words.closed}`);
  const who = [name, `${words.account} ${account.number}`, kind].filter((part) => part !== undefined).join(" · ");
  write(sheet, "P", who, { size: 11, after: isKeyless(account.payee) ? 8 : 1 });
  if (isKeyless(account.payee)) return;
  write(sheet, "P", `${words.payee} ${account.payee}`, { size: 8, colour: COLOURS.faint, after: 8 });
}

/** What the document means, and how it can be compared with the chain. */
export function verificationSection(
  sheet: Sheet,
  { words, language }: Telling,
  notes: string,
  asOf: DocumentOptions["asOf"],
  { url, hash }: DocumentOptions["verification"],
): void {
  const { doc, root } = sheet;
  const size = 84;
  needRoom(sheet, size + 110);
  heading(sheet, words.verification);
  write(sheet, "P", notes, { size: 8, colour: COLOURS.faint, after: 6 });
  rule(sheet, doc.y);
  const top = doc.y + 8;
  drawQrCode(sheet, url, words.qrCode, { x: sheet.left, y: top, size });
  const text = { x: sheet.left + size + 14, width: sheet.width - size - 14 };
  root.add(
    doc.struct("P", {}, () => {
      use(sheet, "regular", 8.5, COLOURS.text);
      doc.text(`${words.verify} `, text.x, top + 2, { width: text.width });
      doc.fillColor(COLOURS.accent).text(url, { width: text.width });
      doc.fillColor(COLOURS.faint).text(`${words.hash} ${hash}`, { width: text.width });
      doc.text(words.asOf(asOf.block, dateText(asOf.time, language)), { width: text.width });
    }),
  );
  doc.y = top + size;
}

/** Tables over as many pages as they need: the header again on each, amounts with their fractions of a cent in grey. */

import { formatMicro } from "../../settlement/amounts.ts";
import type { Terms } from "../../settlement/terms.ts";
import { COLOURS, decoration, needRoom, rule, type Sheet, use } from "./sheet.ts";

export type PdfColumn = {
  readonly title: string;
  /** Part of the table's width. */
  readonly part: number;
  readonly align: "left" | "right";
};

/** A text, which goes on over empty cells behind it; or one whose end is less important. */
export type PdfCell = string | { readonly text: string; readonly faint: string };

export type PdfRow = {
  /** A `group` stands over the rows that belong to it, a `total` under those that it sums up. */
  readonly kind?: "group" | "total";
  /** By column; what is left out at the end is empty. */
  readonly cells: readonly PdfCell[];
  /** Small, below the cells. */
  readonly note?: string;
};

const SIZE = { head: 7.5, cell: 8.5, note: 6.5 } as const;
const GAP = 12;
/** Above a group that follows other rows. */
const GROUP_GAP = 6;

export function drawTable(sheet: Sheet, columns: readonly PdfColumn[], rows: readonly PdfRow[]): void {
  const { doc, root } = sheet;
  const places = placesOf(sheet, columns);
  const table = doc.struct("Table");
  root.add(table);
  const header = doc.struct("TR");
  table.add(header);
  drawHeader(sheet, places, (place) => {
    header.add(doc.struct("TH", { scope: "Column" }, () => drawText(sheet, place.title, place)));
  });
  header.end();
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    const together = row.kind === "group" && next !== undefined ? heightOf(sheet, next, places) : 0;
    if (needRoom(sheet, heightOf(sheet, row, places) + together)) {
      drawHeader(sheet, places, (place) => decoration(sheet, () => drawText(sheet, place.title, place)));
    }
    drawRow(sheet, table, row, places);
  }
  table.end();
  doc.x = sheet.left;
}

/** Micro-euro with all their decimals: cents as people read them, what is beyond in grey. */
export function amountCell(micro: bigint, terms: Pick<Terms, "decimalMark">): PdfCell {
  const decimal = grouped(formatMicro(micro), terms);
  return { text: decimal.slice(0, -4), faint: decimal.slice(-4) };
}

/** `1234.5` as `1.234,5` in Italian, `1,234.5` in English. */
export function grouped(decimal: string, { decimalMark }: Pick<Terms, "decimalMark">): string {
  const [whole = "", fraction] = decimal.split(".");
  const thousands = whole.replaceAll(/\B(?=(\d{3})+$)/g, decimalMark === "," ? "." : ",");
  const magnitude = thousands.replace("-", "−");
  return fraction === undefined ? magnitude : `${magnitude}${decimalMark}${fraction}`;
}

/** Within a text: no line ends between the number and its unit. */
export function euroText(decimal: string, terms: Pick<Terms, "decimalMark">): string {
  return `${grouped(decimal, terms)}\u00a0€`;
}

type Place = PdfColumn & { readonly x: number; readonly width: number };

function placesOf({ left, width }: Sheet, columns: readonly PdfColumn[]): Place[] {
  const parts = columns.reduce((total, { part }) => total + part, 0);
  let x = left;
  return columns.map((column, index) => {
    const whole = (width * column.part) / parts;
    const gap = index === columns.length - 1 ? 0 : GAP;
    const place = { ...column, x, width: whole - gap };
    x += whole;
    return place;
  });
}

function drawHeader(sheet: Sheet, places: readonly Place[], draw: (place: Place) => void): void {
  const { doc } = sheet;
  use(sheet, "bold", SIZE.head, COLOURS.faint);
  const height = Math.max(...places.map(({ title, width }) => doc.heightOfString(title, { width })));
  const top = doc.y;
  for (const place of places) {
    doc.y = top + height - doc.heightOfString(place.title, { width: place.width });
    draw(place);
  }
  doc.y = top + height + 3;
  rule(sheet, doc.y, COLOURS.accent, 0.8);
  doc.y += 3;
}

function drawRow(sheet: Sheet, table: ReturnType<Sheet["doc"]["struct"]>, row: PdfRow, places: readonly Place[]): void {
  const { doc } = sheet;
  const height = heightOf(sheet, row, places);
  const top = doc.y;
  const inset = row.kind === "group" ? GROUP_GAP : 2;
  if (row.kind === "total") rule(sheet, top);
  const line = doc.struct("TR");
  table.add(line);
  for (const [index, place] of cellPlaces(sheet, row, places).entries()) {
    const cell = row.cells[index] ?? "";
    doc.y = top + inset;
    const content = () => drawCell(sheet, row, cell, place);
    line.add(row.kind === "group" ? doc.struct("TH", { scope: "Row" }, content) : doc.struct("TD", {}, content));
  }
  if (row.note !== undefined) {
    doc.y = top + height - noteHeight(sheet, row);
    const note = row.note;
    line.add(
      doc.struct("TD", {}, () => {
        use(sheet, "regular", SIZE.note, COLOURS.faint);
        doc.text(note, sheet.left, doc.y, { width: sheet.width });
      }),
    );
  }
  line.end();
  doc.y = top + height;
}

function drawCell(sheet: Sheet, { kind }: PdfRow, cell: PdfCell, place: Place): void {
  const { doc } = sheet;
  use(sheet, kind === undefined ? "regular" : "bold", SIZE.cell, COLOURS.text);
  if (typeof cell === "string") {
    drawText(sheet, cell, place);
    return;
  }
  const y = doc.y;
  const faint = doc.widthOfString(cell.faint);
  const x = place.x + place.width - faint - doc.widthOfString(cell.text);
  doc.text(cell.text, x, y, { lineBreak: false });
  doc.fillColor(COLOURS.faint).text(cell.faint, place.x + place.width - faint, y, { lineBreak: false });
}

function drawText({ doc }: Sheet, text: string, { x, width, align }: Place): void {
  doc.text(text, x, doc.y, { width, align });
}

/** A left-aligned text reaches to the next cell that has something. */
function cellPlaces(sheet: Sheet, { cells }: PdfRow, places: readonly Place[]): readonly Place[] {
  return places.map((place, index) => {
    if (place.align === "right" || cells[index] === "") return place;
    const next = places.find((_, later) => later > index && (cells[later] ?? "") !== "");
    const end = next === undefined ? sheet.left + sheet.width : next.x - GAP;
    return { ...place, width: next === places[index + 1] ? place.width : end - place.x };
  });
}

function heightOf(sheet: Sheet, row: PdfRow, places: readonly Place[]): number {
  const { doc } = sheet;
  use(sheet, row.kind === undefined ? "regular" : "bold", SIZE.cell, COLOURS.text);
  const heights = cellPlaces(sheet, row, places).map(({ width }, index) => {
    const cell = row.cells[index] ?? "";
    return typeof cell === "string" ? doc.heightOfString(cell, { width }) : doc.currentLineHeight();
  });
  return (row.kind === "group" ? GROUP_GAP : 2) + Math.max(...heights) + 2 + noteHeight(sheet, row);
}

function noteHeight(sheet: Sheet, { note }: PdfRow): number {
  if (note === undefined) return 0;
  use(sheet, "regular", SIZE.note, COLOURS.faint);
  return sheet.doc.heightOfString(note, { width: sheet.width }) + 4;
}

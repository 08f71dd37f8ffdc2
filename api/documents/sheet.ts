/** An A4 document with this project's type and colours: tagged for screen readers, the same bytes for the same content. */

import { fileURLToPath } from "node:url";
import PDFDocument from "pdfkit";
import type { Language } from "../../settlement/terms.ts";

declare global {
  namespace PDFKit.Mixins {
    /** What the library takes and its types lack. */
    interface StructureElementOptions {
      scope?: "Column" | "Row";
      /** Left, top, right, bottom. */
      bbox?: [number, number, number, number];
    }
  }
}

const FONTS = {
  regular: "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf",
  bold: "@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf",
} as const;

export const COLOURS = {
  text: "#1a1f24",
  faint: "#5d6770",
  rule: "#c9d1d6",
  panel: "#f2f6f4",
  accent: "#0a6b50",
} as const;

/** Points. */
export const MARGIN = { side: 48, top: 46, bottom: 62 } as const;

export type Font = keyof typeof FONTS;
type Pdf = PDFKit.PDFDocument;
type Element = ReturnType<Pdf["struct"]>;

export type Sheet = {
  readonly doc: Pdf;
  readonly root: Element;
  readonly left: number;
  readonly width: number;
};

export type SheetInput = {
  /** Without names: it stands in the file's metadata. */
  readonly title: string;
  readonly language: Language;
  /** Seconds since the Unix epoch: the file's date. */
  readonly issued: number;
};

export function openSheet({ title, language, issued }: SheetInput): Sheet {
  const date = new Date(issued * 1000);
  const doc = new PDFDocument({
    size: "A4",
    margins: { top: MARGIN.top, bottom: MARGIN.bottom, left: MARGIN.side, right: MARGIN.side },
    bufferPages: true,
    tagged: true,
    displayTitle: true,
    pdfVersion: "1.7",
    lang: language === "it" ? "it-IT" : "en-GB",
    info: { Title: title, Creator: "Condivisa", Producer: "Condivisa", CreationDate: date, ModDate: date },
  });
  for (const [name, file] of Object.entries(FONTS)) doc.registerFont(name, fileURLToPath(import.meta.resolve(file)));
  const root = doc.struct("Document");
  doc.addStructure(root);
  return { doc, root, left: MARGIN.side, width: doc.page.width - 2 * MARGIN.side };
}

/** Writes the footer on every page and returns the file's bytes. */
export async function closeSheet(sheet: Sheet, footer: (page: number, pages: number) => string): Promise<Uint8Array> {
  const { doc, root } = sheet;
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    const { bottom } = doc.page.margins;
    // Below the margin a text would begin a new page.
    doc.page.margins.bottom = 0;
    decoration(sheet, () => {
      use(sheet, "regular", 7.5, COLOURS.faint);
      doc.text(footer(page + 1, count), sheet.left, doc.page.height - 34, { width: sheet.width, align: "center" });
    });
    doc.page.margins.bottom = bottom;
  }
  root.end();
  const chunks: Uint8Array[] = [];
  doc.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on("end", () => resolve());
    doc.on("error", reject);
  });
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

export function use({ doc }: Sheet, font: Font, size: number, colour: string): void {
  doc.font(font).fontSize(size).fillColor(colour);
}

/** Lines, panels and what repeats on every page: a screen reader passes over them. */
export function decoration({ doc }: Sheet, draw: () => void): void {
  doc.markContent("Artifact", { type: "Layout" });
  draw();
  doc.endMarkedContent();
}

export function rule(sheet: Sheet, y: number, colour: string = COLOURS.rule, thickness = 0.5): void {
  decoration(sheet, () => {
    sheet.doc
      .moveTo(sheet.left, y)
      .lineTo(sheet.left + sheet.width, y)
      .lineWidth(thickness)
      .strokeColor(colour)
      .stroke();
  });
}

/** Room for what comes behind a heading, so that it is not left alone at the foot of a page. */
const FOLLOWING = { H1: 0, H2: 110, H3: 80, P: 0 } as const;

/** Text in the flow of the page, as an element of the given kind. */
export function write(
  sheet: Sheet,
  tag: "H1" | "H2" | "H3" | "P",
  text: string,
  { size, font = "regular", colour = COLOURS.text, after = 0, before = 0 }: TextStyle,
): void {
  const { doc, root, left, width } = sheet;
  use(sheet, font, size, colour);
  needRoom(sheet, before + doc.heightOfString(text, { width }) + FOLLOWING[tag]);
  // A page begins without the colour and type of the one before.
  use(sheet, font, size, colour);
  doc.y += doc.y > MARGIN.top ? before : 0;
  root.add(doc.struct(tag, {}, () => doc.text(text, left, doc.y, { width })));
  doc.y += after;
}

export type TextStyle = {
  readonly size: number;
  readonly font?: Font;
  readonly colour?: string;
  readonly before?: number;
  readonly after?: number;
};

export function heading(sheet: Sheet, text: string): void {
  write(sheet, "H2", text, { size: 12, font: "bold", colour: COLOURS.accent, before: 16, after: 5 });
}

/** Begins a page if there is less room than this on the present one. Returns whether it did. */
export function needRoom({ doc }: Sheet, height: number): boolean {
  if (doc.y + height <= doc.page.height - MARGIN.bottom) return false;
  doc.addPage();
  return true;
}

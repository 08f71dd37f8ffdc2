/** The text of a PDF as this project writes it, in the order in which it is drawn. */

import { inflateSync } from "node:zlib";

/** Of each page, all strings one after another. */
export function pdfPages(pdf: Uint8Array): string[] {
  const objects = objectsOf(Buffer.from(pdf).toString("latin1"));
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\n/.test(head));
  return pages.map(({ head }) => {
    const contents = objects.get(numberAt(head, "Contents"))?.stream ?? "";
    const resources = objects.get(numberAt(head, "Resources"))?.head ?? head;
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", number = ""]) => [
        name,
        glyphsOf(objects, Number(number)),
      ]),
    );
    return textOf(contents, fonts);
  });
}

type PdfObject = { readonly head: string; readonly stream: string | undefined };

function objectsOf(file: string): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  for (const { 1: number = "", 2: body = "" } of file.matchAll(/(\d+) 0 obj\n(.*?)\nendobj\n/gs)) {
    const [head = "", rest] = body.split("\nstream\n");
    const bytes = rest === undefined ? undefined : Buffer.from(rest.replace(/\nendstream$/, ""), "latin1");
    const isDeflated = head.includes("/FlateDecode");
    const stream = bytes && (isDeflated ? inflateSync(bytes) : bytes).toString("latin1");
    objects.set(Number(number), { head, stream });
  }
  return objects;
}

function numberAt(head: string, key: string): number {
  return Number(new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1]);
}

/** Characters by glyph, from the map that lets readers copy text. */
function glyphsOf(objects: ReadonlyMap<number, PdfObject>, font: number): Map<number, string> {
  const map = objects.get(numberAt(objects.get(font)?.head ?? "", "ToUnicode"))?.stream ?? "";
  const glyphs = new Map<number, string>();
  for (const [, from = "", entries = ""] of map.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    for (const [index, [, code = ""]] of [...entries.matchAll(/<([\w ]*)>/g)].entries()) {
      const units = (code.match(/\w{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16));
      glyphs.set(Number.parseInt(from, 16) + index, String.fromCharCode(...units));
    }
  }
  return glyphs;
}

function textOf(contents: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let text = "";
  let glyphs: ReadonlyMap<number, string> = new Map();
  for (const [, font, strings = ""] of contents.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) glyphs = fonts.get(font) ?? new Map();
    for (const [, hex = ""] of strings.matchAll(/<(\w+)>/g)) {
      for (const glyph of hex.match(/.{4}/g) ?? []) text += glyphs.get(Number.parseInt(glyph, 16)) ?? "\ufffd";
    }
  }
  return text;
}

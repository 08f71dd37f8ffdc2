/**
 * The cells of one sheet of an XLSX workbook (ECMA-376). Only values are read: a formula counts as what was last computed, and
 * a date as its serial number. Checksums are compared, and sizes limited before anything is unpacked.
 */

import AdmZip from "adm-zip";
import { z } from "zod";
import { InputError } from "../../settlement/inputProblem.ts";
import { parseXml } from "./documents.ts";
import type { Cell, TableRow } from "./table.ts";

/** Of one part of the workbook, unpacked; about a million cells. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What a sheet may have. */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;

const REMEDY = "Save the workbook as XLSX again, without a password, or as CSV";

/** An element with nothing in it is an empty text. */
const element = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (value === "" ? {} : value), z.object(shape));
const text = z.union([
  z.string(),
  z
    .looseObject({})
    .transform((node) => node["#text"] ?? "")
    .pipe(z.string()),
]);
const runs = { t: text.optional(), r: z.array(element({ t: text.optional() })).optional() };

const workbookShape = z.object({
  workbook: z.object({
    workbookPr: z.union([z.literal(""), z.object({ "@date1904": z.string().optional() })]).optional(),
    sheets: element({ sheet: z.array(z.object({ "@name": z.string(), "@id": z.string() })).default([]) }),
  }),
});
const relationshipsShape = z.object({
  Relationships: element({
    Relationship: z.array(z.object({ "@Id": z.string(), "@Target": z.string() })).default([]),
  }),
});
const stringsShape = z.object({ sst: element({ si: z.array(element(runs)).default([]) }) });
const cellShape = z.object({
  "@r": z.string().optional(),
  "@t": z.string().optional(),
  v: text.optional(),
  is: element(runs).optional(),
});
const sheetShape = z.object({
  worksheet: z.object({
    sheetData: element({
      row: z
        .array(element({ "@r": z.string().optional(), c: z.array(element(cellShape.shape)).default([]) }))
        .default([]),
    }),
  }),
});

/**
 * @param sheet its name; the first one if undefined
 * @throws InputError if it is no such workbook, or has no such sheet
 */
export function xlsxTable(bytes: Uint8Array, file: string, sheet: string | undefined): TableRow[] {
  const read = partsOf(bytes, file);
  const repeated = ["sheet", "Relationship", "si", "r", "row", "c"];
  const parse = <T>(part: string, shape: z.ZodType<T>) =>
    parseXml(read(part) ?? missing(file, part), `${file}:${part}`, repeated, shape, REMEDY);

  const { workbook } = parse("xl/workbook.xml", workbookShape);
  if (workbook.workbookPr && ["1", "true"].includes(workbook.workbookPr["@date1904"] ?? "")) {
    throw new InputError([
      { file, problem: "dates counted from 1904", remedy: "Save the workbook with dates from 1900" },
    ]);
  }
  const sheets = workbook.sheets.sheet;
  const chosen = sheets.find((each) => sheet === undefined || each["@name"] === sheet);
  if (chosen === undefined) {
    const remedy = `The workbook has: ${sheets.map((each) => each["@name"]).join(", ")}`;
    throw new InputError([{ file, field: "sheet", value: sheet, problem: "no such sheet", remedy }]);
  }
  const { Relationships } = parse("xl/_rels/workbook.xml.rels", relationshipsShape);
  const target = Relationships.Relationship.find((each) => each["@Id"] === chosen["@id"])?.["@Target"] ?? "";
  const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  const { worksheet } = parse(path, sheetShape);
  const strings = read("xl/sharedStrings.xml") === undefined ? [] : parse("xl/sharedStrings.xml", stringsShape).sst.si;
  const sharedStrings = strings.map(textOf);

  let line = 0;
  return worksheet.sheetData.row.map((row) => {
    line = row["@r"] === undefined ? line + 1 : within(Number(row["@r"]), MOST_ROWS, file, row["@r"]);
    let column = -1;
    const cells = row.c.map((cell): [number, Cell] => {
      const address = cell["@r"];
      column = address === undefined ? column + 1 : within(columnOf(address), MOST_COLUMNS, file, address) - 1;
      return [column, contentOf(cell, sharedStrings)];
    });
    return { line, cells: new Map(cells) };
  });
}

function contentOf(cell: z.infer<typeof cellShape>, sharedStrings: readonly string[]): Cell {
  const value = cell.v ?? "";
  switch (cell["@t"] ?? "n") {
    case "s":
      return sharedStrings[Number(value)] ?? "";
    case "inlineStr":
      return textOf(cell.is ?? {});
    case "n": {
      const number = Number(value);
      return value.trim() === "" || !Number.isFinite(number) ? value.trim() : number;
    }
    default:
      return value.trim();
  }
}

function textOf({ t, r }: { t?: string | undefined; r?: { t?: string | undefined }[] | undefined }): string {
  return (t ?? (r ?? []).map((run) => run.t ?? "").join("")).trim();
}

/** Column of `BC12`, counted from 1; NaN if it is no address. */
function columnOf(address: string): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(address)?.[1] ?? "";
  return letters === "" ? Number.NaN : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function within(position: number, most: number, file: string, value: string): number {
  if (Number.isInteger(position) && position >= 1 && position <= most) return position;
  throw new InputError([{ file, value, problem: "not a row or cell of a sheet", remedy: REMEDY }]);
}

function missing(file: string, part: string): never {
  throw new InputError([{ file, problem: `no ${part} in it`, remedy: REMEDY }]);
}

/** Reads a part as text; undefined if there is none. */
function partsOf(bytes: Uint8Array, file: string): (name: string) => string | undefined {
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      const problem = `not an XLSX workbook: ${error instanceof Error ? error.message : String(error)}`;
      throw new InputError([{ file, problem, remedy: REMEDY }]);
    }
  };
  const archive = attempt(() => new AdmZip(Buffer.from(bytes)));
  return (name) =>
    attempt(() => {
      const entry = archive.getEntry(name);
      if (entry === null) return undefined;
      if (entry.header.size > MOST_BYTES) throw new RangeError(`${name} is larger than ${MOST_BYTES} bytes`);
      return new TextDecoder("utf-8").decode(entry.getData());
    });
}

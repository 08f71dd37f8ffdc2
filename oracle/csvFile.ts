/** CSV files: rows with their lines, and rows by the columns of a known header. */

import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { InputError } from "../settlement/inputProblem.ts";
import { readText } from "./textFile.ts";

const csvShape = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/** A line of a CSV file with named fields. */
export type CsvLine<Column extends string> = { readonly line: number; readonly fields: ReadonlyMap<Column, string> };

/** Reads a CSV file with a header of known columns. Throws InputError on an unreadable or empty file or wrong columns. */
export function readCsv<Column extends string>(
  file: string,
  required: readonly Column[],
  optional: readonly Column[] = [],
): CsvLine<Column>[] {
  return parseCsv(readText(file), file, required, optional);
}

/** Likewise, of text; `file` is for messages. */
export function parseCsv<Column extends string>(
  text: string,
  file: string,
  required: readonly Column[],
  optional: readonly Column[] = [],
): CsvLine<Column>[] {
  const known = [...required, ...optional];
  const remedy = `The first line must name the columns: ${required.join(",")}`;
  if (text.trim() === "") throw new InputError([{ file, problem: "empty file", remedy }]);
  const [header, ...lines] = csvRows(text, file);
  if (header === undefined) throw new InputError([{ file, problem: "empty file", remedy }]);

  const columns = header.record.map((name) => known.find((column) => column === name.trim()));
  const unknown = header.record.filter((_, index) => columns[index] === undefined);
  const missing = required.filter((column) => !columns.includes(column));
  if (unknown.length > 0 || missing.length > 0) {
    const problems = [
      ...missing.map((column) => ({ file, line: 1, field: column, problem: "column missing", remedy })),
      ...unknown.map((column) => ({ file, line: 1, value: column, problem: "unknown column", remedy })),
    ];
    throw new InputError(problems);
  }
  return lines.map(({ record, info }) => {
    if (record.length !== columns.length) {
      throw new InputError([
        {
          file,
          line: info.lines,
          value: record.join(","),
          problem: `${record.length} fields, not ${columns.length}`,
          remedy: `Each line has the fields ${header.record.join(",")}`,
        },
      ]);
    }
    const fields = new Map<Column, string>();
    for (const [index, column] of columns.entries()) if (column) fields.set(column, (record[index] ?? "").trim());
    return { line: info.lines, fields };
  });
}

/** The rows of a CSV file, with the line on which each ends. Throws InputError where quotes are wrong. */
export function csvRows(text: string, file: string, delimiter = ","): z.infer<typeof csvShape> {
  try {
    const options = { delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
    return csvShape.parse(parse(text, options));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = z.object({ lines: z.number() }).safeParse(error).data?.lines;
    throw new InputError([{ file, line, problem: error.message, remedy: "Mend the quotes of this line" }]);
  }
}

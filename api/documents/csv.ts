/** Tables as CSV that spreadsheets and programs read: commas, decimal points, UTF-8, a line of column names first. */

import { stringify } from "csv-stringify/sync";

/** A row by column name; a column that it does not have stays empty. */
export type CsvRow<Column extends string> = Readonly<Partial<Record<Column, string | number | bigint>>>;

export function csvOf<Column extends string>(columns: readonly Column[], rows: readonly CsvRow<Column>[]): string {
  return stringify(
    rows.map((row) => columns.map((column) => String(row[column] ?? ""))),
    { header: true, columns: [...columns] },
  );
}

/** What people wrote, so that no spreadsheet takes it for a formula: an apostrophe before =, +, -, @, tab and return. */
export function textCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

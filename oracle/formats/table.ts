/** Rows of cells, from CSV or from a sheet of an XLSX workbook. */

import { csvRows } from "../csvFile.ts";

/** Text, or the number in a cell of a workbook. */
export type Cell = string | number;

export type TableRow = {
  /** Counted from 1. */
  readonly line: number;
  /** By column, counted from 0; an empty cell may be left out. */
  readonly cells: ReadonlyMap<number, Cell>;
};

/** Throws InputError where quotes are wrong. */
export function csvTable(text: string, file: string, delimiter: string): TableRow[] {
  return csvRows(text, file, delimiter).map(({ record, info }) => ({
    line: info.lines,
    cells: new Map(record.map((cell, column) => [column, cell.trim()])),
  }));
}

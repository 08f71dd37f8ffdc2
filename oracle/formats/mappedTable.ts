/** Energy from a table whose columns a mapping explains. */

import { InputError } from "../../settlement/inputProblem.ts";
import { DIRECTIONS, type Direction, type Quality } from "../measurement.ts";
import { type IntervalCollector, type IntervalsFile, intervalCollector } from "./interval.ts";
import { localDays } from "./localDay.ts";
import type { Mapping } from "./mapping.ts";
import { parseEnergy } from "./quantity.ts";
import { type RowTime, rowTimeOf } from "./rowTimes.ts";
import { type Cell, csvTable, type TableRow } from "./table.ts";
import { type TimeParts, timePattern } from "./timePattern.ts";
import { xlsxTable } from "./xlsxTable.ts";

type Cells = (column: string) => Cell;

/** A row that is understood but for when it begins. */
type Row = { readonly line: number; readonly cells: Cells; readonly source: string; readonly quality: Quality };

/** Of the number in a cell: more are noise of its binary fraction. */
const DECIMALS_OF_NUMBER = 12;

/**
 * @param bytes the file as it is: text in UTF-8, or a workbook
 * @throws InputError with everything that is wrong
 */
export function parseMappedTable(bytes: Uint8Array, file: string, mapping: Mapping): IntervalsFile {
  const table = tableOf(bytes, file, mapping);
  const columns = columnsOf(table, file, mapping);
  const found = intervalCollector(file);
  const times = timeReader(mapping, found);
  const repeated = new Map<string, { time: RowTime; rows: Row[] }>();
  const latest = new Map<string, RowTime>();
  const disordered = new Set<string>();

  for (const { line, cells } of table) {
    if (line <= mapping.header_line) continue;
    const row = rowOf(line, (column) => cells.get(columns.get(column) ?? -1) ?? "", mapping, found);
    const time = row && times(row);
    if (row === undefined || time === undefined) continue;
    const [start] = time.starts;
    const previous = latest.get(row.source);
    const isRepeat = time.starts.length > 1 && previous !== undefined && previous.starts.length > 1;
    if (previous !== undefined && time.clock < previous.clock && !isRepeat) disordered.add(row.source);
    latest.set(row.source, time);
    if (time.starts.length > 1) {
      const key = `${time.clock} ${row.source}`;
      const known = repeated.get(key) ?? { time, rows: [] };
      repeated.set(key, known);
      known.rows.push(row);
    } else if (start !== undefined) addEnergies(row, start, mapping, found);
    else addSkipped(row, time, mapping, found);
  }

  for (const { time, rows } of repeated.values()) {
    if (rows.length === time.starts.length && !disordered.has(rows[0]?.source ?? "")) {
      for (const [index, row] of rows.entries()) addEnergies(row, time.starts[index] ?? Number.NaN, mapping, found);
      continue;
    }
    const problem = "this hour was there twice, and nothing tells which one this is";
    const remedy = "Give both hours in ascending order, or map a column that says which clock a row goes by";
    for (const row of rows) found.report({ line: row.line }, problem, remedy);
  }
  return found.finish();
}

function tableOf(bytes: Uint8Array, file: string, { table }: Mapping): TableRow[] {
  if (table.type === "xlsx") return xlsxTable(bytes, file, table.sheet);
  return csvTable(new TextDecoder("utf-8").decode(bytes), file, table.delimiter);
}

/** Where the columns that the mapping names are. */
function columnsOf(table: readonly TableRow[], file: string, mapping: Mapping): ReadonlyMap<string, number> {
  const { header_line: line, source, time, clock, energy, quality } = mapping;
  const header = table.find((row) => row.line === line);
  const columns = new Map([...(header?.cells ?? [])].map(([column, label]) => [String(label), column]));
  const needed = [
    "column" in source ? source.column : undefined,
    ...time.map(({ column }) => column),
    ...[clock?.column, energy.injected, energy.withdrawn, quality?.column],
  ];
  const missing = needed.filter((name) => name !== undefined && !columns.has(name));
  if (missing.length === 0) return columns;
  const remedy = `Mend the mapping: line ${line} has ${[...columns.keys()].join(", ") || "no columns"}`;
  throw new InputError(missing.map((field) => ({ file, line, field, problem: "column missing", remedy })));
}

/** Undefined for a row without anything, and for one that is reported. */
function rowOf(line: number, cells: Cells, mapping: Mapping, found: IntervalCollector): Row | undefined {
  const { source: where, time, energy, quality: kinds } = mapping;
  const told = [...time.map(({ column }) => column), energy.injected, energy.withdrawn];
  if (told.every((column) => column === undefined || cells(column) === "")) return undefined;
  const source = "column" in where ? String(cells(where.column)) : where.value;
  if (source === "") found.report({ line }, "no measuring point", "Write its POD");
  const kind = kinds === undefined ? undefined : String(cells(kinds.column));
  const isEstimated = kinds !== undefined && kind !== undefined && kinds.estimated.includes(kind);
  if (kinds !== undefined && kind !== undefined && !isEstimated && !kinds.measured.includes(kind)) {
    const remedy = `Mend it, or the mapping: ${[...kinds.measured, ...kinds.estimated].join(", ")}`;
    found.report({ line, field: kinds.column, value: kind }, "neither measured nor estimated", remedy);
    return undefined;
  }
  return source === "" ? undefined : { line, cells, source, quality: isEstimated ? "estimated" : "measured" };
}

/** Reads when rows begin; undefined for one that is reported. */
function timeReader(mapping: Mapping, found: IntervalCollector): (row: Row) => RowTime | undefined {
  const dayOf = localDays();
  const patterns = mapping.time.map(({ column, format }) => ({ column, format, read: timePattern(format) }));
  return ({ line, cells }) => {
    let parts: TimeParts = {};
    for (const { column, format, read } of patterns) {
      const said = read(cells(column));
      if (said === undefined) {
        const place = { line, field: column, value: String(cells(column)) };
        found.report(place, `not a time as ${format}`, "Mend it, or the mapping");
        return undefined;
      }
      parts = { ...parts, ...said };
    }
    const { clock } = mapping;
    const flag = clock === undefined ? undefined : String(cells(clock.column));
    const offset = flag === undefined ? undefined : flag === clock?.summer ? 2 : flag === clock?.standard ? 1 : 0;
    if (offset === 0) {
      const place = { line, field: clock?.column, value: flag };
      found.report(place, "neither standard nor summer time", `Write ${clock?.standard} or ${clock?.summer}`);
      return undefined;
    }
    const time = rowTimeOf(parts, mapping, offset, dayOf);
    if (typeof time !== "string") return time;
    const value = patterns.map(({ column }) => cells(column)).join(" ");
    found.report({ line, field: patterns[0]?.column, value }, time, "Mend it, or the mapping");
    return undefined;
  };
}

function addEnergies(row: Row, start: number, mapping: Mapping, found: IntervalCollector): void {
  const { line, source, quality } = row;
  const { seconds } = mapping;
  for (const { direction, column, energy } of energiesOf(row, mapping, found)) {
    const place = { line, field: column, value: String(row.cells(column)) };
    if (energy === undefined) found.addEmpty();
    else found.add({ source, direction, start, seconds, milliWattHours: energy, quality }, place);
  }
}

/** A row for a time that did not exist may only say zero, and only where clocks changed. */
function addSkipped(row: Row, time: RowTime, mapping: Mapping, found: IntervalCollector): void {
  for (const { column, energy } of energiesOf(row, mapping, found)) {
    if (energy === undefined) continue;
    if (energy === 0 && time.isChangeDay) found.addPlaceholder();
    else {
      const place = { line: row.line, field: column, value: String(row.cells(column)) };
      found.report(place, "energy at a time that did not exist by this clock", "Mend the time, or empty this field");
    }
  }
}

type Energy = { readonly direction: Direction; readonly column: string; readonly energy: number | undefined };

/** What a row says, but for what is reported; undefined where it says nothing. */
function energiesOf(row: Row, mapping: Mapping, found: IntervalCollector): Energy[] {
  const { energy: columns, unit, decimal, seconds } = mapping;
  return DIRECTIONS.flatMap((direction): Energy[] => {
    const column = columns[direction];
    if (column === undefined) return [];
    const cell = row.cells(column);
    if (cell === "") return [{ direction, column, energy: undefined }];
    const isText = typeof cell === "string";
    const text = isText ? cell : cell.toFixed(DECIMALS_OF_NUMBER);
    const energy = parseEnergy(text, unit, isText ? decimal : ".", seconds);
    if (typeof energy === "number") return [{ direction, column, energy }];
    found.report({ line: row.line, field: column, value: String(cell) }, energy, "Mend it, or the mapping");
    return [];
  });
}

/**
 * The load curve that e-Distribuzione's portal exports (`ExportData_….csv`): a row a day, `Giorno` as dd/mm/yyyy and 96
 * quarter-hours of kWh by the clock, `;`, decimal comma. It names neither POD nor direction, and knows no estimates.
 *
 * On the autumn day the date stands on two rows. That the first has the repeated hour in summer time and the second in
 * standard time is an assumption; for the rest of that day, whatever either row has is taken, and must not differ.
 */

import { csvRows } from "../csvFile.ts";
import type { Place } from "./collector.ts";
import { type IntervalCollector, type IntervalsFile, intervalCollector, type MeasuringPoint } from "./interval.ts";
import { instantsOf, type LocalDay, localDays } from "./localDay.ts";
import { parseEnergy } from "./quantity.ts";

const QUARTER = 900;
const QUARTERS = 96;
/** The quarter-hours from 02:00 to 03:00, which clock changes skip or repeat. */
const CHANGED_QUARTERS = { first: 8, end: 12 };

type Row = { readonly line: number; readonly date: string; readonly quarters: readonly string[] };

/** Throws InputError with everything that is wrong. */
export function parseEdistribuzioneCsv(text: string, file: string, point: MeasuringPoint): IntervalsFile {
  const found = intervalCollector(file);
  const [header, ...lines] = csvRows(text, file, ";");
  const labels = header?.record.map((label) => label.trim()) ?? [];
  const wrong = COLUMNS.findIndex((label, index) => labels[index] !== label);
  if (wrong >= 0) {
    const place = { line: 1, field: `column ${wrong + 1}`, value: labels[wrong] };
    found.report(
      place,
      `not «${COLUMNS[wrong]}»`,
      "Export the quarter-hourly curve from e-Distribuzione's portal again",
    );
    return found.finish();
  }
  const rows = lines.map(({ record, info }): Row => {
    const [date = "", ...quarters] = record.map((cell) => cell.trim());
    // Rows end with a separator, the header does not.
    if (quarters.length === QUARTERS + 1 && quarters.at(-1) === "") quarters.pop();
    if (quarters.length !== QUARTERS) {
      found.report({ line: info.lines }, `${quarters.length} quarter-hours, not ${QUARTERS}`, "Export this day again");
    }
    return { line: info.lines, date, quarters };
  });
  const days = localDays();
  for (const [date, rowsOfDay] of Map.groupBy(rows, (row) => row.date)) {
    const [, dayOfMonth, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(date)?.map(Number) ?? [];
    const day = days(year ?? 0, month ?? 0, dayOfMonth ?? 0);
    const place = { line: rowsOfDay[0]?.line, field: "Giorno", value: date };
    if (day === undefined) found.report(place, "not a date from 2000 to 2099", "Write it as 31/12/2026");
    else if (day.hours > 24) addAutumnDay(day, rowsOfDay, point, found);
    else for (const row of rowsOfDay) addDay(day, row, point, found);
  }
  return found.finish();
}

const COLUMNS = [
  "Giorno",
  ...Array.from({ length: QUARTERS }, (_, quarter) => `${clock(quarter)}-${clock(quarter + 1)}`),
];

/** `00:15` is when quarter-hour 1 begins. */
function clock(quarter: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(quarter / 4) % 24)}:${two((quarter % 4) * 15)}`;
}

function addDay(day: LocalDay, row: Row, point: MeasuringPoint, found: IntervalCollector): void {
  const isEmpty = (from: number, end: number) => row.quarters.slice(from, end).every((cell) => cell === "");
  if (day.hours < 24 && isEmpty(QUARTERS - 4, QUARTERS) && !isEmpty(CHANGED_QUARTERS.first, CHANGED_QUARTERS.end)) {
    // Zeros there would not tell whether the 92 quarter-hours stand by the clock or one after the other.
    const place = { line: row.line, field: COLUMNS[1 + CHANGED_QUARTERS.first] };
    const remedy = "Put the day's values under the hours of the clock, with nothing from 02:00 to 03:00";
    found.report(place, "energy from 02:00 to 03:00, which did not exist, and none from 23:00", remedy);
    return;
  }
  for (const [quarter, cell] of row.quarters.entries()) {
    const [start] = instantsOf(day, quarter * QUARTER);
    addQuarter(start, cell, { line: row.line, field: COLUMNS[1 + quarter], value: cell }, point, found);
  }
}

function addAutumnDay(day: LocalDay, rows: readonly Row[], point: MeasuringPoint, found: IntervalCollector): void {
  const [summer, standard] = rows;
  if (summer === undefined || rows.length > 2) {
    found.report({ line: rows[2]?.line, field: "Giorno", value: rows[2]?.date }, "a third row of this day", "Keep two");
    return;
  }
  for (const [quarter, cell] of summer.quarters.entries()) {
    const field = COLUMNS[1 + quarter];
    const place = { line: summer.line, field, value: cell };
    const other = standard?.quarters[quarter] ?? "";
    const [first, second] = instantsOf(day, quarter * QUARTER);
    if (second === undefined) {
      const values = new Set([cell, other].filter((value) => value !== ""));
      if (values.size > 1) values.delete([...values].find((value) => /^0(,0*)?$/.test(value)) ?? "");
      if (values.size > 1) {
        found.report(
          { ...place, line: standard?.line, value: other },
          `«${cell}» in the other row of this day`,
          "Mend it",
        );
      }
      const [value = ""] = values;
      addQuarter(first, value, { ...place, value }, point, found);
    } else if (standard === undefined && cell !== "") {
      const remedy =
        "Give the day two rows, summer time first, or leave 02:00 to 03:00 empty and add it from another file";
      found.report(place, "this hour was there twice, but the day has one row", remedy);
    } else {
      addQuarter(first, cell, place, point, found);
      addQuarter(second, other, { line: standard?.line, field, value: other }, point, found);
    }
  }
}

/** @param start undefined if there is no such time */
function addQuarter(
  start: number | undefined,
  cell: string,
  place: Place,
  point: MeasuringPoint,
  found: IntervalCollector,
): void {
  if (cell === "") {
    if (start !== undefined) found.addEmpty();
    return;
  }
  const energy = parseEnergy(cell, "kWh", ",", QUARTER);
  if (typeof energy === "string") found.report(place, energy, "Write kWh as 0,139, or nothing if unknown");
  else if (start !== undefined) {
    found.add({ ...point, start, seconds: QUARTER, milliWattHours: energy, quality: "measured" }, place);
  } else if (energy === 0) found.addPlaceholder();
  else found.report(place, "energy in an hour that did not exist", "Empty this field");
}

/**
 * Load curves from the customers' portal that Duereti, Unareti and others share (PCF): a row a quarter-hour, `;`, decimal
 * comma, kWh. ORA is when the quarter-hour begins by the clock; FL_ORA_LEGALE says what the clock shows then, 1 standard
 * time, 2 summer time, so both hours of the autumn day are told apart. TIPO_DATO E is measured, S estimated.
 *
 * A real file has, on the spring day, zeros for the hour that does not exist, with flag 2. That, and zeros with the wrong
 * flag on an autumn day, stand for nothing; energy there is a mistake. The autumn day itself has not been seen.
 */

import { InputError } from "../../settlement/inputProblem.ts";
import { csvRows } from "../csvFile.ts";
import type { Direction } from "../measurement.ts";
import { type IntervalsFile, intervalCollector } from "./interval.ts";
import { clockOffset, instantsOf, localDays } from "./localDay.ts";
import { parseEnergy } from "./quantity.ts";

const QUARTER = 900;

const CHANNELS: readonly (readonly [column: string, direction: Direction])[] = [
  ["ATTIVA_PRELEVATA", "withdrawn"],
  ["ATTIVA_IMMESSA", "injected"],
];
const REQUIRED = ["POD", "DATA", "ORA", "FL_ORA_LEGALE", "ATTIVA_PRELEVATA", "TIPO_DATO"];
/** An older export of the same distributors: what it carries may be kW. */
const OLDER_COLUMN = "CONSUMO_ATTIVA_PRELEVATA";

/** Throws InputError with everything that is wrong. */
export function parsePcfCsv(text: string, file: string): IntervalsFile {
  const [header, ...rows] = csvRows(text, file, ";");
  const columns = header?.record.map((name) => name.trim()) ?? [];
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const remedy = columns.includes(OLDER_COLUMN)
      ? "This is the older export, in kWh or kW: compare it with the meter, and import it by a mapping that states the unit"
      : "Export the curve (CURVE) from the distributor's portal again";
    throw new InputError(missing.map((field) => ({ file, line: 1, field, problem: "column missing", remedy })));
  }

  const found = intervalCollector(file);
  const days = localDays();
  for (const { record, info } of rows) {
    const cell = (column: string) => record[columns.indexOf(column)]?.trim() ?? "";
    const at = (field: string) => ({ line: info.lines, field, value: cell(field) });
    const source = cell("POD");
    const [year = 0, month = 0, date = 0] = digits(/^(\d{4})(\d\d)(\d\d)$/, cell("DATA"));
    const day = days(year, month, date);
    const [hour, minute = 0] = digits(/^([01]\d|2[0-3])(00|15|30|45)00$/, cell("ORA"));
    const offset = cell("FL_ORA_LEGALE");
    const quality = { E: "measured", S: "estimated" } as const;
    const kind = cell("TIPO_DATO");

    if (source === "") found.report(at("POD"), "no POD", "Write the POD");
    if (day === undefined) found.report(at("DATA"), "not a date from 2000 to 2099", "Write it as 20261231");
    if (hour === undefined) found.report(at("ORA"), "not the start of a quarter-hour", "Write it as 174500");
    if (offset !== "1" && offset !== "2") {
      found.report(at("FL_ORA_LEGALE"), "not 1 or 2", "Write 1 for standard time, 2 for summer time");
    }
    if (kind !== "E" && kind !== "S")
      found.report(at("TIPO_DATO"), "not E or S", "Write E if measured, S if estimated");
    if (day === undefined || hour === undefined || (kind !== "E" && kind !== "S")) continue;

    const time = hour * 3600 + minute * 60;
    const start = instantsOf(day, time).find((instant) => clockOffset(day, time, instant) === Number(offset));
    const channels = CHANNELS.filter(([column]) => cell(column) !== "");
    if (channels.length === 0 && start !== undefined) found.addEmpty();
    for (const [column, direction] of channels) {
      const energy = parseEnergy(cell(column), "kWh", ",", QUARTER);
      if (typeof energy === "string") found.report(at(column), energy, "Write kWh as 0,139, or nothing if unknown");
      else if (start !== undefined) {
        const milliWattHours = energy;
        found.add({ source, direction, start, seconds: QUARTER, milliWattHours, quality: quality[kind] }, at(column));
      } else if (energy === 0 && day.hours !== 24) found.addPlaceholder();
      else if (offset === "1" || offset === "2") {
        const remedy = "Mend FL_ORA_LEGALE: 1 for standard time, 2 for summer time";
        found.report(at(column), `no such time with FL_ORA_LEGALE ${offset}: ${cell("DATA")} ${cell("ORA")}`, remedy);
      }
    }
  }
  return found.finish();
}

function digits(pattern: RegExp, text: string): number[] {
  return pattern.exec(text)?.slice(1).map(Number) ?? [];
}

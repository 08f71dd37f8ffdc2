/**
 * What a Shelly EM or 3EM has stored (`emeter/…/em_data.csv`): Wh each ten minutes, by the UTC time at which they begin.
 * Active energy is withdrawn, returned energy injected; the clamp decides which is which. A 3EM gives a file a phase.
 */

import { InputError } from "../../settlement/inputProblem.ts";
import { csvRows } from "../csvFile.ts";
import type { Direction } from "../measurement.ts";
import { type IntervalsFile, intervalCollector } from "./interval.ts";
import { localDays } from "./localDay.ts";
import { parseEnergy } from "./quantity.ts";

const TEN_MINUTES = 600;

const TIME = /^Date\/time UTC$/;
/** Behind each a phase or channel: `(A)`, `(1)`. */
const CHANNELS: readonly (readonly [column: RegExp, direction: Direction])[] = [
  [/^Active energy Wh\b/, "withdrawn"],
  [/^Returned energy Wh\b/, "injected"],
];

/** @param source what the meter is called. Throws InputError with everything that is wrong. */
export function parseShellyCsv(text: string, file: string, { source }: { source: string }): IntervalsFile {
  const [header, ...rows] = csvRows(text, file);
  const labels = header?.record.map((label) => label.trim()) ?? [];
  const columns = [TIME, ...CHANNELS.map(([column]) => column)].map((label) =>
    labels.findIndex((each) => label.test(each)),
  );
  if (columns.includes(-1)) {
    const remedy = "The first line must name Date/time UTC, Active energy Wh and Returned energy Wh: download it again";
    throw new InputError([{ file, line: 1, value: labels.join(","), problem: "not a Shelly's em_data.csv", remedy }]);
  }
  const [timeColumn = 0, ...energyColumns] = columns;
  const found = intervalCollector(file);
  const days = localDays();
  for (const { record, info } of rows) {
    const cell = (column: number) => record[column]?.trim() ?? "";
    const at = (column: number) => ({ line: info.lines, field: labels[column], value: cell(column) });
    const [year = 0, month = 0, date = 0, hour = 0, minute = 0] =
      /^(\d{4})-(\d\d)-(\d\d) ([01]\d|2[0-3]):([0-5]0)$/.exec(cell(timeColumn))?.slice(1).map(Number) ?? [];
    const day = days(year, month, date);
    if (day === undefined) {
      found.report(at(timeColumn), "not ten minutes of a day from 2000 to 2099", "Write it as 2026-12-31 23:50");
      continue;
    }
    const start = day.clock + hour * 3600 + minute * 60;
    for (const [index, column] of energyColumns.entries()) {
      const direction = CHANNELS[index]?.[1];
      const energy = parseEnergy(cell(column), "Wh", ".", TEN_MINUTES);
      if (cell(column) === "") found.addEmpty();
      else if (typeof energy === "string") found.report(at(column), energy, "Write Wh as 30.70, or nothing if unknown");
      else if (direction !== undefined) {
        const measured = { milliWattHours: energy, quality: "measured" } as const;
        found.add({ source, direction, start, seconds: TEN_MINUTES, ...measured }, at(column));
      }
    }
  }
  return found.finish();
}

/** Hourly readings from a CSV file: `meter_id,utc_hour,injected_wh,withdrawn_wh`. */

import { formatHour, type Hour, parseHour } from "../settlement/hours.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { readCsv } from "./csvFile.ts";
import { ALWAYS, isWithin } from "./meterPeriods.ts";
import type { MeterChannels } from "./plannedRosters.ts";

export const READINGS_COLUMNS = ["meter_id", "utc_hour", "injected_wh", "withdrawn_wh"] as const;

/** 1 January 2000: an earlier hour is mistyped. */
export const EARLIEST_HOUR = 262_968;

/** 2³² − 1 Wh: what a lane of a row holds. */
export const LARGEST_READING = 0xffff_ffff;

/** Wh; undefined: not measured. */
export type Reading = { readonly injected: number | undefined; readonly withdrawn: number | undefined };

/** By meter, then by hour. */
export type Readings = ReadonlyMap<string, ReadonlyMap<Hour, Reading>>;

/** Hours of a meter in the file that lie outside its dates. */
export type LeftOut = { readonly meter: string; readonly hours: number };

/**
 * Reads and checks a file of readings. Hours of a meter ascend; hours may be left out. What a meter measured before it came to
 * the community or after it went is nobody's business here: it is checked, counted and left out.
 * @param now seconds since the Unix epoch: a reading of an hour that has not ended is refused
 * @param starts first hour of each configuration, where the community file states it
 * @throws InputError with everything that is wrong
 */
export function readReadingsFile(
  file: string,
  meters: readonly MeterChannels[],
  now: number,
  starts: readonly (Hour | undefined)[] = [],
): { readonly readings: Readings; readonly leftOut: readonly LeftOut[] } {
  const lines = readCsv(file, READINGS_COLUMNS);
  if (lines.length === 0) {
    throw new InputError([{ file, problem: "no lines below the header", remedy: "Add readings" }]);
  }
  const problems: InputProblem[] = [];
  const entriesOf = Map.groupBy(meters, ({ id }) => id);
  const readings = new Map<string, Map<Hour, Reading>>();
  const last = new Map<string, Hour>();
  const leftOut = new Map<string, number>();

  for (const { line, fields } of lines) {
    const report = (field: (typeof READINGS_COLUMNS)[number], problem: string, remedy: string) =>
      problems.push({ file, line, field, value: fields.get(field), problem, remedy });
    const id = fields.get("meter_id") ?? "";
    const entries = entriesOf.get(id);
    if (entries === undefined) {
      report("meter_id", "unknown meter", "Add the meter to the community file, or take its lines out");
      continue;
    }
    const hour = parseHour(fields.get("utc_hour") ?? "");
    if (hour === undefined) {
      report("utc_hour", "not the start of an hour in UTC", "Write it as 2026-03-01T08:00:00Z");
      continue;
    }
    if (hour < EARLIEST_HOUR) {
      report("utc_hour", "before the year 2000", "Mend the year");
      continue;
    }
    if ((hour + 1) * 3600 > now) report("utc_hour", "this hour has not ended", "Take future hours out");
    const start = starts[entries[0]?.configuration ?? 0];
    if (start !== undefined && hour < start) {
      report("utc_hour", `before the start of the configuration, ${formatHour(start)}`, "Take earlier hours out");
    }
    const known = readings.get(id) ?? new Map<Hour, Reading>();
    const previous = last.get(id);
    if (known.has(hour) || hour === previous) {
      report("utc_hour", `duplicate hour of meter ${id}`, "Keep one line for each meter and hour");
    } else if (previous !== undefined && hour < previous) {
      report("utc_hour", `hour out of order: meter ${id} was at ${formatHour(previous)}`, "Sort the lines by hour");
    }
    const current = entries.filter(({ period = ALWAYS }) => isWithin(hour, period));
    const quantity = (field: "injected_wh" | "withdrawn_wh", channel: "injection" | "withdrawal", remedy: string) => {
      const text = fields.get(field) ?? "";
      if (text === "") return undefined;
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (!(value <= LARGEST_READING)) {
        report(
          field,
          "not a whole number of Wh from 0 to 4294967295",
          "Write Wh without decimals, or nothing if unknown",
        );
      } else if (current.length > 0 && current.every((meter) => meter[channel] === undefined) && value !== 0) {
        report(field, `meter ${id} has no channel for this`, remedy);
      }
      return value;
    };
    const reading = {
      injected: quantity("injected_wh", "injection", "Give the meter a `plant` in the community file"),
      withdrawn: quantity("withdrawn_wh", "withdrawal", "Set `withdraws: true` in the community file"),
    };
    last.set(id, hour);
    if (current.length === 0) {
      leftOut.set(id, (leftOut.get(id) ?? 0) + 1);
      continue;
    }
    known.set(hour, reading);
    readings.set(id, known);
  }
  if (problems.length > 0) throw new InputError(problems);
  return { readings, leftOut: [...leftOut].map(([meter, hours]) => ({ meter, hours })) };
}

/** Likewise, without counting. */
export function readReadings(...file: Parameters<typeof readReadingsFile>): Readings {
  return readReadingsFile(...file).readings;
}

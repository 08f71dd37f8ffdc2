/** A file of a distributor, the market or a meter into the inbox: all of it, or nothing. */

import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { parseEdistribuzioneCsv } from "./formats/edistribuzioneCsv.ts";
import { parseEdistribuzioneJson } from "./formats/edistribuzioneJson.ts";
import { parseGmeXml } from "./formats/gmeXml.ts";
import type { Interval, IntervalsFile } from "./formats/interval.ts";
import { parseMappedTable } from "./formats/mappedTable.ts";
import type { Mapping } from "./formats/mapping.ts";
import { parsePcfCsv } from "./formats/pcfCsv.ts";
import { parsePricesCsv } from "./formats/pricesCsv.ts";
import { parseShellyCsv } from "./formats/shellyCsv.ts";
import { hourlyPrices, type ZonalPrice } from "./formats/zonalPrice.ts";
import type { Inbox, Origin } from "./inbox.ts";
import type { Direction } from "./measurement.ts";

export const FORMATS = [
  "e-distribuzione-csv",
  "e-distribuzione-json",
  "pcf-csv",
  "mapped",
  "gme-xml",
  "prices-csv",
  "shelly-csv",
] as const;
export type Format = (typeof FORMATS)[number];

export type ImportOptions = {
  readonly format: Format;
  /** Whose energy it is, where the file names no POD. */
  readonly meter?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly mapping?: Mapping | undefined;
  /** Meters by POD; a meter's id names it too. */
  readonly meterOf: ReadonlyMap<string, string>;
};

export type Imported = {
  /** Intervals or prices that the file has. */
  readonly count: number;
  /** Zeros for an hour that does not exist, and intervals without a value. */
  readonly leftOut: number;
  readonly meters: readonly string[];
};

const SECONDS_PER_HOUR = 3600;
const PRICES = new Set<Format>(["gme-xml", "prices-csv"]);

/**
 * Imports a file; once more, and nothing changes.
 * @param now seconds since the Unix epoch
 * @throws InputError with everything that is wrong; nothing is kept then
 */
export function importFile(
  inbox: Inbox,
  bytes: Uint8Array,
  file: string,
  options: ImportOptions,
  now: number,
): Imported {
  if (PRICES.has(options.format)) return importPrices(inbox, pricesOf(bytes, file, options.format), file);
  const { intervals, placeholders, empty } = intervalsOf(bytes, file, options);
  const unknown = new Set(intervals.map(({ source }) => source).filter((source) => !options.meterOf.has(source)));
  const problems: InputProblem[] = [...unknown].map((source) => {
    const remedy = "Name the community file, whose `pod` says it, or take its lines out";
    return { file, value: source, problem: "no meter of the community has this POD or id", remedy };
  });
  const future = intervals.find(({ start, seconds }) => start + seconds > now);
  if (future !== undefined) {
    const value = new Date(future.start * 1000).toISOString();
    problems.push({ file, value, problem: "this interval has not ended", remedy: "Take future intervals out" });
  }
  if (problems.length > 0) throw new InputError(problems);

  const byMeter = Map.groupBy(intervals, ({ source }) => options.meterOf.get(source) ?? source);
  const origin: Origin = options.format === "shelly-csv" ? "meter" : "distributor";
  inbox.store(
    [...byMeter].map(([meter, own]) => ({ meter, origin, receivedAt: now, measurements: own.map(measurementOf) })),
  );
  return { count: intervals.length, leftOut: placeholders + empty, meters: [...byMeter.keys()] };
}

function measurementOf({ source: _, ...interval }: Interval) {
  return { kind: "interval" as const, ...interval };
}

function importPrices(inbox: Inbox, prices: readonly ZonalPrice[], file: string): Imported {
  const hourly = hourlyPrices(prices);
  if (hourly.length === 0) {
    throw new InputError([{ file, problem: "no hour with a price", remedy: "Download the whole day again" }]);
  }
  for (const [zone, own] of Map.groupBy(hourly, (price) => price.zone)) {
    inbox.storePrices(zone, new Map(own.map(({ start, price }) => [start / SECONDS_PER_HOUR, price])));
  }
  return { count: hourly.length, leftOut: 0, meters: [] };
}

function pricesOf(bytes: Uint8Array, file: string, format: Format): ZonalPrice[] {
  return (format === "gme-xml" ? parseGmeXml : parsePricesCsv)(textOf(bytes, file), file);
}

function intervalsOf(bytes: Uint8Array, file: string, options: ImportOptions): IntervalsFile {
  const { format, meter, direction, mapping } = options;
  switch (format) {
    case "e-distribuzione-csv":
      return parseEdistribuzioneCsv(textOf(bytes, file), file, {
        source: given(meter, "--meter", file),
        direction: given(direction, "--direction", file),
      });
    case "e-distribuzione-json":
      return parseEdistribuzioneJson(textOf(bytes, file), file, { source: given(meter, "--meter", file) });
    case "shelly-csv":
      return parseShellyCsv(textOf(bytes, file), file, { source: given(meter, "--meter", file) });
    case "mapped":
      return parseMappedTable(bytes, file, given(mapping, "--mapping", file));
    default:
      return parsePcfCsv(textOf(bytes, file), file);
  }
}

function given<T>(value: T | undefined, field: string, file: string): T {
  if (value !== undefined) return value;
  throw new InputError([{ file, field, problem: "missing: this format does not say it", remedy: `Give ${field}` }]);
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([{ file, problem: "not UTF-8", remedy: "Save it as text in UTF-8" }]);
  }
}

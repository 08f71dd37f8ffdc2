/** Energy by interval: what the files of distributors and meters come to, whatever their format. */

import type { Direction, Quality } from "../measurement.ts";
import { type Collector, collector } from "./collector.ts";

/** Energy that went one way through one measuring point in one interval. */
export type Interval = {
  /** POD or meter id, as the file writes it. */
  readonly source: string;
  readonly direction: Direction;
  /** Seconds since the Unix epoch. */
  readonly start: number;
  /** 900, 3600, 600 … */
  readonly seconds: number;
  /** Thousandths of a Wh: whole. */
  readonly milliWattHours: number;
  readonly quality: Quality;
};

export type IntervalsFile = {
  /** By source and direction, each ascending; none overlaps another. */
  readonly intervals: readonly Interval[];
  /** Zeros for an hour that does not exist: some formats fill the hour that clocks skip. */
  readonly placeholders: number;
  /** Intervals without a value: not measured, or not published yet. */
  readonly empty: number;
};

/** Whose energy it is, where the file does not say it. */
export type MeasuringPoint = { readonly source: string; readonly direction: Direction };

export type IntervalCollector = Pick<Collector<Interval>, "add" | "report"> & {
  readonly addPlaceholder: () => void;
  readonly addEmpty: () => void;
  /** Throws InputError as a collector does. */
  readonly finish: () => IntervalsFile;
};

/** @param file for messages */
export function intervalCollector(file: string): IntervalCollector {
  const { add, report, finish } = collector<Interval>(
    file,
    ({ source, direction }) => `${direction} ${source}`,
    ({ milliWattHours, quality }) => `${milliWattHours} ${quality}`,
  );
  let placeholders = 0;
  let empty = 0;
  return {
    add,
    report,
    addPlaceholder: () => placeholders++,
    addEmpty: () => empty++,
    finish: () => ({ intervals: finish(), placeholders, empty }),
  };
}

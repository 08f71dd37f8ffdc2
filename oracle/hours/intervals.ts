/** From the energies of intervals to the energy of whole hours. */

import type { Hour } from "../../settlement/hours.ts";
import type { Quality } from "../measurement.ts";

export type IntervalReading = {
  /** Seconds since the Unix epoch. */
  readonly start: number;
  /** A divisor of an hour; the interval lies within one. */
  readonly seconds: number;
  /** Thousandths of a Wh. */
  readonly milliWattHours: number;
  readonly quality: Quality;
};

export type IntervalHour = { readonly wattHours: number; readonly quality: Quality };

const SECONDS_PER_HOUR = 3600;

/**
 * The hours that are covered as a whole: by the shortest intervals that cover them, which is to say quarter-hours before hours.
 * Their sum is rounded to whole Wh, half up; it is estimated if a part of it is.
 */
export function hoursOfIntervals(readings: readonly IntervalReading[]): Map<Hour, IntervalHour> {
  const hours = new Map<Hour, IntervalHour>();
  for (const [hour, parts] of Map.groupBy(readings, ({ start }) => Math.floor(start / SECONDS_PER_HOUR))) {
    const whole = [...Map.groupBy(parts, ({ seconds }) => seconds)]
      .toSorted(([a], [b]) => a - b)
      .map(([seconds, all]) => ({ seconds, byStart: new Map(all.map((part) => [part.start, part])) }))
      .find(({ seconds, byStart }) => byStart.size * seconds === SECONDS_PER_HOUR);
    if (whole === undefined) continue;
    const kept = [...whole.byStart.values()];
    const total = kept.reduce((sum, { milliWattHours }) => sum + milliWattHours, 0);
    const quality = kept.some((part) => part.quality === "estimated") ? "estimated" : "measured";
    hours.set(hour, { wattHours: Math.floor((total + 500) / 1000), quality });
  }
  return hours;
}

/**
 * Days of Europe/Rome and the instants of their clock times. Summer time begins at 02:00, so that the hour from there does
 * not exist, and ends at 03:00, so that the hour before is there twice: Directive 2000/84/EC, every year from 2002.
 */

import { hoursOfMarketDay } from "../../settlement/hours.ts";

export const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3600;

/** Clock time at which the skipped hour begins, and the repeated one. */
const CHANGED_HOUR = 2 * SECONDS_PER_HOUR;

const FIRST_YEAR = 2000;
const LAST_YEAR = 2099;

export type LocalDay = {
  /** Seconds since the Unix epoch. */
  readonly start: number;
  /** 23, 24 or 25. */
  readonly hours: number;
  /** Midnight as if the clock showed UTC, in seconds: the clock's time less this is the time of the day. */
  readonly clock: number;
};

/** Finds days; each is computed once. Undefined if there is no such date from 2000 to 2099. */
export function localDays(): (year: number, month: number, day: number) => LocalDay | undefined {
  const known = new Map<number, LocalDay | undefined>();
  return (year, month, day) => {
    const key = (year * 100 + month) * 100 + day;
    if (!known.has(key)) known.set(key, localDay(year, month, day));
    return known.get(key);
  };
}

function localDay(year: number, month: number, day: number): LocalDay | undefined {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const { firstHour, hourCount } = hoursOfMarketDay(midnight.toISOString().slice(0, 10));
  return { start: firstHour * SECONDS_PER_HOUR, hours: hourCount, clock: midnight.getTime() / 1000 };
}

/**
 * When the clock shows a time on a day: mostly once, twice in the repeated hour (summer time first), never in the skipped one.
 * @param time seconds from 00:00 by the clock, below 24 hours
 * @returns seconds since the Unix epoch
 */
export function instantsOf(day: LocalDay, time: number): number[] {
  const change = (day.hours - 24) * SECONDS_PER_HOUR;
  const isChanged = change !== 0 && time >= CHANGED_HOUR && time < CHANGED_HOUR + SECONDS_PER_HOUR;
  if (isChanged) return change > 0 ? [day.start + time, day.start + time + change] : [];
  return [day.start + time + (time < CHANGED_HOUR ? 0 : change)];
}

/** Hours that the clock is ahead of UTC when it shows `time` at `instant`: 1 in standard time, 2 in summer time. */
export function clockOffset(day: LocalDay, time: number, instant: number): number {
  return (day.clock + time - instant) / SECONDS_PER_HOUR;
}

/** When the interval of a row begins, from what its cells say. */

import { clockOffset, instantsOf, type LocalDay, SECONDS_PER_DAY } from "./localDay.ts";
import type { Mapping } from "./mapping.ts";
import type { TimeParts } from "./timePattern.ts";

export type RowTime = {
  /** Begin by the clock, as if it showed UTC, in seconds: it goes back where clocks do. */
  readonly clock: number;
  /** Begin, seconds since the Unix epoch: none in the skipped hour, two in the repeated one if nothing tells them apart. */
  readonly starts: readonly number[];
  /** Whether clocks change on that day. */
  readonly isChangeDay: boolean;
};

/**
 * @param offset hours that the row's clock is ahead of UTC, where a column says so
 * @param dayOf as localDays gives them
 * @returns text that says what is wrong if it is no time
 */
export function rowTimeOf(
  { year, month, day, hour = 0, minute = 0, second = 0, offset: secondsAhead, number }: TimeParts,
  { zone, marks, seconds }: Pick<Mapping, "zone" | "marks" | "seconds">,
  offset: number | undefined,
  dayOf: (year: number, month: number, day: number) => LocalDay | undefined,
): RowTime | string {
  const date = dayOf(year ?? 0, month ?? 0, day ?? 0);
  if (date === undefined) return "not a date from 2000 to 2099";
  const isUtc = zone === "UTC";
  if (number !== undefined) {
    const intervals = ((isUtc ? 24 : date.hours) * 3600) / seconds;
    if (number < 1 || number > intervals) return `not an interval of a day that has ${intervals}`;
    const start = (isUtc ? date.clock : date.start) + (number - 1) * seconds;
    return { clock: start, starts: [start], isChangeDay: date.hours !== 24 };
  }
  const time = hour * 3600 + minute * 60 + second;
  if (minute > 59 || second > 59 || time > SECONDS_PER_DAY || (time === SECONDS_PER_DAY && marks === "start")) {
    return "not a time of the day";
  }
  const clock = date.clock + time - (marks === "end" ? seconds : 0);
  if ((clock - (secondsAhead ?? 0)) % seconds !== 0) return `not the ${marks} of ${seconds} seconds`;
  if (secondsAhead !== undefined || isUtc) return { clock, starts: [clock - (secondsAhead ?? 0)], isChangeDay: false };

  const begin = new Date(clock * 1000);
  const beginDay = dayOf(begin.getUTCFullYear(), begin.getUTCMonth() + 1, begin.getUTCDate());
  if (beginDay === undefined) return "not a date from 2000 to 2099";
  const starts = instantsOf(beginDay, clock - beginDay.clock).filter(
    (start) => offset === undefined || clockOffset(beginDay, clock - beginDay.clock, start) === offset,
  );
  return { clock, starts, isChangeDay: beginDay.hours !== 24 };
}

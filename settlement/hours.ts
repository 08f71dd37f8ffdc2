/**
 * Hours, market days and months.
 *
 * An hour is a number of whole hours since the Unix epoch, UTC. A market day is a day of Europe/Rome: 23, 24 or 25
 * hours. A month is a calendar month of Europe/Rome, numbered year · 12 + (month − 1).
 */

const ZONE = "Europe/Rome";
const SECONDS_PER_HOUR = 3600;
const MILLISECONDS_PER_HOUR = 3_600_000;

export type Hour = number;
export type Month = number;

/** Consecutive hours: what one batch can cover. */
export type HourSpan = { readonly firstHour: Hour; readonly hourCount: number };

/** `2024-06-01T22:00:00Z` (also without seconds) as an hour; undefined if it is not the start of an hour in UTC. */
export function parseHour(text: string): Hour | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):00(?::00(?:\.0+)?)?Z$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour] = match.slice(1).map(Number) as [number, number, number, number];
  const milliseconds = Date.UTC(year, month - 1, day, hour);
  const back = new Date(milliseconds);
  const exists = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour;
  return exists ? milliseconds / MILLISECONDS_PER_HOUR : undefined;
}

/** The start of an hour as `2024-06-01T22:00:00Z`. */
export function formatHour(hour: Hour): string {
  return new Date(hour * MILLISECONDS_PER_HOUR).toISOString().replace(".000Z", "Z");
}

/** The local start of an hour as `2024-06-02 00:00 +02:00`. */
export function formatLocalHour(hour: Hour): string {
  const local = zoned(hour);
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: "minute" })} ${local.offset}`;
}

/** When an hour starts, in seconds since the Unix epoch. */
export function secondsOf(hour: Hour): number {
  return hour * SECONDS_PER_HOUR;
}

/** The market day (`2024-06-02`) in which an hour lies. */
export function marketDayOf(hour: Hour): string {
  return zoned(hour).toPlainDate().toString();
}

/** The hours of a market day (`2024-10-27`). Throws RangeError if there is no such date. */
export function hoursOfMarketDay(day: string): HourSpan {
  const date = Temporal.PlainDate.from(day);
  const firstHour = startOf(date);
  return { firstHour, hourCount: startOf(date.add({ days: 1 })) - firstHour };
}

/** The month in which an hour lies. */
export function monthOf(hour: Hour): Month {
  const time = new Date(hour * MILLISECONDS_PER_HOUR);
  const month = monthNumber(time.getUTCFullYear(), time.getUTCMonth() + 1);
  // Europe/Rome is ahead of UTC.
  return hour < startOfMonth(month + 1) ? month : month + 1;
}

/** The first hour of a month. */
export function startOfMonth(month: Month): Hour {
  const known = monthStarts.get(month);
  if (known !== undefined) return known;
  const first = startOf(Temporal.PlainDate.from({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 1 }));
  monthStarts.set(month, first);
  return first;
}

/** Zones are slow to ask, and the same few months come again and again. */
const monthStarts = new Map<Month, Hour>();

/** The first hour after a month. */
export function endOfMonth(month: Month): Hour {
  return startOfMonth(month + 1);
}

/** `2024-06` as a month; undefined if it is not one. */
export function parseMonth(text: string): Month | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  return match === null ? undefined : monthNumber(Number(match[1]), Number(match[2]));
}

/** A month as `2024-06`. */
export function formatMonth(month: Month): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The months that the hours from `first` to before `end` touch. */
export function monthsBetween(first: Hour, end: Hour): Month[] {
  const months: Month[] = [];
  for (let month = monthOf(first); month <= monthOf(end - 1); month++) months.push(month);
  return months;
}

/**
 * Cuts the hours from `first` to before `end` into batches: one market day each, of the 25-hour day two, and a day that
 * begins or ends in between only as far as it goes. A market day never crosses a month.
 */
export function batchSpans(first: Hour, end: Hour, longest = 24): HourSpan[] {
  const spans: HourSpan[] = [];
  let hour = first;
  while (hour < end) {
    const day = hoursOfMarketDay(marketDayOf(hour));
    const stop = Math.min(end, day.firstHour + day.hourCount, hour + longest);
    spans.push({ firstHour: hour, hourCount: stop - hour });
    hour = stop;
  }
  return spans;
}

function monthNumber(year: number, month: number): Month {
  return year * 12 + (month - 1);
}

function zoned(hour: Hour): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(hour * MILLISECONDS_PER_HOUR).toZonedDateTimeISO(ZONE);
}

function startOf(date: Temporal.PlainDate): Hour {
  return date.toZonedDateTime(ZONE).epochMilliseconds / MILLISECONDS_PER_HOUR;
}

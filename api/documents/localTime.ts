/** Times and months as documents write them. */

import { formatMonth, type Month } from "../../settlement/hours.ts";
import type { Language } from "../../settlement/terms.ts";

const ZONE = "Europe/Rome";

/** Seconds since the Unix epoch as `2026-03-12T10:05:00+01:00`, local in Europe/Rome. */
export function isoTime(time: number): string {
  return zoned(time).toString({ timeZoneName: "never" });
}

/** The local date: `12/03/2026` in Italian, `12 Mar 2026` in English. */
export function dateText(time: number, language: Language): string {
  const { day, month, year } = zoned(time);
  const name = ENGLISH_MONTHS[month - 1] ?? "";
  const two = (number: number) => String(number).padStart(2, "0");
  return language === "it" ? `${two(day)}/${two(month)}/${year}` : `${day} ${name.slice(0, 3)} ${year}`;
}

/** `marzo 2026`, `March 2026` */
export function monthText(month: Month, language: Language): string {
  const names = language === "it" ? ITALIAN_MONTHS : ENGLISH_MONTHS;
  return `${names[month % 12] ?? ""} ${Math.floor(month / 12)}`;
}

/** `2026-03`, or `2026-03 – 2026-05` */
export function monthsText(from: Month, to: Month): string {
  return from === to ? formatMonth(from) : `${formatMonth(from)} – ${formatMonth(to)}`;
}

const ITALIAN_MONTHS =
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(" ");
const ENGLISH_MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

function zoned(time: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time * 1000).toZonedDateTimeISO(ZONE);
}

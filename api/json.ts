/** JSON as the API writes it: integers beyond 2⁵³ as decimal strings, months as 2026-03, hours and moments as 2026-03-31T22:00:00Z. */

import { formatHour, formatMonth } from "../settlement/hours.ts";

const MONTHS = new Set(["month", "fromMonth", "toMonth", "rulesFrom", "firstMonth"]);
const HOURS = new Set(["fromHour", "endHour", "nextHour"]);

export function apiJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    // viem counts blocks without a bound; there will be no 2⁵³ of them.
    if (typeof part === "bigint") return key === "block" ? Number(part) : part.toString();
    if (typeof part === "number" && MONTHS.has(key)) return formatMonth(part);
    if (typeof part === "number" && HOURS.has(key)) return formatHour(part);
    if (typeof part === "number" && key === "time") return formatTime(part);
    return part;
  });
}

/** @param seconds since the Unix epoch */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

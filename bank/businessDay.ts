/** Days on which euro payments settle: the T2 calendar of the Eurosystem (weekends and six holidays closed). */

const DAY = 86_400_000;
const CLOSED = ["01-01", "05-01", "12-25", "12-26"];

/** `2026-03-31` as milliseconds since the epoch, UTC; undefined if there is no such day. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || formatDay(time) !== text ? undefined : time;
}

export function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function isBusinessDay(time: number): boolean {
  const date = new Date(time);
  if (date.getUTCDay() === 0 || date.getUTCDay() === 6) return false;
  if (CLOSED.includes(formatDay(time).slice(5))) return false;
  const easter = easterSunday(date.getUTCFullYear());
  return time !== easter - 2 * DAY && time !== easter + DAY;
}

/** The first business day after a day. */
export function nextBusinessDay(time: number): number {
  let next = time + DAY;
  while (!isBusinessDay(next)) next += DAY;
  return next;
}

/** Gregorian computus (Meeus, Jones, Butcher). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return Date.UTC(year, month - 1, day);
}

/**
 * Times by a pattern: `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss`, `xxx` for the offset from UTC (`+02:00` or `Z`), and `#` for the
 * number of the interval in its day, from 1. Everything else stands for itself. Leading zeros may be left out unless parts
 * stand side by side, as in `yyyyMMdd`.
 */

import type { Cell } from "./table.ts";

type Part = "year" | "month" | "day" | "hour" | "minute" | "second" | "offset" | "number";

/** What a cell says of a time; `offset` is the seconds that the clock is ahead of UTC. */
export type TimeParts = { readonly [Name in Part]?: number };

const TOKENS: ReadonlyMap<string, readonly [part: Part, pattern: string]> = new Map([
  ["yyyy", ["year", "\\d{4}"]],
  ["MM", ["month", "\\d{1,2}"]],
  ["dd", ["day", "\\d{1,2}"]],
  ["HH", ["hour", "\\d{1,2}"]],
  ["mm", ["minute", "\\d{1,2}"]],
  ["ss", ["second", "\\d{1,2}"]],
  ["xxx", ["offset", "Z|[+-](?:0\\d|1[0-4]):[0-5]\\d"]],
  ["#", ["number", "\\d{1,3}"]],
]);
const TOKEN = new RegExp(`(${[...TOKENS.keys()].join("|")})`);

/** Days from 30 December 1899, where Excel's serial numbers begin, to the Unix epoch. */
const SERIAL_OF_EPOCH = 25_569;
const SECONDS_PER_DAY = 86_400;
/** 2100: a larger number is a date written in digits, as 20261231. */
const END_SERIAL = 73_051;

/** Reads cells by a pattern; undefined where a cell does not follow it. */
export function timePattern(format: string): (cell: Cell) => TimeParts | undefined {
  const pieces = format.split(TOKEN).filter((piece) => piece !== "");
  const parts = pieces.flatMap((piece) => TOKENS.get(piece)?.[0] ?? []);
  const source = pieces.map((piece, index) => {
    const token = TOKENS.get(piece);
    if (token === undefined) return RegExp.escape(piece);
    const isBeside = [pieces[index - 1], pieces[index + 1]].some((other) => TOKENS.has(other ?? ""));
    return `(${isBeside ? token[1].replace("1,2", "2") : token[1]})`;
  });
  const expression = new RegExp(`^${source.join("")}$`);
  return (cell) => {
    if (typeof cell === "number" && cell < END_SERIAL && !parts.includes("number")) return partsOfSerial(cell, parts);
    const match = expression.exec(String(cell));
    if (match === null) return undefined;
    return partsOf(parts, (part, index) => (part === "offset" ? offsetOf : Number)(match[index + 1] ?? ""));
  };
}

/** A serial number counts days; it says only what the pattern asks for. */
function partsOfSerial(serial: number, asked: readonly Part[]): TimeParts {
  // A workbook keeps binary fractions of days, so a second is as exact as it can be.
  const seconds = Math.round(serial * SECONDS_PER_DAY);
  const time = asked.includes("year") ? seconds % SECONDS_PER_DAY : seconds;
  const date = new Date((Math.floor(seconds / SECONDS_PER_DAY) - SERIAL_OF_EPOCH) * SECONDS_PER_DAY * 1000);
  const said: TimeParts = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Math.floor(time / 3600),
    minute: Math.floor((time % 3600) / 60),
    second: time % 60,
  };
  return partsOf(asked, (part) => said[part]);
}

function partsOf(parts: readonly Part[], valueOfPart: (part: Part, index: number) => number | undefined): TimeParts {
  return Object.fromEntries(parts.map((part, index) => [part, valueOfPart(part, index)]));
}

function offsetOf(text: string): number {
  if (text === "Z") return 0;
  const magnitude = Number(text.slice(1, 3)) * 3600 + Number(text.slice(4)) * 60;
  return text.startsWith("-") ? -magnitude : magnitude;
}

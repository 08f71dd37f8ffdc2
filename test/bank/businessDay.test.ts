/* Days on which euro payments settle. */

import assert from "node:assert/strict";
import { formatDay, isBusinessDay, nextBusinessDay, parseDay } from "../../bank/businessDay.ts";

const time = (day: string): number => parseDay(day) ?? Number.NaN;

describe("business days", () => {
  const closed = ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2027-03-26", "2027-03-29"]
    .concat(["2024-03-29", "2024-04-01", "2030-04-19", "2030-04-22"])
    .concat(["2026-11-28", "2026-11-29", "2026-12-26"]);
  for (const day of closed) it(`banks are closed on ${day}`, () => assert(!isBusinessDay(time(day))));

  for (const day of ["2026-04-02", "2026-04-07", "2026-06-02", "2026-08-14", "2026-12-24", "2026-12-28"]) {
    it(`banks are open on ${day}`, () => assert(isBusinessDay(time(day))));
  }

  const next: readonly [string, string][] = [
    ["2026-04-02", "2026-04-07"],
    ["2026-11-27", "2026-11-30"],
    ["2026-12-31", "2027-01-04"],
    ["2026-11-24", "2026-11-25"],
  ];
  for (const [day, expected] of next) {
    it(`the one after ${day} is ${expected}`, () => assert.equal(formatDay(nextBusinessDay(time(day))), expected));
  }

  for (const text of ["2026-02-30", "2026-2-3", "26-02-03", "", "2026-13-01", "tomorrow"]) {
    it(`«${text}» is no day`, () => assert.equal(parseDay(text), undefined));
  }
});

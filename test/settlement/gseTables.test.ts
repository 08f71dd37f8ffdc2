import assert from "node:assert/strict";
import { inForce } from "../../settlement/gseTables.ts";

describe("a table by year", () => {
  for (const [year, expected] of [
    [2023, undefined],
    [2024, 2024],
    [2026, 2024],
    [2027, 2027],
    [2040, 2027],
  ] as const) {
    it(`in ${year} the row in force is ${expected === undefined ? "none" : `that of ${expected}`}`, () => {
      assert.equal(inForce([{ fromYear: 2027 }, { fromYear: 2024 }], year)?.fromYear, expected);
    });
  }
});

/** Quarter-hours, hours and which source is believed: tables. */

import assert from "node:assert/strict";
import { type Candidate, choiceOf } from "../../../oracle/hours/choice.ts";
import { hoursOfIntervals, type IntervalReading } from "../../../oracle/hours/intervals.ts";

const HOUR = 500_000;

function part(minute: number, minutes: number, wattHours: number, quality: IntervalReading["quality"] = "measured") {
  return {
    start: HOUR * 3600 + minute * 60,
    seconds: minutes * 60,
    milliWattHours: Math.round(wattHours * 1000),
    quality,
  };
}
const quarters = (...wattHours: number[]) => wattHours.map((energy, index) => part(15 * index, 15, energy));

describe("hours of intervals", () => {
  for (const [name, readings, expected] of [
    ["four quarters", quarters(1, 2, 3, 4), { 0: [10, "measured"] }],
    ["three quarters are no hour", quarters(1, 2, 3), {}],
    ["an hour", [part(0, 60, 7)], { 0: [7, "measured"] }],
    ["quarters before the hour", [part(0, 60, 7), ...quarters(1, 2, 3, 4)], { 0: [10, "measured"] }],
    ["the hour where a quarter is missing", [part(0, 60, 7), ...quarters(1, 2, 3)], { 0: [7, "measured"] }],
    [
      "an estimated quarter makes the hour estimated",
      [...quarters(1, 2, 3), part(45, 15, 4, "estimated")],
      { 0: [10, "estimated"] },
    ],
    ["tens of minutes", [0, 10, 20, 30, 40, 50].map((minute) => part(minute, 10, 0.25)), { 0: [2, "measured"] }],
    ["less than half a Wh is rounded down", quarters(0.1, 0.1, 0.1, 0.199), { 0: [0, "measured"] }],
    ["half a Wh is rounded up", quarters(0.1, 0.1, 0.1, 0.2), { 0: [1, "measured"] }],
    ["several hours", [...quarters(1, 1, 1, 1), part(60, 60, 5)], { 0: [4, "measured"], 1: [5, "measured"] }],
  ] as [string, IntervalReading[], Record<number, [number, string]>][]) {
    it(name, () => {
      const made = [...hoursOfIntervals(readings)].map(([hour, { wattHours, quality }]) => [
        hour - HOUR,
        [wattHours, quality],
      ]);
      assert.deepEqual(Object.fromEntries(made), expected);
    });
  }
});

describe("the source that is believed", () => {
  const of = (source: Candidate["source"], quality: Candidate["quality"], wattHours = 1) => ({
    source,
    quality,
    wattHours,
  });
  for (const [name, candidates, expected] of [
    ["none", [], undefined],
    [
      "the distributor before the home",
      [of("intervals", "measured"), of("distributor", "measured", 2)],
      [2, "distributor"],
    ],
    [
      "the distributor's estimate before the home",
      [of("register", "measured"), of("distributor", "estimated", 2)],
      [2, "estimated"],
    ],
    [
      "measured before estimated",
      [of("distributor", "estimated"), of("distributor", "measured", 2)],
      [2, "distributor"],
    ],
    ["intervals before the register", [of("register", "measured"), of("intervals", "estimated", 2)], [2, "indicative"]],
    ["what can be", [of("distributor", "measured", 6601), of("register", "measured", 3)], [3, "indicative"]],
    ["all the power allows", [of("distributor", "measured", 6600)], [6600, "distributor"]],
    ["nothing that cannot be", [of("register", "measured", 6601)], undefined],
  ] as [string, Candidate[], [number, string] | undefined][]) {
    it(`is ${name}`, () => {
      const { chosen, implausible } = choiceOf(candidates, 6600);
      assert.deepEqual(chosen && [chosen.wattHours, chosen.grade], expected);
      assert.deepEqual(
        implausible,
        candidates.filter(({ wattHours }) => wattHours > 6600),
        "what cannot be is told",
      );
    });
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  batchSpans,
  endOfMonth,
  formatHour,
  formatLocalHour,
  formatMonth,
  hoursOfMarketDay,
  marketDayOf,
  monthOf,
  monthsBetween,
  parseHour,
  parseMonth,
  secondsOf,
  startOfMonth,
} from "../../settlement/hours.ts";

const hour = (text: string): number => {
  const parsed = parseHour(text);
  assert(parsed !== undefined, text);
  return parsed;
};
const month = (text: string): number => {
  const parsed = parseMonth(text);
  assert(parsed !== undefined, text);
  return parsed;
};

/** Last Sundays of March and October. */
const CLOCK_CHANGES = [
  ["2021-03-28", "2021-10-31"],
  ["2022-03-27", "2022-10-30"],
  ["2023-03-26", "2023-10-29"],
  ["2024-03-31", "2024-10-27"],
  ["2025-03-30", "2025-10-26"],
  ["2026-03-29", "2026-10-25"],
] as const;

describe("hours and market days", () => {
  for (const [spring, autumn] of CLOCK_CHANGES) {
    it(`${spring} has 23 hours and ${autumn} has 25`, () => {
      assert.equal(hoursOfMarketDay(spring).hourCount, 23);
      assert.equal(hoursOfMarketDay(autumn).hourCount, 25);
    });
  }

  it("days between clock changes have 24 hours and follow each other without gap", () => {
    let expected = hoursOfMarketDay("2026-01-01").firstHour;
    for (let day = Temporal.PlainDate.from("2026-01-01"); day.year === 2026; day = day.add({ days: 1 })) {
      const { firstHour, hourCount } = hoursOfMarketDay(day.toString());
      assert.equal(firstHour, expected, day.toString());
      assert.equal(marketDayOf(firstHour), day.toString());
      assert.equal(marketDayOf(firstHour + hourCount - 1), day.toString());
      expected = firstHour + hourCount;
    }
    assert.equal(expected, startOfMonth(month("2027-01")));
  });

  for (const [text, expected] of [
    ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"],
    ["2026-03-01T08:00Z", "2026-03-01T08:00:00Z"],
    ["2026-03-01T08:00:00.000Z", "2026-03-01T08:00:00Z"],
    ["2026-03-01T08:30:00Z", undefined],
    ["2026-03-01T08:00:00", undefined],
    ["2026-03-01 08:00:00Z", undefined],
    ["2026-03-01T08:00:00+01:00", undefined],
    ["2026-02-30T08:00:00Z", undefined],
    ["2026-03-01T24:00:00Z", undefined],
    ["at 2026-03-01T08:00:00Z", undefined],
    ["2026-03-01T08:00:00Z.", undefined],
    ["2026-13-01T08:00:00Z", undefined],
    ["2026-00-01T08:00:00Z", undefined],
    ["2026-03-00T08:00:00Z", undefined],
    ["2026-04-31T08:00:00Z", undefined],
    ["2026-03-01T25:00:00Z", undefined],
    ["", undefined],
  ] as const) {
    it(`reads «${text}» as ${expected}`, () => {
      const parsed = parseHour(text);
      assert.equal(parsed === undefined ? undefined : formatHour(parsed), expected);
    });
  }

  it("names the repeated local hour of autumn by its offset", () => {
    assert.equal(formatLocalHour(hour("2024-10-27T00:00:00Z")), "2024-10-27 02:00 +02:00");
    assert.equal(formatLocalHour(hour("2024-10-27T01:00:00Z")), "2024-10-27 02:00 +01:00");
  });
});

describe("months", () => {
  const FEBRUARY = month("2026-02");
  for (const [name, first, hours] of [
    ["2026-01", "2025-12-31T23:00:00Z", 744],
    ["2026-03", "2026-02-28T23:00:00Z", 743],
    ["2026-04", "2026-03-31T22:00:00Z", 720],
    ["2026-10", "2026-09-30T22:00:00Z", 745],
    ["2024-02", "2024-01-31T23:00:00Z", 696],
  ] as const) {
    it(`${name} begins at ${first} and has ${hours} hours`, () => {
      assert.equal(formatHour(startOfMonth(month(name))), first);
      assert.equal(endOfMonth(month(name)) - startOfMonth(month(name)), hours);
      assert.equal(formatMonth(monthOf(startOfMonth(month(name)))), name);
      assert.equal(formatMonth(monthOf(endOfMonth(month(name)) - 1)), name);
    });
  }

  for (const text of ["2026-13", "2026-00", "2026-3", "202603", "2026-03-01", "12026-03"]) {
    it(`refuses «${text}»`, () => assert.equal(parseMonth(text), undefined));
  }

  it("puts every hour into the month of its market day", () => {
    const upTo2200 = hour("2200-01-01T00:00:00Z");
    fc.assert(
      fc.property(fc.nat({ max: upTo2200 }), (each) => {
        assert.equal(formatMonth(monthOf(each)), marketDayOf(each).slice(0, 7));
      }),
    );
    for (let each = hour("2025-12-31T00:00:00Z"); each < hour("2026-01-02T00:00:00Z"); each++) {
      assert.equal(formatMonth(monthOf(each)), marketDayOf(each).slice(0, 7));
    }
  });

  it("writes years with four digits", () => assert.equal(formatMonth(799 * 12 + 6), "0799-07"));

  it("begins an hour at its seconds", () => assert.equal(secondsOf(hour("1970-01-02T01:00:00Z")), 25 * 3600));

  it("does not list the month that begins where the hours end", () => {
    assert.deepEqual(monthsBetween(startOfMonth(FEBRUARY), startOfMonth(FEBRUARY + 2)), [FEBRUARY, FEBRUARY + 1]);
    assert.deepEqual(monthsBetween(startOfMonth(FEBRUARY), startOfMonth(FEBRUARY) + 1), [FEBRUARY]);
  });

  it("lists the months that hours touch", () => {
    const months = monthsBetween(hour("2026-03-31T21:00:00Z"), hour("2026-05-31T23:00:00Z"));
    assert.deepEqual(months.map(formatMonth), ["2026-03", "2026-04", "2026-05", "2026-06"]);
  });
});

describe("batches of hours", () => {
  it("takes two batches for the day of 25 hours and one for that of 23", () => {
    const october = hoursOfMarketDay("2026-10-25");
    assert.deepEqual(
      batchSpans(october.firstHour, october.firstHour + 25).map(({ hourCount }) => hourCount),
      [24, 1],
    );
    const march = hoursOfMarketDay("2026-03-29");
    assert.deepEqual(batchSpans(march.firstHour, march.firstHour + 23), [march]);
  });

  it("covers all hours of two years once, in order, and never crosses a month", () => {
    const first = startOfMonth(month("2025-01"));
    const end = startOfMonth(month("2027-01"));
    let expected = first;
    for (const { firstHour, hourCount } of batchSpans(first, end)) {
      assert.equal(firstHour, expected);
      assert(hourCount >= 1 && hourCount <= 24);
      assert.equal(monthOf(firstHour), monthOf(firstHour + hourCount - 1));
      expected = firstHour + hourCount;
    }
    assert.equal(expected, end);
  });

  it("begins and ends within a day where the readings do", () => {
    const { firstHour } = hoursOfMarketDay("2026-05-10");
    const spans = batchSpans(firstHour + 5, firstHour + 30);
    assert.deepEqual(spans, [
      { firstHour: firstHour + 5, hourCount: 19 },
      { firstHour: firstHour + 24, hourCount: 6 },
    ]);
  });
});

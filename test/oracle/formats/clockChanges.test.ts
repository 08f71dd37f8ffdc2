/**
 * Every clock change from 2021 to 2026 through every importer: the day before, the day and the day after come to all their
 * intervals, each at its instant, with its energy.
 */

import assert from "node:assert/strict";
import { parseEdistribuzioneCsv } from "../../../oracle/formats/edistribuzioneCsv.ts";
import { parseEdistribuzioneJson } from "../../../oracle/formats/edistribuzioneJson.ts";
import { parseGmeXml } from "../../../oracle/formats/gmeXml.ts";
import type { IntervalsFile } from "../../../oracle/formats/interval.ts";
import { instantsOf, localDays } from "../../../oracle/formats/localDay.ts";
import { parseMappedTable } from "../../../oracle/formats/mappedTable.ts";
import { type Mapping, mappingShape } from "../../../oracle/formats/mapping.ts";
import { parsePcfCsv } from "../../../oracle/formats/pcfCsv.ts";
import { parsePricesCsv } from "../../../oracle/formats/pricesCsv.ts";
import { parseShellyCsv } from "../../../oracle/formats/shellyCsv.ts";
import { hourlyPrices, type ZonalPrice } from "../../../oracle/formats/zonalPrice.ts";
import {
  type Day,
  dayOf,
  doubledPcfCsv,
  edistribuzioneCsv,
  edistribuzioneJson,
  gmeXml,
  mappedCsv,
  pcfCsv,
  pricesCsv,
  shellyCsv,
  xlsxOf,
} from "../../support/formatFiles.ts";

/** Each with the instant at which its day begins and its hours. */
const CHANGES = [
  ["2021-03-28", "2021-03-27T23:00:00Z", 23],
  ["2021-10-31", "2021-10-30T22:00:00Z", 25],
  ["2022-03-27", "2022-03-26T23:00:00Z", 23],
  ["2022-10-30", "2022-10-29T22:00:00Z", 25],
  ["2023-03-26", "2023-03-25T23:00:00Z", 23],
  ["2023-10-29", "2023-10-28T22:00:00Z", 25],
  ["2024-03-31", "2024-03-30T23:00:00Z", 23],
  ["2024-10-27", "2024-10-26T22:00:00Z", 25],
  ["2025-03-30", "2025-03-29T23:00:00Z", 23],
  ["2025-10-26", "2025-10-25T22:00:00Z", 25],
  ["2026-03-29", "2026-03-28T23:00:00Z", 23],
  ["2026-10-25", "2026-10-24T22:00:00Z", 25],
] as const;

const POINT = { source: "IT001E00000001", direction: "withdrawn" } as const;

const mapping = (changes: Partial<Mapping> & Pick<Mapping, "time">): Mapping =>
  mappingShape.parse({
    table: { type: "csv" },
    source: { column: "Punto" },
    zone: "Europe/Rome",
    seconds: 900,
    energy: { withdrawn: "Prelevata" },
    unit: "kWh",
    ...changes,
  });

const START = [{ column: "Inizio", format: "dd/MM/yyyy HH:mm" }];
const NUMBERED = [
  { column: "Giorno", format: "dd/MM/yyyy" },
  { column: "Numero", format: "#" },
];
const SERIALS = mapping({
  table: { type: "xlsx", sheet: "Letture" },
  source: { column: "POD" },
  time: [{ column: "Data e ora", format: "dd/MM/yyyy HH:mm" }],
  energy: { withdrawn: "Energia & prelievo" },
});

function mapped(days: readonly Day[], changes: Partial<Mapping> & Pick<Mapping, "time">): IntervalsFile {
  const how = mapping(changes);
  return parseMappedTable(Buffer.from(mappedCsv(how.seconds, ...days)), "file", how);
}

/** By name: how the days are written and read. */
const ENERGY: ReadonlyMap<string, readonly [seconds: number, read: (...days: Day[]) => IntervalsFile]> = new Map([
  ["e-Distribuzione's CSV", [900, (...days) => parseEdistribuzioneCsv(edistribuzioneCsv(...days), "file", POINT)]],
  ["e-Distribuzione's JSON", [900, (...days) => parseEdistribuzioneJson(edistribuzioneJson(...days), "file", POINT)]],
  ["PCF", [900, (...days) => parsePcfCsv(pcfCsv(...days), "file")]],
  ["a table by the clock", [900, (...days) => mapped(days, { time: START })]],
  ["a table of hours by the clock", [3600, (...days) => mapped(days, { time: START, seconds: 3600 })]],
  [
    "a table by the end of intervals",
    [
      900,
      (...days) => mapped(days, { time: [{ ...START[0], column: "Fine", format: "dd/MM/yyyy HH:mm" }], marks: "end" }),
    ],
  ],
  [
    "a table that says which clock",
    [900, (...days) => mapped(days, { time: START, clock: { column: "Orologio", standard: "S", summer: "L" } })],
  ],
  ["a table of numbered intervals", [900, (...days) => mapped(days, { time: NUMBERED })]],
  [
    "a table in UTC",
    [900, (...days) => mapped(days, { time: [{ column: "UTC", format: "yyyy-MM-ddTHH:mm:ss.000Z" }], zone: "UTC" })],
  ],
  [
    "a table with offsets from UTC",
    [900, (...days) => mapped(days, { time: [{ column: "ISO", format: "yyyy-MM-ddTHH:mm:ssxxx" }] })],
  ],
  ["a workbook", [900, (...days) => parseMappedTable(xlsxOf(900, ...days), "file", SERIALS)]],
]);

const PRICES: ReadonlyMap<string, readonly [seconds: number, read: (...days: Day[]) => ZonalPrice[]]> = new Map([
  ["GME's hourly prices", [3600, (...days) => parseGmeXml(gmeXml(3600, ...days), "file")]],
  ["GME's quarter-hourly prices", [900, (...days) => parseGmeXml(gmeXml(900, ...days), "file")]],
  ["a CSV of prices", [3600, (...days) => parsePricesCsv(pricesCsv(...days), "file")]],
]);

for (const [date, begin, hours] of CHANGES) {
  describe(`${date}, a day of ${hours} hours`, () => {
    const start = Date.parse(begin) / 1000;
    const around = [-1, 0, 1].map((days) => dayOf(Temporal.PlainDate.from(date).add({ days }).toString()));
    const [before, day, after] = around;
    assert(before !== undefined && day !== undefined && after !== undefined);

    /** Starts of the day's intervals, and those of the days around it. */
    const startsOf = (seconds: number, first: number, count: number) =>
      Array.from({ length: (count * 3600) / seconds }, (_, index) => first + index * seconds);
    const threeDays = (seconds: number) => startsOf(seconds, start - 24 * 3600, 24 + hours + 24);

    for (const [name, [seconds, read]] of ENERGY) {
      it(`${name}: ${(hours * 3600) / seconds} intervals, each at its instant`, () => {
        const { intervals, empty, placeholders } = read(day);
        assert.deepEqual(
          intervals.map((each) => each.start),
          startsOf(seconds, start, hours),
        );
        assert.deepEqual(
          intervals.map((each) => each.milliWattHours),
          intervals.map((_, index) => (index + 1) * 1000),
        );
        assert(intervals.every((each) => each.seconds === seconds && each.direction === "withdrawn"));
        assert(intervals.every((each) => each.source === "IT001E00000001"));
        assert.equal(placeholders, name === "PCF" && hours === 23 ? 4 : 0);
        assert.equal(empty, 0);
        assert.deepEqual(
          read(before, day, after).intervals.map((each) => each.start),
          threeDays(seconds),
        );
        assert.deepEqual(read(day), read(day));
      });
    }

    for (const [name, [seconds, read]] of PRICES) {
      it(`${name}: ${(hours * 3600) / seconds} prices, each at its instant`, () => {
        const prices = read(day).filter(({ zone }) => zone === "CSUD");
        assert.deepEqual(
          prices.map((each) => each.start),
          startsOf(seconds, start, hours),
        );
        assert.deepEqual(
          prices.map((each) => each.price),
          prices.map((_, index) => (index % 2 === 0 ? 1 : -1) * ((index + 1) * 10_000 + 2500)),
        );
        const hourly = hourlyPrices(read(before, day, after)).filter(({ zone }) => zone === "CSUD");
        assert.deepEqual(
          hourly.map((each) => each.start),
          threeDays(3600),
        );
      });
    }

    it(`a Shelly: ${hours * 6} intervals in either direction`, () => {
      const { intervals } = parseShellyCsv(shellyCsv(day), "file", POINT);
      for (const [direction, energy] of [
        ["withdrawn", 1000],
        ["injected", 1250],
      ] as const) {
        const one = intervals.filter((each) => each.direction === direction);
        assert.deepEqual(
          one.map((each) => each.start),
          startsOf(600, start, hours),
        );
        assert.equal(one[0]?.milliWattHours, energy);
      }
    });

    if (hours === 25) {
      it("PCF with every time twice and zeros where there is no such time: 100 quarter-hours", () => {
        const { intervals, placeholders } = parsePcfCsv(doubledPcfCsv(day), "file");
        assert.deepEqual(
          intervals.map((each) => each.start),
          startsOf(900, start, 25),
        );
        assert.equal(placeholders, 192 - 100);
      });
    }

    it("has the clock's times at the instants that the time zone database gives", () => {
      const known = localDays()(day.date.year, day.date.month, day.date.day);
      assert(known !== undefined);
      for (let time = 0; time < 86_400; time += 900) {
        const clock: Temporal.PlainDateTime = day.date.toPlainDateTime().add({ seconds: time });
        const expected: number[] = (["earlier", "later"] as const)
          .map((disambiguation) => clock.toZonedDateTime("Europe/Rome", { disambiguation }))
          .filter((zoned) => zoned.toPlainDateTime().equals(clock))
          .map((zoned) => zoned.epochMilliseconds / 1000);
        assert.deepEqual(instantsOf(known, time), [...new Set(expected)]);
      }
    });
  });
}

/** Files as distributors and devices really write them, where they are at hand. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEdistribuzioneCsv } from "../../../oracle/formats/edistribuzioneCsv.ts";
import { parseEdistribuzioneJson } from "../../../oracle/formats/edistribuzioneJson.ts";
import type { IntervalsFile } from "../../../oracle/formats/interval.ts";
import { parsePcfCsv } from "../../../oracle/formats/pcfCsv.ts";
import { parsePricesCsv } from "../../../oracle/formats/pricesCsv.ts";
import { parseShellyCsv } from "../../../oracle/formats/shellyCsv.ts";

const FORMATS = join(import.meta.dirname, "../../../../shared/data/formats");
const HOURLY = join(FORMATS, "../meters/hourly.csv");
const POINT = { source: "IT001E00000001", direction: "withdrawn" } as const;

const read = (name: string) => readFileSync(join(FORMATS, name), "utf8");
const at = (time: string) => Date.parse(time) / 1000;
const brief = ({ intervals }: IntervalsFile) => intervals.map(({ start, milliWattHours }) => [start, milliWattHours]);

describe("files as they are", () => {
  if (!existsSync(FORMATS)) {
    it("are not here: real files stand outside the project", () => {
      console.log(`      no folder ${FORMATS}`);
    });
    return;
  }

  it("a month of a home from e-Distribuzione's portal, hour by hour as another reader summed it", () => {
    const name = "it/edistribuzione_ExportData_settembre2024.csv";
    const { intervals, empty } = parseEdistribuzioneCsv(read(name), name, POINT);
    assert.equal(intervals.length + empty, 30 * 96);
    const first = at("2024-08-31T22:00:00Z");
    assert.deepEqual(
      intervals.slice(0, 2).map(({ start, milliWattHours }) => [start, milliWattHours]),
      [
        [first, 139_000],
        [first + 900, 258_000],
      ],
    );
    const hours = Map.groupBy(intervals, ({ start }) => Math.floor(start / 3600) * 3600);
    const theirs = readFileSync(HOURLY, "utf8")
      .split("\n")
      .map((line) => line.split(","))
      .filter(([meter]) => meter === "i01");
    assert.equal(theirs.length, 30 * 24);
    for (const [, hour = "", , withdrawn] of theirs) {
      const sum = (hours.get(at(hour)) ?? []).reduce((total, { milliWattHours }) => total + milliWattHours, 0);
      assert.equal(sum, Number(withdrawn) * 1000, hour);
    }
  });

  it("curves from e-Distribuzione's app", () => {
    const day = "it/edistribuzione_api_curva_reale.json";
    const first = at("2026-07-31T22:00:00Z");
    assert.deepEqual(
      brief(parseEdistribuzioneJson(read(day), day, POINT)),
      [359_000, 358_000, 287_000, 349_000].map((energy, index) => [first + index * 900, energy]),
    );
    const days = "it/edistribuzione_api_curva_multigiorno_reale.json";
    assert.deepEqual(
      brief(parseEdistribuzioneJson(read(days), days, POINT)),
      ["2025-12-31", "2026-01-01", "2026-01-02"].flatMap((date, index) => {
        const start = at(`${date}T23:00:00Z`);
        return [start, start + 900].map((each) => [each, (index + 1) * 100_000]);
      }),
    );
  });

  it("Duereti's curve of 1 May, and of the spring day with zeros in the hour that does not exist", () => {
    const may = "it/duereti_unareti_pcf_curve.csv";
    const first = at("2026-04-30T22:00:00Z");
    assert.deepEqual(
      brief(parsePcfCsv(read(may), may)),
      [25_000, 28_000, 37_000].map((energy, index) => [first + index * 900, energy]),
    );
    const spring = "it/duereti_unareti_pcf_curve_dst_2026-03-29.csv";
    const file = parsePcfCsv(read(spring), spring);
    const start = at("2026-03-29T00:00:00Z");
    assert.deepEqual(
      brief(file),
      [55_000, 28_000, 26_000, 38_000, 27_000].map((energy, index) => [start + index * 900, energy]),
    );
    assert.equal(file.placeholders, 4);
  });

  it("a Shelly's store of a phase", () => {
    const name = "devices/shelly_em3_em_data_phaseA_head.csv";
    const { intervals } = parseShellyCsv(read(name), name, POINT);
    const withdrawn = intervals.filter(({ direction }) => direction === "withdrawn");
    assert.equal(withdrawn.length, 39);
    assert.deepEqual(
      withdrawn.slice(0, 2).map(({ start, seconds, milliWattHours }) => [start, seconds, milliWattHours]),
      [
        [at("2025-01-11T00:00:00Z"), 600, 30_700],
        [at("2025-01-11T00:10:00Z"), 600, 33_700],
      ],
    );
  });

  it("zonal prices of twelve days", () => {
    const name = "prices/it_zonal_day_ahead_2022-12.csv";
    const prices = parsePricesCsv(read(name), name);
    assert.equal(prices.length, read(name).trim().split("\n").length - 1);
    assert.deepEqual(prices[0], { zone: "CALA", start: at("2022-11-30T23:00:00Z"), seconds: 3600, price: 2_920_100 });
  });
});

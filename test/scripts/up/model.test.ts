/** The sample community in any month, and its simulated meters at any moment. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelMonth } from "../../../examples/generate/modelMonth.ts";
import { parseCommunity } from "../../../oracle/communityFile.ts";
import { endOfPrices } from "../../../scripts/up/marketFiles.ts";
import { ModelMeters } from "../../../scripts/up/modelMeters.ts";
import { lastWholeMonth, sampleCommunity, sampleFiles } from "../../../scripts/up/sample.ts";
import { endOfMonth, formatHour, formatMonth, parseHour, parseMonth, startOfMonth } from "../../../settlement/hours.ts";

const EXAMPLE = "examples/magliano";
const TEXT = readFileSync(join(EXAMPLE, "community.yaml"), "utf8");

/** Months of every length, with and without a change of the clocks, at the turn of the year. */
const MONTHS = [
  ["2027-02", 28 * 24],
  ["2028-02", 29 * 24],
  ["2026-03", 31 * 24 - 1],
  ["2026-09", 30 * 24],
  ["2026-10", 31 * 24 + 1],
  ["2026-12", 31 * 24],
] as const;

const monthOfText = (text: string) => parseMonth(text) ?? assert.fail(text);
const hourOfText = (text: string) => parseHour(text) ?? assert.fail(text);

describe("the sample community", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-sample-"));
    cpSync(join(EXAMPLE, "regolamento.md"), join(folder, "regolamento.md"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, hours] of MONTHS) {
    it(`has every hour of ${name}, prices of all, and receipts of what accrued`, () => {
      const month = monthOfText(name);
      const files = sampleFiles(TEXT, month, join(folder, "community.yaml"));
      assert.match(files["community.yaml"] ?? "", new RegExp(`start: ${name}-01\\n`));
      const readings = (files["readings.csv"] ?? "").trim().split("\n").slice(1);
      assert.equal(readings.length, 12 * hours);
      assert.equal(readings[0]?.split(",")[1], formatHour(startOfMonth(month)));
      assert.equal(readings.at(-1)?.split(",")[1], formatHour(endOfMonth(month) - 1));
      assert.equal((files["prices.csv"] ?? "").trim().split("\n").length, hours + 1);
      assert.match(
        files["receipts.csv"] ?? "",
        new RegExp(
          `^month,kind,net_eur,document\n${name},premium,\\d+\\.\\d\\d,.*\n${name},valorisation,\\d+\\.\\d\\d,.*\n$`,
        ),
      );
    });
  }

  it("lies in the last month that is over, by the clocks of Italy", () => {
    const at = (text: string) => formatMonth(lastWholeMonth(hourOfText(text)));
    assert.equal(at("2026-11-30T22:00:00Z"), "2026-10");
    assert.equal(at("2026-11-30T23:00:00Z"), "2026-11");
    assert.equal(at("2027-01-15T12:00:00Z"), "2026-12");
  });

  it("is the example but for its first day", () => {
    const text = sampleCommunity(TEXT, monthOfText("2026-10"));
    assert.equal(text.replace("start: 2026-10-01", "start: 2026-03-01"), TEXT);
  });
});

describe("simulated meters", () => {
  const community = parseCommunity(TEXT, "community.yaml");
  const from = startOfMonth(monthOfText("2026-12")) - 30;

  it("have registers whose differences are the readings of the model, across months", () => {
    const meters = new ModelMeters(community, from);
    const model = ["2026-11", "2026-12"].map((name) => modelMonth(community, monthOfText(name)).readings);
    for (const id of ["municipio", "casa-serra", "scuola"]) {
      for (let hour = from; hour < from + 60; hour++) {
        const [before, after] = [meters.at(id, 3600 * hour), meters.at(id, 3600 * (hour + 1))];
        const reading = model.map((readings) => readings.get(id)?.get(hour)).find((each) => each !== undefined);
        const grown = (now = 0, then = 0) => (then - now) / 1000;
        assert.equal(grown(before.withdrawn, after.withdrawn), reading?.withdrawn);
        assert.equal(grown(before.injected, after.injected), reading?.injected ?? 0);
        assert.equal(before.injected === undefined, reading?.injected === undefined);
      }
    }
  });

  it("show the same whenever they are asked, and never fall back", () => {
    const [asked, fresh] = [new ModelMeters(community, from), new ModelMeters(community, from)];
    const moments = Array.from({ length: 200 }, (_, index) => 3600 * from + 1700 * index);
    const shown = moments.map((at) => asked.at("casa-conti", at).withdrawn ?? assert.fail("no register"));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => a - b),
    );
    const backwards = moments.toReversed().map((at) => fresh.at("casa-conti", at).withdrawn);
    assert.deepEqual(backwards.toReversed(), shown);
  });

  it("have a market that publishes the next day's prices in the afternoon, on days of every length", () => {
    const until = (text: string) => formatHour(endOfPrices(hourOfText(text)));
    assert.equal(until("2026-11-27T11:00:00Z"), "2026-11-27T23:00:00Z");
    assert.equal(until("2026-11-27T12:00:00Z"), "2026-11-28T23:00:00Z");
    assert.equal(until("2026-10-24T12:00:00Z"), "2026-10-25T23:00:00Z");
    assert.equal(until("2026-03-28T12:00:00Z"), "2026-03-29T22:00:00Z");
  });
});

/** Files into the inbox: all of a file or nothing, twice the same as once, and what becomes of files in a watched folder. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportOptions, importFile } from "../../oracle/importFile.ts";
import { Inbox } from "../../oracle/inbox.ts";
import { takeIncoming } from "../../oracle/incoming.ts";
import { readingsOfSpan } from "../../oracle/spanReadings.ts";
import { hoursOfMarketDay } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const DAY = hoursOfMarketDay("2026-03-10");
const NOW = Date.parse("2026-06-01T00:00:00Z") / 1000;
const POD = "IT001E00010009";
const PCF: ImportOptions = {
  format: "pcf-csv",
  meterOf: new Map([
    [POD, "casa"],
    ["casa", "casa"],
  ]),
};
const HEADER = "POD;DATA;ORA;FL_ORA_LEGALE;ATTIVA_PRELEVATA;ATTIVA_IMMESSA;TIPO_DATO;";

/** A day of quarter-hours, each of so many kWh. */
function pcf(kiloWattHours: string, pod = POD, type = "E"): string {
  const rows = Array.from({ length: 96 }, (_, quarter) => {
    const time = `${String(Math.floor(quarter / 4)).padStart(2, "0")}${String((quarter % 4) * 15).padStart(2, "0")}00`;
    return `${pod};20260310;${time};1;${kiloWattHours};;${type};`;
  });
  return `${[HEADER, ...rows].join("\n")}\n`;
}
const bytes = (text: string) => new TextEncoder().encode(text);

describe("files into the inbox", () => {
  let folder: string;
  let inbox: Inbox;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-import-"));
    inbox = Inbox.open(join(folder, "inbox.sqlite"));
  });
  afterEach(() => {
    inbox.close();
    rmSync(folder, { recursive: true });
  });

  const known = () => {
    const meters = [{ id: "casa", configuration: 0, injection: undefined, withdrawal: 1 }];
    const rules = { rollsOverAt: undefined, mostPower: 6600, longestGap: 1800 };
    return readingsOfSpan(inbox, meters, () => rules, DAY);
  };

  it("are the distributor's word on each hour, and twice the same as once", () => {
    const imported = importFile(inbox, bytes(pcf("0,025")), "curve.csv", PCF, NOW);
    assert.deepEqual(imported, { count: 96, leftOut: 0, meters: ["casa"] });
    const { readings, grade, missing } = known();
    assert.deepEqual([readings.get("casa")?.get(DAY.firstHour)?.withdrawn, grade, missing], [100, "distributor", 0]);
    inbox.forgetChanges(inbox.changedHours(DAY.firstHour + 24));
    importFile(inbox, bytes(pcf("0,025")), "curve.csv", PCF, NOW);
    assert.deepEqual(inbox.changedHours(DAY.firstHour + 24), []);
  });

  it("correct what an earlier file said; estimates are worth less", () => {
    importFile(inbox, bytes(pcf("0,025", POD, "S")), "curve.csv", PCF, NOW);
    assert.equal(known().grade, "estimated");
    importFile(inbox, bytes(pcf("0,026")), "curve.csv", PCF, NOW);
    assert.equal(known().grade, "distributor");
    assert.equal(
      known()
        .readings.get("casa")
        ?.get(DAY.firstHour + 23)?.withdrawn,
      104,
    );
  });

  for (const [name, text, options, message] of [
    [
      "of another's POD",
      pcf("0,025", "IT001E00099999"),
      PCF,
      /«IT001E00099999»: no meter of the community has this POD/,
    ],
    ["with a mistake", pcf("0,025").replace(";0,025;", ";x;"), PCF, /curve\.csv:2: /],
    ["of what has not ended", pcf("0,025"), { ...PCF, now: DAY.firstHour * 3600 }, /this interval has not ended/],
    ["that do not say whose they are", pcf("0,025"), { ...PCF, format: "e-distribuzione-csv" }, /--meter: missing/],
  ] as [string, string, ImportOptions & { now?: number }, RegExp][]) {
    it(`are refused whole: ${name}`, () => {
      assert.throws(
        () => importFile(inbox, bytes(text), "curve.csv", options, options.now ?? NOW),
        (error) => error instanceof InputError && message.test(error.message),
      );
      assert.equal(known().missing, 24);
    });
  }

  it("have prices, of which the last word counts", () => {
    const prices = (price: string) => bytes(`zone,utc_hour,price_eur_mwh\nCSUD,2026-03-09T23:00:00Z,${price}\n`);
    const options: ImportOptions = { format: "prices-csv", meterOf: new Map() };
    importFile(inbox, prices("-4.5"), "prices.csv", options, NOW);
    assert.deepEqual([...inbox.prices("CSUD", DAY)], [[DAY.firstHour, -45_000]]);
    importFile(inbox, prices("12"), "prices.csv", options, NOW);
    assert.deepEqual([...inbox.prices("CSUD", DAY)], [[DAY.firstHour, 120_000]]);
    assert.deepEqual([...inbox.prices("NORD", DAY)], []);
  });

  it("are taken from a watched folder once they are whole, and moved, with the reason if they are refused", () => {
    const incoming = join(folder, "incoming");
    assert.deepEqual(takeIncoming(inbox, { folder: incoming, options: PCF }, NOW), []);
    writeFileSync(join(incoming, "good.csv"), pcf("0,025"));
    writeFileSync(join(incoming, "bad.csv"), "POD;DATA\n");
    writeFileSync(join(incoming, "half.csv.tmp"), "POD");
    const written = Math.floor(Date.now() / 1000);
    assert.deepEqual(takeIncoming(inbox, { folder: incoming, options: PCF }, written), []);
    for (const name of ["good.csv", "bad.csv"]) utimesSync(join(incoming, name), NOW - 60, NOW - 60);
    const taken = takeIncoming(inbox, { folder: incoming, options: PCF }, NOW);
    assert.deepEqual(
      taken.map((each) => "imported" in each),
      [false, true],
    );
    assert(existsSync(join(incoming, "done", "good.csv")));
    assert.match(readFileSync(join(incoming, "refused", "bad.csv.reason.txt"), "utf8"), /bad\.csv/);
    assert.deepEqual(readdirSync(incoming).toSorted(), ["done", "half.csv.tmp", "refused"]);
    assert.equal(known().missing, 0);
  });
});

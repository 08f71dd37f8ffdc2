/** Files of zonal prices: what is read, what is told of a wrong one, gaps, and how prices come into batches. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchesOf } from "../../oracle/dayBatches.ts";
import { priceGapsOf, readPrices } from "../../oracle/pricesFile.ts";
import { maskBit, maskOfHours } from "../../settlement/batch.ts";
import { type Hour, parseHour } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { smallRoster } from "../support/communityOnChain.ts";

const hour = (text: string): Hour => parseHour(text) ?? assert.fail(text);
const VERSIONS = [{ effectiveHour: 0, roster: smallRoster(2) }];
const CONFIGURATIONS = ["AC1", "AC2"].map((area) => {
  return { area, start: undefined, nonIncentivisedLast: false, rosters: VERSIONS };
});

describe("a file of zonal prices", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-prices-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (...lines: string[]) => {
    const file = join(folder, "prices.csv");
    writeFileSync(file, `${lines.join("\n")}\n`);
    return readPrices(file, CONFIGURATIONS);
  };
  const HEADER = "utc_hour,price_eur_mwh,area";

  it("is read in 10⁻⁴ €/MWh, by area or for all", () => {
    const prices = read(
      HEADER,
      "2026-03-01T09:00:00Z,112.3456,",
      "2026-03-01T08:00:00Z,-4.5,AC1",
      "2026-03-01T08:00:00Z,0,AC2",
    );
    assert.deepEqual(
      prices.map((each) => [each.get(hour("2026-03-01T08:00Z")), each.get(hour("2026-03-01T09:00Z"))]),
      [
        [-45_000, 1_123_456],
        [0, 1_123_456],
      ],
    );
    assert.equal(read("price_eur_mwh,utc_hour", "80,2026-03-01T09:00:00Z")[1]?.size, 1);
  });

  for (const [what, lines, message] of [
    ["nothing", [""], /prices\.csv: empty file\. The first line/],
    ["a header alone", [HEADER], /no lines below the header/],
    ["an unknown column", ["utc_hour,price_eur_mwh,zone", "2026-03-01T09:00:00Z,1,CSUD"], /:1: «zone»: unknown column/],
    ["no price column", ["utc_hour"], /:1: price_eur_mwh: column missing/],
    ["a field too many", [HEADER, "2026-03-01T09:00:00Z,112,35,"], /:2: .*4 fields, not 3/],
    [
      "half an hour",
      [HEADER, "2026-03-01T09:30:00Z,1,"],
      /:2: utc_hour: «2026-03-01T09:30:00Z»: not the start of an hour/,
    ],
    ["an hour of 1926", [HEADER, "1926-03-01T09:00:00Z,1,"], /:2: utc_hour: .*before the year 2000/],
    ["no price", [HEADER, "2026-03-01T09:00:00Z,,"], /:2: price_eur_mwh: .*not a price.*leave the whole line out/],
    ["five decimals", [HEADER, "2026-03-01T09:00:00Z,1.23456,"], /«1\.23456»: not a price/],
    ["an exponent", [HEADER, "2026-03-01T09:00:00Z,1e2,"], /«1e2»: not a price/],
    ["a price per GWh", [HEADER, "2026-03-01T09:00:00Z,112340,"], /«112340»: beyond 10000 €\/MWh/],
    ["a negative one", [HEADER, "2026-03-01T09:00:00Z,-10000.0001,"], /«-10000\.0001»: beyond/],
    ["another area", [HEADER, "2026-03-01T09:00:00Z,1,AC3"], /:2: area: «AC3»: unknown area\. Use one of AC1, AC2/],
    [
      "an hour twice",
      [HEADER, "2026-03-01T09:00:00Z,1,AC1", "2026-03-01T09:00:00Z,2,AC2", "2026-03-01T09:00:00Z,3,"],
      /:4: utc_hour: «2026-03-01T09:00:00Z»: this hour has a price already/,
    ],
    ["several mistakes", [HEADER, "x,1,", "2026-03-01T09:00:00Z,y,"], /:2: utc_hour[\s\S]*:3: price_eur_mwh/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => read(...lines),
        (error) => {
          assert(error instanceof InputError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("is told where it has gaps, and goes into batches with them marked", () => {
    const first = hour("2026-03-01T23:00Z");
    const prices = new Map([1, 2, 5].map((offset) => [first + offset, -10 * offset]));
    assert.deepEqual(priceGapsOf("AC1", prices, { first, end: first + 7 }), [
      { area: "AC1", firstHour: first, hours: 1 },
      { area: "AC1", firstHour: first + 3, hours: 2 },
      { area: "AC1", firstHour: first + 6, hours: 1 },
    ]);
    const range = { first, end: first + 7 };
    const batchWith = (known: ReadonlyMap<Hour, number> | undefined) =>
      batchesOf(new Map(), [], VERSIONS, range, "distributor", () => "0x00", known)[0];
    const priced = batchWith(prices);
    assert.equal(priced?.priceMask, maskBit(0) | maskBit(3) | maskBit(4) | maskBit(6));
    assert.deepEqual(priced.prices, [0, -10, -20, 0, 0, -50, ...new Array<number>(18).fill(0)]);
    const unpriced = batchWith(undefined);
    assert.equal(unpriced?.priceMask, maskOfHours(7));
    assert.deepEqual(unpriced.prices, new Array(24).fill(0));
  });
});

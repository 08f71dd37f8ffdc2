/** Wrong files of readings and receipts, each with the line, field, value and remedy that a treasurer is told. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchesOf, coveredHours, gapsOf, seedFrom } from "../../oracle/dayBatches.ts";
import type { MeterChannels } from "../../oracle/plannedRosters.ts";
import { readReadings } from "../../oracle/readingsFile.ts";
import { readReceipts } from "../../scripts/receiptsFile.ts";
import { maskOfHours } from "../../settlement/batch.ts";
import { hoursOfMarketDay, parseHour } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { smallRoster } from "../support/communityOnChain.ts";

const METERS: readonly MeterChannels[] = [
  { id: "roof", configuration: 0, injection: 1, withdrawal: undefined },
  { id: "home", configuration: 0, injection: undefined, withdrawal: 2 },
];
const VERSIONS = [{ effectiveHour: 0, roster: smallRoster(2) }];
const HEADER = "meter_id,utc_hour,injected_wh,withdrawn_wh";
const NOW = Date.parse("2026-06-01T00:00:00Z") / 1000;
const hour = (text: string) => parseHour(text) ?? assert.fail(text);

describe("files of a settlement", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-files-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function file(text: string): string {
    const path = join(folder, "file.csv");
    writeFileSync(path, text);
    return path;
  }
  const readings = (...lines: string[]) => readReadings(file([HEADER, ...lines, ""].join("\n")), METERS, NOW);
  const refused = (attempt: () => unknown, message: RegExp) =>
    assert.throws(attempt, (error) => {
      assert(error instanceof InputError, String(error));
      assert.match(error.message, message);
      return true;
    });

  for (const [name, lines, message] of [
    ["an unknown meter", ["x,2026-03-01T00:00:00Z,1,"], /:2: meter_id: «x»: unknown meter\. Add the meter/],
    [
      "half an hour",
      ["roof,2026-03-01T00:30:00Z,1,"],
      /:2: utc_hour: «2026-03-01T00:30:00Z»: not the start of an hour/,
    ],
    ["a local time", ["roof,2026-03-01T00:00:00+01:00,1,"], /not the start of an hour in UTC/],
    ["a decimal", ["roof,2026-03-01T00:00:00Z,1.5,"], /:2: injected_wh: «1\.5»: not a whole number of Wh/],
    [
      "an hour of another century",
      ["roof,1924-03-01T00:00:00Z,1,"],
      /:2: utc_hour: «1924-03-01T00:00:00Z»: before the year 2000/,
    ],
    ["a negative reading", ["roof,2026-03-01T00:00:00Z,-1,"], /«-1»: not a whole number/],
    ["a number that is none", ["roof,2026-03-01T00:00:00Z,NaN,"], /«NaN»: not a whole number/],
    ["a reading beyond 32 bits", ["roof,2026-03-01T00:00:00Z,4294967296,"], /«4294967296»: not a whole number/],
    [
      "a duplicate hour",
      ["roof,2026-03-01T00:00:00Z,1,", "roof,2026-03-01T00:00:00Z,1,"],
      /:3: .*duplicate hour of meter roof/,
    ],
    [
      "an hour out of order",
      ["roof,2026-03-01T01:00:00Z,1,", "roof,2026-03-01T00:00:00Z,1,"],
      /:3: .*hour out of order/,
    ],
    ["an hour that has not ended", ["roof,2026-06-01T00:00:00Z,1,"], /this hour has not ended/],
    [
      "energy in a direction without a channel",
      ["home,2026-03-01T00:00:00Z,5,1"],
      /meter home has no channel for this/,
    ],
    ["a field too many", ["home,2026-03-01T00:00:00Z,,1,9"], /5 fields, not 4/],
    ["a quote left open", ['home,"2026-03-01T00:00:00Z,,1'], /:\d+: .*Mend the quotes/],
    ["no lines", [], /no lines below the header/],
  ] as const) {
    it(`readings: refuses ${name}`, () => refused(() => readings(...lines), message));
  }

  it("readings: refuses an empty file, wrong columns and a file that is not there", () => {
    refused(() => readReadings(file(""), METERS, NOW), /empty file\. The first line must name the columns/);
    refused(
      () => readReadings(file("meter,hour\n1,2\n"), METERS, NOW),
      /meter_id: column missing[\s\S]*«meter»: unknown column/,
    );
    refused(() => readReadings(join(folder, "none.csv"), METERS, NOW), /no such file/);
  });

  it("readings: an empty field, a line left out and a missing meter are gaps, not zeros", () => {
    const day = hoursOfMarketDay("2026-03-10");
    const known = readings(
      "roof,2026-03-10T08:00:00Z,500,",
      "roof,2026-03-10T09:00:00Z,,",
      "roof,2026-03-10T10:00:00Z,0,",
    );
    const range = coveredHours(known, METERS, undefined) ?? assert.fail();
    assert.deepEqual(range, { first: day.firstHour, end: hour("2026-03-10T11:00:00Z") });
    assert.deepEqual(gapsOf(known, METERS, range), [
      { meter: "roof", direction: "injected", firstHour: day.firstHour, hours: 9 },
      { meter: "roof", direction: "injected", firstHour: hour("2026-03-10T09:00:00Z"), hours: 1 },
      { meter: "home", direction: "withdrawn", firstHour: day.firstHour, hours: 12 },
    ]);
    const [batch, ...others] = batchesOf(known, METERS, VERSIONS, range, "distributor", () => "0x00");
    assert.equal(others.length, 0);
    assert.equal(batch?.hourCount, 12);
    assert.equal(batch?.injected[0]?.[9], 500);
    assert.deepEqual(batch?.missing, [maskOfHours(9) | (1 << 13), maskOfHours(12)]);
  });

  it("readings: a byte order mark and Windows line ends are fine", () => {
    const text = `\uFEFF${HEADER}\r\nroof,2026-03-10T08:00:00Z,500,\r\n`;
    assert.equal(readReadings(file(text), METERS, NOW).get("roof")?.size, 1);
  });

  it("seeds differ by ledger, hour and revision, and come again from the same secret", () => {
    assert.equal(seedFrom("0x01", "0xaa", 1, 0), seedFrom("0x01", "0xaa", 1, 0));
    const seeds = [
      seedFrom("0x01", "0xaa", 1, 0),
      seedFrom("0x01", "0xaa", 2, 0),
      seedFrom("0x01", "0xbb", 1, 0),
      seedFrom("0x02", "0xaa", 1, 0),
      seedFrom("0x01", "0xaa", 1, 1),
    ];
    assert.equal(new Set(seeds).size, 5);
  });

  const CONFIGURATIONS = [{ area: "AC1", start: undefined, nonIncentivisedLast: false, rosters: VERSIONS }];
  const ACCOUNTS = [
    { number: 1, id: "conti", name: "Conti", kind: "member", social: false, wallet: undefined },
    { number: 2, id: "cassa", name: "Cassa", kind: "fund", social: true, wallet: undefined },
  ] as const;
  const receipts = (...lines: string[]) =>
    readReceipts(file([...lines, ""].join("\n")), CONFIGURATIONS, ACCOUNTS, [
      { firstMonth: 24_314, lastMonth: 24_316 },
    ]);

  for (const [name, lines, message] of [
    [
      "three decimals",
      ["month,kind,net_eur", "2026-03,premium,1.234"],
      /:2: net_eur: «1\.234»: not an amount in euro and cents/,
    ],
    ["a decimal comma", ["month,kind,net_eur", '2026-03,premium,"1,23"'], /«1,23»: not an amount/],
    [
      "an amount that can only be mistyped",
      ["month,kind,net_eur", "2026-03,premium,-100000000.01"],
      /more than a hundred million euro/,
    ],
    ["an unknown kind", ["month,kind,net_eur", "2026-03,gift,1.00"], /kind: «gift»: unknown kind\. Use one of premium/],
    [
      "a month after the readings",
      ["month,kind,net_eur", "2026-06,premium,1.00"],
      /later than the readings, which reach 2026-05/,
    ],
    ["a month before the start", ["month,kind,net_eur", "2026-02,premium,1.00"], /which begins in 2026-03/],
    ["no month", ["month,kind,net_eur", "March,premium,1.00"], /month: «March»: not a month/],
    ["an unknown area", ["month,kind,net_eur,area", "2026-03,premium,1.00,AC2"], /area: «AC2»: unknown area/],
    [
      "a net that is not gross less fee and VAT",
      ["month,kind,net_eur,gross_eur,fee_eur", "2026-03,premium,1.00,2.00,0.50"],
      /not gross − fee − VAT, which is 1\.50/,
    ],
    [
      "a repeated receipt",
      ["month,kind,net_eur", "2026-03,premium,1.00", "2026-03,premium,1.00"],
      /:3: .*same receipt as in line 2/,
    ],
    ["a wrong column", ["month,kind,amount", "2026-03,premium,1.00"], /net_eur: column missing/],
  ] as const) {
    it(`receipts: refuses ${name}`, () => refused(() => receipts(...lines), message));
  }

  it("receipts: may be none yet", () => assert.deepEqual(receipts("month,kind,net_eur"), []));

  it("receipts: computes gross, takes claw-backs, tells documents apart", () => {
    const [first, second] = receipts(
      "month,kind,net_eur,fee_eur,vat_eur,document",
      "2026-03,premium,10.00,1.00,0.22,A",
      "2026-03,premium,-10.00,,,B",
    );
    assert.equal(first?.gross, 11_220_000n);
    assert.equal(second?.net, -10_000_000n);
    assert.notEqual(first?.documentHash, second?.documentHash);
  });
});

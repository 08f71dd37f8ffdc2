import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGseTables } from "../../scripts/gseTablesFile.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const AREAS = ["AC001"];

describe("GSE's tables", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-tables-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const file = join(folder, "rates.yaml");
    writeFileSync(file, text);
    return readGseTables(file, AREAS);
  };

  it("are known for some years, each row with its source", () => {
    const { unitRates, losses, advances, fees } = readGseTables(undefined, AREAS);
    assert.deepEqual(
      unitRates.map(({ year, trase, btau }) => [year, trase, btau]),
      [
        [2022, 77_800n, 5_900n],
        [2024, 105_700n, 6_500n],
      ],
    );
    assert.deepEqual(
      losses.map(({ medium, low }) => [medium, low]),
      [[120n, 260n]],
    );
    assert.deepEqual(
      advances.map(({ hours, share, uplift, minimumPayment }) => [hours, share, uplift, minimumPayment]),
      [[{ north: 900n, centre: 1050n, south: 1100n }, 6000n, 200_000n, 50_000_000n]],
    );
    assert.deepEqual(
      fees.map(({ vat, bands }) => [vat, bands]),
      [
        [
          2200n,
          [
            { upTo: 3_000, fixed: 0n, perKilowatt: 0n },
            { upTo: 20_000, fixed: 15_000_000n, perKilowatt: 0n },
            { upTo: undefined, fixed: 15_000_000n, perKilowatt: 1_000_000n },
          ],
        ],
      ],
    );
    for (const { source } of [...unitRates, ...losses, ...advances, ...fees]) assert.notEqual(source, "");
  });

  it("take the treasurer's rows in place of those of the same year, and beside others", () => {
    const { unitRates, fees, configurations } = read(`unit_rates:
  - { year: 2024, trase_eur_mwh: 10.5, btau_eur_mwh: 0.6, source: mine }
  - { year: 2026, trase_eur_mwh: 11.1234, btau_eur_mwh: 0, source: mine }
configurations:
  - { area: AC001, kind: collective, voltage: medium, zone: south, hours: 1800 }
`);
    assert.deepEqual(
      unitRates.map(({ year, trase, source }) => [year, trase, source === "mine"]),
      [
        [2022, 77_800n, false],
        [2024, 105_000n, true],
        [2026, 111_234n, true],
      ],
    );
    assert.equal(fees.length, 1);
    assert.deepEqual(configurations, [
      { area: "AC001", kind: "collective", voltage: "medium", zone: "south", hours: 1800n },
    ]);
  });

  const fee = (bands: string) => `fees: [{ from: 2026, vat_percent: 22, source: x, bands: ${bands} }]`;
  for (const { name, text, message } of [
    {
      name: "a row without a source",
      text: "unit_rates: [{ year: 2026, trase_eur_mwh: 1, btau_eur_mwh: 1 }]",
      message: /unit_rates\[0\]\.source: missing\. Add it/,
    },
    {
      name: "a rate below zero",
      text: "unit_rates: [{ year: 2026, trase_eur_mwh: -1, btau_eur_mwh: 1, source: x }]",
      message: /rates\.yaml:1: unit_rates\[0\]\.trase_eur_mwh: «-1»: below zero\. Write it as 10\.57/,
    },
    {
      name: "a rate with five decimals",
      text: "unit_rates: [{ year: 2026, trase_eur_mwh: 1.00001, btau_eur_mwh: 1, source: x }]",
      message: /more than 4 decimals/,
    },
    {
      name: "a rate that is text",
      text: 'unit_rates: [{ year: 2026, trase_eur_mwh: "10,57", btau_eur_mwh: 1, source: x }]',
      message: /«10,57»: not a number/,
    },
    {
      name: "a year twice",
      text: "losses: [{ from: 2026, medium_percent: 1, low_percent: 2, source: x }, { from: 2026, medium_percent: 1, low_percent: 2, source: x }]",
      message: /losses\[1\]: a second row for 2026\. Keep one/,
    },
    { name: "an unknown field", text: "tariffs: []", message: /tariffs: unknown field/ },
    { name: "an unknown zone", text: "configurations: [{ area: AC001, zone: nord }]", message: /«nord»: unknown zone/ },
    {
      name: "an area of another community",
      text: "configurations: [{ area: AC9 }]",
      message: /configurations: «AC9»: unknown area\. Use one of AC001/,
    },
    {
      name: "bands without an end",
      text: fee("[{ up_to_kw: 3, eur: 0 }]"),
      message: /the last band, and only that, has no up_to_kw/,
    },
    {
      name: "bands out of order",
      text: fee("[{ up_to_kw: 20, eur: 0 }, { up_to_kw: 3, eur: 0 }, { eur: 1 }]"),
      message: /bands out of order/,
    },
    { name: "an empty file", text: "", message: /empty file\. Docs\/reconciliation\.md/ },
    { name: "broken YAML", text: "fees: [", message: /Mend the YAML/ },
  ]) {
    it(`refuse ${name}`, () => {
      assert.throws(
        () => read(text),
        (error) => error instanceof InputError && message.test(error.message),
      );
    });
  }
});

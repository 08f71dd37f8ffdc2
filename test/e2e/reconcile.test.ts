/** The treasurer's comparison through the command: the example, what was paid short, a year adjusted as one amount. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { formatEuro } from "../../settlement/amounts.ts";
import { condivisaHere, settleArgs } from "../support/cli.ts";

const EXAMPLE = "examples/magliano";
const RATES = `unit_rates:
  - { year: 2026, trase_eur_mwh: 10.57, btau_eur_mwh: 0, source: invented for a test }
`;

describe("condivisa reconcile", function () {
  this.timeout(120_000);
  let folder: string;
  let rates: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-reconcile-"));
    rates = file("rates.yaml", RATES);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** The example's settlement with other receipts. */
  async function settled(name: string, receipts: (text: string) => string): Promise<string> {
    const files = join(folder, `${name}-files`);
    cpSync(EXAMPLE, files, { recursive: true });
    writeFileSync(join(files, "receipts.csv"), receipts(readFileSync(join(EXAMPLE, "receipts.csv"), "utf8")));
    const out = join(folder, name);
    const { code, stderr } = await condivisaHere(...settleArgs(files, out));
    assert.equal(code, 0, stderr);
    return out;
  }

  /** The example's plant under DM 414/2023 is advanced 12.29 € a month, whatever it earned. */
  const advanced = (text: string) => text.replace("344.97", "349.58").replace("366.19", "371.86");

  it("finds nothing where GSE paid the advance and what accrued under art. 42-bis, and tells a year without rates", async () => {
    const out = await settled("right", advanced);
    const known = await condivisaHere("reconcile", out, "--rates", rates, "--quiet");
    assert.equal(known.code, 0, known.stderr);
    assert.match(known.stdout, /Differenze: nessuna differenza/);
    assert.match(known.stdout, /2026-03 +3154,643 +344,98 +349,58 +349,58 +349,58 +33,34 +33,34 +confrontato/);

    const unknown = await condivisaHere("reconcile", out, "--quiet", "--language", "en");
    assert.equal(unknown.code, 0, unknown.stderr);
    assert.match(unknown.stdout, /Not known:\n {2}TRASE and BTAU of 2026/);

    const exact = await condivisaHere("reconcile", out, "--rates", rates, "--tolerance", "0", "--quiet");
    assert.equal(exact.code, 3);
  });

  it("says by how much a month was paid short, in euro and kWh, and which meters had no readings", async () => {
    const out = await settled("short", (text) => advanced(text).replace("349.58", "337.18"));
    const { code, stdout } = await condivisaHere("reconcile", out, "--rates", rates, "--quiet");
    assert.equal(code, 3);
    assert.match(
      stdout,
      /marzo 2026: ricevuti 12,40 € meno dell'atteso, pari a 113 kWh; contatore ferramenta senza letture per 5 ore\n/,
    );
    assert(!stdout.includes("aprile 2026:"));

    const shape = z.object({
      ok: z.boolean(),
      years: z.array(
        z.object({
          year: z.number(),
          findings: z.array(
            z.object({
              subject: z.string(),
              month: z.string(),
              difference: z.string(),
              evidence: z.object({ missing: z.array(z.object({ meter: z.string(), hours: z.number() })) }),
            }),
          ),
        }),
      ),
    });
    const json = await condivisaHere("reconcile", out, "--rates", rates, "--quiet", "--json", "--year", "2026");
    assert.equal(json.code, 3);
    const { ok, years } = shape.parse(JSON.parse(json.stdout));
    assert.equal(ok, false);
    const [finding] = years[0]?.findings ?? [];
    assert.equal(finding?.subject, "advance");
    assert.equal(finding?.month, "2026-03");
    assert.equal(formatEuro(BigInt(finding?.difference ?? 0)), "-12.40");
    assert.deepEqual(finding?.evidence.missing, [{ meter: "ferramenta", hours: 5 }]);
  });

  for (const { name, args, message } of [
    {
      name: "a year of which nothing is known",
      args: ["--year", "2019"],
      message: /--year: «2019»: neither readings nor receipts/,
    },
    { name: "a tolerance that is none", args: ["--tolerance", "-1"], message: /Write whole cents/ },
    { name: "a file of rates that is not there", args: ["--rates", "none.yaml"], message: /none\.yaml: no such file/ },
  ]) {
    it(`refuses ${name}`, async () => {
      const { code, stderr } = await condivisaHere("reconcile", join(folder, "right"), "--quiet", ...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  it("refuses a folder that is no settlement's", async () => {
    const { code, stderr } = await condivisaHere("reconcile", folder, "--quiet");
    assert.equal(code, 2);
    assert.match(stderr, /this is no settlement's folder/);
  });

  it("splits no adjustment of a year that is not over", async () => {
    const args = ["split-adjustment", join(folder, "right"), "--year", "2026", "--document", "D", "--quiet"];
    const { code, stderr } = await condivisaHere(...args, "--amount", "10");
    assert.equal(code, 2);
    assert.match(stderr, /«2026»: not over/);
  });
});

describe("condivisa split-adjustment", function () {
  this.timeout(120_000);
  let folder: string;
  let files: string;
  let out: string;

  /** The last two months of a year, with one hour each: 100 and 110 kWh shared, 23.10 €. */
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-split-"));
    files = join(folder, "files");
    cpSync(EXAMPLE, files, { recursive: true });
    out = join(folder, "out");
    writeFileSync(join(files, "community.yaml"), COMMUNITY);
    writeFileSync(join(files, "readings.csv"), twoMonthsOfReadings());
    writeFileSync(join(files, "receipts.csv"), RECEIPTS);
    const { code, stderr } = await condivisaHere(...settleArgs(files, out));
    assert.equal(code, 0, stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const split = (...more: string[]) =>
    condivisaHere("split-adjustment", out, "--year", "2025", "--document", "GSE-2025-conguaglio", "--quiet", ...more);

  it("writes lines that settle takes, which add up to the cent, and the year reconciles", async () => {
    const { code, stdout, stderr } = await split("--amount", "13.10");
    assert.equal(code, 0, stderr);
    const lines = stdout.trim().split("\n");
    assert.equal(lines.length, 3);
    assert.equal(lines[1], "2025-11,premium,6.24,GSE-2025-conguaglio,AC001");
    const cents = lines.slice(1).map((line) => Math.round(Number(line.split(",")[2]) * 100));
    assert.equal(
      cents.reduce((total, part) => total + part, 0),
      1310,
    );

    writeFileSync(join(files, "receipts.csv"), [RECEIPTS.trim(), ...lines.slice(1), ""].join("\n"));
    const again = await condivisaHere(...settleArgs(files, out), "--adjusted", "2025");
    assert.equal(again.code, 0, again.stderr);
    const rates = join(folder, "rates.yaml");
    writeFileSync(rates, "unit_rates: [{ year: 2025, trase_eur_mwh: 0, btau_eur_mwh: 0, source: invented }]\n");
    writeFileSync(
      rates,
      `${readFileSync(rates, "utf8")}fees: [{ from: 2025, vat_percent: 22, bands: [{ eur: 0 }], source: invented }]\n`,
    );
    const reconciled = await condivisaHere("reconcile", out, "--rates", rates, "--quiet");
    assert.equal(reconciled.code, 0, reconciled.stdout);
    assert.match(reconciled.stdout, /anno 2025: conguagliato/);
    assert.match(reconciled.stdout, /Premio maturato: 23,10 €; ricevuti: 23,10 €; differenza: 0,00 €/);

    const withFees = await condivisaHere("reconcile", out, "--quiet");
    assert.equal(withFees.code, 3);
    assert.match(withFees.stdout, /2025: trattenuti 18,30 € meno del corrispettivo GSE previsto\n/);
  });

  for (const { name, args, message } of [
    { name: "an amount with a comma", args: ["--amount", "75,80"], message: /--amount: «75,80»: not an amount/ },
    {
      name: "an unknown area",
      args: ["--amount", "1", "--area", "AC9"],
      message: /--area: «AC9»: unknown area\. Use one of AC001/,
    },
    {
      name: "a document that breaks the line",
      args: ["--amount", "1", "--document", "a,b"],
      message: /--document: «a,b»/,
    },
    {
      name: "a year before the readings",
      args: ["--amount", "1", "--year", "2024"],
      message: /no premium was accrued/,
    },
  ]) {
    it(`refuses ${name}`, async () => {
      const { code, stderr } = await split(...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

const COMMUNITY = `name: CER di prova
configurations: [{ area: AC001, start: 2025-11-01 }]
members:
  - id: uno
    name: Uno
    class: persona_fisica
    meters: [{ id: uno, withdraws: false, plant: { commissioned: 2021-05-01, power_kw: 10 } }]
  - id: due
    name: Due
    class: persona_fisica
    meters: [{ id: due }]
funds: [{ id: sociale, name: Fondo, social: true }]
rules: [{ fallback: sociale, split: [{ share: 10000, key: coincident-withdrawal }] }]
`;

const RECEIPTS = `month,kind,net_eur,document,area
2025-11,premium,10.00,GSE-2025-11,AC001
`;

function twoMonthsOfReadings(): string {
  const lines = ["meter_id,utc_hour,injected_wh,withdrawn_wh"];
  for (const meter of ["uno", "due"]) {
    for (let hour = Date.UTC(2025, 9, 31, 23); hour < Date.UTC(2025, 11, 31, 23); hour += 3_600_000) {
      const date = new Date(hour);
      const wattHours = date.getUTCDate() === 15 && date.getUTCHours() === 11 ? date.getUTCMonth() * 10_000 : 0;
      const text = date.toISOString().replace(".000Z", "Z");
      lines.push(meter === "uno" ? `${meter},${text},${wattHours},` : `${meter},${text},,${wattHours}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

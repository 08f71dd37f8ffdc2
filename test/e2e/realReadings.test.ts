/**
 * Measured readings of real homes, settled through the command, audited and compared with the file they came from; and over
 * MQTT through a real Mosquitto, which has to come to the same. The file stands beside the project where its developers work;
 * elsewhere these tests say that it is not there.
 */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { withoutNames } from "../../api/documents/names.ts";
import { readHistory } from "../../chain/history.ts";
import { withChainOf } from "../../scripts/folderChain.ts";
import { readDeployment, settlementFolder } from "../../scripts/settlementFolder.ts";
import { recompute } from "../../settlement/recompute.ts";
import { condivisa, condivisaAsync, settleArgs } from "../support/cli.ts";
import { checkDocuments } from "../support/documents.ts";
import { checkPostings } from "../support/exports.ts";
import { HAS_MEASURED, MEASURED } from "../support/measured.ts";
import { HAS_MOSQUITTO, mosquitto } from "../support/mosquitto.ts";
import { oracleFolder, settleFirstDay } from "../support/oracleFolder.ts";
import { chainTimes, checkHours, checkPeriods } from "../support/periods.ts";
import { until } from "../support/processes.ts";

type Window = {
  readonly name: string;
  readonly first: string;
  readonly end: string;
  /** Meters with a plant, then those without. */
  readonly plants: readonly string[];
  /** Those of them that only inject. */
  readonly generators: readonly string[];
  readonly consumers: readonly string[];
  readonly months: readonly string[];
};

const WINDOWS: readonly Window[] = [
  {
    name: "80 days of seven meters",
    first: "2024-05-31T22",
    end: "2024-08-19T22",
    plants: ["p01", "p02", "p03", "p04", "g01"],
    generators: ["g01"],
    consumers: ["c02", "c04"],
    months: ["2024-06", "2024-07"],
  },
  {
    name: "four meters across the clock change of 27 October 2024",
    first: "2024-09-30T22",
    end: "2024-11-30T23",
    plants: ["p01", "p04"],
    generators: [],
    consumers: ["c03", "c04"],
    months: ["2024-10", "2024-11"],
  },
];

const resultShape = z.object({
  audit: z.object({ ok: z.boolean(), checked: z.object({ readings: z.number(), batches: z.number() }) }),
  settlement: z.object({
    months: z.array(z.object({ month: z.string(), shared: z.string(), injected: z.string(), withdrawn: z.string() })),
    totals: z.object({ received: z.string(), paid: z.string() }),
  }),
});

describe("real readings", function () {
  this.timeout(180_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-real-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  if (!HAS_MEASURED) {
    it("are not here: the measured readings stand outside the project", () => {
      console.log(`      no file ${MEASURED}`);
    });
    return;
  }

  const settlements = new Map<Window, { readonly files: string; readonly stdout: string }>();

  /** Settles a window's file, once. */
  function settled(window: Window) {
    const known = settlements.get(window);
    if (known !== undefined) return known;
    const files = join(folder, window.first);
    writeFiles(files, window, measuredLines(window));
    const { code, stdout, stderr } = condivisa(...settleArgs(files, join(files, "out")), "--json");
    assert.equal(code, 0, stderr);
    settlements.set(window, { files, stdout });
    return { files, stdout };
  }

  for (const window of WINDOWS) {
    it(`${window.name}: settled, paid and audited; sums and documents are right`, async () => {
      const { files, stdout } = settled(window);
      const lines = measuredLines(window);
      const { audit, settlement } = resultShape.parse(JSON.parse(stdout));
      assert(audit.ok);
      assert.equal(settlement.totals.paid, "300000000");
      assert.equal(settlement.totals.received, "300000000");
      for (const month of settlement.months) {
        const { injected, withdrawn, shared } = plainSums(window, lines, month.month);
        assert.deepEqual([month.injected, month.withdrawn, month.shared], [injected, withdrawn, shared].map(String));
      }

      const compared = condivisa("audit", join(files, "out"), "--readings", join(files, "readings.csv"), "--quiet");
      assert.equal(compared.code, 0, compared.stdout + compared.stderr);
      await checkStatements(join(files, "out"));
      tamper(files, window);
    });
  }

  if (!HAS_MOSQUITTO) {
    it("are not sent over MQTT here", () => console.log("      no Mosquitto (Debian: mosquitto, openssl)"));
    return;
  }

  it("sent by seven meters over MQTT, some twice, some late, settle as those of the file", async () => {
    const [window = assert.fail()] = WINDOWS;
    const { files } = settled(window);
    const meters = [...window.plants, ...window.consumers];
    const broker = await mosquitto(join(folder, "broker"), {
      oracle: "o-secret",
      ...Object.fromEntries(meters.map((id) => [id, `${id}-secret`])),
    });
    const passwords = join(folder, "passwords.csv");
    const lines = meters.map((id) => `${id},${id},${id}-secret`);
    writeFileSync(passwords, ["meter_id,username,password", ...lines, ""].join("\n"));
    const begun = settleFirstDay(files, folder, "2024-06-01T22");
    const live = await oracleFolder(folder, "live", begun, broker, "o-secret", ["clock: readings"]);
    try {
      await broker.start();
      const chain = await live.chain();
      const oracle = await live.oracle();
      const { code, stderr } = await condivisaAsync(
        ...["simulate-meters", "--readings", join(files, "readings.csv"), "--mqtt", broker.url, "--ca", broker.ca],
        ...["--passwords", passwords, "--duplicates", "2", "--late", "3", "--seed", "11", "--quiet"],
      );
      assert.equal(code, 0, stderr);
      await until("the last day", () => live.reached(Date.parse(`${window.end}:00:00Z`) / 3_600_000));
      // The one hour that the file lacks.
      const gap = /"gap-at-deadline"[^}]*1 readings are missing in the day from 2024-06-24T22:00:00Z/;
      await until("the alarm", async () => gap.test(await live.says("/status")));
      await oracle.stop();
      await chain.stop();
    } finally {
      await live.kill();
      await broker.kill();
    }
    // The file corrects no hour: only the days' grade becomes the distributor's.
    const { code, stdout, stderr } = condivisa(...settleArgs(files, live.out));
    assert.equal(code, 0, stderr);
    const corrected =
      "Corrected, of what was recorded before:\n  grade of AC001E00001: 79 days are now distributor\n\n";
    assert(stdout.includes(corrected), stdout);
    const settlementOf = (out: string) => readFileSync(join(out, "settlement.json"), "utf8");
    assert.equal(settlementOf(live.out), settlementOf(join(files, "out")));
  });
});

/** Every account's statement, as CSV and PDF too, has the totals of the chain; hours add up to months. */
async function checkStatements(path: string): Promise<void> {
  const folder = settlementFolder(path);
  const deployment = readDeployment(folder);
  assert(deployment);
  await withChainOf(folder, undefined, async (client) => {
    const history = await readHistory(client, deployment);
    const recomputed = recompute(history);
    const statements = checkPeriods(history, recomputed, await chainTimes(client, history));
    for (const statement of statements) await checkDocuments(history, statement, withoutNames("Real readings"));
    assert(checkHours(history, recomputed) > 0);
    checkPostings(history);
  });
}

/** Changes a reading in the file, then one on the chain, then what the chain says was signed: each is found and named. */
function tamper(files: string, { end, consumers }: Window): void {
  const out = join(files, "out");
  const [meter = ""] = consumers;
  const hour = new Date(Date.parse(`${end}:00:00Z`) - 36 * 3_600_000).toISOString().replace(".000Z", "Z");
  const text = readFileSync(join(files, "readings.csv"), "utf8");
  const line = new RegExp(`^(${meter},${hour},\\d*,)(\\d+)$`, "m");
  const [, , recorded = assert.fail(`no reading of ${meter} at ${hour}`)] = line.exec(text) ?? [];
  const altered = join(files, "altered.csv");
  writeFileSync(altered, text.replace(line, `$1${Number(recorded) + 1}`));
  const inFile = condivisa("audit", out, "--readings", altered, "--quiet");
  assert.equal(inFile.code, 3);
  const named = `meter ${meter}, withdrawn at ${hour}: ${recorded} Wh on the chain, ${Number(recorded) + 1} Wh in the file`;
  assert(inFile.stdout.includes(named), inFile.stdout);

  const journal = new DatabaseSync(join(out, "chain.sqlite"));
  const { number } = z
    .object({ number: z.number() })
    .parse(journal.prepare("SELECT max(number) AS number FROM block WHERE length(tx) > 1500").get());
  // A byte in the middle of a batch: a reading, for which nobody signed.
  const change = "UPDATE block SET tx = CAST(substr(tx, 1, 900) || x'2a' || substr(tx, 902) AS BLOB) WHERE number = ?";
  journal.prepare(change).run(number);
  journal.close();
  const onChain = condivisa("audit", out, "--quiet");
  assert.equal(onChain.code, 1);
  assert.match(onChain.stderr, new RegExp(`block ${number} is not the one that was acknowledged`));
}

function measuredLines({ first, end, plants, consumers }: Window): string[][] {
  const meters = new Set([...plants, ...consumers]);
  return readFileSync(MEASURED, "utf8")
    .split("\n")
    .map((line) => line.trim().split(","))
    .filter(([meter = "", hour = ""]) => meters.has(meter) && hour >= first && hour < end);
}

function writeFiles(
  files: string,
  { plants, generators, consumers, months }: Window,
  lines: readonly string[][],
): void {
  mkdirSync(files);
  const member = (id: string, plant: string) =>
    `  - { id: ${id}, name: ${id}, class: persona_fisica, meters: [{ id: ${id}${plant} }] }`;
  writeFileSync(
    join(files, "community.yaml"),
    [
      "name: Real readings",
      "configurations: [{ area: AC001E00001 }]",
      "members:",
      ...plants.map((id, i) => {
        const plant = `, plant: { commissioned: 2021-0${((i * 3) % 7) + 1}-01, power_kw: 6 }`;
        return member(id, generators.includes(id) ? `${plant}, withdraws: false` : plant);
      }),
      ...consumers.map((id) => member(id, "")),
      "funds: [{ id: cassa, name: Cassa, social: true }]",
      "rules:",
      "  - fallback: cassa",
      "    split:",
      "      - { share: 1000, key: fund, fund: cassa }",
      "      - { share: 4500, key: attributed-injection }",
      "      - { share: 4500, key: coincident-withdrawal }",
      "",
    ].join("\n"),
  );
  writeFileSync(
    join(files, "readings.csv"),
    ["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines.map((line) => line.join(",")), ""].join("\n"),
  );
  const receipts = months.map((month, index) => `${month},premium,${index === 0 ? "100.00" : "200.00"}`);
  writeFileSync(join(files, "receipts.csv"), ["month,kind,net_eur", ...receipts, ""].join("\n"));
}

/** The month's sums by plain addition over the lines of the file; the local month by the text of the hour. */
function plainSums({ plants }: Window, lines: readonly string[][], month: string) {
  const byHour = new Map<string, { injected: number; withdrawn: number }>();
  for (const [meter = "", hour = "", injected = "", withdrawn = ""] of lines) {
    const local = new Date(hour).toLocaleDateString("sv-SE", { timeZone: "Europe/Rome" });
    if (!local.startsWith(month)) continue;
    const known = byHour.get(hour) ?? { injected: 0, withdrawn: 0 };
    if (plants.includes(meter)) known.injected += Number(injected);
    known.withdrawn += Number(withdrawn);
    byHour.set(hour, known);
  }
  const sums = { injected: 0, withdrawn: 0, shared: 0 };
  for (const { injected, withdrawn } of byHour.values()) {
    sums.injected += injected;
    sums.withdrawn += withdrawn;
    sums.shared += Math.min(injected, withdrawn);
  }
  return sums;
}

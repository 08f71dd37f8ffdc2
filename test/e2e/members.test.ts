/** Who comes, goes, takes over a meter, changes class or builds a plant: through the command, also for days long recorded. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { condivisaHere, condivisaKilledAfter, moneyOf, settleArgs } from "../support/cli.ts";

const EXAMPLE = "examples/magliano";

const micro = z.string().transform(BigInt);
const settlementShape = z.object({
  months: z.array(z.object({ month: z.string(), shared: micro, missing: z.number() })),
  accounts: z.array(
    z.object({ number: z.number(), id: z.string(), injected: micro, withdrawn: micro, entitled: micro }),
  ),
  totals: z.object({ received: micro, entitled: micro }),
});

type Edit = readonly [from: string, to: string];

const LEAVES: Edit = [
  "id: famiglia-neri, name: Famiglia Neri, class: persona_fisica,",
  "id: famiglia-neri, name: Famiglia Neri, class: persona_fisica, until: 2026-03-20,",
];
const HANDS_METER_OVER: Edit = [
  "{ id: bar-centrale, pod: IT001E00010005 }",
  "{ id: bar-centrale, pod: IT001E00010005, until: 2026-04-09 }",
];
const CHANGES_CLASS: Edit = [
  "- { id: ferramenta, pod: IT001E00010006 }",
  "- { id: ferramenta, pod: IT001E00010006, until: 2026-03-31 }\n" +
    "      - { id: ferramenta, pod: IT001E00010006, from: 2026-04-01, class: terzo_settore }",
];
const BUILDS_PLANT: Edit = [
  "[{ id: casa-rossi, pod: IT001E00010010 }]",
  "[{ id: casa-rossi, pod: IT001E00010010, until: 2026-03-31 }, { id: casa-rossi, pod: IT001E00010010, from: 2026-04-01, " +
    "plant: { commissioned: 2026-03-30, power_kw: 3, regime: CACER, photovoltaic: true, region: Lazio } }]",
];
const JOIN: Edit = [
  "\n# Named funds.",
  `
  - { id: viola, name: Famiglia Viola, class: persona_fisica, from: 2026-03-10, meters: [{ id: casa-viola }] }
  - id: bar-nuovo
    name: Bar Nuovo
    class: impresa
    meters: [{ id: bar-centrale, pod: IT001E00010005, from: 2026-04-10 }]

# Named funds.`,
];

describe("members and meters that change", function () {
  this.timeout(120_000);
  let folder: string;
  let settled: string;
  let files: string;
  let changed: string;

  const settlementOf = (path: string) =>
    settlementShape.parse(JSON.parse(readFileSync(join(path, "settlement.json"), "utf8")));
  const accountOf = (path: string, id: string) =>
    settlementOf(path).accounts.find((account) => account.id === id) ?? assert.fail(id);
  const copyOf = (path: string, name: string) => {
    cpSync(path, join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const edit = (file: string, edits: readonly Edit[]) => {
    const text = readFileSync(file, "utf8");
    for (const [from] of edits) assert(text.includes(from), from);
    writeFileSync(
      file,
      edits.reduce((so, [from, to]) => so.replace(from, to), text),
    );
  };
  const linesOf = (meter: string) =>
    readFileSync(join(EXAMPLE, "readings.csv"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith(`${meter},`));
  /** Wh of the example's file in the hours from the first text on, before the second. */
  const withdrawn = (meter: string, from: string, end: string) =>
    linesOf(meter)
      .map((line) => line.split(","))
      .filter(([, hour = ""]) => hour >= from && hour < end)
      .reduce((total, [, , , wattHours]) => total + BigInt(wattHours ?? ""), 0n);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-members-"));
    settled = join(folder, "settled");
    assert.equal((await condivisaHere(...settleArgs(EXAMPLE, settled))).code, 0);

    files = copyOf(EXAMPLE, "files");
    edit(join(files, "community.yaml"), [LEAVES, HANDS_METER_OVER, CHANGES_CLASS, BUILDS_PLANT, JOIN]);
    const readings = readFileSync(join(files, "readings.csv"), "utf8");
    const sunny = readings.replaceAll(/^(casa-rossi,2026-04-..T1[0-3]:00:00Z),,/gm, "$1,1500,");
    assert.notEqual(sunny, readings);
    const viola = linesOf("casa-verdi").filter((line) => line >= "casa-verdi,2026-03-05T23");
    writeFileSync(
      join(files, "readings.csv"),
      `${sunny}${viola.map((line) => line.replace("verdi", "viola")).join("\n")}\n`,
    );
    changed = copyOf(settled, "changed");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("reach back only as far as is said; else nothing is written", async () => {
    const before = moneyOf(settled);
    for (const backTo of [[], ["--back-to", "2026-03-11"]]) {
      const { code, stderr } = await condivisaHere(...settleArgs(files, settled), ...backTo);
      assert.equal(code, 2);
      assert.match(
        stderr,
        /files\/community\.yaml: members: .*the meters of AC001E00123 are others than those recorded, from 2026-03-10 on; recorded until 2026-04-30\. Say --back-to 2026-03-10 to correct all days since/,
      );
    }
    assert.equal(moneyOf(settled), before);
  });

  it("are rosters from a past day on, and amendments of all days since", async () => {
    const { code, stdout, stderr } = await condivisaHere(...settleArgs(files, changed), "--back-to", "2026-03-10");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Corrected, of what was recorded before:\n {2}meters and members of AC001E00123: all days since 2026-03-10\n/,
    );
    assert.match(
      stdout,
      /Left out, before or after the dates of the meter:\n {2}meter casa-neri: 983 hours\n {2}meter casa-viola: 96 hours\n/,
    );
    assert.match(stdout, /Audit OK: 61 batches with 52 corrections/);
    const { totals } = settlementOf(changed);
    assert.equal(totals.entitled, totals.received);
  });

  it("give what a settlement with these members from the start would have given", async () => {
    const fresh = join(folder, "from-the-start");
    assert.equal((await condivisaHere(...settleArgs(files, fresh))).code, 0);
    const inOrder = ({ accounts, ...rest }: ReturnType<typeof settlementOf>) => ({
      ...rest,
      accounts: accounts.map(({ number: _, ...account }) => account).toSorted((a, b) => a.id.localeCompare(b.id)),
    });
    assert.deepEqual(inOrder(settlementOf(changed)), inOrder(settlementOf(fresh)));
  });

  it("count for each from the first to the last day, and no longer", () => {
    const of = (id: string) => accountOf(changed, id);
    assert.equal(of("famiglia-neri").withdrawn, withdrawn("casa-neri", "2026", "2026-03-20T23"));
    assert.equal(of("viola").withdrawn, withdrawn("casa-verdi", "2026-03-09T23", "2027"));
    assert.equal(of("bar-centrale").withdrawn, withdrawn("bar-centrale", "2026", "2026-04-09T22"));
    assert.equal(of("bar-nuovo").withdrawn, withdrawn("bar-centrale", "2026-04-09T22", "2027"));
    assert.equal(of("ferramenta").withdrawn, withdrawn("ferramenta", "2026", "2027"));
    assert.equal(of("famiglia-rossi").injected, 1500n * 4n * 30n);
  });

  it("keep the numbers that exist, give the next ones, and say why an entitlement changed", () => {
    const numberOf = (path: string) => settlementOf(path).accounts.map(({ number, id }) => [number, id]);
    assert.deepEqual(numberOf(changed), [...numberOf(settled), [17, "viola"], [18, "bar-nuovo"]]);
    const statement = readFileSync(join(changed, "statements", "famiglia-neri.txt"), "utf8");
    assert.match(statement, /2026-04: -\d+,\d+ € \(membri o contatori cambiati/);
  });

  it("come once: the same files again change nothing", async () => {
    const before = moneyOf(changed);
    const again = await condivisaHere(...settleArgs(files, changed));
    assert.equal(again.code, 0, again.stderr);
    assert.doesNotMatch(again.stdout, /Corrected/);
    assert.match(again.stdout, /Nothing new to divide/);
    assert.equal(moneyOf(changed), before);
  });

  it("are resumed after kill −9 anywhere, with the same result", async () => {
    const killed = copyOf(settled, "killed");
    for (const milliseconds of [1200, 1500, 1800, 2200, 2800]) {
      await condivisaKilledAfter(milliseconds, ...settleArgs(files, killed), "--back-to", "2026-03-10");
    }
    const { code, stderr } = await condivisaHere(...settleArgs(files, killed), "--back-to", "2026-03-10");
    assert.equal(code, 0, stderr);
    assert.equal(moneyOf(killed), moneyOf(changed));
  });

  it("go back to what they were when the file does", async () => {
    const { code, stdout, stderr } = await condivisaHere(
      ...settleArgs(EXAMPLE, copyOf(changed, "undone")),
      "--back-to",
      "2026-03-10",
    );
    assert.equal(code, 2);
    assert.match(
      stderr,
      /members or funds: «viola»: its account exists, but it is no longer in the file\. Put it back/,
    );
    assert.equal(stdout, "");

    const undone = copyOf(EXAMPLE, "undone-files");
    edit(join(undone, "community.yaml"), [
      [JOIN[0], JOIN[1].replaceAll(/2026-\d\d-10/g, "2099-01-01")],
      [HANDS_METER_OVER[0], HANDS_METER_OVER[1].replace("2026-04-09", "2098-12-31")],
    ]);
    const mended = await condivisaHere(...settleArgs(undone, join(folder, "undone")), "--back-to", "2026-03-10");
    assert.equal(mended.code, 0, mended.stderr);
    const entitled = (path: string) => settlementOf(path).accounts.filter(({ number }) => number <= 16);
    assert.deepEqual(entitled(join(folder, "undone")), entitled(settled));
  });

  it("need no word for days to come", async () => {
    const march = copyOf(EXAMPLE, "march");
    const keep = (file: string, end: string) => {
      const [header = "", ...lines] = readFileSync(join(EXAMPLE, file), "utf8").split("\n");
      const kept = lines.filter((line) => (line.match(/2026-[^,]*/)?.[0] ?? "9") < end);
      writeFileSync(join(march, file), `${[header, ...kept].join("\n")}\n`);
    };
    keep("readings.csv", "2026-03-31T22");
    keep("receipts.csv", "2026-04");
    const out = join(folder, "march-out");
    assert.equal((await condivisaHere(...settleArgs(march, out))).code, 0);

    const april = copyOf(EXAMPLE, "april");
    edit(join(april, "community.yaml"), [CHANGES_CLASS, [LEAVES[0], LEAVES[1].replace("03-20", "03-31")]]);
    const { code, stdout, stderr } = await condivisaHere(...settleArgs(april, out));
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /Corrected/);
    assert.match(stdout, /Audit OK: 61 batches/);
    assert.equal(accountOf(out, "famiglia-neri").withdrawn, withdrawn("casa-neri", "2026", "2026-03-31T22"));
  });
});

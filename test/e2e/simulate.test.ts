/** `condivisa simulate` as a person runs it: the example, wrong inputs, more members than an exact value takes, real readings. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { sum } from "../../settlement/amounts.ts";
import { condivisa, settleArgs } from "../support/cli.ts";

const EXAMPLE = "examples/magliano";
const MEASURED = join(import.meta.dirname, "../../../shared/data/meters/hourly.csv");

const whole = z.string().transform(BigInt);
const simulationShape = z.object({
  from: z.string(),
  to: z.string(),
  hours: z.number(),
  money: z.string(),
  scenarios: z.array(
    z.object({
      name: z.string().optional(),
      alternative: z.string().optional(),
      shared: whole,
      accrued: whole,
      pool: whole,
      toFunds: whole,
      toMembers: whole,
      moved: whole,
      rank: z.number(),
      shapleyDenominator: whole,
      sample: z.object({ orders: z.number() }).optional(),
      members: z.array(
        z.object({
          id: z.string(),
          amount: whole,
          fair: whole,
          difference: whole,
          uncertainty: whole,
          withdrawn: whole,
          shapleyNumerator: whole,
        }),
      ),
      nextKilowatts: z.array(
        z.object({ meter: z.string(), moreInjected: whole, moreShared: whole, moreAccrued: whole }),
      ),
    }),
  ),
});

const simulateArgs = (files: string, ...more: readonly string[]) => [
  "simulate",
  "--community",
  `${files}/community.yaml`,
  "--readings",
  `${files}/readings.csv`,
  "--quiet",
  ...more,
];

function simulated(files: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = condivisa(...simulateArgs(files, "--json", ...more));
  assert.equal(code, 0, stderr);
  return simulationShape.parse(JSON.parse(stdout));
}

describe("condivisa simulate", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-simulate-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("compares the example's rules with the plain keys, in Italian", () => {
    const { code, stdout, stderr } = condivisa(...simulateArgs(EXAMPLE));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^A {2}Regole della comunità +6501 +715,10 +715,10 +143,02 +572,08 +4,03%.* 1$/m);
    assert.match(stdout, /^E {2}Parti uguali /m);
    assert.match(stdout, /^Famiglia Serra +903,558 +370,175 +331,997 +5,11% +7,40 +\(-21,81\)/m);
    assert.match(stdout, /^A {2}casa-conti +6,0 +1242 +1242 +207 +38 +4,18$/m);
    assert(!stdout.includes("quote fisse"), "no weights, no static key");
  });

  it("divides what was received as settle does, and accounts for all of it", () => {
    const out = join(folder, "settled");
    assert.equal(condivisa(...settleArgs(EXAMPLE, out)).code, 0);
    const { accounts } = z
      .object({ accounts: z.array(z.object({ id: z.string(), entitled: whole })) })
      .parse(JSON.parse(readFileSync(join(out, "settlement.json"), "utf8")));
    const { scenarios, money } = simulated(EXAMPLE, "--receipts", `${EXAMPLE}/receipts.csv`);
    const own = scenarios[0] ?? assert.fail();
    assert.equal(money, "received");
    assert.equal(own.pool, 783_790_000n);
    for (const { id, amount } of own.members) {
      assert.equal(amount, accounts.find((account) => account.id === id)?.entitled, id);
    }
    for (const scenario of scenarios) {
      assert.equal(scenario.pool, own.pool);
      assert.equal(scenario.toFunds + scenario.toMembers, scenario.pool);
      assert.equal(sum(scenario.members.map(({ amount }) => amount)), scenario.toMembers);
      assert.equal(
        sum(scenario.members.map(({ shapleyNumerator }) => shapleyNumerator)),
        scenario.shared * scenario.shapleyDenominator,
      );
    }
  });

  it("simulates the example's scenarios: plants, members and rules", () => {
    const { scenarios } = simulated(
      EXAMPLE,
      "--scenarios",
      `${EXAMPLE}/scenarios.yaml`,
      "--valorisation-rate",
      "10.57",
    );
    const [own, equal, larger, roof, families] = scenarios;
    assert(own && equal && larger && roof && families);
    assert.deepEqual(
      equal.members.map(({ shapleyNumerator }) => shapleyNumerator),
      own.members.map(({ shapleyNumerator }) => shapleyNumerator),
    );
    assert(equal.moved > own.moved);
    assert(larger.shared > own.shared && larger.pool > own.pool);
    assert.deepEqual(
      own.nextKilowatts.map(({ meter }) => meter),
      ["municipio", "casa-conti", "casa-serra"],
    );
    assert.deepEqual(
      roof.nextKilowatts.map(({ meter }) => meter),
      ["scuola-tetto"],
    );
    for (const { moreInjected, moreShared, moreAccrued } of scenarios.flatMap(({ nextKilowatts }) => nextKilowatts)) {
      assert(moreShared > 0n && moreShared <= moreInjected);
      assert.equal(moreAccrued, moreShared * 1_100_000n);
    }
    const [gallo, rossi] = ["famiglia-gallo", "famiglia-rossi"].map((id) =>
      families.members.find((member) => member.id === id),
    );
    assert.equal(gallo?.shapleyNumerator, rossi?.shapleyNumerator);
    assert(!families.members.some(({ id }) => id === "forno"));
    assert.equal(scenarios.map(({ rank }) => rank).toSorted((a, b) => a - b)[0], 1);
  });

  it("writes the report as one page or as Markdown, in the language asked for", () => {
    const [page, text] = [join(folder, "report.html"), join(folder, "report.md")];
    assert.equal(condivisa(...simulateArgs(EXAMPLE, "--out", page)).code, 0);
    assert.equal(condivisa(...simulateArgs(EXAMPLE, "--out", text, "--language", "en", "--from", "2026-04")).code, 0);
    const html = readFileSync(page, "utf8");
    assert.match(html, /<html lang="it">/);
    assert(!/(src|href|url\()/.test(html), "nothing from outside");
    assert.match(readFileSync(text, "utf8"), /^\| A \| The community's rules \| 3346 \| 368\.09 \|/m);
  });

  it("samples where there are more than 22 members, and says with what error", () => {
    const extra = Array.from(
      { length: 12 },
      (_, i) =>
        `{ id: nuovo-${i}, name: Nuovo ${i}, class: persona_fisica, meters: [{ id: casa-${i}, like: casa-rossi }] }`,
    );
    const file = join(folder, "many.yaml");
    writeFileSync(
      file,
      `scenarios:\n  - name: Molti\n    add:\n      members:\n        - ${extra.join("\n        - ")}\n`,
    );
    const args = ["--scenarios", file, "--samples", "200", "--to", "2026-03"];
    const [own, many] = simulated(EXAMPLE, ...args).scenarios;
    assert.equal(own?.sample, undefined);
    assert.equal(many?.sample?.orders, 400);
    assert(many.members.every(({ uncertainty, withdrawn }) => withdrawn === 0n || uncertainty > 0n));
    assert.equal(
      sum(many.members.map(({ shapleyNumerator }) => shapleyNumerator)),
      many.shared * many.shapleyDenominator,
    );
    const { stdout } = condivisa(...simulateArgs(EXAMPLE, ...args, "--language", "en"));
    assert.match(
      stdout,
      /estimated from 400 random orders; with 95% probability a member's error is at most \d+\.\d\d €/,
    );
  });

  for (const [name, more, message] of [
    [
      "a month without readings",
      ["--from", "2027-01"],
      /--from, --to: «2027-01 – 2026-04»: no readings in these months/,
    ],
    ["a month that is none", ["--to", "2026-13"], /Write it as 2026-03/],
    ["a rate that is none", ["--valorisation-rate", "-1"], /Write it in €\/MWh/],
    ["too few samples", ["--samples", "9"], /10 or more/],
    ["a seed that is none", ["--seed", "x"], /whole number/],
    ["a report of another kind", ["--out", "report.pdf"], /ends with \.html or \.md/],
    ["scenarios that are not there", ["--scenarios", "none.yaml"], /none\.yaml: no such file/],
    ["receipts that are not there", ["--receipts", "none.csv"], /none\.csv: no such file/],
  ] as const) {
    it(`refuses ${name}`, () => {
      const { code, stderr, stdout } = condivisa(...simulateArgs(EXAMPLE, ...more));
      assert.equal(code, 2, stdout);
      assert.match(stderr, message);
    });
  }

  it("simulates a summer of real readings, where they are at hand", () => {
    if (!existsSync(MEASURED)) return console.log(`      no file ${MEASURED}`);
    const meters = ["p01", "p02", "p03", "p04", "g01", "c02", "c04"];
    const lines = readFileSync(MEASURED, "utf8")
      .split("\n")
      .filter((line) => meters.includes(line.split(",")[0] ?? ""))
      .filter((line) => (line.split(",")[1] ?? "") >= "2024-05-31T22" && (line.split(",")[1] ?? "") < "2024-08-19T22");
    writeFileSync(
      join(folder, "readings.csv"),
      ["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines, ""].join("\n"),
    );
    const member = (id: string) =>
      `  - { id: ${id}, name: ${id}, class: persona_fisica, meters: [{ id: ${id}${id.startsWith("c") ? "" : ", plant: { commissioned: 2021-04-01, power_kw: 6 }"} }] }`;
    const community = [
      "name: Real readings",
      "configurations: [{ area: AC001E00001 }]",
      "members:",
      ...meters.map(member),
    ];
    const rules = "rules: [{ fallback: cassa, split: [{ share: 10000, key: coincident-withdrawal }] }]";
    writeFileSync(
      join(folder, "community.yaml"),
      [...community, "funds: [{ id: cassa, name: Cassa, social: true }]", rules, ""].join("\n"),
    );
    const { scenarios, hours } = simulated(folder);
    assert.equal(hours, 80 * 24);
    for (const { members, shared, shapleyDenominator } of scenarios) {
      assert.equal(sum(members.map(({ shapleyNumerator }) => shapleyNumerator)), shared * shapleyDenominator);
      assert(members.every(({ shapleyNumerator }) => shapleyNumerator >= 0n));
    }
  });
});

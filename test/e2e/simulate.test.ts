/** `condivisa simulate` as a person runs it: the example, wrong inputs, more members than an exact value takes, real readings. */

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { sum } from "../../settlement/amounts.ts";
import { condivisaHere, settleArgs } from "../support/cli.ts";
import { ExampleByHand, PLANT_KW } from "../support/exampleByHand.ts";

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
      energyDenominator: whole,
      premiumDenominator: whole,
      sampledOrders: z.number().optional(),
      members: z.array(
        z.object({
          id: z.string(),
          amount: whole,
          fair: whole,
          difference: whole,
          uncertainty: whole,
          withdrawn: whole,
          shapleyMoney: whole,
          energyNumerator: whole,
          premiumNumerator: whole,
        }),
      ),
      nextKilowatts: z.array(
        z.object({ meter: z.string(), moreInjected: whole, moreShared: whole, moreAccrued: whole }),
      ),
    }),
  ),
});

/** Whether two numbers are the same but for the rounding of doubles and of each hour's accrual. */
function assertNear(value: number, expected: number, message: string): void {
  assert(Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${message}: ${value}, not ${expected}`);
}

const PER_EURO = 1e10;

const simulateArgs = (files: string, ...more: readonly string[]) => [
  "simulate",
  "--community",
  `${files}/community.yaml`,
  "--readings",
  `${files}/readings.csv`,
  ...(files === EXAMPLE ? ["--prices", `${EXAMPLE}/prices.csv`] : []),
  "--quiet",
  ...more,
];

async function simulated(files: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = await condivisaHere(...simulateArgs(files, "--json", ...more));
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

  it("compares the example's rules with the plain keys, in Italian", async () => {
    const { code, stdout, stderr } = await condivisaHere(...simulateArgs(EXAMPLE));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Periodo: 2026-03 – 2026-04; 1463 ore; ore senza misura, contate come zero: 5$/m);
    assert.match(stdout, /^A {2}Regole della comunità +6501 +711,18 +711,18 +142,24 +568,94 +3,43%.* 1$/m);
    assert.match(stdout, /^E {2}Parti uguali /m);
    assert.match(stdout, /^Famiglia Serra +903,558 +370,175 +331,997 +27,20 +3,82% +7,36 +\(-14,39\)/m);
    assert.match(stdout, /^A {2}casa-conti +6,0 +1242 +1242 +207 +38 +4,24$/m);
    assert(!stdout.includes("quote fisse"), "no weights, no static key");
  });

  it("comes to what plain arithmetic comes to: energy, premium, the next kW, every coalition", async () => {
    const byHand = new ExampleByHand(EXAMPLE);
    const everyone = byHand.meters.map(() => true);
    const { shared, premium } = byHand.earned(everyone);
    const own = (await simulated(EXAMPLE)).scenarios[0] ?? assert.fail();
    assert.equal(own.shared, BigInt(shared));
    assertNear(Number(own.accrued) / PER_EURO, premium, "accrued");
    // Without receipts the premium is what is divided: all members' values in euro add up to it.
    const left = own.pool - sum(own.members.map(({ shapleyMoney }) => shapleyMoney));
    assert(left >= 0n && left < own.members.length, `rounded down, ${left} left`);

    // Each member of the example has one meter, in the same order.
    for (const [index, expected] of byHand.shapley().entries()) {
      const { id, energyNumerator, premiumNumerator, fair } = own.members[index] ?? assert.fail();
      assertNear(Number(energyNumerator) / Number(own.energyDenominator), expected.shared, `${id}, Wh`);
      assertNear(Number(premiumNumerator) / Number(own.premiumDenominator) / PER_EURO, expected.premium, `${id}, €`);
      const part = (expected.premium / premium) * (Number(own.toMembers) / 1e6);
      assert(Math.abs(Number(fair) / 1e6 - part) < 2e-6, `${id}: ${fair}, not ${part}`);
    }
    assert.deepEqual(
      own.nextKilowatts.map(({ meter }) => meter),
      ["municipio", "casa-conti", "casa-serra"],
    );
    for (const { meter, moreShared, moreAccrued } of own.nextKilowatts) {
      const kilowatts = PLANT_KW.get(meter) ?? assert.fail(meter);
      const larger = byHand.earned(everyone, { [meter]: (kilowatts + 1) / kilowatts });
      assert.equal(moreShared, BigInt(larger.shared - shared), meter);
      assertNear(Number(moreAccrued) / PER_EURO, larger.premium - premium, meter);
    }
  });

  /** What each account is entitled to by a settlement of the folder's files. */
  async function entitledBySettle(files: string): Promise<ReadonlyMap<string, bigint>> {
    const out = mkdtempSync(join(folder, "settled-"));
    const { code, stderr } = await condivisaHere(...settleArgs(files, join(out, "s")));
    assert.equal(code, 0, stderr);
    const { accounts } = z
      .object({ accounts: z.array(z.object({ id: z.string(), entitled: whole })) })
      .parse(JSON.parse(readFileSync(join(out, "s", "settlement.json"), "utf8")));
    return new Map(accounts.map(({ id, entitled }) => [id, entitled]));
  }

  it("divides what was received as settle does, and accounts for all of it", async () => {
    const entitled = await entitledBySettle(EXAMPLE);
    const { scenarios, money } = await simulated(EXAMPLE, "--receipts", `${EXAMPLE}/receipts.csv`);
    const own = scenarios[0] ?? assert.fail();
    assert.equal(money, "received");
    assert.equal(own.pool, 779_860_000n);
    for (const { id, amount } of own.members) assert.equal(amount, entitled.get(id), id);
    for (const scenario of scenarios) {
      assert.equal(scenario.pool, own.pool);
      assert.equal(scenario.toFunds + scenario.toMembers, scenario.pool);
      assert.equal(sum(scenario.members.map(({ amount }) => amount)), scenario.toMembers);
      assert.equal(
        sum(scenario.members.map(({ energyNumerator }) => energyNumerator)),
        scenario.shared * scenario.energyDenominator,
      );
    }
  });

  it("counts who comes, goes and hands a meter over for their own days, as settle does", async () => {
    const files = join(folder, "dated");
    cpSync(EXAMPLE, files, { recursive: true });
    const community = join(files, "community.yaml");
    const changes = [
      [
        "meters: [{ id: casa-neri, pod: IT001E00010012 }]",
        "from: 2026-04-11, meters: [{ id: casa-neri, pod: IT001E00010012 }]",
      ],
      ["- { id: forno, pod: IT001E00010004 }", "- { id: forno, pod: IT001E00010004, until: 2026-03-20 }"],
      [
        "- { id: bar-centrale, pod: IT001E00010005 }",
        "- { id: bar-centrale, pod: IT001E00010005 }\n      - { id: forno, pod: IT001E00010004, from: 2026-03-21 }",
      ],
      [
        "plant: { commissioned: 2021-02-03, power_kw: 6.0 }",
        "plant: { commissioned: 2021-02-03, power_kw: 6.0 }\n        until: 2026-04-20",
      ],
      [
        "{ share: 4000, key: coincident-withdrawal }",
        "{ share: 2000, key: coincident-withdrawal }\n      - { share: 2000, key: equal }",
      ],
    ] as const;
    const text = changes.reduce(
      (before, [from, to]) => {
        assert(before.includes(from), from);
        return before.replace(from, to);
      },
      readFileSync(community, "utf8"),
    );
    writeFileSync(community, text);
    const entitled = await entitledBySettle(files);
    const more = ["--prices", `${files}/prices.csv`, "--receipts", `${files}/receipts.csv`];
    const [own = assert.fail()] = (await simulated(files, ...more)).scenarios;
    for (const { id, amount } of own.members) assert.equal(amount, entitled.get(id), id);
    const conti = own.nextKilowatts.filter(({ meter }) => meter === "casa-conti");
    assert.equal(conti.length, 1);
  });

  it("simulates the example's scenarios: plants, members and rules", async () => {
    const { scenarios } = await simulated(
      EXAMPLE,
      "--scenarios",
      `${EXAMPLE}/scenarios.yaml`,
      "--valorisation-rate",
      "10.57",
    );
    const [own, equal, larger, roof, families] = scenarios;
    assert(own && equal && larger && roof && families);
    const values = (members: typeof own.members) =>
      members.map(({ energyNumerator, premiumNumerator }) => [energyNumerator, premiumNumerator]);
    assert.deepEqual(values(equal.members), values(own.members));
    assert(equal.moved > own.moved);
    assert(larger.shared > own.shared && larger.pool > own.pool);
    // What the town hall's plant adds is of art. 42-bis, and takes energy from the youngest plant, of DM 414/2023.
    const byHand = new ExampleByHand(EXAMPLE);
    const scaled = byHand.earned(
      byHand.meters.map(() => true),
      { municipio: 1.5 },
    );
    assert.equal(larger.shared, BigInt(scaled.shared));
    assertNear(Number(larger.accrued) / PER_EURO, scaled.premium, "larger roof");
    assert.deepEqual(
      roof.nextKilowatts.map(({ meter }) => meter),
      ["scuola-tetto"],
    );
    for (const { moreInjected, moreShared } of scenarios.flatMap(({ nextKilowatts }) => nextKilowatts)) {
      assert(moreShared > 0n && moreShared <= moreInjected);
    }
    // The school's plant of DM 414/2023 has no grant: the Lazio tariff is 84 to 124 €/MWh.
    const [next = assert.fail()] = roof.nextKilowatts;
    assert(next.moreAccrued >= next.moreShared * 840_000n && next.moreAccrued <= next.moreShared * 1_240_000n);
    const [gallo, rossi] = ["famiglia-gallo", "famiglia-rossi"].map((id) =>
      families.members.find((member) => member.id === id),
    );
    assert(gallo && rossi);
    assert.deepEqual(values([gallo]), values([rossi]));
    assert(!families.members.some(({ id }) => id === "forno"));
    assert.equal(scenarios.map(({ rank }) => rank).toSorted((a, b) => a - b)[0], 1);
  });

  it("writes the report as one page or as Markdown, in the language asked for", async () => {
    const [page, text] = [join(folder, "report.html"), join(folder, "report.md")];
    assert.equal((await condivisaHere(...simulateArgs(EXAMPLE, "--out", page))).code, 0);
    assert.equal(
      (await condivisaHere(...simulateArgs(EXAMPLE, "--out", text, "--language", "en", "--from", "2026-04"))).code,
      0,
    );
    const html = readFileSync(page, "utf8");
    assert.match(html, /<html lang="it">/);
    assert(!/(src|href|url\()/.test(html), "nothing from outside");
    assert.match(readFileSync(text, "utf8"), /^\| A \| The community's rules \| 3346 \| 366\.20 \|/m);
  });

  it("says for how many hours it has no price, and refuses to do without all", async () => {
    const prices = join(folder, "prices.csv");
    writeFileSync(prices, `${readFileSync(`${EXAMPLE}/prices.csv`, "utf8").split("\n").slice(0, 701).join("\n")}\n`);
    const { stdout } = await condivisaHere(...simulateArgs(EXAMPLE, "--prices", prices));
    assert.match(stdout, /; ore senza prezzo zonale: 763$/m);
    const without = simulateArgs(EXAMPLE).filter((arg) => !arg.includes("prices"));
    const { code, stderr } = await condivisaHere(...without);
    assert.equal(code, 2);
    assert.match(stderr, /community\.yaml: --prices: missing: CACER plants .* Name a file with --prices/);
  });

  it("samples where there are more than 20 members, and says with what error", async () => {
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
    const [own, many] = (await simulated(EXAMPLE, ...args)).scenarios;
    assert.equal(own?.sampledOrders, undefined);
    assert.equal(many?.sampledOrders, 400);
    assert(many.members.every(({ uncertainty, withdrawn }) => withdrawn === 0n || uncertainty > 0n));
    assert.equal(sum(many.members.map(({ energyNumerator }) => energyNumerator)), many.shared * many.energyDenominator);
    const premium = Number(sum(many.members.map(({ premiumNumerator }) => premiumNumerator)));
    assertNear(premium / Number(many.premiumDenominator), Number(many.accrued), "premium");
    const { stdout } = await condivisaHere(...simulateArgs(EXAMPLE, ...args, "--language", "en"));
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
    ["a report in no folder", ["--out", "none/report.md"], /There is no folder none: make it first/],
    ["scenarios that are not there", ["--scenarios", "none.yaml"], /none\.yaml: no such file/],
    ["receipts that are not there", ["--receipts", "none.csv"], /none\.csv: no such file/],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const { code, stderr, stdout } = await condivisaHere(...simulateArgs(EXAMPLE, ...more));
      assert.equal(code, 2, stdout);
      assert.match(stderr, message);
    });
  }

  it("simulates a summer of real readings, where they are at hand", async () => {
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
    const { scenarios, hours } = await simulated(folder);
    assert.equal(hours, 80 * 24);
    for (const { members, shared, energyDenominator, premiumDenominator } of scenarios) {
      assert.equal(sum(members.map(({ energyNumerator }) => energyNumerator)), shared * energyDenominator);
      for (const { id, energyNumerator, premiumNumerator } of members) {
        assert(energyNumerator >= 0n, id);
        // All plants are of art. 42-bis: 110 €/MWh on everything shared.
        assert.equal(premiumNumerator * energyDenominator, energyNumerator * 1_100_000n * premiumDenominator, id);
      }
    }
  });
});

/**
 * Wrong community files, each with the line, field and remedy that a secretary is told.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseCommunity } from "../../oracle/communityFile.ts";
import { planCommunity } from "../../oracle/communityPlan.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const EXAMPLE = readFileSync("examples/magliano/community.yaml", "utf8");

/** The example with one text in place of another. */
function changed(from: string, to: string): string {
  assert(EXAMPLE.includes(from), from);
  return EXAMPLE.replace(from, to);
}

describe("the community file", () => {
  for (const [name, text, message] of [
    ["an empty file", "", /community\.yaml: empty file\. .*init/],
    ["broken YAML", changed("members:", "members: ["), /community\.yaml:\d+: .*Mend the YAML/],
    ["a repeated field", changed("name: Forno Martini", "name: Forno\n    name: Martini"), /:\d+: .*unique/i],
    [
      "an unknown class",
      changed("class: impresa", "class: farmer"),
      /:47: members\[3\]\.class: «farmer»: unknown class\. Use one of persona_fisica/,
    ],
    [
      "a POD that is not one",
      changed("IT001E00010004", "IT01E4"),
      /members\[3\]\.meters\[0\]\.pod: «IT01E4»: not a POD\. IT, three digits/,
    ],
    ["a repeated POD", changed("IT001E00010004", "IT001E00010003"), /«IT001E00010003»: repeated POD/],
    ["a repeated meter", changed("id: forno, pod", "id: scuola, pod"), /«scuola»: repeated meter/],
    ["a repeated id", changed("- id: forno", "- id: comune"), /«comune»: repeated id/],
    ["an id that is no file name", changed("- id: forno", "- id: ../x"), /«\.\.\/x»: not an id/],
    [
      "shares that are not whole",
      changed("share: 4000, key: coincident", "share: 3999, key: coincident"),
      /rules\[0\]\.split: shares add up to 9999\. They must add up to 10000/,
    ],
    [
      "a share with decimals",
      changed("share: 4000, key: coincident", "share: 40.5, key: coincident"),
      /«40\.5»: not a whole number/,
    ],
    [
      "an unknown key",
      changed("key: attributed-injection", "key: fair"),
      /«fair»: unknown key\. Use one of attributed-injection/,
    ],
    [
      "a fund that is not one",
      changed("fund: gestione }", "fund: cassa }"),
      /rules\[0\]\.split\[0\]\.fund: «cassa»: not a fund\. Use one of gestione, sociale/,
    ],
    ["a fallback that is not a fund", changed("fallback: sociale", "fallback: comune"), /«comune»: not a fund/],
    [
      "classes on a fund",
      changed("fund: gestione }", "fund: gestione, classes: [impresa] }"),
      /a fund has no classes\. Remove it/,
    ],
    [
      "a fund without its key",
      changed("key: attributed-injection", "key: attributed-injection, fund: sociale"),
      /fund without key fund/,
    ],
    ["an unknown field", changed("objection_hours", "objection_days"), /objection_days: .*unknown field\. Remove it/],
    ["a missing field", changed("    name: Forno Martini\n", ""), /members\[3\]\.name: missing\. Add it/],
    [
      "a date that does not exist",
      changed("commissioned: 2021-04-12", "commissioned: 2021-02-30"),
      /«2021-02-30»: not a date/,
    ],
    ["a plant too large for art. 42-bis", changed("power_kw: 48.0", "power_kw: 250"), /above 200 kW/],
    [
      "a tariff that is not one",
      changed("power_kw: 48.0", "power_kw: 48.0\n          tariff_eur_mwh: 120"),
      /not a tariff of art\. 42-bis/,
    ],
    [
      "the zero address",
      changed("name: Forno Martini", 'name: Forno Martini\n    wallet: "0x0000000000000000000000000000000000000000"'),
      /the zero address\. Leave `wallet` out/,
    ],
    [
      "a plant of another century",
      changed("commissioned: 2021-04-12", "commissioned: 1900-01-12"),
      /«1900-01-12»: too early/,
    ],
    ["a start of another century", changed("start: 2026-03-01", "start: 1924-05-05"), /«1924-05-05»: too early/],
    ["an alias that leads nowhere", changed("name: Forno Martini", "name: *zz"), /Mend the YAML/],
    [
      "a wallet that is not one",
      changed("name: Forno Martini", 'name: Forno Martini\n    wallet: "0x12"'),
      /not a wallet address/,
    ],
    ["a meter that measures nothing", changed("{ id: forno,", "{ id: forno, withdraws: false,"), /measures nothing/],
    [
      "a regime that is not one",
      changed("regime: CACER", "regime: cacer"),
      /«cacer»: unknown regime\. Use one of 42-bis/,
    ],
    [
      "a plant under art. 42-bis of a day when it had ended",
      changed("2021-02-03", "2024-04-24"),
      /commissioned: «2024-04-24»: too late for art\. 42-bis.* Write regime: CACER, or none/,
    ],
    ["a CACER plant above 1 MW", changed("power_kw: 4.5", "power_kw: 1000.001"), /above 1 MW\. Such a plant/],
    [
      "a region that is not one",
      changed("region: Lazio", "region: Roma"),
      /«Roma»: unknown region\. Use one of Abruzzo/,
    ],
    [
      "a photovoltaic plant without region",
      changed("region: Lazio, ", ""),
      /\.plant\.region: missing\. Name the region/,
    ],
    [
      "a CACER plant of any kind",
      changed("photovoltaic: true, ", ""),
      /\.plant\.photovoltaic: missing\. Write true or/,
    ],
    ["a grant above 40%", changed("grant_percent: 40", "grant_percent: 40.01"), /«40\.01»: above 40\. A plant/],
    ["a grant below zero", changed("grant_percent: 40", "grant_percent: -1"), /«-1»: below zero/],
    ["a grant of three decimals", changed("grant_percent: 40", "grant_percent: 12.345"), /more than two decimals/],
    [
      "a fixed tariff of a CACER plant",
      changed("grant_percent: 40", "tariff_eur_mwh: 110"),
      /tariff_eur_mwh: «110»: only plants of regime 42-bis have it\. Remove it/,
    ],
    [
      "a grant of a plant of art. 42-bis",
      changed("power_kw: 6.0", "power_kw: 6.0, grant_percent: 10"),
      /grant_percent: «10»: only plants of regime CACER have it\. Remove it, or write regime: CACER/,
    ],
    [
      "an unknown area",
      changed("{ id: forno,", "{ id: forno, area: AC9,"),
      /«AC9»: unknown area\. Use one of AC001E00123/,
    ],
    [
      "rule sets out of order",
      `${EXAMPLE}  - { fallback: sociale, split: [{ share: 10000, key: equal }] }\n`,
      /not after the rule set before it/,
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseCommunity(text, "community.yaml"),
        (error) => {
          assert(error instanceof InputError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("tells all mistakes together", () => {
    const text = changed("class: impresa", "class: farmer").replace("power_kw: 6.0", "power_kw: -6");
    assert.throws(() => parseCommunity(text, "community.yaml"), /farmer[\s\S]*not above zero/);
  });

  it("numbers members first, then funds, and channels by meter", () => {
    const plan = planCommunity(
      parseCommunity(EXAMPLE, "examples/magliano/community.yaml"),
      "examples/magliano/community.yaml",
    );
    assert.deepEqual(
      plan.accounts
        .map(({ number, id, kind }) => [number, id, kind])
        .filter(([number]) => [1, 12, 13, 14].includes(Number(number))),
      [
        [1, "comune", "member"],
        [12, "famiglia-neri", "member"],
        [13, "gestione", "fund"],
        [14, "sociale", "fund"],
      ],
    );
    const [configuration] = plan.configurations;
    assert.deepEqual(
      configuration?.rosters[0]?.roster.injection.map(({ number, account }) => [number, account]),
      [
        [1, 1],
        [8, 7],
        [10, 8],
      ],
    );
    assert.deepEqual(
      configuration?.rosters[0]?.roster.plants.map(({ number }) => number),
      [2, 1, 3],
    );
    assert.equal(configuration?.rosters[0]?.roster.withdrawal.length, 12);
  });

  for (const { what, plant, expected } of [
    {
      what: "CACER, photovoltaic in the North, with a grant",
      plant:
        "{ commissioned: 2025-01-02, power_kw: 200.001, regime: CACER, photovoltaic: true, region: Veneto, grant_percent: 33.33 }",
      expected: {
        power: 200_001,
        regime: "CACER",
        base: 700_000,
        cap: 1_100_000,
        correction: 100_000,
        reduction: { numerator: 3333, denominator: 8000 },
      },
    },
    {
      what: "CACER, hydroelectric, without a grant",
      plant: "{ commissioned: 2025-01-02, power_kw: 1000, regime: CACER, photovoltaic: false, region: Veneto }",
      expected: {
        power: 1_000_000,
        regime: "CACER",
        base: 600_000,
        cap: 1_000_000,
        correction: 0,
        reduction: { numerator: 0, denominator: 1 },
      },
    },
    {
      what: "existing",
      plant: "{ commissioned: 2025-01-02, power_kw: 2500, regime: none }",
      expected: { power: 2_500_000, regime: "none" },
    },
    {
      what: "of collective self-consumers",
      plant: "{ commissioned: 2024-04-23, power_kw: 3.3, tariff_eur_mwh: 100 }",
      expected: { commissioned: "2024-04-23", power: 3300, regime: "42-bis", tariff: 1_000_000 },
    },
  ]) {
    it(`gives a plant its terms: ${what}`, () => {
      const text = EXAMPLE.replace(/plant: \{ commissioned: 2024.*\}/, `plant: ${plant}`);
      const [configuration] = planCommunity(parseCommunity(text, "c.yaml"), "examples/magliano/c.yaml").configurations;
      const base = { number: 3, channel: 10, commissioned: "2025-01-02" };
      assert.deepEqual(configuration?.rosters[0]?.roster.plants.at(-1), { ...base, ...expected });
    });
  }

  it("serves plants without incentive in date order, or last where the configuration says so", () => {
    const text = changed("power_kw: 48.0", "power_kw: 48.0\n          regime: none");
    const last = text.replace("start: 2026-03-01", "start: 2026-03-01\n    non_incentivised_last: true");
    const orderOf = (of: string) =>
      planCommunity(
        parseCommunity(of, "c.yaml"),
        "examples/magliano/c.yaml",
      ).configurations[0]?.rosters[0]?.roster.plants.map(({ number }) => number);
    assert.deepEqual(
      [orderOf(text), orderOf(last)],
      [
        [2, 1, 3],
        [2, 3, 1],
      ],
    );
  });

  it("takes two areas, and wants each meter to say its own", () => {
    const two = changed("  - area: AC001E00123\n    start: 2026-03-01", "  - area: AC001E00123\n  - area: AC002");
    assert.throws(() => parseCommunity(two, "community.yaml"), /area missing\. There are several configurations/);
  });
});

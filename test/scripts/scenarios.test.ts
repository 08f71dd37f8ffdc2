/** Scenarios: wrong files with the line, field and remedy that a person is told; what right ones make of the community. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import type { Reading, Readings } from "../../oracle/readingsFile.ts";
import { applyScenario, changesEnergy, readingsOf } from "../../scripts/scenarioCommunity.ts";
import { parseScenarios, type Scenario } from "../../scripts/scenariosFile.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const COMMUNITY = readCommunityFile("examples/magliano/community.yaml");
const EXAMPLE = readFileSync("examples/magliano/scenarios.yaml", "utf8");

const parse = (text: string) => parseScenarios(text, "scenarios.yaml", COMMUNITY);
const only = (fields: string): Scenario => parse(`scenarios:\n  - name: S\n${fields}`)[0] ?? assert.fail();

/** The example with one text in place of another. */
function changed(from: string, to: string): string {
  assert(EXAMPLE.includes(from), from);
  return EXAMPLE.replace(from, to);
}

describe("the scenarios file", () => {
  it("takes the example", () => assert.equal(parse(EXAMPLE).length, 4));

  for (const [name, text, message] of [
    ["an empty file", "", /scenarios\.yaml: empty file\. .*scenarios\.yaml to start from/],
    ["no scenarios", "scenarios: []", /:1: scenarios: no scenarios\. Add one/],
    ["broken YAML", changed("scenarios:", "scenarios: ["), /:\d+: .*Mend the YAML/],
    ["an unknown field", changed("scale:", "scales:"), /scenarios\[1\]\.scales: .*unknown field\. Remove it/],
    [
      "a missing name",
      changed("- name: Tetto del municipio ampliato\n    scale", "- scale"),
      /scenarios\[1\]\.name: missing/,
    ],
    [
      "a repeated name",
      changed("name: Tetto del municipio ampliato", "name: Impianto nuovo sulla scuola"),
      /scenarios\[2\]\.name: «Impianto nuovo sulla scuola»: repeated name/,
    ],
    [
      "shares that are not whole",
      changed("share: 2000, key: equal", "share: 1999, key: equal"),
      /:10: scenarios\[0\]\.rules\[0\]\.split: shares add up to 9999\. They must/,
    ],
    [
      "a fund that is not one",
      changed("fund: gestione", "fund: cassa"),
      /rules\[0\]\.split\[0\]\.fund: «cassa»: not a fund/,
    ],
    [
      "a meter that is not there",
      changed("municipio: 1.5", "municipia: 1.5"),
      /:18: .*scale\.municipia: .*no meter «municipia»/,
    ],
    [
      "a meter without a plant",
      changed("municipio: 1.5", "forno: 1.5"),
      /scale\.forno: «1\.5»: meter «forno» has no plant/,
    ],
    ["a factor that is none", changed("municipio: 1.5", "municipio: 0"), /«0»: below 0\.001\. Take the meter out/],
    [
      "a plant beyond its premium",
      changed("municipio: 1.5", "municipio: 5"),
      /:17: scenarios\[1\]: above 200 kW \(members\[0\]\.meters\[0\]\.plant\.power_kw of the changed community\)/,
    ],
    ["a member that is not there", changed("members: [forno]", "members: [fornaio]"), /no member «fornaio»/],
    [
      "a profile that is not there",
      changed("like: casa-rossi", "like: casa-gialli"),
      /like: «casa-gialli»: no meter «casa-gialli»/,
    ],
    ["no profile", changed(", like: casa-rossi", ""), /meters\[0\]\.like: missing\. Add it/],
    ["a plant like a load", changed("like: municipio", "like: forno"), /meter «forno» has no plant\. Take the profile/],
    [
      "a repeated meter",
      changed("id: scuola-tetto", "id: scuola"),
      /repeated meter \(members\[1\]\.meters\[1\]\.id of the changed/,
    ],
    [
      "a meter of a member that goes",
      changed("    add:\n      meters:", "    remove: { members: [scuola] }\n    add:\n      meters:"),
      /member «scuola» is removed/,
    ],
    [
      "everyone gone",
      `scenarios:\n  - name: S\n    remove: { members: [${COMMUNITY.members.map(({ id }) => id).join(", ")}] }\n`,
      /no members \(members of the changed community\)/,
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parse(text),
        (error) => {
          assert(error instanceof InputError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("refuses a load like a plant that does not withdraw", () => {
    const roof = structuredClone(COMMUNITY);
    const meter = roof.members[0]?.meters[0] ?? assert.fail();
    meter.withdraws = false;
    const text = "scenarios:\n  - name: S\n    add: { meters: [{ member: forno, id: x, like: municipio }] }\n";
    assert.throws(() => parseScenarios(text, "s.yaml", roof), /meter «municipio» does not withdraw/);
  });
});

describe("a scenario's community", () => {
  const READINGS: Readings = new Map<string, ReadonlyMap<number, Reading>>([
    [
      "municipio",
      new Map([
        [500_000, { injected: 1001, withdrawn: 7 }],
        [500_001, { injected: undefined, withdrawn: 3 }],
      ]),
    ],
    ["casa-rossi", new Map([[500_000, { injected: undefined, withdrawn: 101 }]])],
  ]);
  const made = (scenario: Scenario) => {
    const result = applyScenario(COMMUNITY, scenario);
    return { ...result, readings: readingsOf(READINGS, result, { file: "s.yaml", name: "S" }) };
  };
  const powerOf = (community: typeof COMMUNITY, id: string) =>
    community.members.flatMap(({ meters }) => meters).find((meter) => meter.id === id)?.plant?.power_kw;

  it("has a larger plant that injects in proportion, and leaves the original as it was", () => {
    const { community, readings } = made(only("    scale: { municipio: 1.5 }"));
    assert.equal(powerOf(community, "municipio"), 72);
    assert.equal(powerOf(COMMUNITY, "municipio"), 48);
    assert.deepEqual(
      [...(readings.get("municipio")?.values() ?? [])],
      [
        { injected: 1501, withdrawn: 7 },
        { injected: undefined, withdrawn: 3 },
      ],
    );
    assert.equal(READINGS.get("municipio")?.get(500_000)?.injected, 1001);
  });

  it("has a new plant that injects like another by power, and new loads like others", () => {
    const [, , roof = assert.fail(), families = assert.fail()] = parse(EXAMPLE);
    assert.equal(made(roof).readings.get("scuola-tetto")?.get(500_000)?.injected, Math.floor((1001 * 30) / 48));
    const load = only(
      "    add: { meters: [{ member: forno, id: x, like: casa-rossi, withdrawal_times: 0.5 }, { member: forno, id: y, like: municipio }] }",
    );
    assert.equal(made(load).readings.get("x")?.get(500_000)?.withdrawn, 50);
    assert.equal(made(load).readings.get("y")?.get(500_000)?.withdrawn, 7);
    const ids = made(families).community.members.map(({ id }) => id);
    assert(!ids.includes("forno") && ids.includes("famiglia-gallo") && ids.includes("famiglia-riva"));
  });

  it("loses a member with the last meter", () => {
    const { community } = made(only("    remove: { meters: [forno] }"));
    assert(!community.members.some(({ id }) => id === "forno"));
  });

  it("has other weights, funds and rules", () => {
    const { community } = made(
      only(
        "    weights: { forno: 3 }\n    add: { funds: [{ id: cassa, name: Cassa }] }\n    rules: [{ fallback: cassa, split: [{ share: 10000, key: static-weight }] }]",
      ),
    );
    assert.equal(community.members.find(({ id }) => id === "forno")?.meters[0]?.weight, 3);
    assert.equal(community.funds.at(-1)?.id, "cassa");
    assert.equal(community.rules[0]?.fallback, "cassa");
  });

  it("knows whether it changes the energy", () => {
    const [rules, larger, roof, families] = parse(EXAMPLE);
    assert.deepEqual(
      [rules, larger, roof, families].map((scenario) => scenario && changesEnergy(scenario)),
      [false, true, true, true],
    );
    assert(!changesEnergy(only("    weights: { forno: 3 }")));
  });

  it("refuses readings beyond what a meter can say", () => {
    const large: Readings = new Map([["municipio", new Map([[1, { injected: 4_000_000_000, withdrawn: 0 }]])]]);
    const result = applyScenario(COMMUNITY, only("    scale: { municipio: 1.5 }"));
    assert.throws(
      () => readingsOf(large, result, { file: "s.yaml", name: "S" }),
      /s\.yaml: S: a reading of meter municipio becomes larger than 4294967295 Wh\. Scale it by less/,
    );
  });
});

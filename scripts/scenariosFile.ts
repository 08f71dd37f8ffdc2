/** The scenarios of a simulation: other rules, plants larger or smaller, members and meters that come or go. */

import { z } from "zod";
import {
  type CommunityFile,
  communityProblems,
  fundShape,
  memberShape,
  meterShape,
  ruleSetShape,
} from "../oracle/communityFile.ts";
import { readText } from "../oracle/textFile.ts";
import { fieldName, parseYaml, type YamlFormat } from "../oracle/yamlFile.ts";
import { applyScenario } from "./scenarioCommunity.ts";

const MOST_TIMES = 1000;

const times = z
  .number("not a number: write how many times as much, for example 1.5")
  .min(0.001, "below 0.001: take the meter out with `remove`")
  .max(MOST_TIMES, `above ${MOST_TIMES}: write how many times as much, for example 1.5`);

/** A meter that nobody has measured yet: it takes another one's profile. */
const newMeterShape = meterShape.extend({
  like: z.string(),
  withdrawal_times: times.default(1),
});

const scenarioShape = z.strictObject({
  name: z.string().min(1, "empty: write a name"),
  rules: z.array(ruleSetShape).min(1, "no rules").optional(),
  remove: z
    .strictObject({ members: z.array(z.string()).default([]), meters: z.array(z.string()).default([]) })
    .default({ members: [], meters: [] }),
  scale: z.record(z.string(), times).default({}),
  weights: z.record(z.string(), meterShape.shape.weight).default({}),
  add: z
    .strictObject({
      members: z
        .array(memberShape.extend({ meters: z.array(newMeterShape).min(1, "no meters: give it one") }))
        .default([]),
      meters: z.array(newMeterShape.extend({ member: z.string() })).default([]),
      funds: z.array(fundShape).default([]),
    })
    .default({ members: [], meters: [], funds: [] }),
});

const scenariosShape = z.strictObject({ scenarios: z.array(scenarioShape).min(1, "no scenarios: add one") });

export type Scenario = z.infer<typeof scenarioShape>;
export type NewMeter = z.infer<typeof newMeterShape>;

type Problem = [PropertyKey[], string];

/** Reads and checks the scenarios for a community. Throws InputError with everything that is wrong. */
export function readScenarios(file: string, community: CommunityFile): readonly Scenario[] {
  return parseScenarios(readText(file), file, community);
}

/** Checks the text of a scenarios file; `file` is for messages. */
export function parseScenarios(text: string, file: string, community: CommunityFile): readonly Scenario[] {
  const format: YamlFormat<z.infer<typeof scenariosShape>> = {
    shape: scenariosShape,
    crossChecks: ({ scenarios }) => scenarios.flatMap((_, index) => scenarioProblems(scenarios, index, community)),
    documentation: "docs/simulate.md",
    sample: "`./condivisa init` writes a scenarios.yaml to start from",
  };
  return parseYaml(text, file, format).scenarios;
}

function scenarioProblems(scenarios: readonly Scenario[], index: number, community: CommunityFile): Problem[] {
  const at = ["scenarios", index];
  const scenario = scenarios[index];
  if (scenario === undefined) return [];
  const problems = referenceProblems(scenario, community, at);
  if (scenarios.findIndex(({ name }) => name === scenario.name) < index) {
    problems.push([[...at, "name"], "repeated name: Each scenario has its own"]);
  }
  if (problems.length > 0) return problems;
  return communityProblems(applyScenario(community, scenario).community).map(([path, message]): Problem => {
    if (path[0] === "rules" && scenario.rules !== undefined) return [[...at, ...path], message];
    const [problem = message, ...remedy] = message.split(": ");
    return [
      at,
      `${problem} (${fieldName(path)} of the changed community): ${remedy.join(": ") || "Mend the scenario"}`,
    ];
  });
}

/** References to members and meters that are not there. */
function referenceProblems(scenario: Scenario, community: CommunityFile, at: readonly PropertyKey[]): Problem[] {
  const problems: Problem[] = [];
  const meters = new Map(community.members.flatMap((member) => member.meters.map((meter) => [meter.id, meter])));
  const members = community.members.map(({ id }) => id);
  const known = (path: PropertyKey[], id: string, ids: Iterable<string>, kind: string) => {
    if (![...ids].includes(id))
      problems.push([[...at, ...path], `no ${kind} «${id}» in the community file: Mend the id`]);
  };
  for (const [i, id] of scenario.remove.members.entries()) known(["remove", "members", i], id, members, "member");
  for (const [i, id] of scenario.remove.meters.entries()) known(["remove", "meters", i], id, meters.keys(), "meter");
  for (const id of Object.keys(scenario.weights)) known(["weights", id], id, meters.keys(), "meter");
  for (const id of Object.keys(scenario.scale)) {
    known(["scale", id], id, meters.keys(), "meter");
    if (meters.has(id) && meters.get(id)?.plant === undefined) {
      problems.push([[...at, "scale", id], `meter «${id}» has no plant: Scale one that has`]);
    }
  }
  const profile = (path: PropertyKey[], meter: NewMeter) => {
    known([...path, "like"], meter.like, meters.keys(), "meter");
    const like = meters.get(meter.like);
    if (like === undefined) return;
    if (meter.plant !== undefined && like.plant === undefined) {
      problems.push([[...at, ...path, "like"], `meter «${like.id}» has no plant: Take the profile of one that has`]);
    }
    if (meter.withdraws && !like.withdraws) {
      problems.push([
        [...at, ...path, "like"],
        `meter «${like.id}» does not withdraw: Write withdraws: false, or take the profile of one that does`,
      ]);
    }
  };
  for (const [m, member] of scenario.add.members.entries()) {
    for (const [n, meter] of member.meters.entries()) profile(["add", "members", m, "meters", n], meter);
  }
  for (const [n, meter] of scenario.add.meters.entries()) {
    known(["add", "meters", n, "member"], meter.member, members, "member");
    if (scenario.remove.members.includes(meter.member)) {
      problems.push([
        [...at, "add", "meters", n, "member"],
        `member «${meter.member}» is removed: Keep one of the two`,
      ]);
    }
    profile(["add", "meters", n], meter);
  }
  return problems;
}

import assert from "node:assert/strict";
import { endOfMonth, startOfMonth } from "../../settlement/hours.ts";
import { keysOfMonth, type RosterVersion, versionAt } from "../../settlement/keys.ts";
import { type Channel, CLASSES, type MemberClass, type Roster } from "../../settlement/roster.ts";
import type { Key, Rule } from "../../settlement/rules.ts";

const MONTH = 2026 * 12 + 3;
const START = startOfMonth(MONTH);
const HOURS = BigInt(endOfMonth(MONTH) - START);

const channel = (
  number: number,
  account: number,
  weight = 0,
  memberClass: MemberClass = "persona_fisica",
): Channel => ({
  number,
  account,
  class: memberClass,
  exempt: false,
  weight,
});
const rule = (key: Key, classes: readonly MemberClass[] = CLASSES): Rule => ({
  pool: "ordinary",
  share: 10_000,
  key,
  classes,
  fund: 0,
});
const PLANT = {
  number: 1,
  channel: 1,
  commissioned: "2021-05-01",
  power: 5000,
  regime: "42-bis",
  tariff: 1_100_000,
} as const;

const FIRST: Roster = {
  injection: [channel(1, 1, 3)],
  withdrawal: [channel(2, 1, 5), channel(3, 2, 7, "impresa")],
  plants: [PLANT],
};
/** From the 11th of the month on: account 2 left, account 3 came. */
const SECOND: Roster = { ...FIRST, withdrawal: [channel(2, 1, 5), channel(4, 3, 2)] };
const LATER = 240;
const VERSIONS: RosterVersion[] = [
  { effectiveHour: START - 5000, roster: FIRST },
  { effectiveHour: START + LATER, roster: SECOND },
];
const SUMS = {
  coincident: new Map([
    [1, 100n],
    [2, 20n],
    [3, 30n],
    [4, 40n],
  ]),
  attributed: new Map([[1, 90n]]),
};
const keysOf = (wanted: Rule) => Object.fromEntries(keysOfMonth(wanted, MONTH, VERSIONS, SUMS));

describe("keys of a month with a change of roster", () => {
  const before = BigInt(LATER);
  for (const [key, expected] of [
    ["fund", {}],
    ["attributed-injection", { 1: 90n }],
    ["coincident-injection", { 1: 100n }],
    ["coincident-withdrawal", { 1: 20n, 2: 30n, 3: 40n }],
    ["equal", { 1: HOURS, 2: before, 3: HOURS - before }],
    ["static-weight", { 1: 8n * HOURS, 2: 7n * before, 3: 2n * (HOURS - before) }],
  ] as const) {
    it(key, () => assert.deepEqual(keysOf(rule(key)), expected));
  }

  it("serves only the classes of the rule", () => {
    assert.deepEqual(keysOf(rule("coincident-withdrawal", ["impresa"])), { 2: 30n });
    assert.deepEqual(keysOf(rule("equal", ["terzo_settore"])), {});
    assert.deepEqual(keysOf(rule("attributed-injection", ["impresa"])), {});
  });

  it("counts a head once, however many channels it has", () => {
    assert.deepEqual(keysOf(rule("equal", ["persona_fisica"])), { 1: HOURS, 3: HOURS - before });
  });

  it("counts on the excess pool the heads and weights of consumers alone", () => {
    const excess = (key: Key): Rule => ({ ...rule(key), pool: "excess" });
    const owner: Roster = { ...FIRST, injection: [channel(1, 9, 3)], withdrawal: [channel(2, 1, 5)] };
    const of = (key: Key, wanted: Rule) =>
      Object.fromEntries(keysOfMonth({ ...wanted, key }, MONTH, [{ effectiveHour: 0, roster: owner }], SUMS));
    assert.deepEqual(of("equal", excess("equal")), { 1: HOURS });
    assert.deepEqual(of("static-weight", excess("static-weight")), { 1: 5n * HOURS });
    assert.deepEqual(of("equal", rule("equal")), { 1: HOURS, 9: HOURS });
  });

  it("knows of each plant whose channel is its own, and leaves out one that has none", () => {
    const two: Roster = {
      injection: [channel(1, 1), channel(5, 4)],
      withdrawal: [],
      plants: [
        { ...PLANT, number: 2, channel: 5 },
        { ...PLANT, number: 1, channel: 1 },
        { ...PLANT, number: 3, channel: 8 },
      ],
    };
    const attributed = new Map([1, 2, 3].map((plant) => [plant, BigInt(10 * plant)]));
    const keys = keysOfMonth(rule("attributed-injection"), MONTH, [{ effectiveHour: 0, roster: two }], {
      ...SUMS,
      attributed,
    });
    assert.deepEqual(Object.fromEntries(keys), { 1: 10n, 4: 20n });
  });

  it("forgets a roster that a later one superseded from its first hour on", () => {
    const replaced: RosterVersion[] = [
      { effectiveHour: START, roster: FIRST },
      { effectiveHour: START, roster: SECOND },
    ];
    const keys = (key: Key) => Object.fromEntries(keysOfMonth(rule(key), MONTH, replaced, SUMS));
    assert.deepEqual(keys("equal"), { 1: HOURS, 3: HOURS });
    assert.deepEqual(keys("coincident-withdrawal"), { 1: 20n, 3: 40n });
  });

  it("knows no keys of a month before the first roster", () => {
    assert.equal(keysOfMonth(rule("equal"), MONTH - 24, VERSIONS, SUMS).size, 0);
  });
});

describe("the roster in force at an hour", () => {
  const reachingBack: RosterVersion[] = [...VERSIONS, { effectiveHour: START + 100, roster: FIRST }];
  for (const [name, hour, versions, position] of [
    ["none before the first", START - 5001, VERSIONS, undefined],
    ["the first, from its hour on", START - 5000, VERSIONS, 0],
    ["the first, until the second's hour", START + LATER - 1, VERSIONS, 0],
    ["the second, from its hour on", START + LATER, VERSIONS, 1],
    ["one adopted later, although it begins earlier", START + LATER, reachingBack, 2],
  ] as const) {
    it(name, () => assert.equal(versionAt(hour, versions), position === undefined ? undefined : versions[position]));
  }
});

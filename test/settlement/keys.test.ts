import assert from "node:assert/strict";
import { endOfMonth, startOfMonth } from "../../settlement/hours.ts";
import { keysOfMonth, type RosterVersion } from "../../settlement/keys.ts";
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

  it("knows no keys of a month before the first roster", () => {
    assert.equal(keysOfMonth(rule("equal"), MONTH - 24, VERSIONS, SUMS).size, 0);
  });
});

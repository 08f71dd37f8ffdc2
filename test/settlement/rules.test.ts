import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { CLASSES } from "../../settlement/roster.ts";
import {
  decodeClasses,
  decodeRuleSet,
  encodeClasses,
  encodeRuleSet,
  KEYS,
  PAY_ALL,
  POOLS,
  type RuleSet,
  ruleSetOf,
} from "../../settlement/rules.ts";

const ruleSet = (fromMonth: number): RuleSet => ({
  fromMonth,
  remainders: { fallbackFund: 1, excessFallbackFund: 2, excessReserve: 3, advanceReserve: 4 },
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules: [{ pool: "excess", share: 10_000, key: "static-weight", classes: ["impresa", "ente_ambientale"], fund: 5 }],
});

describe("classes as a mask", () => {
  for (const [classes, mask] of [
    [[], 0],
    [["persona_fisica"], 0b10],
    [["impresa"], 0b100],
    [["persona_fisica", "ente_ambientale"], 0b1000_0010],
    [CLASSES, 0b1111_1110],
  ] as const) {
    it(`${classes.join(", ") || "none"}: ${mask.toString(2)}`, () => {
      assert.equal(encodeClasses(classes), mask);
      assert.deepEqual(decodeClasses(mask), classes);
    });
  }
});

describe("a rule set as the contract keeps it", () => {
  it("numbers pools from 0, keys from 1", () => {
    const { rules } = encodeRuleSet(ruleSet(7));
    assert.deepEqual(rules, [{ pool: 1, share: 10_000, key: 5, classes: 0b1000_0100, fund: 5 }]);
  });

  it("comes back as it went, with every key of every pool", () => {
    for (const key of KEYS) {
      for (const pool of POOLS) {
        const given = { ...ruleSet(7), rules: ruleSet(7).rules.map((rule) => ({ ...rule, key, pool })) };
        assert.deepEqual(decodeRuleSet(encodeRuleSet(given)), given);
      }
    }
  });

  for (const [change, message] of [
    [{ key: 0 }, "key 0, pool 1"],
    [{ key: 7 }, "key 7, pool 1"],
    [{ pool: 2 }, "key 5, pool 2"],
  ] as const) {
    it(`is refused with ${message}`, () => {
      const encoded = encodeRuleSet(ruleSet(7));
      const spoiled = { ...encoded, rules: encoded.rules.map((rule) => ({ ...rule, ...change })) };
      assert.throws(() => decodeRuleSet(spoiled), new RangeError(message));
    });
  }
});

describe("the rule set in force", () => {
  const sets = [ruleSet(10), ruleSet(12), ruleSet(12)];
  for (const [month, position] of [
    [9, undefined],
    [10, 0],
    [11, 0],
    [12, 2],
    [99, 2],
  ] as const) {
    it(`in month ${month}: ${position === undefined ? "none" : `number ${position + 1}`}`, () => {
      assert.equal(ruleSetOf(sets, month), position === undefined ? undefined : sets[position]);
    });
  }
});

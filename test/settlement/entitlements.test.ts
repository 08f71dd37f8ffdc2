import assert from "node:assert/strict";
import fc from "fast-check";
import { zeroHash } from "viem";
import { sum } from "../../settlement/amounts.ts";
import { divide } from "../../settlement/entitlements.ts";
import type { Pools } from "../../settlement/pools.ts";
import { PAY_ALL, type Rule, type RuleSet } from "../../settlement/rules.ts";

const FUND = 9;
const SOCIAL = 10;
const ordinary = (amount: bigint): Pools => ({ ordinary: amount, excess: 0n, heldExcess: 0n, heldAdvance: 0n });
const fund = (share: number, account = FUND): Rule => ({
  pool: "ordinary",
  share,
  key: "fund",
  classes: [],
  fund: account,
});
const byEnergy = (share: number): Rule => ({
  pool: "ordinary",
  share,
  key: "coincident-withdrawal",
  classes: ["impresa"],
  fund: 0,
});
const rules = (...split: Rule[]): RuleSet => ({
  fromMonth: 0,
  remainders: { fallbackFund: FUND, excessFallbackFund: SOCIAL, excessReserve: 11, advanceReserve: 12 },
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules: split,
});
const keys = (...entries: [number, bigint][]) => new Map(entries);

describe("dividing a month's pool", () => {
  for (const { name, pool, split, keyMaps, expected } of [
    {
      name: "in proportion to the keys, rounded down, dust to the fallback fund",
      pool: 100n,
      split: rules(byEnergy(10_000)),
      keyMaps: [keys([1, 1n], [2, 1n], [3, 1n])],
      expected: keys([1, 33n], [2, 33n], [3, 33n], [FUND, 1n]),
    },
    {
      name: "a claw-back rounds toward zero and its dust is negative",
      pool: -100n,
      split: rules(byEnergy(10_000)),
      keyMaps: [keys([1, 1n], [2, 1n], [3, 1n])],
      expected: keys([1, -33n], [2, -33n], [3, -33n], [FUND, -1n]),
    },
    {
      name: "a rule whose keys are all zero pays the fallback fund",
      pool: 1000n,
      split: rules(fund(1000, 8), byEnergy(9000)),
      keyMaps: [keys(), keys([1, 0n])],
      expected: keys([8, 100n], [FUND, 900n]),
    },
    {
      name: "a null player gets nothing",
      pool: 1000n,
      split: rules(byEnergy(10_000)),
      keyMaps: [keys([1, 0n], [2, 7n])],
      expected: keys([2, 1000n], [FUND, 0n]),
    },
    {
      name: "nothing to divide gives nobody anything",
      pool: 0n,
      split: rules(byEnergy(10_000)),
      keyMaps: [keys([1, 5n])],
      expected: keys([1, 0n], [FUND, 0n]),
    },
  ]) {
    it(name, () => {
      assert.deepEqual(divide(ordinary(pool), split, keyMaps, new Map()).entitlements, expected);
    });
  }

  it("always adds up to the pool, treats equals equally and does not depend on the order of members", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 42n }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 9999 }),
        (pool, members, share) => {
          const split = rules(byEnergy(share), fund(10_000 - share, 100));
          const keyOf = keys(...members.map((key, index): [number, bigint] => [index + 200, key]));
          const { entitlements } = divide(ordinary(pool), split, [keyOf, keys()], new Map());
          assert.equal(sum(entitlements.values()), pool);

          const reversed = keys(...[...keyOf].toReversed());
          const again = divide(ordinary(pool), split, [reversed, keys()], new Map()).entitlements;
          for (const [account, amount] of entitlements) assert.equal(again.get(account), amount);
          for (const [i, key] of members.entries()) {
            const twin = members.indexOf(key);
            assert.equal(entitlements.get(i + 200), entitlements.get(twin + 200));
          }
        },
      ),
    );
  });
});

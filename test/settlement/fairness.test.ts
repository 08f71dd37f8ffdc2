import assert from "node:assert/strict";
import fc from "fast-check";
import { sum } from "../../settlement/amounts.ts";
import { fairnessOf, millionths } from "../../settlement/fairness.ts";

const exact = (numerators: readonly bigint[], denominator = 1n) => ({ numerators, denominator, sample: undefined });
const euro = (...amounts: readonly number[]) =>
  new Map(amounts.map((amount, i) => [i + 1, BigInt(amount) * 1_000_000n]));

describe("how far a division is from the Shapley value", () => {
  for (const [name, amounts, numerators, expected] of [
    ["the value itself", [10, 30], [1n, 3n], { moved: 0n, meanDistance: 0n, largestDistance: 0n, largestOf: 1 }],
    ["all to one", [40, 0], [1n, 3n], { moved: 30n, meanDistance: 30n, largestDistance: 30n, largestOf: 1 }],
    [
      "two of three apart",
      [12, 18, 10],
      [1n, 2n, 1n],
      { moved: 2n, meanDistance: 4n / 3n, largestDistance: 2n, largestOf: 1 },
    ],
    ["a claw-back", [-40, 0], [1n, 3n], { moved: 30n, meanDistance: 30n, largestDistance: 30n, largestOf: 1 }],
    ["nothing to divide", [0, 0], [1n, 3n], { moved: 0n, meanDistance: 0n, largestDistance: 0n, largestOf: 1 }],
    ["no shared energy", [10, 30], [0n, 0n], { moved: 20n, meanDistance: 20n, largestDistance: 30n, largestOf: 2 }],
  ] as const) {
    it(name, () => {
      const accounts = amounts.map((_, i) => i + 1);
      const { moved, meanDistance, largestDistance, largestOf } = fairnessOf(
        accounts,
        euro(...amounts),
        exact(numerators),
      );
      const inEuro = { moved, meanDistance, largestDistance };
      assert.deepEqual(Object.fromEntries(Object.entries(inEuro).map(([key, micro]) => [key, micro / 1_000_000n])), {
        moved: expected.moved,
        meanDistance: expected.meanDistance,
        largestDistance: expected.largestDistance,
      });
      assert.equal(largestOf, expected.largestOf);
    });
  }

  it("says the distances in millionths of members' money, also of a claw-back", () => {
    const { relative } = fairnessOf([1, 2], euro(40, 0), exact([1n, 3n]));
    assert.deepEqual(relative, { moved: 750_000n, meanDistance: 750_000n, largestDistance: 750_000n });
    assert.equal(fairnessOf([1, 2], euro(-40, 0), exact([1n, 3n])).relative.moved, 750_000n);
    assert.equal(millionths(1n, 0n), 0n);
  });

  it("is nothing among nobody", () => {
    const { members, total, meanDistance, largestOf } = fairnessOf([], euro(10), exact([]));
    assert.deepEqual([members, total, meanDistance, largestOf], [[], 0n, 0n, 0]);
  });

  it("leaves out what accounts that are no players get: funds", () => {
    const { total, members } = fairnessOf([1, 2], euro(10, 30, 60), exact([1n, 3n]));
    assert.equal(total, 40_000_000n);
    assert.deepEqual(
      members.map(({ fair }) => fair),
      [10_000_000n, 30_000_000n],
    );
  });

  it("gives a sampled value its interval in money", () => {
    const values = { numerators: [500n, 1500n], denominator: 2n, sample: { orders: 20, standardErrors: [10, 20] } };
    const { members } = fairnessOf([1, 2], euro(10, 30), values);
    // 40 € over 1,000 Wh: 10 Wh are 0.40 €, and 1.96 times that is half of the interval.
    assert.deepEqual(
      members.map(({ uncertainty }) => uncertainty),
      [784_000n, 1_568_000n],
    );
  });

  it("what is fair adds up to members' money but for rounding, and differences to nothing", () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    const game = fc.array(fc.tuple(amount, fc.bigInt({ min: 0n, max: 10n ** 15n })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(game, (players) => {
        const numerators = players.map(([, value]) => value);
        fc.pre(sum(numerators) > 0n);
        const amounts = new Map(players.map(([micro], i) => [i + 1, micro]));
        const { members, total } = fairnessOf([...amounts.keys()], amounts, exact(numerators, 7n));
        const dust = total - sum(members.map(({ fair }) => fair));
        assert((dust < 0n ? -dust : dust) < BigInt(players.length));
        assert.equal(sum(members.map(({ difference }) => difference)), dust);
      }),
    );
  });
});

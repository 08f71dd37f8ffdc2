import assert from "node:assert/strict";
import fc from "fast-check";
import { sum } from "../../settlement/amounts.ts";
import { splitByLargestRemainder } from "../../settlement/splitAdjustment.ts";

describe("splitting a yearly adjustment", () => {
  for (const { name, amount, weights, expected } of [
    { name: "in proportion", amount: 100n, weights: [1n, 3n], expected: [25n, 75n] },
    {
      name: "a cent left over goes to the largest remainder",
      amount: 100n,
      weights: [1n, 2n, 3n],
      expected: [17n, 33n, 50n],
    },
    { name: "of equal remainders to the earlier", amount: 100n, weights: [1n, 1n, 1n], expected: [34n, 33n, 33n] },
    { name: "a claw-back is the same below zero", amount: -100n, weights: [1n, 2n, 3n], expected: [-17n, -33n, -50n] },
    { name: "a month that accrued nothing gets nothing", amount: 5n, weights: [0n, 7n, 0n], expected: [0n, 5n, 0n] },
    { name: "nothing to split", amount: 0n, weights: [1n, 2n], expected: [0n, 0n] },
    {
      name: "to the largest first, wherever it stands",
      amount: 2n,
      weights: [2n, 5n, 4n, 1n],
      expected: [0n, 1n, 1n, 0n],
    },
    { name: "fewer cents than months", amount: 1n, weights: [2n, 3n, 3n], expected: [0n, 1n, 0n] },
  ]) {
    it(name, () => assert.deepEqual(splitByLargestRemainder(amount, weights), expected));
  }

  it("has nothing to go by where nothing accrued", () => {
    assert.throws(() => splitByLargestRemainder(1n, []), new RangeError("nothing to split in proportion to"));
    assert.throws(() => splitByLargestRemainder(1n, [0n, 0n]), RangeError);
  });

  it("always adds up, and is never a whole cent off the exact part", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 12 }),
        (amount, weights) => {
          const parts = splitByLargestRemainder(amount, weights);
          assert.equal(sum(parts), amount);
          const whole = sum(weights);
          for (const [index, part] of parts.entries()) {
            const off = part * whole - amount * (weights[index] ?? 0n);
            assert(off < whole && off > -whole);
          }
        },
      ),
    );
  });
});

import assert from "node:assert/strict";
import { seededRandom } from "../../settlement/random.ts";

describe("seeded random numbers", () => {
  for (const [seed, first, second] of [
    // The published generator's.
    [0, 0.26642920868471265, 0.0003297457005828619],
    [1, 0.6270739405881613, 0.002735721180215478],
  ] as const) {
    it(`of seed ${seed}`, () => {
      const next = seededRandom(seed);
      assert.deepEqual([next(), next()], [first, second]);
    });
  }

  it("take a seed modulo 2³²", () => assert.equal(seededRandom(2 ** 32 + 1)(), seededRandom(1)()));
});

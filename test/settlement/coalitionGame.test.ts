import assert from "node:assert/strict";
import { MOST_IN_AN_HOUR, netOf } from "../../settlement/coalitionGame.ts";

const hourOf = (injected: Iterable<number>, withdrawn: Iterable<number>, weight: number) => ({
  injected: Float64Array.from(injected),
  withdrawn: Float64Array.from(withdrawn),
  weight,
});

describe("an hour of the game", () => {
  for (const [name, injected, withdrawn, net, hasBothSigns] of [
    ["some inject more, others draw more", [100, 0], [0, 60], [100, -60], true],
    ["all inject more than they draw", [100, 50], [10, 20], [90, 30], false],
    ["all draw more than they inject", [1, 2], [10, 20], [-9, -18], false],
    ["one injects, the other is even", [100, 7], [0, 7], [100, 0], false],
    ["one draws, the other is even", [7, 0], [7, 60], [0, -60], false],
    ["all are even", [7, 0], [7, 0], [0, 0], false],
    ["nobody plays", [], [], [], false],
  ] as const) {
    it(`in which ${name}`, () => {
      const total = [...injected, ...withdrawn].reduce((sum: number, energy) => sum + energy, 0);
      for (const weight of [1, -3]) {
        const expected = { net: Float64Array.from(net), hasBothSigns, most: Math.abs(weight) * total };
        assert.deepEqual(netOf(hourOf(injected, withdrawn, weight)), expected);
      }
    });
  }

  it("is worth at most what can be added up exactly", () => {
    assert.equal(netOf(hourOf([MOST_IN_AN_HOUR / 2 - 1], [1], -2)).most, MOST_IN_AN_HOUR);
    assert.throws(() => netOf(hourOf([MOST_IN_AN_HOUR / 2], [1], -2)), RangeError);
  });
});

import assert from "node:assert/strict";
import { Comparison, union } from "../../settlement/comparison.ts";

describe("a comparison", () => {
  it("collects what is not the same, as text", () => {
    const compare = new Comparison("ledger A");
    compare.same("hours", 24, 24n);
    compare.same("energy", 1n, 2n);
    compare.same("payout", undefined, 0n);
    assert.deepEqual(compare.differences, [
      { place: "ledger A", subject: "energy", chain: "1", recomputed: "2" },
      { place: "ledger A", subject: "payout", chain: "undefined", recomputed: "0" },
    ]);
  });

  it("goes through the numbers of all maps once, ascending", () => {
    const maps = [[3, 20], undefined, [100, 3, 1]].map((keys) => keys && new Map(keys.map((key) => [key, "anything"])));
    assert.deepEqual(union(...maps), [1, 3, 20, 100]);
    assert.deepEqual(union(undefined), []);
  });
});

import assert from "node:assert/strict";
import {
  formatDecimal,
  formatEuro,
  formatKwh,
  formatMicro,
  maximum,
  minimum,
  parseDecimal,
  sum,
} from "../../settlement/amounts.ts";

describe("amounts as people write them", () => {
  for (const [text, places, expected] of [
    ["0", 2, 0n],
    ["12", 2, 1200n],
    ["12.3", 2, 1230n],
    ["12.34", 2, 1234n],
    ["-12.34", 2, -1234n],
    ["12.345", 2, undefined],
    ["12,34", 2, undefined],
    ["1.234,56", 2, undefined],
    ["+1", 2, undefined],
    ["1e3", 2, undefined],
    [".5", 2, undefined],
    ["5.", 2, undefined],
    ["", 2, undefined],
    ["NaN", 2, undefined],
    ["1234567890123456", 2, undefined],
  ] as const) {
    it(`reads «${text}» as ${expected}`, () => assert.equal(parseDecimal(text, places), expected));
  }

  for (const [value, places, shown, expected] of [
    [0n, 6, 6, "0.000000"],
    [1n, 6, 6, "0.000001"],
    [-1n, 6, 6, "-0.000001"],
    [1_234_567n, 6, 2, "1.23"],
    [1_235_000n, 6, 2, "1.24"],
    [-1_235_000n, 6, 2, "-1.24"],
    [-4_999n, 6, 2, "0.00"],
    [999_999n, 6, 0, "1"],
    [12_345n, 3, 3, "12.345"],
  ] as const) {
    it(`shows ${value} of 10⁻${places} as ${expected}`, () => {
      assert.equal(formatDecimal(value, places, shown), expected);
    });
  }

  it("shows energy in kWh and money in euro", () => {
    assert.equal(formatKwh(1_234_567n), "1234.567");
    assert.equal(formatMicro(-5_000_001n), "-5.000001");
    assert.equal(formatEuro(5_005_000n), "5.01");
  });

  it("adds and compares integers of any size", () => {
    assert.equal(sum([2n ** 70n, -1n]), 2n ** 70n - 1n);
    assert.equal(sum([]), 0n);
    assert.equal(minimum(2n ** 70n, 3n), 3n);
    assert.equal(minimum(3n, 2n ** 70n), 3n);
    assert.equal(maximum(2n ** 70n, 3n), 2n ** 70n);
    assert.equal(maximum(3n, 2n ** 70n), 2n ** 70n);
  });
});

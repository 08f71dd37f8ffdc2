import assert from "node:assert/strict";
import { type FeeTerms, yearlyFeeToCents } from "../../settlement/gseFee.ts";

const terms: FeeTerms = {
  fromYear: 2024,
  vat: 2200n,
  bands: [
    { upTo: 3_000, fixed: 0n, perKilowatt: 0n },
    { upTo: 20_000, fixed: 15_000_000n, perKilowatt: 0n },
    { upTo: undefined, fixed: 15_000_000n, perKilowatt: 1_000_000n },
  ],
  source: "test",
};

describe("GSE's fee for a plant and year", () => {
  for (const [watts, fee, vat] of [
    [0, 0n, 0n],
    [3_000, 0n, 0n],
    [3_001, 15_000_000n, 3_300_000n],
    [20_000, 15_000_000n, 3_300_000n],
    [20_001, 15_000_000n, 3_300_000n],
    [20_005, 15_010_000n, 3_300_000n],
    [20_500, 15_500_000n, 3_410_000n],
    [200_000, 195_000_000n, 42_900_000n],
    [1_000_000, 995_000_000n, 218_900_000n],
  ] as const) {
    it(`${watts / 1000} kW: ${fee} and ${vat} of VAT`, () => {
      assert.deepEqual(yearlyFeeToCents(watts, terms), { fee, vat });
    });
  }

  it("is counted from zero in the first band", () => {
    const first: FeeTerms = { ...terms, bands: [{ upTo: undefined, fixed: 0n, perKilowatt: 2_000_000n }] };
    assert.deepEqual(yearlyFeeToCents(1500, first), { fee: 3_000_000n, vat: 660_000n });
  });

  it("is nothing where the table ends below the plant's power", () => {
    const short: FeeTerms = { ...terms, bands: terms.bands.slice(0, 2) };
    assert.deepEqual(yearlyFeeToCents(20_001, short), { fee: 0n, vat: 0n });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { sum } from "../../settlement/amounts.ts";
import type { Row } from "../../settlement/batch.ts";
import type { Plant, Roster } from "../../settlement/roster.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { batchOf, FIRST_HOUR, smallRoster } from "../support/communityOnChain.ts";

const row = (...hours: number[]): Row => [...hours, ...new Array<number>(24 - hours.length).fill(0)];

/** Two plants, the second commissioned first, and two consumers. */
const base = smallRoster(4);
const plant = { commissioned: "2021-01-01", power: 20_000, regime: "42-bis", tariff: 1_100_000 } as const;
const roster: Roster = {
  injection: [1, 2].map((number) => ({ number, account: number, class: "persona_fisica", exempt: false, weight: 0 })),
  withdrawal: base.withdrawal.slice(1),
  plants: [
    { ...plant, number: 2, channel: 2, commissioned: "2020-01-01", tariff: 1_000_000 },
    { ...plant, number: 1, channel: 1 },
  ],
};
const cacer: Plant = {
  number: 1,
  channel: 1,
  commissioned: "2024-05-01",
  power: 180_000,
  regime: "CACER",
  base: 800_000,
  cap: 1_200_000,
  correction: 0,
  reduction: { numerator: 0, denominator: 1 },
};
const batch = (injected: Row[], withdrawn: Row[]) => ({ ...batchOf(roster, FIRST_HOUR, 24), injected, withdrawn });

describe("the tally of a batch", () => {
  for (const { name, injected, withdrawn, shared, coincident, attributed, accrued } of [
    {
      name: "injected less than withdrawn: all of it is shared, consumers share by ratio",
      injected: [row(60), row(40)],
      withdrawn: [row(150), row(50)],
      shared: 100n,
      coincident: [60n, 40n, 75n, 25n],
      attributed: [60n, 40n],
      accrued: 60n * 1_100_000n + 40n * 1_000_000n,
    },
    {
      name: "withdrawn less than injected: the plant commissioned first is served first",
      injected: [row(60), row(40)],
      withdrawn: [row(30), row(20)],
      shared: 50n,
      coincident: [30n, 20n, 30n, 20n],
      attributed: [10n, 40n],
      accrued: 10n * 1_100_000n + 40n * 1_000_000n,
    },
    {
      name: "the minimum is taken by hour, not by day",
      injected: [row(100, 0), row(0, 0)],
      withdrawn: [row(0, 100), row(0, 0)],
      shared: 0n,
      coincident: [0n, 0n, 0n, 0n],
      attributed: [0n, 0n],
      accrued: 0n,
    },
    {
      name: "coincident energy is rounded down once a row, not once an hour",
      injected: [row(1, 1, 1), row()],
      withdrawn: [row(1, 1, 1), row(1, 1, 1)],
      shared: 3n,
      coincident: [3n, 0n, 1n, 1n],
      attributed: [3n, 0n],
      accrued: 3n * 1_100_000n,
    },
    {
      name: "an hour without energy shares nothing",
      injected: [row(), row()],
      withdrawn: [row(), row()],
      shared: 0n,
      coincident: [0n, 0n, 0n, 0n],
      attributed: [0n, 0n],
      accrued: 0n,
    },
    {
      name: "the largest readings fit",
      injected: [row(0xffff_ffff), row(0xffff_ffff)],
      withdrawn: [row(0xffff_ffff), row(0xffff_ffff)],
      shared: 2n * 0xffff_ffffn,
      coincident: [0xffff_ffffn, 0xffff_ffffn, 0xffff_ffffn, 0xffff_ffffn],
      attributed: [0xffff_ffffn, 0xffff_ffffn],
      accrued: 0xffff_ffffn * 2_100_000n,
    },
  ]) {
    it(name, () => {
      const tally = tallyBatch(batch(injected, withdrawn), roster);
      assert.equal(sum(tally.shared), shared);
      assert.deepEqual(
        [1, 2, 3, 4].map((channel) => tally.coincident.get(channel)),
        coincident,
      );
      assert.deepEqual([tally.attributed.get(1), tally.attributed.get(2)], attributed);
      assert.equal(tally.accrued, accrued);
    });
  }

  it("refuses a batch without a row for each channel, and a plant without one", () => {
    const missing = batch([row(60), row(40)], [row(150)]);
    assert.throws(() => tallyBatch(missing, roster), new RangeError("the batch has no row 1"));
    const stray = { ...roster, plants: roster.plants.map((each) => ({ ...each, channel: 9 })) };
    const whole = batch([row(60), row(40)], [row(150), row(50)]);
    assert.throws(() => tallyBatch(whole, stray), new RangeError("the batch has no row -1"));
  });

  for (const { name, plants, expected } of [
    {
      name: "counts hours of the batch without a price where a plant's premium depends on it",
      plants: [cacer],
      expected: 2,
    },
    { name: "not where no plant's does", plants: roster.plants, expected: 0 },
  ]) {
    it(name, () => {
      const priced = { ...batch([row(), row()], [row(), row()]), hourCount: 3, priceMask: 0xa00000, prices: row() };
      assert.equal(tallyBatch(priced, { ...roster, plants }).hoursWithoutPrice, expected);
    });
  }

  it("says each of the 24 hours, and no more", () => {
    const full = (wattHours: number) => new Array<number>(24).fill(wattHours);
    const tally = tallyBatch(batch([full(60), full(40)], [full(30), full(20)]), roster);
    assert.deepEqual(tally.injected, new Array(24).fill(100n));
    assert.deepEqual(tally.withdrawn, new Array(24).fill(50n));
    assert.deepEqual(tally.shared, new Array(24).fill(50n));
  });

  it("attributes exactly what is shared, and nobody coincides with more than was metered", () => {
    const reading = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 0, max: 0xffff_ffff }),
    );
    const rows = fc.array(fc.array(reading, { minLength: 24, maxLength: 24 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(rows, rows, (injected, withdrawn) => {
        const tally = tallyBatch(batch(injected, withdrawn), roster);
        assert.equal(sum(tally.attributed.values()), sum(tally.shared));
        for (const [index, metered] of [...injected, ...withdrawn].entries()) {
          assert((tally.coincident.get(index + 1) ?? 0n) <= sum(metered.map(BigInt)));
        }
        assert((tally.coincident.get(1) ?? 0n) + (tally.coincident.get(2) ?? 0n) <= sum(tally.shared));
        assert((tally.coincident.get(3) ?? 0n) + (tally.coincident.get(4) ?? 0n) <= sum(tally.shared));
      }),
    );
  });
});

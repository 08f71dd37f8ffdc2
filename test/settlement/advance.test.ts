import assert from "node:assert/strict";
import { type AdvanceTerms, monthlyAdvanceDown, type Zone, zoneOfCorrection } from "../../settlement/advance.ts";

const terms: AdvanceTerms = {
  fromYear: 2024,
  hours: { north: 900n, centre: 1050n, south: 1100n },
  share: 6000n,
  uplift: 200_000n,
  minimumPayment: 50_000_000n,
  source: "test",
};

describe("the monthly advance on the CACER premium", () => {
  for (const { name, power, zone, base, correction, reduction, expected } of [
    // 200 kW · 75 h · 0.60 = 9 MWh at 110 €/MWh.
    {
      name: "200 kW in the North",
      power: 200_000,
      zone: "north",
      base: 800_000,
      correction: 100_000,
      reduction: [0, 1],
      expected: 990_000_000n,
    },
    // 200 kW · 87.5 h · 0.60 = 10.5 MWh at 104 €/MWh.
    {
      name: "200 kW in the Centre",
      power: 200_000,
      zone: "centre",
      base: 800_000,
      correction: 40_000,
      reduction: [0, 1],
      expected: 1_092_000_000n,
    },
    // 200 kW · 91.666… h · 0.60 = 11 MWh at 100 €/MWh.
    {
      name: "200 kW in the South",
      power: 200_000,
      zone: "south",
      base: 800_000,
      correction: 0,
      reduction: [0, 1],
      expected: 1_100_000_000n,
    },
    // 300 kW · 75 h · 0.60 = 13.5 MWh at 100 €/MWh, half of it.
    {
      name: "300 kW with a grant of 40%",
      power: 300_000,
      zone: "north",
      base: 700_000,
      correction: 100_000,
      reduction: [1, 2],
      expected: 675_000_000n,
    },
    {
      name: "a grant of 10%",
      power: 200_000,
      zone: "north",
      base: 800_000,
      correction: 100_000,
      reduction: [1, 8],
      expected: 866_250_000n,
    },
    // 1 W · 75 h · 0.60 = 45 Wh at 110 €/MWh, 7/8 of it: 4331.25 micro-euro.
    {
      name: "rounded down once",
      power: 1,
      zone: "north",
      base: 800_000,
      correction: 100_000,
      reduction: [1, 8],
      expected: 4331n,
    },
    {
      name: "no power, no advance",
      power: 0,
      zone: "south",
      base: 800_000,
      correction: 0,
      reduction: [0, 1],
      expected: 0n,
    },
  ] satisfies {
    name: string;
    power: number;
    zone: Zone;
    base: number;
    correction: number;
    reduction: [number, number];
    expected: bigint;
  }[]) {
    it(name, () => {
      const [numerator, denominator] = reduction;
      const plant = { power, base, correction, reduction: { numerator, denominator } };
      assert.equal(monthlyAdvanceDown(plant, terms, terms.hours[zone]), expected);
    });
  }

  it("advances a year of 540 kWh a kW at 110 €/MWh to a small plant in the North, as rules.md says", () => {
    const plant = { power: 1000, base: 800_000, correction: 100_000, reduction: { numerator: 0, denominator: 1 } };
    assert.equal(12n * monthlyAdvanceDown(plant, terms, terms.hours.north), 540n * 110_000n);
  });

  for (const [correction, zone] of [
    [100_000, "north"],
    [40_000, "centre"],
    [0, undefined],
    [50_000, undefined],
  ] as const) {
    it(`a correction of ${correction / 10_000} €/MWh says ${zone ?? "nothing"}`, () => {
      assert.equal(zoneOfCorrection(correction), zone);
    });
  }
});

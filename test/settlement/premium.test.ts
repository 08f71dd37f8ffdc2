/*
 * The premium
 *   power classes, reductions and tariffs: the vectors of rules.md, and the edges of each class
 *   of a plant: fixed, by price, with a grant and exempt withdrawals, without a price, none
 *   which plants count towards a threshold
 *   sums of a batch in which all of them meet
 */

import assert from "node:assert/strict";
import { maskBit } from "../../settlement/batch.ts";
import { hourlyTariff, plantSetOf, powerClassOf, premiumAccrued, reductionOfGrant } from "../../settlement/premium.ts";
import {
  type CacerPlant,
  decodeRoster,
  encodeRoster,
  type Plant,
  type Roster,
  waterfallOrder,
} from "../../settlement/roster.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { batchOf, FIRST_HOUR } from "../support/communityOnChain.ts";

/** 10⁻⁴ €/MWh. */
const UNIT = 10_000;
const NORTH = 10 * UNIT;
const CENTRE = 4 * UNIT;
const SOUTH = 0;

function cacer(power: number, correction: number, grant = 0): CacerPlant {
  const found = powerClassOf(power);
  assert(found);
  const reduction = reductionOfGrant(grant);
  return { number: 1, channel: 1, commissioned: "2024-05-01", power, regime: "CACER", ...found, correction, reduction };
}

describe("the CACER tariff", () => {
  for (const [kiloWatt, zone, price, tariff] of [
    [200, "South", -5, 120],
    [200, "North", 140, 130],
    [200, "North", 140.01, 129.99],
    [200, "Centre", 180, 84],
    [200.01, "North", 150, 110],
    [600.01, "North", 150, 100],
    [1000, "South", 200, 60],
    [600, "Centre", 150, 104],
    [1000, "North", 139.9999, 110],
  ] as const) {
    it(`of ${kiloWatt} kW in the ${zone} at ${price} €/MWh is ${tariff} €/MWh`, () => {
      const correction = { North: NORTH, Centre: CENTRE, South: SOUTH }[zone];
      const terms = cacer(Math.round(kiloWatt * 1000), correction);
      assert.equal(hourlyTariff(terms, Math.round(price * UNIT)), BigInt(Math.round(tariff * UNIT)));
    });
  }

  it("is the cap at the lowest price that a batch can state, the base at the highest", () => {
    assert.equal(hourlyTariff(cacer(1, SOUTH), -(2 ** 31)), 1_200_000n);
    assert.equal(hourlyTariff(cacer(1, SOUTH), 2 ** 31 - 1), 800_000n);
  });

  for (const [power, expected] of [
    [1, [800_000, 1_200_000]],
    [200_000, [800_000, 1_200_000]],
    [200_001, [700_000, 1_100_000]],
    [600_000, [700_000, 1_100_000]],
    [600_001, [600_000, 1_000_000]],
    [1_000_000, [600_000, 1_000_000]],
  ] as const) {
    it(`has base and cap ${expected.join(" and ")} at ${power} W`, () => {
      const found = powerClassOf(power);
      assert.deepEqual([found?.base, found?.cap], expected);
    });
  }

  it("is not there above 1 MW", () => assert.equal(powerClassOf(1_000_001), undefined));
});

describe("the reduction for a capital grant", () => {
  for (const [percent, numerator, denominator] of [
    [0, 0, 1],
    [10, 1, 8],
    [30, 3, 8],
    [40, 1, 2],
    [0.01, 1, 8000],
    [39.99, 3999, 8000],
    [33.33, 3333, 8000],
  ] as const) {
    it(`is ${numerator}/${denominator} at ${percent}% of the cost`, () => {
      assert.deepEqual(reductionOfGrant(Math.round(percent * 100)), { numerator, denominator });
    });
  }
});

describe("the premium of a plant", () => {
  const hour = { price: 1_500_000, withdrawn: 100n, exempt: 60n };
  for (const { name, plant, attributed, hours, accrued } of [
    {
      name: "of art. 42-bis: the fixed tariff, with or without a price",
      plant: { ...cacer(1, 0), regime: "42-bis", tariff: 1_100_000 },
      attributed: [7n, 5n],
      hours: [hour, { ...hour, price: undefined }],
      accrued: 12n * 1_100_000n,
    },
    {
      name: "without incentive: nothing",
      plant: { ...cacer(1, 0), regime: "none" },
      attributed: [7n],
      hours: [hour],
      accrued: 0n,
    },
    {
      name: "CACER without a grant: by the price of the hour",
      plant: cacer(200_000, NORTH),
      attributed: [7n, 5n],
      hours: [hour, { ...hour, price: 1_900_000 }],
      accrued: 7n * 1_200_000n + 5n * 900_000n,
    },
    {
      name: "CACER in an hour without a price: nothing",
      plant: cacer(200_000, NORTH),
      attributed: [7n, 5n],
      hours: [{ ...hour, price: undefined }, hour],
      accrued: 5n * 1_200_000n,
    },
    {
      name: "with a grant, nobody exempt: less F",
      plant: cacer(200_000, NORTH, 4000),
      attributed: [7n],
      hours: [{ ...hour, exempt: 0n }],
      accrued: (7n * 1_200_000n) / 2n,
    },
    {
      name: "with a grant, everybody exempt: in full",
      plant: cacer(200_000, NORTH, 4000),
      attributed: [7n],
      hours: [{ ...hour, exempt: 100n }],
      accrued: 7n * 1_200_000n,
    },
    {
      name: "with a grant, a part exempt: less F on the rest",
      plant: cacer(200_000, NORTH, 1000),
      attributed: [40n],
      hours: [hour],
      // 1/8 off two fifths.
      accrued: (40n * 1_200_000n * 95n) / 100n,
    },
    {
      name: "with a grant: rounded down in each hour",
      plant: cacer(200_000, NORTH, 1),
      attributed: [1n, 1n],
      hours: [
        { price: 1_500_001, withdrawn: 7n, exempt: 3n },
        { price: 1_500_001, withdrawn: 7n, exempt: 3n },
      ],
      // 1,199,999 × (1 − 4/7 × 1/8000) = 1,199,913.28…, twice.
      accrued: 2n * 1_199_913n,
    },
    {
      name: "in an hour in which nobody drew: nothing",
      plant: cacer(200_000, NORTH, 4000),
      attributed: [0n],
      hours: [{ price: 0, withdrawn: 0n, exempt: 0n }],
      accrued: 0n,
    },
  ] satisfies { name: string; plant: Plant; attributed: bigint[]; hours: object[]; accrued: bigint }[]) {
    it(`${name}: ${accrued}`, () => assert.equal(premiumAccrued(plant, attributed, hours), accrued));
  }

  it("counts towards a threshold if it is CACER, by its grant", () => {
    const plants: Plant[] = [
      cacer(1, 0),
      cacer(1, 0, 1),
      { ...cacer(1, 0), regime: "none" },
      { ...cacer(1, 0), regime: "42-bis", tariff: 1 },
    ];
    assert.deepEqual(plants.map(plantSetOf), ["withoutGrant", "withGrant", undefined, undefined]);
  });
});

describe("a batch with plants of all kinds", () => {
  const channel = (number: number, exempt = false) =>
    ({ number, account: number, class: "persona_fisica", exempt, weight: 1 }) as const;
  const roster: Roster = {
    injection: [1, 2, 3, 4].map((number) => channel(number)),
    withdrawal: [channel(5), channel(6, true)],
    plants: [
      { number: 1, channel: 4, commissioned: "2010-01-01", power: 90_000, regime: "none" },
      { number: 2, channel: 3, commissioned: "2021-01-01", power: 20_000, regime: "42-bis", tariff: 1_100_000 },
      { ...cacer(300_000, CENTRE), number: 3, channel: 2 },
      { ...cacer(200_000, CENTRE, 4000), number: 4, channel: 1 },
    ],
  };
  /** Two hours, the second without a price. Each plant injects 10, 20, 30, 40 Wh by channel; 75 and 15 are drawn. */
  const batch = {
    ...batchOf(roster, FIRST_HOUR, 2, (row) => [10, 20, 30, 40, 75, 15][row] ?? 0),
    priceMask: maskBit(1),
    prices: [1_600_000, ...new Array<number>(23).fill(0)],
  };

  it("serves them in date order and sums the two sets", () => {
    const tally = tallyBatch(batch, roster);
    // 90 Wh are shared in each hour: 40 by plant 1, 30 by plant 2, 20 by plant 3, none is left for plant 4.
    assert.deepEqual([...tally.attributed.values()], [80n, 60n, 40n, 0n]);
    assert.equal(tally.accrued, 60n * 1_100_000n + 20n * 940_000n);
    assert.deepEqual(tally.plantSets, {
      withoutGrant: { accrued: 20n * 940_000n, injected: 40n, attributed: 40n },
      withGrant: { accrued: 0n, injected: 20n, attributed: 0n },
    });
    assert.equal(tally.hoursWithoutPrice, 1);
  });

  it("serves plants without incentive last, where they stand so", () => {
    const last = { ...roster, plants: waterfallOrder(roster.plants, true) };
    assert.deepEqual(
      last.plants.map(({ number }) => number),
      [2, 3, 4, 1],
    );
    const tally = tallyBatch(batch, last);
    assert.deepEqual(
      [1, 2, 3, 4].map((plant) => tally.attributed.get(plant)),
      [60n, 60n, 40n, 20n],
    );
    // A sixth of what is drawn is exempt: T · (1 − 5/12).
    const reduced = (10n * 1_040_000n * 7n) / 12n;
    assert.equal(tally.plantSets.withGrant.accrued, reduced);
    assert.equal(tally.accrued, 60n * 1_100_000n + 20n * 940_000n + reduced);
  });

  it("does not miss prices that no plant needs", () => {
    const unpriced: Roster = { ...roster, plants: roster.plants.map((plant): Plant => ({ ...plant, regime: "none" })) };
    assert.equal(tallyBatch(batch, unpriced).hoursWithoutPrice, 0);
  });

  it("is on the roster as it was", () => assert.deepEqual(decodeRoster(encodeRoster(roster)), roster));
});

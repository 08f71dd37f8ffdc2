/** The Shapley value of the premium against its definition: all orders, each coalition's premium by the tally of its meters. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { zeroHash } from "viem";
import { sum } from "../../settlement/amounts.ts";
import { type Batch, FIRST_REVISION, LANES, type Row } from "../../settlement/batch.ts";
import type { ReducedHour, ShapleyValues } from "../../settlement/coalitionGame.ts";
import { premiumGame } from "../../settlement/premiumGame.ts";
import { type Channel, type Plant, type Roster, waterfallOrder } from "../../settlement/roster.ts";
import { MOST_EXACT_PLAYERS, shapleyExact } from "../../settlement/shapley.ts";
import { shapleyEnumerated } from "../../settlement/shapleyEnumerated.ts";
import { shapleySampled } from "../../settlement/shapleySample.ts";
import { shapleyValues, valuesOfMoney } from "../../settlement/shapleyValues.ts";
import { tallyBatch } from "../../settlement/tally.ts";

const HOURS = 3;
const SAMPLING = { pairs: 400, seed: 7 };
const quiet = () => undefined;

type World = { readonly players: readonly number[]; readonly roster: Roster; readonly batch: Batch };
type Terms = {
  readonly regime: Plant["regime"];
  readonly tariff: number;
  readonly base: number;
  readonly grant: number;
};

/** Plants in waterfall order, each with its owner's account and what it injects. */
type PlantWorld = { readonly owner: number; readonly terms: Terms; readonly injected: Row };
type LoadWorld = { readonly owner: number; readonly exempt: boolean; readonly withdrawn: Row };

function worldOf(
  accounts: number,
  plants: readonly PlantWorld[],
  loads: readonly LoadWorld[],
  prices: Row,
  mask = 0,
): World {
  const channel = (number: number, owner: number, exempt: boolean): Channel => ({
    number,
    account: 1 + (owner % accounts),
    class: "persona_fisica",
    exempt,
    weight: 0,
  });
  const planned = plants.map(({ terms }, index): Plant => {
    const base = { number: index + 1, channel: index + 1, commissioned: `2020-01-${10 + index}`, power: 5000 };
    if (terms.regime === "none") return { ...base, regime: "none" };
    if (terms.regime === "42-bis") return { ...base, regime: "42-bis", tariff: terms.tariff };
    const reduction = { numerator: terms.grant, denominator: 80 };
    return { ...base, regime: "CACER", base: terms.base, cap: terms.base + 400_000, correction: 40_000, reduction };
  });
  const padded = (row: Row) => [...row, ...new Array<number>(LANES - row.length).fill(0)];
  return {
    players: Array.from({ length: accounts }, (_, index) => index + 1),
    roster: {
      injection: plants.map(({ owner }, index) => channel(index + 1, owner, false)),
      withdrawal: loads.map(({ owner, exempt }, index) => channel(101 + index, owner, exempt)),
      plants: waterfallOrder(planned),
    },
    batch: {
      firstHour: 500_000,
      hourCount: HOURS,
      rosterVersion: 1,
      grade: "distributor",
      ...FIRST_REVISION,
      seed: zeroHash,
      injected: plants.map(({ injected }) => padded(injected)),
      withdrawn: loads.map(({ withdrawn }) => padded(withdrawn)),
      missing: [...plants, ...loads].map(() => 0),
      priceMask: mask,
      prices: padded(prices),
    },
  };
}

const row = fc.array(fc.oneof(fc.constant(0), fc.nat(9000)), { minLength: HOURS, maxLength: HOURS });
const prices = fc.array(fc.integer({ min: -500_000, max: 2_500_000 }), { minLength: HOURS, maxLength: HOURS });
const worlds = (grants: fc.Arbitrary<number>) => {
  const terms = fc.record({
    regime: fc.constantFrom("none" as const, "42-bis" as const, "CACER" as const, "CACER" as const),
    tariff: fc.constantFrom(1_100_000, 1_000_000),
    base: fc.constantFrom(800_000, 700_000, 600_000),
    grant: grants,
  });
  const plants = fc.array(fc.record({ owner: fc.nat(5), terms, injected: row }), { minLength: 1, maxLength: 5 });
  const loads = fc.array(fc.record({ owner: fc.nat(5), exempt: fc.boolean(), withdrawn: row }), {
    minLength: 1,
    maxLength: 6,
  });
  return fc
    .tuple(fc.integer({ min: 1, max: 6 }), plants, loads, prices, fc.constantFrom(0, 0x40_0000))
    .map((args) => worldOf(...args));
};
const WITHOUT_GRANTS = fc.constant(0);
const WITH_GRANTS = fc.constantFrom(0, 7, 33, 40);

/** What the meters of some accounts would accrue if there were no others, by the tally. */
function premiumOf({ roster, batch }: World, coalition: ReadonlySet<number>): bigint {
  const kept = (channels: readonly Channel[], rows: readonly Row[]) =>
    rows.map((own, index) => (coalition.has(channels[index]?.account ?? 0) ? own : own.map(() => 0)));
  const injected = kept(roster.injection, batch.injected);
  const withdrawn = kept(roster.withdrawal, batch.withdrawn);
  return tallyBatch({ ...batch, injected, withdrawn }, roster).accrued;
}

/** By player, Σ over all orders of arrival of what the player adds to those before; and the number of orders. */
function overAllOrders(world: World): { readonly added: readonly bigint[]; readonly orders: bigint } {
  const known = new Map<string, bigint>();
  const worth = (coalition: readonly number[]): bigint => {
    const key = coalition.toSorted((a, b) => a - b).join(" ");
    const value = known.get(key) ?? premiumOf(world, new Set(coalition));
    known.set(key, value);
    return value;
  };
  const added = new Map(world.players.map((account) => [account, 0n]));
  let orders = 0n;
  const arrive = (before: readonly number[]) => {
    if (before.length === world.players.length) {
      orders++;
      for (const [position, account] of before.entries()) {
        const more = worth(before.slice(0, position + 1)) - worth(before.slice(0, position));
        added.set(account, (added.get(account) ?? 0n) + more);
      }
    }
    for (const account of world.players) if (!before.includes(account)) arrive([...before, account]);
  };
  arrive([]);
  return { added: [...added.values()], orders };
}

/** The greatest distance from the definition, in 10⁻¹⁰ €. */
function distance({ numerators, denominator }: ShapleyValues, world: World): number {
  const { added, orders } = overAllOrders(world);
  const distances = numerators.map((value, player) => value * orders - (added[player] ?? 0n) * denominator);
  return Math.max(...distances.map((apart) => Math.abs(Number(apart) / Number(denominator * orders))));
}

const gameOf = ({ roster, batch, players }: World) => premiumGame([batch], roster, players);
const exactly = (world: World) => shapleyValues(world.players.length, gameOf(world), SAMPLING, quiet);
const totalOf = ({ numerators, denominator }: ShapleyValues) => Number(sum(numerators)) / Number(denominator);

describe("the premium as a game of coalitions", function () {
  this.timeout(60_000);

  it("has the Shapley value of the definition, exactly, where there is no grant", () => {
    fc.assert(
      fc.property(worlds(WITHOUT_GRANTS), (world) => {
        assert.deepEqual(gameOf(world).reduced, []);
        assert.equal(distance(exactly(world), world), 0);
      }),
      { numRuns: 60 },
    );
  });

  it("has it but for the tally's rounding where there are grants and exempt points", () => {
    fc.assert(
      fc.property(worlds(WITH_GRANTS), (world) => {
        // A coalition's premium is rounded once for each plant and hour; a value is a mean of differences of two.
        const rounding = 1 + world.roster.plants.length * HOURS;
        assert(distance(exactly(world), world) <= 2 * rounding);
      }),
      { numRuns: 60 },
    );
  });

  it("is a game of its own only where exempt points share with a plant that had a grant", () => {
    const cacer = (grant: number): Terms => ({ regime: "CACER", tariff: 0, base: 800_000, grant });
    const world = (exempt: boolean, grant: number) =>
      gameOf(
        worldOf(
          2,
          [{ owner: 0, terms: cacer(grant), injected: [500, 500, 500] }],
          [{ owner: 1, exempt, withdrawn: [900, 0, 900] }],
          [1_000_000, 0, 1_000_000],
        ),
      );
    assert.equal(world(true, 0).reduced.length, 0);
    assert.equal(world(true, 40).reduced.length, 2);
    // Half of 124 €/MWh on all energy is a whole weight.
    assert.deepEqual(
      world(false, 40).hours.map(({ weight }) => weight),
      [620_000, 620_000, 620_000],
    );
  });

  it("tells plants apart that earn the same on all energy, and not with exempt points", () => {
    const plant = (regime: Plant["regime"], grant: number): PlantWorld => ({
      owner: 0,
      // Half of 124 €/MWh.
      terms: { regime, tariff: 620_000, base: 800_000, grant },
      injected: [5, 0, 0],
    });
    const load: LoadWorld = { owner: 1, exempt: true, withdrawn: [20, 20, 20] };
    const { hours, reduced } = gameOf(worldOf(2, [plant("42-bis", 0), plant("CACER", 40)], [load], [0, 0, 0]));
    assert.deepEqual(hours, []);
    assert.deepEqual(
      reduced.flatMap(({ levels }) => levels.map(({ injected, onAll, onExempt }) => [injected[0], onAll, onExempt])),
      [
        [5, 0, -620_000],
        [10, 620_000, 620_000],
      ],
    );
  });

  it("joins plants that earn the same, and leaves out what earns nothing", () => {
    const terms = (regime: Plant["regime"]): Terms => ({ regime, tariff: 1_100_000, base: 800_000, grant: 0 });
    const plant = (owner: number, regime: Plant["regime"], ...injected: number[]): PlantWorld => ({
      owner,
      terms: terms(regime),
      injected,
    });
    const plants = [
      plant(0, "42-bis", 1, 1, 1),
      plant(1, "42-bis", 2, 0, 2),
      plant(2, "none", 4, 4, 4),
      plant(0, "CACER", 8, 8, 0),
    ];
    const load: LoadWorld = { owner: 2, exempt: false, withdrawn: [9, 9, 9] };
    const { hours } = gameOf(worldOf(3, plants, [load], [1_800_000, 1_800_000, 0]));
    assert.deepEqual(
      hours.map(({ injected, weight }) => [[...injected], weight]),
      [
        [[1, 2, 0], 1_100_000],
        [[1, 2, 4], -840_000],
        [[9, 2, 4], 840_000],
        [[1, 0, 0], 1_100_000],
        [[1, 0, 4], -840_000],
        [[9, 0, 4], 840_000],
        [[1, 2, 0], 1_100_000],
      ],
    );
  });

  it("is sampled beyond the players that can be exact: shares out the same, near the exact value", () => {
    const worldsSeen = fc.sample(worlds(WITH_GRANTS), { numRuns: 20, seed: 1 });
    let [within, all] = [0, 0];
    for (const world of worldsSeen) {
      const exact = exactly(world);
      const sampled = shapleySampled(world.players.length, gameOf(world), SAMPLING.pairs, SAMPLING.seed);
      assert(Math.abs(totalOf(exact) - totalOf(sampled)) <= 2);
      for (const [player, error] of (sampled.sample?.standardErrors ?? []).entries()) {
        const value = ({ numerators, denominator }: ShapleyValues) => Number(numerators[player]) / Number(denominator);
        all++;
        if (Math.abs(value(exact) - value(sampled)) <= 3 * error + 2) within++;
      }
    }
    assert(within / all > 0.97, `${within} of ${all}`);
  });
});

describe("the Shapley value by weighing every coalition", () => {
  it("is that by halves, also of more players than a block has", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(9999), { minLength: 24, maxLength: 24 }),
        (players, energy) => {
          const injected = Float64Array.from(energy.slice(0, players), (wattHours, player) =>
            player % 3 ? 0 : wattHours,
          );
          const withdrawn = Float64Array.from(energy.slice(12, 12 + players));
          const hours = [3, -1].map((weight) => ({ injected, withdrawn, weight }));
          const reduced = hours.map(({ weight }): ReducedHour => {
            return { withdrawn, exempt: withdrawn, levels: [{ injected, onAll: weight - 1, onExempt: 1 }] };
          });
          const [halves, every] = [shapleyExact(players, hours), shapleyEnumerated(players, reduced)];
          assert.deepEqual(
            halves.numerators.map((value) => value * every.denominator),
            every.numerators.map((value) => value * halves.denominator),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it("adds up any number of hours", () => {
    const hours = Array.from({ length: 19 }, (_, hour) => ({
      injected: Float64Array.of(7 * hour, 0, 3),
      withdrawn: Float64Array.of(0, 5 * (19 - hour), hour),
      weight: 1,
    }));
    const reduced = hours.map(({ injected, withdrawn, weight }): ReducedHour => {
      return { withdrawn, exempt: withdrawn, levels: [{ injected, onAll: 0, onExempt: weight }] };
    });
    const told: number[] = [];
    const every = shapleyEnumerated(3, reduced, (done) => told.push(done));
    const halves = shapleyExact(3, hours);
    assert.deepEqual(
      halves.numerators,
      every.numerators.map((value) => 2n * value),
    );
    assert.deepEqual(told, [8, 16, 19]);
  });

  it("is chosen up to as many players as can be exact, and a sample beyond", () => {
    const of = (players: number) => {
      const energy = Float64Array.from({ length: players }, (_, player) => player);
      const hour = { injected: energy, withdrawn: energy.toReversed(), weight: 1 };
      const told: number[][] = [];
      const { sample } = shapleyValues(players, { hours: [hour], reduced: [] }, { pairs: 3, seed: 1 }, (...far) => {
        told.push(far);
      });
      return { orders: sample?.orders, told };
    };
    assert.deepEqual(of(MOST_EXACT_PLAYERS), { orders: undefined, told: [[1, 1]] });
    assert.deepEqual(of(MOST_EXACT_PLAYERS + 1), {
      orders: 6,
      told: [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    });
  });

  it("is zero without hours, and refuses too many players and too much energy", () => {
    assert.deepEqual(shapleyEnumerated(2, []).numerators, [0n, 0n]);
    assert.throws(() => shapleyEnumerated(MOST_EXACT_PLAYERS + 1, []), /21 players, more than 20/);
    assert.equal(shapleyEnumerated(MOST_EXACT_PLAYERS, []).numerators.length, MOST_EXACT_PLAYERS);
    const large = { withdrawn: Float64Array.of(4e9), exempt: Float64Array.of(0) };
    const hour = { ...large, levels: [{ injected: Float64Array.of(1), onAll: 1_000_000, onExempt: -200_000 }] };
    assert.throws(() => shapleyEnumerated(1, [hour]), /4000000000 Wh in one hour, more than 29320310/);
    assert.throws(() => shapleySampled(1, { hours: [], reduced: [hour] }, 10, 1), RangeError);
  });

  it("tells how far it is, hours and all", () => {
    const world = worldOf(
      2,
      [{ owner: 0, terms: { regime: "CACER", tariff: 0, base: 800_000, grant: 7 }, injected: [9, 9, 9] }],
      [{ owner: 1, exempt: true, withdrawn: [9, 9, 9] }],
      [0, 0, 0],
    );
    const told: number[][] = [];
    shapleyValues(2, gameOf(world), SAMPLING, (...far) => told.push(far));
    assert.deepEqual(told.at(-1), [3, 3]);
  });
});

describe("the Shapley value of money", () => {
  const exact = (...numerators: readonly bigint[]): ShapleyValues => ({
    numerators,
    denominator: 6n,
    sample: undefined,
  });
  const amounts = ({ numerators, denominator }: ShapleyValues) =>
    numerators.map((value) => Number(value) / Number(denominator));
  for (const [name, premium, other, expected] of [
    ["a premium by the premium, the rest by the energy", [80n, exact(1n, 3n)], [10n, exact(1n, 1n)], [25, 65]],
    ["a claw-back of one and a payment of the other", [-80n, exact(1n, 3n)], [10n, exact(1n, 1n)], [-15, -55]],
    ["a premium that nothing accrued, by the energy", [80n, exact(0n, 0n)], [10n, exact(2n, 1n)], [60, 30]],
    ["no energy at all", [80n, exact(0n, 0n)], [10n, exact(0n, 0n)], [0, 0]],
    ["nothing to divide", [0n, exact(1n, 3n)], [0n, exact(1n, 1n)], [0, 0]],
  ] as const) {
    it(name, () => {
      const money = valuesOfMoney({ amount: premium[0], values: premium[1] }, { amount: other[0], values: other[1] });
      assert.deepEqual(amounts(money), expected);
    });
  }

  it("adds the errors of samples up, in money", () => {
    const sampled = (error: number): ShapleyValues => ({
      numerators: [600n, 1800n],
      denominator: 6n,
      sample: { orders: 20, standardErrors: [error, 2 * error] },
    });
    // 400 units are worth 80 and −10: an error of 5 units is 1, one of 8 is 0.2.
    const { sample } = valuesOfMoney({ amount: 80n, values: sampled(5) }, { amount: -10n, values: sampled(8) });
    assert.deepEqual(sample, { orders: 20, standardErrors: [1.2, 2.4] });
  });
});

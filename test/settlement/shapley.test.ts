/** The Shapley value against its definition, the worked example, and what it must hold for any community. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { z } from "zod";
import { minimum, sum } from "../../settlement/amounts.ts";
import {
  ExactSums,
  type Game,
  type GameHour,
  MOST_IN_AN_HOUR,
  type ShapleyValues,
} from "../../settlement/coalitionGame.ts";
import { MOST_EXACT_PLAYERS, shapleyExact } from "../../settlement/shapley.ts";
import { shapleySampled } from "../../settlement/shapleySample.ts";

const FILE = `${import.meta.dirname}/../../../shared/golden/three-hours.json`;

/** kWh; the plants P1, P2, then the consumers C1–C4, each a player of its own. */
const INJECTED = [
  [55, 60, 10],
  [20, 65, 15],
];
const WITHDRAWN = [
  [5, 8, 10],
  [3, 4, 6],
  [12, 40, 0],
  [10, 48, 24],
];
const SHAPLEY_KWH = { P1: "527/15", P2: "741/20", C1: "149/15", C2: "163/30", C3: "573/20", C4: "194/5" };

const hourOf = (injected: Iterable<number>, withdrawn: Iterable<number>): GameHour => ({
  injected: Float64Array.from(injected),
  withdrawn: Float64Array.from(withdrawn),
  weight: 1,
});

const game = (hours: readonly GameHour[]): Game => ({ hours, reduced: [] });

const GOLDEN_HOURS = [0, 1, 2].map((hour) =>
  hourOf(
    [...INJECTED.map((row) => (row[hour] ?? 0) * 1000), 0, 0, 0, 0],
    [0, 0, ...WITHDRAWN.map((row) => (row[hour] ?? 0) * 1000)],
  ),
);

/** v of the players whose bits are set, by plain addition. */
function coalitionEnergy(hours: readonly GameHour[], mask: number): bigint {
  return sum(
    hours.map(({ injected, withdrawn }) => {
      const members = [...injected.keys()].filter((player) => (mask >> player) & 1);
      const total = (energy: Float64Array) => sum(members.map((player) => BigInt(energy[player] ?? 0)));
      return minimum(total(injected), total(withdrawn));
    }),
  );
}

/** n! times the value: Σ over all orders of what a player adds, grouped by who came before. */
function byDefinition(players: number, hours: readonly GameHour[]): bigint[] {
  const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));
  const energy = Array.from({ length: 2 ** players }, (_, mask) => coalitionEnergy(hours, mask));
  return Array.from({ length: players }, (_, player) =>
    sum(
      energy.map((before, mask) => {
        if ((mask >> player) & 1) return 0n;
        const size = mask.toString(2).replaceAll("0", "").length;
        return factorial(size) * factorial(players - size - 1) * ((energy[mask | (1 << player)] ?? 0n) - before);
      }),
    ),
  );
}

function assertValues({ numerators, denominator }: ShapleyValues, timesFactorial: readonly bigint[]): void {
  const players = numerators.length;
  const factorial = Array.from({ length: players }, (_, i) => BigInt(i + 1)).reduce((product, n) => product * n, 1n);
  assert.deepEqual(
    numerators.map((numerator) => numerator * factorial),
    timesFactorial.map((value) => value * denominator),
  );
}

const reading = fc.oneof(fc.constant(0), fc.nat(5000), fc.nat(0xffff_ffff));
const games = (most: number) =>
  fc.integer({ min: 1, max: most }).chain((players) => {
    const side = fc.array(reading, { minLength: players, maxLength: players });
    const hour = fc.tuple(side, side).map(([injected, withdrawn]) => hourOf(injected, withdrawn));
    return fc.record({ players: fc.constant(players), hours: fc.array(hour, { minLength: 1, maxLength: 4 }) });
  });

describe("the Shapley value of shared energy", function () {
  this.timeout(60_000);

  it("is the worked example's, exactly", () => {
    const { numerators, denominator } = shapleyExact(6, GOLDEN_HOURS);
    for (const [player, fraction] of Object.values(SHAPLEY_KWH).entries()) {
      const [n = "", d = "1"] = fraction.split("/");
      assert.equal((numerators[player] ?? 0n) * BigInt(d), 1000n * BigInt(n) * denominator, fraction);
    }
  });

  it("is compared with the example's own file, where it stands", () => {
    if (!existsSync(FILE))
      return console.log(`      ${FILE} is not there: only the numbers written out here are compared`);
    const shape = z.object({ shapley_kwh: z.record(z.string(), z.string()) });
    assert.deepEqual(shape.parse(JSON.parse(readFileSync(FILE, "utf8"))).shapley_kwh, SHAPLEY_KWH);
  });

  it("is what the definition says, for any readings of up to seven players", () => {
    fc.assert(
      fc.property(games(7), ({ players, hours }) =>
        assertValues(shapleyExact(players, hours), byDefinition(players, hours)),
      ),
      { numRuns: 150 },
    );
  });

  it("shares out exactly what all share; who adds nothing has nothing; equals have equal parts", () => {
    fc.assert(
      fc.property(games(8), fc.nat(), ({ players, hours }, pick) => {
        const twin = pick % players;
        // A copy of one player, and a player without energy.
        const larger = hours.map(({ injected, withdrawn }) =>
          hourOf([...injected, injected[twin] ?? 0, 0], [...withdrawn, withdrawn[twin] ?? 0, 0]),
        );
        const { numerators, denominator } = shapleyExact(players + 2, larger);
        assert.equal(sum(numerators), coalitionEnergy(larger, 2 ** (players + 2) - 1) * denominator);
        assert.equal(numerators[players], numerators[twin]);
        assert.equal(numerators[players + 1], 0n);
      }),
      { numRuns: 100 },
    );
  });

  it("does not depend on the order of the members", () => {
    fc.assert(
      fc.property(games(9), ({ players, hours }) => {
        const turned = hours.map(({ injected, withdrawn }) => hourOf(injected.toReversed(), withdrawn.toReversed()));
        assert.deepEqual(
          shapleyExact(players, turned).numerators.toReversed(),
          shapleyExact(players, hours).numerators,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("weighs each hour, also less than nothing", () => {
    fc.assert(
      fc.property(games(7), fc.integer({ min: -3, max: 3 }), ({ players, hours }, weight) => {
        const weighed = [...hours, ...hours.map((hour) => ({ ...hour, weight }))];
        const once = shapleyExact(players, hours);
        const expected = once.numerators.map((numerator) => numerator * BigInt(1 + weight));
        assert.deepEqual(shapleyExact(players, weighed), { ...once, numerators: expected });
        const orders = (some: readonly GameHour[]) => shapleySampled(players, game(some), 5, 1).numerators;
        assert.deepEqual(
          orders(weighed),
          orders(hours).map((numerator) => numerator * BigInt(1 + weight)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("stays exact over a year of the largest readings", () => {
    const year = Array.from({ length: 8760 }, (_, hour) =>
      hourOf([0xffff_ffff, hour % 7, 0, 3], [0, 0xffff_fffe, 0xffff_ffff - (hour % 5), 0]),
    );
    assertValues(shapleyExact(4, year), byDefinition(4, year));
  });

  it("stays exact where the sums of one part go beyond what a double holds", () => {
    const weight = 1361;
    const hours = Array.from({ length: 1500 }, (_, hour) => {
      const energy = [1, 3, 7, 11, 13, 17].map((step) => 0xffff_ffff - 2 * ((hour * step) % 1009));
      const side = (injects: boolean) =>
        energy.map((wattHours, player) => ((player % 2 === 0) === injects ? wattHours : 0));
      return hourOf(side(true), side(false));
    });
    const weighted = hours.map((hour) => ({ ...hour, weight }));
    const expected = byDefinition(6, hours).map((value) => value * BigInt(weight));
    assertValues(shapleyExact(6, weighted), expected);
  });

  it("takes as many players as it says", () => {
    const others = new Array<number>(MOST_EXACT_PLAYERS - 1);
    const hour = hourOf([others.length + 1, ...others.fill(0)], [0, ...others.fill(1)]);
    const { numerators, denominator } = shapleyExact(MOST_EXACT_PLAYERS, [hour]);
    assert.equal(sum(numerators), BigInt(others.length) * denominator);
    // Whoever draws shares with the one who injects, if that one came before.
    assert.equal((numerators[1] ?? 0n) * 2n, denominator);
  });

  it("refuses what it cannot add up, and more players than it can take", () => {
    const excessive = [hourOf([MOST_IN_AN_HOUR, 0], [0, 1])];
    assert.throws(() => shapleyExact(2, excessive), /35184372088833 Wh in one hour, more than 35184372088832/);
    assert.throws(() => shapleySampled(2, game(excessive), 10, 1), RangeError);
    const worth = [{ ...hourOf([20_000_000, 0], [0, 8_000_000]), weight: -1_300_000 }];
    assert.throws(() => shapleyExact(2, worth), /28000000 Wh in one hour, more than 27064901/);
    assert.throws(() => shapleyExact(MOST_EXACT_PLAYERS + 1, []), /21 players, more than 20/);
  });

  it("is zero without hours", () => {
    assert.deepEqual(shapleyExact(3, []).numerators, [0n, 0n, 0n]);
    assert.deepEqual(shapleySampled(3, game([]), 10, 1).numerators, [0n, 0n, 0n]);
  });
});

describe("the sampled Shapley value", () => {
  it("shares out exactly what all share, gives nothing for nothing, and is the same for the same seed", () => {
    fc.assert(
      fc.property(games(12), fc.nat(1e6), ({ players, hours }, seed) => {
        const larger = hours.map(({ injected, withdrawn }) => hourOf([...injected, 0], [...withdrawn, 0]));
        const values = shapleySampled(players + 1, game(larger), 10, seed);
        assert.equal(sum(values.numerators), coalitionEnergy(larger, 2 ** players - 1) * values.denominator);
        assert.equal(values.numerators[players], 0n);
        assert.deepEqual(shapleySampled(players + 1, game(larger), 10, seed), values);
      }),
      { numRuns: 100 },
    );
  });

  it("lies within its interval about as often as it says", () => {
    const exact = shapleyExact(6, GOLDEN_HOURS);
    let [within, all] = [0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      const { numerators, denominator, sample } = shapleySampled(6, game(GOLDEN_HOURS), 100, seed);
      assert.equal(sample?.orders, 200);
      for (const [player, numerator] of numerators.entries()) {
        const estimate = Number(numerator) / Number(denominator);
        const truth = Number(exact.numerators[player]) / Number(exact.denominator);
        if (Math.abs(estimate - truth) <= 1.96 * (sample?.standardErrors[player] ?? 0)) within++;
        all++;
      }
    }
    assert(within / all > 0.92 && within / all < 0.98, `${within} of ${all}`);
  });

  it("says the standard error of a mean over pairs of orders", () => {
    const hours = [hourOf([5000, 0, 0, 1000], [0, 3000, 4000, 0]), hourOf([0, 2000, 0, 0], [900, 0, 800, 700])];
    const orders = (some: readonly number[]): number[][] =>
      some.length === 0
        ? [[]]
        : some.flatMap((first) => orders(some.filter((p) => p !== first)).map((rest) => [first, ...rest]));
    const worth = (players: readonly number[]) =>
      Number(
        coalitionEnergy(
          hours,
          players.reduce((mask, p) => mask | (1 << p), 0),
        ),
      );
    const addedBy = (player: number, order: readonly number[]) => {
      const before = order.slice(0, order.indexOf(player));
      return worth([...before, player]) - worth(before);
    };
    const pairs = 4000;
    const { standardErrors = [] } = shapleySampled(4, game(hours), pairs, 1).sample ?? {};
    for (const [player, error] of standardErrors.entries()) {
      const values = orders([0, 1, 2, 3]).map(
        (order) => (addedBy(player, order) + addedBy(player, order.toReversed())) / 2,
      );
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
      const expected = Math.sqrt(variance / pairs);
      assert(Math.abs(error / expected - 1) < 0.05, `player ${player}: ${error}, not ${expected}`);
    }
  });

  it("stays exact however much comes together", () => {
    const large = Array.from({ length: 5001 }, (_, hour) =>
      hourOf([MOST_IN_AN_HOUR / 2 - hour, 1, 0], [0, 5, MOST_IN_AN_HOUR / 2 - 7]),
    );
    const { numerators, denominator } = shapleySampled(3, game(large), 10, 1);
    assert.equal(sum(numerators), coalitionEnergy(large, 7) * denominator);
    const reduced = large.map(({ injected, withdrawn }) => {
      return { withdrawn, exempt: withdrawn, levels: [{ injected, onAll: 0, onExempt: 1 }] };
    });
    const asReduced = shapleySampled(3, { hours: [], reduced }, 10, 1);
    assert.deepEqual(asReduced.numerators, numerators);
  });

  /**
   * 10 Wh are injected, 6 and 8 withdrawn. Of the three pairs of an order and its reverse, by what four times the players
   * add to |Σ net|: (0, 0, 8) with the second in between, (0, 8, 0) with the third, (−8, 8, 8) with the first.
   */
  describe("of three players", () => {
    const hours = [hourOf([10, 0, 0], [0, 6, 8])];
    const pairsOf = (pairs: number, seed: number) => {
      const { numerators, denominator, sample } = shapleySampled(3, game(hours), pairs, seed);
      assert(sample);
      const added = [10, 6, 8].map((energy, player) => {
        const value = Number(numerators[player]) / Number(denominator);
        return Math.round((pairs * (energy - 2 * value)) / 4);
      });
      const [a = 0, b = 0, c = 0] = added;
      const [first, third, second] = [-a, b + a, c + a];
      assert.equal(first + second + third, pairs);
      return { first, second, third, errors: sample.standardErrors };
    };

    it("has the standard error of the mean over pairs", () => {
      for (const pairs of [2, 3, 30]) {
        const { first, second, third, errors } = pairsOf(pairs, pairs);
        // Each is 2 Wh in so many of the pairs, and nothing in the others.
        const expected = [first, third + first, second + first].map((often) => {
          const mean = (2 * often) / pairs;
          const squares = often * (2 - mean) ** 2 + (pairs - often) * mean ** 2;
          return Math.sqrt(squares / (pairs - 1) / pairs);
        });
        for (const [player, error] of errors.entries()) assert(Math.abs(error - (expected[player] ?? 0)) < 1e-12);
      }
    });

    it("takes every order as often, by chance", () => {
      const { first, second, third } = pairsOf(3000, 1);
      for (const often of [first, second, third]) assert(often > 900 && often < 1100, String(often));
      assert.notEqual(first, pairsOf(3000, 2).first);
    });
  });

  it("tells how far it is after each pair", () => {
    const told: number[] = [];
    shapleySampled(6, game(GOLDEN_HOURS), 3, 1, (done) => told.push(done));
    assert.deepEqual(told, [1, 2, 3]);
  });
});

describe("exact sums of doubles", () => {
  const most = Number.MAX_SAFE_INTEGER;
  for (const amounts of [
    [most, most, -most, 1, most],
    [most, 2],
  ]) {
    it(`move to bigints before they could become inexact: ${amounts.join(", ")}`, () => {
      const sums = new ExactSums(2);
      for (const amount of amounts) {
        const open = sums.open(Math.abs(amount));
        open[0] = (open[0] ?? 0) + amount;
      }
      assert.deepEqual(sums.values(), [sum(amounts.map(BigInt)), 0n]);
    });
  }
});

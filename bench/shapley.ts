/**
 * What a Shapley value costs: by halves of the players against the plain way, v of every coalition in every hour, which has to
 * come to the same; and how far a sample is from it.
 */

import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import type { GameHour, ShapleyValues } from "../settlement/coalitionGame.ts";
import { seededRandom } from "../settlement/random.ts";
import { shapleyExact } from "../settlement/shapley.ts";
import { shapleySampled } from "../settlement/shapleySample.ts";

/** Players, and hours: a year where the plain way allows it, a week of 20. */
const SIZES = [
  { players: 10, hours: 8760 },
  { players: 15, hours: 8760 },
  { players: 20, hours: 168 },
] as const;
const PAIRS = 2000;
const SEED = 20_260_301;
const PLANTS_AMONG = 4;

export type ShapleyCost = {
  readonly players: number;
  readonly hours: number;
  /** Milliseconds. */
  readonly halves: number;
  readonly plain: number;
  readonly sampled: number;
  /** The largest error of the sample's values, as a part of all shared energy. */
  readonly sampleError: number;
};

/** @throws Error if the plain way comes to something else */
export function benchShapley(show: ShowProgress): ShapleyCost[] {
  const random = seededRandom(SEED);
  // Both are compiled before they are measured.
  for (const method of [shapleyExact, plainShapley]) method(6, hoursOf(6, 500, random));
  return SIZES.map(({ players, hours }, index) => {
    const game = hoursOf(players, hours, random);
    const [exact, halves] = timed(() => shapleyExact(players, game));
    const [plain, plainTime] = timed(() => plainShapley(players, game));
    const [sample, sampled] = timed(() => shapleySampled(players, game, PAIRS, SEED));
    if (
      exact.numerators.some(
        (value, player) => value * plain.denominator !== (plain.numerators[player] ?? 0n) * exact.denominator,
      )
    ) {
      throw new Error(`${players} players: the two ways differ`);
    }
    show("Shapley values", index + 1, SIZES.length);
    return { players, hours, halves, plain: plainTime, sampled, sampleError: largestError(exact, sample) };
  });
}

export function renderShapleyCosts(costs: readonly ShapleyCost[]): string {
  const milliseconds = (time: number) => time.toFixed(0);
  const rows = costs.map(({ players, hours, halves, plain, sampled, sampleError }) => [
    ...[players, hours].map(String),
    ...[halves, plain].map(milliseconds),
    `× ${(plain / halves).toFixed(1)}`,
    milliseconds(sampled),
    `${(sampleError * 100).toFixed(2)}%`,
  ]);
  return [
    "Exact Shapley values of shared energy, and a sample of 4,000 orders",
    "",
    table([" players", " hours", " by halves ms", " every coalition ms", " ", " sampled ms", " largest error"], rows),
    "",
    "  every coalition: v of all 2ⁿ coalitions in every hour, added up in typed arrays; the same result to the last unit",
    "  largest error: of a player's sampled value, as a part of all shared energy",
  ].join("\n");
}

/** v of every coalition by the sums of its players, the values by the definition. */
function plainShapley(players: number, hours: readonly GameHour[]): ShapleyValues {
  const energy = new Float64Array(2 ** players);
  const injected = new Float64Array(energy.length);
  const withdrawn = new Float64Array(energy.length);
  for (const hour of hours) {
    for (let player = 0; player < players; player++) {
      const bit = 1 << player;
      const [g, w] = [hour.injected[player] ?? 0, hour.withdrawn[player] ?? 0];
      for (let mask = 0; mask < bit; mask++) {
        injected[bit | mask] = (injected[mask] ?? 0) + g;
        withdrawn[bit | mask] = (withdrawn[mask] ?? 0) + w;
      }
    }
    for (let mask = 0; mask < energy.length; mask++) {
      energy[mask] = (energy[mask] ?? 0) + Math.min(injected[mask] ?? 0, withdrawn[mask] ?? 0);
    }
  }
  const factorials = [1n];
  for (let n = 1; n <= players; n++) factorials.push(BigInt(n) * (factorials[n - 1] ?? 1n));
  const marginals = Array.from({ length: players }, () => new Array<bigint>(players).fill(0n));
  for (const [player, bySize] of marginals.entries()) {
    const bit = 1 << player;
    for (let mask = 0; mask < energy.length; mask++) {
      if ((mask & bit) !== 0) continue;
      let size = 0;
      for (let bits = mask; bits !== 0; bits &= bits - 1) size++;
      bySize[size] = (bySize[size] ?? 0n) + BigInt((energy[mask | bit] ?? 0) - (energy[mask] ?? 0));
    }
  }
  return {
    numerators: marginals.map((bySize) =>
      bySize.reduce(
        (total, marginal, size) => total + (factorials[size] ?? 1n) * (factorials[players - size - 1] ?? 1n) * marginal,
        0n,
      ),
    ),
    denominator: factorials[players] ?? 1n,
    sample: undefined,
  };
}

/** A day's sun on every fourth player's plant, and loads. Wh. */
function hoursOf(players: number, hours: number, random: () => number): GameHour[] {
  return Array.from({ length: hours }, (_, hour) => {
    const sun = Math.max(0, Math.sin(((hour % 24) - 6) * (Math.PI / 12)));
    const plant = (player: number) => (player % PLANTS_AMONG === 0 ? Math.floor(8000 * sun * random()) : 0);
    return {
      injected: Float64Array.from({ length: players }, (_, player) => plant(player)),
      withdrawn: Float64Array.from({ length: players }, () => Math.floor(200 + 1500 * random())),
    };
  });
}

function timed<T>(work: () => T): [T, number] {
  const begin = performance.now();
  const result = work();
  return [result, performance.now() - begin];
}

function largestError(exact: ShapleyValues, sample: ShapleyValues): number {
  const values = ({ numerators, denominator }: ShapleyValues) =>
    numerators.map((value) => Number(value) / Number(denominator));
  const [truth, estimates] = [values(exact), values(sample)];
  const whole = truth.reduce((total, value) => total + value, 0);
  return Math.max(...truth.map((value, player) => Math.abs(value - (estimates[player] ?? 0)))) / whole;
}

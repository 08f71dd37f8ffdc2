/**
 * What a Shapley value costs: by halves of the players against weighing every coalition in every hour, as premiums with grants
 * need it, which has to come to the same; and how far a sample is from it.
 */

import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import type { GameHour, ReducedHour, ShapleyValues } from "../settlement/coalitionGame.ts";
import { seededRandom } from "../settlement/random.ts";
import { shapleyExact } from "../settlement/shapley.ts";
import { shapleyEnumerated } from "../settlement/shapleyEnumerated.ts";
import { shapleySampled } from "../settlement/shapleySample.ts";

/** Players, and hours: a year where weighing every coalition takes seconds, two weeks of 20. */
const SIZES = [
  { players: 10, hours: 8760 },
  { players: 15, hours: 8760 },
  { players: 20, hours: 336 },
] as const;
const PAIRS = 2000;
const SEED = 20_260_301;
const PLANTS_AMONG = 4;

export type ShapleyCost = {
  readonly players: number;
  readonly hours: number;
  /** Milliseconds. */
  readonly halves: number;
  readonly enumerated: number;
  readonly sampled: number;
  /** The largest error of the sample's values, as a part of all shared energy. */
  readonly sampleError: number;
};

/** @throws Error if the two exact ways differ */
export function benchShapley(show: ShowProgress): ShapleyCost[] {
  const random = seededRandom(SEED);
  // Both are compiled before they are measured.
  const warm = hoursOf(6, 500, random);
  shapleyExact(6, warm);
  shapleyEnumerated(6, warm.map(asReduced));
  return SIZES.map(({ players, hours }, index) => {
    const game = hoursOf(players, hours, random);
    const [exact, halves] = timed(() => shapleyExact(players, game));
    const [plain, enumerated] = timed(() => shapleyEnumerated(players, game.map(asReduced)));
    const [sample, sampled] = timed(() => shapleySampled(players, { hours: game, reduced: [] }, PAIRS, SEED));
    if (
      exact.numerators.some(
        (value, player) => value * plain.denominator !== (plain.numerators[player] ?? 0n) * exact.denominator,
      )
    ) {
      throw new Error(`${players} players: the two ways differ`);
    }
    show("Shapley values", index + 1, SIZES.length);
    return { players, hours, halves, enumerated, sampled, sampleError: largestError(exact, sample) };
  });
}

export function renderShapleyCosts(costs: readonly ShapleyCost[]): string {
  const milliseconds = (time: number) => time.toFixed(0);
  const rows = costs.map(({ players, hours, halves, enumerated, sampled, sampleError }) => [
    ...[players, hours].map(String),
    ...[halves, enumerated].map(milliseconds),
    `× ${(enumerated / halves).toFixed(1)}`,
    milliseconds(sampled),
    `${(sampleError * 100).toFixed(2)}%`,
  ]);
  return [
    "Exact Shapley values of shared energy, and a sample of 4,000 orders",
    "",
    table([" players", " hours", " by halves ms", " every coalition ms", " ", " sampled ms", " largest error"], rows),
    "",
    "  every coalition: v of all 2ⁿ coalitions in every hour, as premiums with grants need it; the same result to the last unit",
    "  largest error: of a player's sampled value, as a part of all shared energy",
  ].join("\n");
}

/** A day's sun on every fourth player's plant, and loads. Wh. */
function hoursOf(players: number, hours: number, random: () => number): GameHour[] {
  return Array.from({ length: hours }, (_, hour) => {
    const sun = Math.max(0, Math.sin(((hour % 24) - 6) * (Math.PI / 12)));
    const plant = (player: number) => (player % PLANTS_AMONG === 0 ? Math.floor(8000 * sun * random()) : 0);
    return {
      injected: Float64Array.from({ length: players }, (_, player) => plant(player)),
      withdrawn: Float64Array.from({ length: players }, () => Math.floor(200 + 1500 * random())),
      weight: 1,
    };
  });
}

/** The same hour as one that no method can halve. */
function asReduced({ injected, withdrawn, weight }: GameHour): ReducedHour {
  return { withdrawn, exempt: new Float64Array(withdrawn.length), levels: [{ injected, onAll: weight, onExempt: 0 }] };
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

/** Made-up readings: hourly energy as in a community of homes and small plants, and the dearest that there can be. */

import type { Roster } from "../settlement/roster.ts";

/** Wh by row of the batch and hour of the day. */
export type Readings = (row: number, hour: number) => number;

/** Part of its power in 10⁻³ that a plant gives in each hour of a clear spring day. */
const SUN = [0, 0, 0, 0, 0, 0, 8, 70, 210, 370, 520, 630, 690, 680, 620, 510, 370, 210, 80, 12, 0, 0, 0, 0] as const;

/** Wh that a home draws in each hour of a working day, on average. */
const HOME = [
  210, 180, 170, 160, 165, 190, 310, 480, 420, 330, 310, 350, 450, 430, 350, 320, 330, 410, 580, 760, 790, 640, 430,
  290,
] as const;

const LEAST_WITHDRAWN = 50;
const MOST_WITHDRAWN = 3000;

/** A day of a community: plants of 3 to 20 kW, drawing customers between 50 and 3,000 Wh an hour. */
export function typicalReadings(roster: Roster, seed: number): Readings {
  const plants = roster.injection.length;
  return (row, hour) => {
    // Of each channel, how large it is: from its row alone, so that it stays the same from day to day.
    const size = randomBelow(1000, 0, row, 0);
    const chance = randomBelow(1000, seed, row, hour);
    if (row < plants) {
      const watts = 3000 + 17 * size;
      const clear = 400 + Math.trunc((chance * 6) / 10);
      return Math.trunc((watts * (SUN[hour] ?? 0) * clear) / 1_000_000);
    }
    const wanted = Math.trunc(((HOME[hour] ?? 0) * (300 + 2 * size) * (400 + chance)) / 1_000_000);
    return Math.min(MOST_WITHDRAWN, Math.max(LEAST_WITHDRAWN, wanted));
  };
}

/** Readings without a zero byte, which no meter sends: calldata is as dear as it can be. */
export function randomReadings(seed: number): Readings {
  return (row, hour) => {
    const byte = (index: number) => 1 + randomBelow(255, seed + index, row, hour);
    return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
  };
}

/** Zonal price in 10⁻⁴ €/MWh of an hour of a spring day: low when the sun shines, high in the evening. */
export function zonalPrice(hour: number): number {
  return 1_500_000 - 1900 * (SUN[hour] ?? 0) + 117 * hour;
}

/** The same number for the same arguments: a 32-bit hash of them, reduced below `limit`. */
function randomBelow(limit: number, seed: number, row: number, hour: number): number {
  let mixed = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca77) ^ Math.imul(hour + 1, 0xc2b2ae3d);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
}

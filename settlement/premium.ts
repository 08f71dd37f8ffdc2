/** The incentive on shared energy (rules.md, Premium). */

import { sum } from "./amounts.ts";
import type { Plant } from "./roster.ts";

/** Tariffs of art. 42-bis in 10⁻⁴ €/MWh, fixed for twenty years. */
export const TARIFF_42BIS = {
  /** Of a renewable energy community: 110 €/MWh. */
  community: 1_100_000,
  /** Of collective self-consumers: 100 €/MWh. */
  collective: 1_000_000,
} as const;

/** Plants above this power, in W, are not covered by art. 42-bis. */
export const MAX_POWER_42BIS = 200_000;

/**
 * Σ attributed · tariff over the plants, in 10⁻¹⁰ €, exact: Wh × 10⁻⁴ €/MWh.
 * @param attributed Wh of each hour by plant number
 */
export function premiumAccrued(plants: readonly Plant[], attributed: ReadonlyMap<number, readonly bigint[]>): bigint {
  return sum(plants.map((plant) => sum(attributed.get(plant.number) ?? []) * BigInt(plant.tariff)));
}

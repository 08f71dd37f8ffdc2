/** The incentive on shared energy (rules.md, Premium). Tariffs and prices in 10⁻⁴ €/MWh, accruals in 10⁻¹⁰ €. */

import { minimum, sum } from "./amounts.ts";
import type { CacerPlant, Plant } from "./roster.ts";

/** Tariffs of art. 42-bis, fixed for twenty years. */
export const TARIFF_42BIS = {
  /** Of a renewable energy community: 110 €/MWh. */
  community: 1_100_000,
  /** Of collective self-consumers: 100 €/MWh. */
  collective: 1_000_000,
} as const;

/** Plants above this power, in W, are not covered by art. 42-bis. */
export const MAX_POWER_42BIS = 200_000;

/** Plants above this power, in W, earn no CACER premium. */
export const MAX_POWER_CACER = 1_000_000;

/** Base and cap of the CACER tariff by the largest power, in W, to which they apply. */
const POWER_CLASSES = [
  { upTo: 200_000, base: 800_000, cap: 1_200_000 },
  { upTo: 600_000, base: 700_000, cap: 1_100_000 },
  { upTo: MAX_POWER_CACER, base: 600_000, cap: 1_000_000 },
] as const;

/** 180 €/MWh: a zonal price below it raises the tariff. */
const REFERENCE_PRICE = 1_800_000n;

/** Base and cap for a plant's power in W. Undefined above 1 MW. */
export function powerClassOf(power: number): { readonly base: number; readonly cap: number } | undefined {
  const found = POWER_CLASSES.find(({ upTo }) => power <= upTo);
  return found && { base: found.base, cap: found.cap };
}

/** F for a grant of so many basis points of the plant's cost: linear, ½ at 40%. In lowest terms; 0 / 1 without a grant. */
export function reductionOfGrant(basisPoints: number): CacerPlant["reduction"] {
  const whole = 8000;
  const common = greatestCommonDivisor(basisPoints, whole);
  return { numerator: basisPoints / common, denominator: whole / common };
}

/** min(cap, base + max(0, 180 €/MWh − Pz)) + FC; F does not enter. */
export function hourlyTariff(terms: Pick<CacerPlant, "base" | "cap" | "correction">, zonalPrice: number): bigint {
  const below = REFERENCE_PRICE - BigInt(zonalPrice);
  return minimum(BigInt(terms.cap), BigInt(terms.base) + (below > 0n ? below : 0n)) + BigInt(terms.correction);
}

/** What one hour of a batch says to all plants. */
export type PremiumHour = {
  /** Undefined if the hour has none. */
  readonly price: number | undefined;
  /** Wh of all withdrawal channels, and of the exempt ones among them. */
  readonly withdrawn: bigint;
  readonly exempt: bigint;
};

/**
 * The premium that a plant accrues with its attributed energy, Wh of each hour:
 * - art. 42-bis: a · tariff, exact, whatever the price;
 * - CACER without grant: a · T, exact;
 * - CACER with a grant, F = n / d: ⌊a · T · (d·W − n·(W − E)) / (d·W)⌋ in each hour, E being exempt from the reduction.
 *
 * An hour without a price accrues nothing to a CACER plant.
 */
export function premiumAccrued(plant: Plant, attributed: readonly bigint[], hours: readonly PremiumHour[]): bigint {
  switch (plant.regime) {
    case "none":
      return 0n;
    case "42-bis":
      return sum(attributed) * BigInt(plant.tariff);
    case "CACER":
      return sum(hours.map((hour, index) => accruedInHour(plant, attributed[index] ?? 0n, hour)));
  }
}

/** The two sets of plants to which a threshold applies (rules.md, Threshold). */
export const PLANT_SETS = ["withoutGrant", "withGrant"] as const;
export type PlantSetName = (typeof PLANT_SETS)[number];

/** Accrued 10⁻¹⁰ €; injected and attributed Wh. */
export type PlantSetSums = { readonly accrued: bigint; readonly injected: bigint; readonly attributed: bigint };

export const NO_PLANT_SUMS: PlantSetSums = { accrued: 0n, injected: 0n, attributed: 0n };

/** The set of a plant. The threshold belongs to DM 414/2023: other plants are in neither. */
export function plantSetOf(plant: Plant): PlantSetName | undefined {
  if (plant.regime !== "CACER") return undefined;
  return plant.reduction.numerator === 0 ? "withoutGrant" : "withGrant";
}

export function addPlantSums(a: PlantSetSums, b: PlantSetSums): PlantSetSums {
  return {
    accrued: a.accrued + b.accrued,
    injected: a.injected + b.injected,
    attributed: a.attributed + b.attributed,
  };
}

function accruedInHour(plant: CacerPlant, attributed: bigint, { price, withdrawn, exempt }: PremiumHour): bigint {
  if (price === undefined || withdrawn === 0n) return 0n;
  const full = attributed * hourlyTariff(plant, price);
  const [n, d] = [BigInt(plant.reduction.numerator), BigInt(plant.reduction.denominator)];
  return (full * (d * withdrawn - n * (withdrawn - exempt))) / (d * withdrawn);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

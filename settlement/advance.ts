/** The monthly advance that GSE pays on the CACER premium before it knows the readings (rules.md, Cash flow with GSE). */

import { ACCRUAL_PER_MICRO } from "./amounts.ts";

/** A third of Italy with its yield of photovoltaic plants. */
export const ZONES = ["north", "centre", "south"] as const;
export type Zone = (typeof ZONES)[number];

/** By what GSE computes advances, from a year on. */
export type AdvanceTerms = {
  readonly fromYear: number;
  /** Hours at full power that a photovoltaic plant is taken to run in a year. */
  readonly hours: Readonly<Record<Zone, bigint>>;
  /** The part of the energy that is taken to be shared, basis points. */
  readonly share: bigint;
  /** What is added to the base tariff, 10⁻⁴ €/MWh. */
  readonly uplift: bigint;
  /** GSE pays nothing below it, and carries it over; micro-euro. */
  readonly minimumPayment: bigint;
  readonly source: string;
};

/** The terms of a plant under DM 414/2023 that its advance depends on. Tariffs in 10⁻⁴ €/MWh, power in W. */
export type AdvancedPlant = {
  readonly power: number;
  readonly base: number;
  readonly correction: number;
  readonly reduction: { readonly numerator: number; readonly denominator: number };
};

const MONTHS = 12n;
const WHOLE = 10_000n;

/**
 * kW · H/12 · share · (base + uplift + FC) · (1 − F), in micro-euro, rounded down once.
 * @param hours H, hours at full power in a year
 */
export function monthlyAdvanceDown(plant: AdvancedPlant, { share, uplift }: AdvanceTerms, hours: bigint): bigint {
  const { numerator, denominator } = plant.reduction;
  const tariff = BigInt(plant.base) + uplift + BigInt(plant.correction);
  const scaled = BigInt(plant.power) * hours * share * tariff * BigInt(denominator - numerator);
  return scaled / (MONTHS * WHOLE * ACCRUAL_PER_MICRO * BigInt(denominator));
}

/** FC is higher in the North than in the Centre; without it a plant lies in the South or is not photovoltaic. */
export function zoneOfCorrection(correction: number): Zone | undefined {
  if (correction === 100_000) return "north";
  return correction === 40_000 ? "centre" : undefined;
}

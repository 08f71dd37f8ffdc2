/**
 * What the grid saves where energy is shared, as GSE pays it (rules.md, Valorisation): expected amounts, on which no
 * payout depends.
 */

import { ACCRUAL_PER_MICRO, sum } from "./amounts.ts";

/** ARERA's unit rates of a year, in 10⁻⁴ €/MWh. */
export type UnitRates = {
  readonly year: number;
  /** The transmission tariff for low voltage. */
  readonly trase: bigint;
  /** The greatest variable part of the distribution tariff for other uses in low voltage. */
  readonly btau: bigint;
  /** Where the figures are from. */
  readonly source: string;
};

/** Energy that did not pass through the public network at one voltage, and what part of it the network would have lost. */
export type SharedAtVoltage = {
  /** cPR, in 10⁻⁴: 120 at medium, 260 at low voltage. */
  readonly lossCoefficient: bigint;
  readonly hours: readonly PricedEnergy[];
};

export type PricedEnergy = {
  /** Wh. */
  readonly energy: bigint;
  /** Zonal price in 10⁻⁴ €/MWh; may be negative. */
  readonly price: bigint;
};

/** Loss coefficients are of so many. */
const WHOLE = 10_000n;

/**
 * TRASE · S + BTAU · S₄₂, in micro-euro, rounded down: what a renewable energy community expects. For plants under
 * art. 42-bis ARERA's rules before the TIAD go on, which paid the distribution tariff too.
 * @param shared Wh of the month
 * @param sharedOf42bis the part of it attributed to plants under art. 42-bis
 */
export function communityValorisationDown({ trase, btau }: UnitRates, shared: bigint, sharedOf42bis: bigint): bigint {
  return (trase * shared + btau * sharedOf42bis) / ACCRUAL_PER_MICRO;
}

/**
 * TRASE · E + BTAU · E_C + Σₕ E_C,ₕ · cPR · Pzₕ, in micro-euro, the whole rounded down once: what collective
 * self-consumers of one building expect. Negative prices reduce it.
 * @param shared Wh of the month, E
 * @param atVoltages the part E_C of it that is fed in and withdrawn in the building, hour by hour
 */
export function collectiveValorisationDown(
  { trase, btau }: UnitRates,
  shared: bigint,
  atVoltages: readonly SharedAtVoltage[],
): bigint {
  const inBuilding = sum(atVoltages.flatMap(({ hours }) => hours.map(({ energy }) => energy)));
  const losses = sum(
    atVoltages.map(({ lossCoefficient, hours }) =>
      sum(hours.map(({ energy, price }) => energy * lossCoefficient * price)),
    ),
  );
  return floorDivide((trase * shared + btau * inBuilding) * WHOLE + losses, ACCRUAL_PER_MICRO * WHOLE);
}

/** Toward minus infinity. */
function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}

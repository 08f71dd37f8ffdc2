/** What a month's receipts are to be divided as (rules.md, Threshold; design.md, Money). All amounts are micro-euro. */

import type { PlantSetSums } from "./premium.ts";
import type { PayoutPolicy } from "./rules.ts";

/** What a configuration's plants earned from January to some month of the same year. */
export type YearToDate = {
  /** All plants, 10⁻¹⁰ €. */
  readonly accrued: bigint;
  readonly withoutGrant: PlantSetSums;
  readonly withGrant: PlantSetSums;
};

/** Σ net of a month's receipts. */
export type Amounts = {
  readonly premium: bigint;
  /** Of kinds valorisation and other. */
  readonly shared: bigint;
  /** Of kinds energy sale and reserve, by account. */
  readonly passedThrough: ReadonlyMap<number, bigint>;
};

/** With what is passed through they add up to the month's receipts. */
export type Pools = {
  readonly ordinary: bigint;
  /** Only for consumers that are not enterprises, and for social purposes. */
  readonly excess: bigint;
  /** The excess, as long as the year is not adjusted. */
  readonly heldExcess: bigint;
  /** The part of the advance that is held back until the year is adjusted. */
  readonly heldAdvance: bigint;
};

/** Basis points of the energy injected. */
export const THRESHOLD = { withoutGrant: 5500n, withGrant: 4500n } as const;
const WHOLE = 10_000n;

/** The *importo eccedentario* of a year to date: Σ of both sets ⌊accrued · (attributed / injected − threshold)⌋, 10⁻¹⁰ €. */
export function excessAccrued({ withoutGrant, withGrant }: YearToDate): bigint {
  return beyond(withoutGrant, THRESHOLD.withoutGrant) + beyond(withGrant, THRESHOLD.withGrant);
}

function beyond({ injected, attributed, accrued }: PlantSetSums, threshold: bigint): bigint {
  const points = attributed * WHOLE - threshold * injected;
  return points <= 0n ? 0n : (accrued * points) / (injected * WHOLE);
}

/**
 * The pools of a month; every division rounds toward zero.
 * @param isAdjusted whether GSE's adjustment of the month's year is booked: nothing is held any more
 */
export function poolsOf(
  { premium, shared }: Amounts,
  year: YearToDate,
  { holdBack, isYearly }: PayoutPolicy,
  isAdjusted: boolean,
): Pools {
  const excess = year.accrued === 0n ? 0n : (premium * excessAccrued(year)) / year.accrued;
  const rest = premium - excess;
  if (isAdjusted) return { ordinary: rest + shared, excess, heldExcess: 0n, heldAdvance: 0n };
  const heldAdvance = isYearly ? rest + shared : (rest * BigInt(holdBack)) / WHOLE;
  return { ordinary: rest + shared - heldAdvance, excess: 0n, heldExcess: excess, heldAdvance };
}

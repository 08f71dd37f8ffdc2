/** What a community would earn and divide: its months from batches, without a chain. */

import { ACCRUAL_PER_MICRO, sum } from "./amounts.ts";
import { type Batch, missingCount } from "./batch.ts";
import { divide } from "./entitlements.ts";
import { type Month, monthOf } from "./hours.ts";
import { keysOfMonth, type MonthSums, type RosterVersion } from "./keys.ts";
import { poolsOf, type YearToDate } from "./pools.ts";
import { addPlantSums, NO_PLANT_SUMS, type PlantSetSums } from "./premium.ts";
import type { Roster } from "./roster.ts";
import { type RuleSet, ruleSetOf } from "./rules.ts";
import { tallyBatch } from "./tally.ts";

/** A month of one configuration. Energy in Wh. */
export type SimulatedMonth = MonthSums & {
  readonly configuration: number;
  readonly month: Month;
  /** Who is metered when. */
  readonly versions: readonly RosterVersion[];
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
  /** 10⁻¹⁰ €. */
  readonly accrued: bigint;
  /** Readings that are missing and count as zero; hours in which CACER plants accrue nothing for want of a price. */
  readonly missing: number;
  readonly hoursWithoutPrice: number;
  /** Of the plants to which a threshold applies. */
  readonly withoutGrant: PlantSetSums;
  readonly withGrant: PlantSetSums;
};

/** What a month brings in, micro-euro. */
export type MonthMoney = { readonly premium: bigint; readonly valorisation: bigint; readonly other: bigint };

const MONTHS = 12;

/** The roster of a batch, which names its version by its position from 1. */
export function rosterOf({ rosterVersion }: Batch, versions: readonly RosterVersion[]): Roster {
  const version = versions[rosterVersion - 1];
  if (version === undefined) throw new RangeError(`no roster version ${rosterVersion}`);
  return version.roster;
}

/** The months of a configuration's batches, in order. */
export function simulateMonths(
  configuration: number,
  versions: readonly RosterVersion[],
  batches: readonly Batch[],
): SimulatedMonth[] {
  const months = [...new Set(batches.map(({ firstHour }) => monthOf(firstHour)))];
  return months.map((month) => {
    const ofMonth = batches.filter(({ firstHour }) => monthOf(firstHour) === month);
    const tallies = ofMonth.map((batch) => tallyBatch(batch, rosterOf(batch, versions)));
    return {
      configuration,
      month,
      versions,
      injected: sum(tallies.flatMap(({ injected }) => injected)),
      withdrawn: sum(tallies.flatMap(({ withdrawn }) => withdrawn)),
      shared: sum(tallies.flatMap(({ shared }) => shared)),
      accrued: sum(tallies.map(({ accrued }) => accrued)),
      coincident: addUp(tallies.map(({ coincident }) => coincident)),
      attributed: addUp(tallies.map(({ attributed }) => attributed)),
      missing: ofMonth.reduce((total, batch) => total + missingCount(batch), 0),
      hoursWithoutPrice: tallies.reduce((total, tally) => total + tally.hoursWithoutPrice, 0),
      withoutGrant: addSets(tallies.map(({ plantSets }) => plantSets.withoutGrant)),
      withGrant: addSets(tallies.map(({ plantSets }) => plantSets.withGrant)),
    };
  });
}

/**
 * The premium accrued, and the valorisation of the shared energy; rounded down.
 * @param unitRate of the valorisation, 10⁻⁴ €/MWh
 */
export function expectedMoney({ accrued, shared }: SimulatedMonth, unitRate: bigint): MonthMoney {
  return { premium: accrued / ACCRUAL_PER_MICRO, valorisation: (shared * unitRate) / ACCRUAL_PER_MICRO, other: 0n };
}

/**
 * What was received, had the community been another one: the premium in proportion to what accrued, the valorisation to what
 * was shared, both rounded toward zero. Where nothing accrued or was shared in truth, what was received stays.
 */
export function scaledMoney(received: MonthMoney, real: SimulatedMonth, simulated: SimulatedMonth): MonthMoney {
  return {
    premium: inProportion(received.premium, simulated.accrued, real.accrued),
    valorisation: inProportion(received.valorisation, simulated.shared, real.shared),
    other: received.other,
  };
}

/**
 * Micro-euro by account, as if every year were adjusted: nothing is held back or in reserve.
 * @param moneyOf what each month brings in
 */
export function divideMonths(
  months: readonly SimulatedMonth[],
  ruleSets: readonly RuleSet[],
  moneyOf: (month: SimulatedMonth) => MonthMoney,
): Map<number, bigint> {
  const divisions = months.flatMap((month) => {
    const ruleSet = ruleSetOf(ruleSets, month.month);
    if (ruleSet === undefined) return [];
    const { premium, valorisation, other } = moneyOf(month);
    const amounts = { premium, shared: valorisation + other, passedThrough: new Map<number, bigint>() };
    const pools = poolsOf(amounts, yearOf(months, month), ruleSet.policy, true);
    const keys = ruleSet.rules.map((rule) => keysOfMonth(rule, month.month, month.versions, month));
    return [divide(pools, ruleSet, keys, amounts.passedThrough).entitlements];
  });
  return addUp(divisions);
}

/**
 * The batches if the plants of some injection channels had so much more power, W, and injected in proportion; readings are
 * rounded down.
 */
export function withPlantsEnlarged(
  batches: readonly Batch[],
  versions: readonly RosterVersion[],
  channels: ReadonlySet<number>,
  watts: number,
): Batch[] {
  return batches.map((batch) => {
    const { injection, plants } = rosterOf(batch, versions);
    const injected = batch.injected.map((lanes, row) => {
      const plant = plants.find(({ channel }) => channel === injection[row]?.number && channels.has(channel));
      if (plant === undefined) return lanes;
      const [larger, power] = [BigInt(plant.power + watts), BigInt(plant.power)];
      return lanes.map((wattHours) => Number((BigInt(wattHours) * larger) / power));
    });
    return { ...batch, injected };
  });
}

/** What the month's configuration earned in those months of its calendar year that are simulated. */
function yearOf(months: readonly SimulatedMonth[], { configuration, month }: SimulatedMonth): YearToDate {
  const year = Math.floor(month / MONTHS);
  const all = months.filter(
    (other) => other.configuration === configuration && Math.floor(other.month / MONTHS) === year,
  );
  return {
    accrued: sum(all.map(({ accrued }) => accrued)),
    withoutGrant: addSets(all.map(({ withoutGrant }) => withoutGrant)),
    withGrant: addSets(all.map(({ withGrant }) => withGrant)),
  };
}

function addSets(sets: readonly PlantSetSums[]): PlantSetSums {
  return sets.reduce(addPlantSums, NO_PLANT_SUMS);
}

function inProportion(amount: bigint, simulated: bigint, real: bigint): bigint {
  return real === 0n ? amount : (amount * simulated) / real;
}

function addUp(maps: readonly ReadonlyMap<number, bigint>[]): Map<number, bigint> {
  const total = new Map<number, bigint>();
  for (const map of maps) for (const [key, amount] of map) total.set(key, (total.get(key) ?? 0n) + amount);
  return total;
}

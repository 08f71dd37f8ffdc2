/** Shared energy, who it coincided with, which plant it is attributed to and the premium it earned. */

import { minimum, sum } from "./amounts.ts";
import { type Batch, LANES, maskBit, type Row } from "./batch.ts";
import {
  addPlantSums,
  NO_PLANT_SUMS,
  type PlantSetName,
  type PlantSetSums,
  type PremiumHour,
  plantSetOf,
  premiumAccrued,
} from "./premium.ts";
import type { Channel, Roster } from "./roster.ts";

/** Coincident ratios are fractions of 2³⁰. */
export const RATIO_ONE = 2n ** 30n;

export type Tally = {
  /** Wh of each of the 24 lanes. */
  readonly injected: readonly bigint[];
  readonly withdrawn: readonly bigint[];
  readonly shared: readonly bigint[];
  /** Wh by channel number. */
  readonly coincident: ReadonlyMap<number, bigint>;
  /** Wh by plant number. */
  readonly attributed: ReadonlyMap<number, bigint>;
  /** 10⁻¹⁰ €. */
  readonly accrued: bigint;
  readonly plantSets: Readonly<Record<PlantSetName, PlantSetSums>>;
  /** Hours in which CACER plants could accrue nothing; zero if there are none of them. */
  readonly hoursWithoutPrice: number;
};

/** The tally of one batch, as design.md states it: floors where it says so, exact elsewhere. */
export function tallyBatch(batch: Batch, roster: Roster): Tally {
  const injected = hourlySum(batch.injected);
  const withdrawn = hourlySum(batch.withdrawn);
  const shared = injected.map((wattHours, hour) => minimum(wattHours, at(withdrawn, hour)));
  const attributedByHour = waterfall(batch, roster, shared);
  const premium = premiumOf(batch, roster, attributedByHour, withdrawn);
  return {
    injected,
    withdrawn,
    shared,
    coincident: new Map([
      ...coincident(roster.injection, batch.injected, shared, injected),
      ...coincident(roster.withdrawal, batch.withdrawn, shared, withdrawn),
    ]),
    attributed: new Map([...attributedByHour].map(([plant, hours]) => [plant, sum(hours)])),
    ...premium,
  };
}

/**
 * ⌊Σₕ readingₕ · ⌊Sₕ · 2³⁰ / totalₕ⌋ / 2³⁰⌋ of each channel: the part of its energy that coincided with the other side.
 *
 * A ratio is taken as its upper and its lower 15 bits, so that both sums of 24 products stay below 2⁵³ and are exact as numbers:
 * with integers of any size this takes most of a tally's time.
 */
function coincident(
  channels: readonly Channel[],
  rows: readonly Row[],
  shared: readonly bigint[],
  total: readonly bigint[],
): Map<number, bigint> {
  const ratios = shared.map((wattHours, hour) => Number(coincidentRatio(wattHours, at(total, hour))));
  const energy = new Map<number, bigint>();
  for (const [index, channel] of channels.entries()) {
    const row = rowAt(rows, index);
    let upper = 0;
    let lower = 0;
    for (let hour = 0; hour < LANES; hour++) {
      const [wattHours, ratio] = [row[hour] ?? 0, ratios[hour] ?? 0];
      upper += wattHours * (ratio >>> HALF_BITS);
      lower += wattHours * (ratio & (HALF - 1));
    }
    energy.set(channel.number, BigInt(Math.floor((upper + Math.floor(lower / HALF)) / HALF)));
  }
  return energy;
}

/** Of the 30 bits of a ratio. */
const HALF_BITS = 15;
const HALF = 2 ** HALF_BITS;

/** ⌊S · 2³⁰ / total⌋ of an hour: the part of a side's energy that coincided with the other side. */
export function coincidentRatio(shared: bigint, total: bigint): bigint {
  return total === 0n ? 0n : (shared * RATIO_ONE) / total;
}

/** Wh that each plant is attributed in each lane, by plant number. */
export function attributedByHour(batch: Batch, roster: Roster): ReadonlyMap<number, readonly bigint[]> {
  const withdrawn = hourlySum(batch.withdrawn);
  const shared = hourlySum(batch.injected).map((wattHours, hour) => minimum(wattHours, at(withdrawn, hour)));
  return waterfall(batch, roster, shared);
}

/** Hour by hour, each plant in waterfall order takes of the shared energy what it injected, until none is left. */
function waterfall(batch: Batch, roster: Roster, shared: readonly bigint[]): Map<number, bigint[]> {
  const rowOf = new Map(roster.injection.map(({ number }, row) => [number, row]));
  const left = [...shared];
  const attributed = new Map<number, bigint[]>();
  for (const plant of roster.plants) {
    const row = rowAt(batch.injected, rowOf.get(plant.channel) ?? -1);
    const taken = left.map((available, hour) => minimum(available, BigInt(row[hour] ?? 0)));
    for (const [hour, wattHours] of taken.entries()) left[hour] = at(left, hour) - wattHours;
    attributed.set(plant.number, taken);
  }
  return attributed;
}

/** What the plants earn, in all and by the sets of the threshold. */
function premiumOf(
  batch: Batch,
  roster: Roster,
  attributed: ReadonlyMap<number, readonly bigint[]>,
  withdrawn: readonly bigint[],
): Pick<Tally, "accrued" | "plantSets" | "hoursWithoutPrice"> {
  const exempt = hourlySum(batch.withdrawn.filter((_, row) => roster.withdrawal[row]?.exempt));
  const hours = withdrawn.map((wattHours, hour): PremiumHour => {
    const price = (batch.priceMask & maskBit(hour)) === 0 ? batch.prices[hour] : undefined;
    return { price, withdrawn: wattHours, exempt: at(exempt, hour) };
  });
  const rowOf = new Map(roster.injection.map(({ number }, row) => [number, row]));
  const plantSets = { withoutGrant: NO_PLANT_SUMS, withGrant: NO_PLANT_SUMS };
  let accruedInAll = 0n;
  for (const plant of roster.plants) {
    const taken = attributed.get(plant.number) ?? [];
    const accrued = premiumAccrued(plant, taken, hours);
    accruedInAll += accrued;
    const set = plantSetOf(plant);
    if (set === undefined) continue;
    const injected = sum(rowAt(batch.injected, rowOf.get(plant.channel) ?? -1).map(BigInt));
    plantSets[set] = addPlantSums(plantSets[set], { accrued, injected, attributed: sum(taken) });
  }
  const needsPrices = roster.plants.some((plant) => plantSetOf(plant) !== undefined);
  const hoursWithoutPrice = hours
    .slice(0, batch.hourCount)
    .filter(({ price }) => needsPrices && price === undefined).length;
  return { accrued: accruedInAll, plantSets, hoursWithoutPrice };
}

/** Exact as numbers: a batch has far fewer than 2²¹ rows. */
function hourlySum(rows: readonly Row[]): bigint[] {
  const total = new Array<number>(LANES).fill(0);
  for (const row of rows) {
    for (let hour = 0; hour < LANES; hour++) total[hour] = (total[hour] ?? 0) + (row[hour] ?? 0);
  }
  return total.map(BigInt);
}

function rowAt(rows: readonly Row[], index: number): Row {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`the batch has no row ${index}`);
  return row;
}

function at(hours: readonly bigint[], hour: number): bigint {
  return hours[hour] ?? 0n;
}

/** What GSE can be expected to pay for a month: from the plants' terms before the readings, and from what was recorded. */

import { type AdvancedPlant, type AdvanceTerms, monthlyAdvanceDown, zoneOfCorrection } from "./advance.ts";
import { ACCRUAL_PER_MICRO, sum } from "./amounts.ts";
import { LANES, maskBit } from "./batch.ts";
import { type ConfigurationFacts, type GseTables, inForce } from "./gseTables.ts";
import { type Month, monthOf } from "./hours.ts";
import { rostersOfMonth } from "./keys.ts";
import { TARIFF_42BIS } from "./premium.ts";
import type { RecomputedBatch, RecomputedLedger } from "./recompute.ts";
import {
  collectiveValorisationDown,
  communityValorisationDown,
  type PricedEnergy,
  type UnitRates,
} from "./valorisation.ts";

/** A plant by what it is paid for. */
export type Plant = { readonly number: number; readonly power: number } & (
  | { readonly regime: "42-bis"; readonly tariff: number }
  | ({ readonly regime: "CACER" } & AdvancedPlant)
  | { readonly regime: "none" }
);

/** Why an amount is not known: told, never guessed. */
export type Unknown =
  | { readonly kind: "unit-rate" | "losses" | "advance-terms" | "fee-terms"; readonly year: number }
  | { readonly kind: "hours"; readonly plant: number }
  | { readonly kind: "prices"; readonly hours: number };

export type Expected = {
  /** Micro-euro; undefined if something that it depends on is not known. */
  readonly amount: bigint | undefined;
  readonly unknown: readonly Unknown[];
};

export type MonthExpected = {
  readonly month: Month;
  /** Plants that earn a premium. */
  readonly plants: readonly Plant[];
  /** Of plants under DM 414/2023 the advance; those under art. 42-bis are paid what they accrued. */
  readonly advance: Expected;
  /** Micro-euro, rounded down. */
  readonly accrued: bigint;
  readonly valorisation: Expected;
  /** Wh that earned the accrued premium. */
  readonly premiumEnergy: bigint;
  /** Wh. */
  readonly shared: bigint;
};

const NO_FACTS = { kind: undefined, voltage: "low", zone: undefined, hours: undefined } as const;

/** What a month of a configuration should bring. */
export function expectedOfMonth(
  ledger: RecomputedLedger,
  area: string,
  month: Month,
  tables: GseTables,
): MonthExpected {
  const facts = tables.configurations.find((known) => known.area === area) ?? { area, ...NO_FACTS };
  const sums = ledger.months.get(month);
  const ofMonth = plantsOf(ledger, month);
  const plants = ofMonth.filter((plant) => plant.regime !== "none");
  const attributed = (plant: Plant) => sums?.attributed.get(plant.number) ?? 0n;
  return {
    month,
    plants,
    advance: advanceOf(plants, attributed, facts, inForce(tables.advances, yearOf(month)), yearOf(month)),
    accrued: (sums?.accrued ?? 0n) / ACCRUAL_PER_MICRO,
    valorisation: valorisationOf(ledger, month, plants, attributed, facts, tables),
    premiumEnergy: sum(plants.map(attributed)),
    shared: sums?.shared ?? 0n,
  };
}

/** A configuration's batches of a month, the newest revision of each. */
export function batchesOfMonth({ batches }: RecomputedLedger, month: Month): RecomputedBatch[] {
  const newest = new Map<number, RecomputedBatch>();
  for (const recomputed of batches.flat()) {
    if (recomputed === undefined || monthOf(recomputed.batch.firstHour) !== month) continue;
    newest.set(recomputed.batch.firstHour, recomputed);
  }
  return [...newest.values()];
}

export function yearOf(month: Month): number {
  return Math.floor(month / 12);
}

/** Every plant that stood on the roster at some hour of the month. */
function plantsOf({ versions }: RecomputedLedger, month: Month): Plant[] {
  const plants = rostersOfMonth(month, versions).flatMap(({ roster }) => roster.plants);
  return [...new Map(plants.map((plant) => [plant.number, plant])).values()];
}

function advanceOf(
  plants: readonly Plant[],
  attributed: (plant: Plant) => bigint,
  facts: ConfigurationFacts,
  terms: AdvanceTerms | undefined,
  year: number,
): Expected {
  const unknown: Unknown[] = [];
  const amounts = plants.map((plant) => {
    if (plant.regime === "none") return 0n;
    if (plant.regime === "42-bis") return (attributed(plant) * BigInt(plant.tariff)) / ACCRUAL_PER_MICRO;
    if (terms === undefined) {
      if (unknown.length === 0) unknown.push({ kind: "advance-terms", year });
      return 0n;
    }
    const zone = facts.zone ?? zoneOfCorrection(plant.correction);
    const hours = facts.hours ?? (zone && terms.hours[zone]);
    if (hours === undefined) unknown.push({ kind: "hours", plant: plant.number });
    return monthlyAdvanceDown(plant, terms, hours ?? 0n);
  });
  return { amount: unknown.length === 0 ? sum(amounts) : undefined, unknown };
}

function valorisationOf(
  ledger: RecomputedLedger,
  month: Month,
  plants: readonly Plant[],
  attributed: (plant: Plant) => bigint,
  facts: ConfigurationFacts,
  tables: GseTables,
): Expected {
  const year = yearOf(month);
  const rates = tables.unitRates.find((known) => known.year === year);
  if (rates === undefined) return { amount: undefined, unknown: [{ kind: "unit-rate", year }] };
  const shared = ledger.months.get(month)?.shared ?? 0n;
  const of42bis = plants.filter(({ regime }) => regime === "42-bis");
  const isCollective = plants.some((plant) => plant.regime === "42-bis" && plant.tariff === TARIFF_42BIS.collective);
  if ((facts.kind ?? (isCollective ? "collective" : "community")) === "community") {
    return { amount: communityValorisationDown(rates, shared, sum(of42bis.map(attributed))), unknown: [] };
  }
  return collectiveOf(batchesOfMonth(ledger, month), rates, shared, facts, tables);
}

/** All that collective self-consumers share is fed in and withdrawn in their building, at one voltage. */
function collectiveOf(
  batches: readonly RecomputedBatch[],
  rates: UnitRates,
  shared: bigint,
  { voltage }: ConfigurationFacts,
  tables: GseTables,
): Expected {
  const losses = inForce(tables.losses, rates.year);
  if (losses === undefined) return { amount: undefined, unknown: [{ kind: "losses", year: rates.year }] };
  const hours = batches.flatMap(pricedHours);
  const known = hours.filter((hour) => hour !== undefined);
  if (known.length < hours.length) {
    return { amount: undefined, unknown: [{ kind: "prices", hours: hours.length - known.length }] };
  }
  const atVoltages = [{ lossCoefficient: losses[voltage], hours: known }];
  return { amount: collectiveValorisationDown(rates, shared, atVoltages), unknown: [] };
}

/** The hours of a batch in which energy was shared; undefined where one has no price. */
function pricedHours({ batch, tally }: RecomputedBatch): (PricedEnergy | undefined)[] {
  return Array.from({ length: LANES }, (_, hour) => hour).flatMap((hour) => {
    const energy = tally.shared[hour] ?? 0n;
    if (energy === 0n) return [];
    const hasPrice = (batch.priceMask & maskBit(hour)) === 0;
    return [hasPrice ? { energy, price: BigInt(batch.prices[hour] ?? 0) } : undefined];
  });
}

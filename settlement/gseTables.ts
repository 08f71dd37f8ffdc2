/** What GSE and ARERA publish by year, and what a configuration is to them beside what the chain says of it. */

import type { AdvanceTerms, Zone } from "./advance.ts";
import type { FeeTerms } from "./gseFee.ts";
import type { UnitRates } from "./valorisation.ts";

/** Avoided losses by voltage, cPR, in 10⁻⁴. */
export type LossTerms = {
  readonly fromYear: number;
  readonly medium: bigint;
  readonly low: bigint;
  readonly source: string;
};

export const CONFIGURATION_KINDS = ["community", "collective"] as const;
export type ConfigurationKind = (typeof CONFIGURATION_KINDS)[number];

export const VOLTAGES = ["low", "medium"] as const;
export type Voltage = (typeof VOLTAGES)[number];

export type ConfigurationFacts = {
  readonly area: string;
  /** Undefined: collective if a plant has their tariff of art. 42-bis. */
  readonly kind: ConfigurationKind | undefined;
  /** At which collective self-consumers share. */
  readonly voltage: Voltage;
  /** Undefined: what the plants' corrections say. */
  readonly zone: Zone | undefined;
  /** Hours at full power that GSE assumes for plants that are not photovoltaic; undefined: by zone. */
  readonly hours: bigint | undefined;
};

export type GseTables = {
  readonly unitRates: readonly UnitRates[];
  readonly losses: readonly LossTerms[];
  readonly advances: readonly AdvanceTerms[];
  readonly fees: readonly FeeTerms[];
  readonly configurations: readonly ConfigurationFacts[];
};

/** The row of a table that is in force in a year; undefined if the table begins later. */
export function inForce<Row extends { readonly fromYear: number }>(
  table: readonly Row[],
  year: number,
): Row | undefined {
  return table
    .filter(({ fromYear }) => fromYear <= year)
    .toSorted((a, b) => a.fromYear - b.fromYear)
    .at(-1);
}

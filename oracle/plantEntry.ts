/** A plant in the community file, and the terms on which it earns. */

import { z } from "zod";
import {
  MAX_POWER_42BIS,
  MAX_POWER_CACER,
  powerClassOf,
  reductionOfGrant,
  TARIFF_42BIS,
} from "../settlement/premium.ts";
import { CORRECTIONS, REGIONS } from "../settlement/regions.ts";
import type { CacerPlant, FixedTariffPlant, Plant, UnpaidPlant } from "../settlement/roster.ts";
import { date } from "./dateEntry.ts";

const EARLIEST_PLANT = "1970-01-02";
/** Plants from this day on are under DM 414/2023 (rules.md, Art. 42-bis). */
const FIRST_AFTER_42BIS = "2024-04-24";
const REGIMES = ["42-bis", "CACER", "none"] as const;
/** A capital grant above this part of the cost excludes the CACER premium. */
const MOST_GRANT_PERCENT = 40;

/** Fields that only one regime knows. */
const OF_REGIME = {
  tariff_eur_mwh: "42-bis",
  region: "CACER",
  photovoltaic: "CACER",
  grant_percent: "CACER",
} as const;

const fields = z.strictObject({
  commissioned: date.refine((day) => day >= EARLIEST_PLANT, "too early: write the day as 2021-05-01"),
  regime: z.enum(REGIMES, `unknown regime: use one of ${REGIMES.join(", ")}`).default("42-bis"),
  power_kw: z
    .number("not a number: write the power in kW, for example 19.8")
    .positive("not above zero: write the power in kW")
    .max(4_000_000, "more than any plant has: write the power in kW, not in W"),
  tariff_eur_mwh: z
    .union(
      [z.literal(TARIFF_42BIS.community / 10_000), z.literal(TARIFF_42BIS.collective / 10_000)],
      "not a tariff of art. 42-bis: 110 for a community, 100 for collective self-consumers",
    )
    .optional(),
  region: z.enum(REGIONS, `unknown region: use one of ${REGIONS.join(", ")}`).optional(),
  photovoltaic: z.boolean("not true or false: write true if the plant is photovoltaic").optional(),
  grant_percent: z
    .number("not a number: write the grant in percent of the plant's cost")
    .min(0, "below zero: write the grant in percent of the plant's cost")
    .max(MOST_GRANT_PERCENT, "above 40: a plant with a larger grant cannot have the CACER premium")
    .refine((percent) => percent === Math.round(percent * 100) / 100, "more than two decimals: round it to 12.34")
    .optional(),
});

export const plantShape = fields.superRefine((plant, context) => {
  const report = (field: keyof typeof plant, message: string) =>
    context.addIssue({ code: "custom", path: [field], message });
  for (const field of ["tariff_eur_mwh", "region", "photovoltaic", "grant_percent"] as const) {
    if (plant[field] !== undefined && OF_REGIME[field] !== plant.regime) {
      report(
        field,
        `only plants of regime ${OF_REGIME[field]} have it: remove it, or write regime: ${OF_REGIME[field]}`,
      );
    }
  }
  const watts = wattsOf(plant.power_kw);
  if (plant.regime === "42-bis" && watts > MAX_POWER_42BIS) {
    report("power_kw", "above 200 kW: art. 42-bis covers plants up to 200 kW; write regime: CACER, or none");
  }
  if (plant.regime === "42-bis" && plant.commissioned >= FIRST_AFTER_42BIS) {
    report("commissioned", "too late for art. 42-bis, which ended before 24 April 2024: write regime: CACER, or none");
  }
  if (plant.regime !== "CACER") return;
  if (watts > MAX_POWER_CACER) {
    report("power_kw", "above 1 MW: such a plant earns no CACER premium; write regime: none");
  }
  if (plant.photovoltaic === undefined) {
    report("photovoltaic", "missing: write true or false; the tariff of photovoltaic plants depends on the region");
  }
  if (plant.photovoltaic === true && plant.region === undefined) {
    report("region", "missing: name the region of the plant, on which the tariff of photovoltaic plants depends");
  }
});

export type PlantEntry = z.infer<typeof plantShape>;

type Terms<P extends Plant> = Omit<P, "number" | "channel">;
export type PlantTerms = Terms<FixedTariffPlant> | Terms<CacerPlant> | Terms<UnpaidPlant>;

/** What a plant earns by. */
export function termsOf(entry: PlantEntry): PlantTerms {
  const { commissioned, regime } = entry;
  const power = wattsOf(entry.power_kw);
  if (regime === "none") return { commissioned, power, regime };
  if (regime === "42-bis") {
    const tariff = entry.tariff_eur_mwh ?? TARIFF_42BIS.community / 10_000;
    return { commissioned, power, regime, tariff: tariff * 10_000 };
  }
  const powerClass = powerClassOf(power);
  if (powerClass === undefined) throw new RangeError(`${power} W is in no power class`);
  return {
    commissioned,
    power,
    regime,
    ...powerClass,
    correction: entry.photovoltaic === true && entry.region !== undefined ? CORRECTIONS[entry.region] : 0,
    reduction: reductionOfGrant(Math.round((entry.grant_percent ?? 0) * 100)),
  };
}

function wattsOf(kiloWatt: number): number {
  return Math.round(kiloWatt * 1000);
}

/** What GSE pays the community of docs/story, by its own formulas, as lines of the receipts file. */

import type { CommunityPlan } from "../../oracle/communityPlan.ts";
import { batchesOf } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Readings } from "../../oracle/readingsFile.ts";
import { monthlyAdvanceDown } from "../../settlement/advance.ts";
import { ACCRUAL_PER_MICRO, formatEuro, MICRO_PER_CENT, sum } from "../../settlement/amounts.ts";
import { yearlyFeeToCents } from "../../settlement/gseFee.ts";
import { type GseTables, inForce } from "../../settlement/gseTables.ts";
import { formatMonth, type Month, monthOf, monthsBetween } from "../../settlement/hours.ts";
import type { RosterVersion } from "../../settlement/keys.ts";
import { yearOf } from "../../settlement/monthExpected.ts";
import { TARIFF_42BIS } from "../../settlement/premium.ts";
import type { Roster } from "../../settlement/roster.ts";
import { type Tally, tallyBatch } from "../../settlement/tally.ts";
import { communityValorisationDown } from "../../settlement/valorisation.ts";
import { STORY_HOURS } from "./valdora.ts";

export const RECEIPT_COLUMNS = "month,kind,net_eur,fee_eur,vat_eur,document";

/** Micro-euro in whole cents. */
type Earned = { readonly premium: bigint; readonly of42bis: bigint; readonly valorisation: bigint };

/** What the energy of each month earns, by the readings that GSE has. */
export type EarnedByMonth = ReadonlyMap<Month, Earned>;

export type World = { readonly plan: CommunityPlan; readonly prices: Prices; readonly tables: GseTables };

export function earnedByMonth(readings: Readings, { plan, prices, tables }: World): EarnedByMonth {
  const roster = rosterOf(plan);
  const batches = batchesOf(readings, plan.meters, rostersOf(plan), STORY_HOURS, "distributor", () => "0x00", prices);
  const byMonth = Map.groupBy(batches, ({ firstHour }) => monthOf(firstHour));
  return new Map(
    [...byMonth].map(([month, ofMonth]) => {
      const tallies = ofMonth.map((batch) => tallyBatch(batch, roster));
      return [month, earnedIn(month, tallies, roster, tables)];
    }),
  );
}

function earnedIn(month: Month, tallies: readonly Tally[], roster: Roster, tables: GseTables): Earned {
  const rates = tables.unitRates.find(({ year }) => year === yearOf(month));
  if (rates === undefined) throw new RangeError(`no unit rates of ${yearOf(month)}`);
  const plant = roster.plants.find(({ regime }) => regime === "42-bis");
  const energy = sum(tallies.map(({ attributed }) => attributed.get(plant?.number ?? 0) ?? 0n));
  const shared = sum(tallies.flatMap((tally) => tally.shared));
  return {
    premium: centsDown(sum(tallies.map(({ accrued }) => accrued)) / ACCRUAL_PER_MICRO),
    of42bis: centsDown((energy * BigInt(TARIFF_42BIS.community)) / ACCRUAL_PER_MICRO),
    valorisation: centsDown(communityValorisationDown(rates, shared, energy)),
  };
}

/** The advance of a month: by power for plants under DM 414/2023, by readings for those under art. 42-bis. */
export function advanceLines(month: Month, earned: EarnedByMonth, world: World): string[] {
  const name = formatMonth(month);
  return [
    lineOf(month, "premium", advanceOf(month, world), `GSE-${name}-acconto`),
    lineOf(month, "premium", earned.get(month)?.of42bis ?? 0n, `GSE-${name}-42bis`),
  ];
}

/** The adjustment of a year by month, the year's fee off its last line; and the year's valorisation. */
export function adjustmentLines(year: number, earned: EarnedByMonth, world: World): string[] {
  const months = monthsBetween(STORY_HOURS.first, STORY_HOURS.end).filter((month) => yearOf(month) === year);
  return months.flatMap((month) => {
    const { premium, of42bis, valorisation } = earnedOf(earned, month);
    const missing = premium - of42bis - advanceOf(month, world);
    const fee = month === months.at(-1) ? yearlyFeeOf(year, world) : { fee: 0n, vat: 0n };
    return [
      lineOf(month, "premium", missing, `GSE-${year}-conguaglio`, fee),
      lineOf(month, "valorisation", valorisation, `GSE-${year}-valorizzazione`),
    ];
  });
}

/** What changes when GSE computes anew on other readings: nothing for months that earn the same. */
export function recalculationLines(before: EarnedByMonth, after: EarnedByMonth, document: string): string[] {
  return [...after].flatMap(([month, now]) => {
    const then = earnedOf(before, month);
    return [
      ...(now.premium === then.premium ? [] : [lineOf(month, "premium", now.premium - then.premium, document)]),
      ...(now.valorisation === then.valorisation
        ? []
        : [lineOf(month, "valorisation", now.valorisation - then.valorisation, document)]),
    ];
  });
}

function advanceOf(month: Month, { plan, tables }: World): bigint {
  const terms = inForce(tables.advances, yearOf(month));
  if (terms === undefined) throw new RangeError(`no terms of advances in ${yearOf(month)}`);
  const plants = rosterOf(plan).plants.filter((plant) => plant.regime === "CACER");
  return sum(plants.map((plant) => centsDown(monthlyAdvanceDown(plant, terms, terms.hours.centre))));
}

function yearlyFeeOf(year: number, { plan, tables }: World): { fee: bigint; vat: bigint } {
  const terms = inForce(tables.fees, year);
  if (terms === undefined) throw new RangeError(`no fees of ${year}`);
  const fees = rosterOf(plan).plants.map(({ power }) => yearlyFeeToCents(power, terms));
  return { fee: sum(fees.map(({ fee }) => fee)), vat: sum(fees.map(({ vat }) => vat)) };
}

function lineOf(month: Month, kind: string, gross: bigint, document: string, { fee, vat } = { fee: 0n, vat: 0n }) {
  return [formatMonth(month), kind, formatEuro(gross - fee - vat), formatEuro(fee), formatEuro(vat), document].join(
    ",",
  );
}

function rostersOf({ configurations: [configuration] }: CommunityPlan): readonly RosterVersion[] {
  return configuration?.rosters ?? [];
}

/** The one roster there is: nobody joins or leaves. */
function rosterOf(plan: CommunityPlan): Roster {
  const [version, ...others] = rostersOf(plan);
  if (version === undefined || others.length > 0) throw new RangeError("not one roster");
  return version.roster;
}

function earnedOf(earned: EarnedByMonth, month: Month): Earned {
  const known = earned.get(month);
  if (known === undefined) throw new RangeError(`nothing earned in ${formatMonth(month)}`);
  return known;
}

function centsDown(micro: bigint): bigint {
  return micro - (micro % MICRO_PER_CENT);
}

/** What GSE pays for what a model community shared. */

import type { CommunityPlan } from "../../oracle/communityPlan.ts";
import { batchesOf, type HourRange } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Readings } from "../../oracle/readingsFile.ts";
import { ACCRUAL_PER_MICRO, formatEuro, MICRO_PER_CENT, sum } from "../../settlement/amounts.ts";
import { formatMonth, monthOf, monthsBetween } from "../../settlement/hours.ts";
import { tallyBatch } from "../../settlement/tally.ts";

/** TRASE in 10⁻⁴ €/MWh, by which the valorisation of the shared energy is paid (the value of 2024). */
const TRASE = 105_700n;

/**
 * The text of a receipts file for the months of a community with one configuration: what accrued, to the cent, and the valorisation
 * of the shared energy.
 */
export function receiptsCsv(readings: Readings, prices: Prices, plan: CommunityPlan, range: HourRange): string {
  const [configuration] = plan.configurations;
  if (configuration === undefined) throw new RangeError("no configuration");
  const { rosters } = configuration;
  const lines = ["month,kind,net_eur,document"];
  const batches = batchesOf(readings, plan.meters, rosters, range, "distributor", () => "0x00", prices);
  for (const month of monthsBetween(range.first, range.end)) {
    const tallies = batches
      .filter((batch) => monthOf(batch.firstHour) === month)
      .flatMap((batch) =>
        rosters.slice(batch.rosterVersion - 1, batch.rosterVersion).map(({ roster }) => tallyBatch(batch, roster)),
      );
    const accrued = sum(tallies.map((tally) => tally.accrued));
    const valorised = sum(tallies.flatMap(({ shared }) => shared)) * TRASE;
    const name = formatMonth(month);
    lines.push(`${name},premium,${cents(accrued)},GSE-${name}-premio`);
    lines.push(`${name},valorisation,${cents(valorised)},GSE-${name}-valorizzazione`);
  }
  return `${lines.join("\n")}\n`;
}

/** 10⁻¹⁰ € as euro, rounded down to the cent. */
function cents(accrual: bigint): string {
  const micro = accrual / ACCRUAL_PER_MICRO;
  return formatEuro(micro - (micro % MICRO_PER_CENT));
}

/**
 * Makes the readings, prices and receipts of examples/magliano: clear sky and clouds on the roofs, load shapes behind the
 * meters, a market that follows the sun, all from one seed. Run it with `node examples/generate/magliano.ts` after changing the model.
 */

import { writeFileSync } from "node:fs";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import { type CommunityPlan, planCommunity } from "../../oracle/communityPlan.ts";
import { batchesOf } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Reading } from "../../oracle/readingsFile.ts";
import { ACCRUAL_PER_MICRO, formatEuro, MICRO_PER_CENT, sum } from "../../settlement/amounts.ts";
import { formatMonth, type Hour, monthOf, startOfMonth } from "../../settlement/hours.ts";
import { seededRandom } from "../../settlement/random.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { zonalPrices } from "./market.ts";
import { type BehindMeter, cloudsOf, meterReadings, pricesCsv, readingsCsv } from "./meters.ts";

const SEED = 20_260_301;
const FIRST_MONTH = 2026 * 12 + 2;
const MONTHS = 2;
/** TRASE in 10⁻⁴ €/MWh, by which the valorisation of the shared energy is paid (the value of 2024). */
const TRASE = 105_700n;

const BEHIND: Readonly<Record<string, BehindMeter>> = {
  municipio: { load: "townHall", size: 1 },
  scuola: { load: "school", size: 0.9 },
  parrocchia: { load: "church", size: 1 },
  forno: { load: "bakery", size: 0.9 },
  "bar-centrale": { load: "bar", size: 1.05 },
  ferramenta: { load: "shop", size: 1, silent: { first: "2026-03-18 09:00", hours: 5 } },
  "casa-conti": { load: "household", size: 1.3 },
  "casa-serra": { load: "household", size: 1.1 },
  "casa-bianchi": { load: "household", size: 0.9 },
  "casa-rossi": { load: "household", size: 1.2 },
  "casa-verdi": { load: "household", size: 0.7 },
  "casa-neri": { load: "household", size: 1.4 },
};

/** The texts of readings.csv, prices.csv and receipts.csv for the community in `folder`. */
export function generateMagliano(folder: string): { readings: string; prices: string; receipts: string } {
  const file = `${folder}/community.yaml`;
  const community = readCommunityFile(file);
  const plan = planCommunity(community, file);
  const powers = new Map(
    community.members.flatMap(({ meters }) => meters.map(({ id, plant }) => [id, (plant?.power_kw ?? 0) * 1000])),
  );
  const random = seededRandom(SEED);
  const first = startOfMonth(FIRST_MONTH);
  const end = startOfMonth(FIRST_MONTH + MONTHS);
  const clouds = cloudsOf({ first, end }, random);
  const readings = new Map(
    plan.meters.map(({ id }) => {
      const behind = BEHIND[id];
      if (behind === undefined) throw new RangeError(`meter ${id}: nothing said about what is behind it`);
      return [id, meterReadings(behind, powers.get(id) ?? 0, { first, end }, clouds, random)];
    }),
  );
  const prices = zonalPrices(first, end, seededRandom(SEED + 1));
  return {
    readings: readingsCsv(readings),
    prices: pricesCsv(prices),
    receipts: receiptsCsv(readings, prices, plan, first, end),
  };
}

/** GSE pays what accrued, to the cent, and the valorisation of the shared energy. */
function receiptsCsv(
  readings: ReadonlyMap<string, ReadonlyMap<Hour, Reading>>,
  prices: Prices,
  plan: CommunityPlan,
  first: Hour,
  end: Hour,
): string {
  const [configuration] = plan.configurations;
  if (configuration === undefined) throw new RangeError("no configuration");
  const { rosters } = configuration;
  const lines = ["month,kind,net_eur,document"];
  const batches = batchesOf(readings, plan.meters, rosters, { first, end }, "distributor", () => "0x00", prices);
  for (let month = FIRST_MONTH; month < FIRST_MONTH + MONTHS; month++) {
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

if (import.meta.main) {
  const folder = `${import.meta.dirname}/../magliano`;
  const { readings, prices, receipts } = generateMagliano(folder);
  writeFileSync(`${folder}/readings.csv`, readings);
  writeFileSync(`${folder}/prices.csv`, prices);
  writeFileSync(`${folder}/receipts.csv`, receipts);
}

/**
 * Makes the readings, prices and receipts of examples/magliano: clear sky and clouds on the roofs, load shapes behind the
 * meters, a market that follows the sun, all from one seed. Run it with `node examples/generate/magliano.ts` after changing the model.
 */

import { writeFileSync } from "node:fs";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import { planCommunity } from "../../oracle/communityPlan.ts";
import { startOfMonth } from "../../settlement/hours.ts";
import { seededRandom } from "../../settlement/random.ts";
import { BEHIND_MAGLIANO } from "./behindMeters.ts";
import { zonalPrices } from "./market.ts";
import { type BehindMeter, cloudsOf, meterReadings, modelHours, pricesCsv, readingsCsv } from "./meters.ts";
import { receiptsCsv } from "./receipts.ts";

const SEED = 20_260_301;
const FIRST_MONTH = 2026 * 12 + 2;
const MONTHS = 2;
/** One meter says nothing for some hours, as meters do. */
const BEHIND: Readonly<Record<string, BehindMeter>> = {
  ...BEHIND_MAGLIANO,
  ferramenta: { load: "shop", size: 1, silent: { first: "2026-03-18 09:00", hours: 5 } },
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
  const hours = modelHours({ first, end });
  const readings = new Map(
    plan.meters.map(({ id }) => {
      const behind = BEHIND[id];
      if (behind === undefined) throw new RangeError(`meter ${id}: nothing said about what is behind it`);
      return [id, meterReadings(behind, powers.get(id) ?? 0, hours, clouds, random)];
    }),
  );
  const prices = zonalPrices(first, end, seededRandom(SEED + 1));
  return {
    readings: readingsCsv(readings),
    prices: pricesCsv(prices),
    receipts: receiptsCsv(readings, prices, plan, { first, end }),
  };
}

if (import.meta.main) {
  const folder = `${import.meta.dirname}/../magliano`;
  const { readings, prices, receipts } = generateMagliano(folder);
  writeFileSync(`${folder}/readings.csv`, readings);
  writeFileSync(`${folder}/prices.csv`, prices);
  writeFileSync(`${folder}/receipts.csv`, receipts);
}

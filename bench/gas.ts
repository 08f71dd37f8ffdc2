/** temp */
import { openStage } from "./community.ts";
import { FIRST_HOUR, gasOfLargestBatch, gasOfReadings, LARGEST_ROWS, openReadingsLedgers } from "./gasOfReadings.ts";
export async function readingsOnly(rows: number[]) {
  const stage = await openStage(FIRST_HOUR);
  const ledgers = await openReadingsLedgers(stage, [...rows, LARGEST_ROWS]);
  for (const l of ledgers.slice(0, -1)) { console.time("x"); console.log(await gasOfReadings(stage, l)); console.timeEnd("x"); }
  const last = ledgers.at(-1);
  if (last) console.log(await gasOfLargestBatch(last));
  await stage.chain.close();
}

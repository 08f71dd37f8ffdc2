/** The sample community: the example's members and rules, in the month before the present one. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pricesCsv, readingsCsv } from "../../examples/generate/meters.ts";
import { modelMonth } from "../../examples/generate/modelMonth.ts";
import { receiptsCsv } from "../../examples/generate/receipts.ts";
import { parseCommunity } from "../../oracle/communityFile.ts";
import { planCommunity } from "../../oracle/communityPlan.ts";
import { endOfMonth, type Hour, type Month, marketDayOf, monthOf, startOfMonth } from "../../settlement/hours.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/magliano");
const REGOLAMENTO = "regolamento.md";

/** The member whose invitation is shown. */
export const SAMPLE_MEMBER = "famiglia-bianchi";

/** The last month that is over at an hour. */
export function lastWholeMonth(now: Hour): Month {
  return monthOf(now) - 1;
}

/** The example's community file, begun on the first day of a month. */
export function sampleCommunity(example: string, month: Month): string {
  const start = /^( *start: )\d{4}-\d\d-\d\d$/m;
  if (!start.test(example)) throw new RangeError("the example's configuration has no start");
  return example.replace(start, `$1${marketDayOf(startOfMonth(month))}`);
}

/** The texts of its files: readings and prices of every hour of the month, and the receipts of what accrued. */
export function sampleFiles(example: string, month: Month, file: string): Readonly<Record<string, string>> {
  const text = sampleCommunity(example, month);
  const community = parseCommunity(text, file);
  const { readings, prices } = modelMonth(community, month);
  const range = { first: startOfMonth(month), end: endOfMonth(month) };
  return {
    "community.yaml": text,
    "readings.csv": readingsCsv(readings),
    "prices.csv": pricesCsv(prices),
    "receipts.csv": receiptsCsv(readings, prices, planCommunity(community, file), range),
  };
}

/** Writes them into a folder, all or none; what is there stays. */
export function writeSample(folder: string, now: Hour): void {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  // Rules are hashed with their document, which is looked for beside the file.
  writeFileSync(join(unfinished, REGOLAMENTO), readFileSync(join(EXAMPLE, REGOLAMENTO)));
  const example = readFileSync(join(EXAMPLE, "community.yaml"), "utf8");
  for (const [name, text] of Object.entries(
    sampleFiles(example, lastWholeMonth(now), join(unfinished, "community.yaml")),
  )) {
    writeFileSync(join(unfinished, name), text);
  }
  renameSync(unfinished, folder);
}

/** What a settlement needs of a ledger, from what is kept of its batches. */

import type { DatabaseSync } from "node:sqlite";
import type { Address } from "viem";
import { z } from "zod";
import {
  type AdoptedRoster,
  adoptedRoster,
  type LedgerSums,
  type SummedBatch,
  sumLedger,
} from "../../settlement/recomputeLedger.ts";
import { fromSumsText } from "./batchSums.ts";
import { blobHex } from "./indexStore.ts";

const rosterRow = z.object({ position: z.number(), effective_hour: z.number(), blob: blobHex });
const batchRow = z.object({
  position: z.number(),
  first_hour: z.number(),
  month: z.number(),
  sums: z.string().nullable(),
});

/** The roster versions of a ledger, in the order of their adoption. */
export function readRosters(database: DatabaseSync, ledger: Address): AdoptedRoster[] {
  return database
    .prepare("SELECT position, effective_hour, blob FROM roster WHERE ledger = ? ORDER BY position")
    .all(ledger)
    .map((row) => rosterRow.parse(row))
    .map(({ position, effective_hour: effectiveHour, blob }) => adoptedRoster({ effectiveHour, blob }, position));
}

/** Its sums are asked for once or twice, to add them to a month: all of a year's at a time would be much to hold. */
function summedBatch(position: number, month: number, text: string): SummedBatch {
  return {
    position,
    month,
    get sums() {
      return fromSumsText(text);
    },
  };
}

export function readLedgerSums(
  database: DatabaseSync,
  community: number,
  configuration: number,
  ledger: Address,
): LedgerSums {
  const rows = database
    .prepare(
      `SELECT position, first_hour, month, sums FROM batch WHERE community = ? AND configuration = ?
       ORDER BY first_hour, position`,
    )
    .all(community, configuration)
    .map((row) => batchRow.parse(row));
  const byHour = Map.groupBy(rows, (row) => row.first_hour);
  const batches = [...byHour.values()].map((revisions) =>
    revisions.map(({ position, month, sums }): SummedBatch | undefined =>
      sums === null ? undefined : summedBatch(position, month, sums),
    ),
  );
  return sumLedger(readRosters(database, ledger), batches);
}

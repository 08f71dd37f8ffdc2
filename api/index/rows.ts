/** Rows of the index that hold batches and rosters, as the records that settlement/ knows. */

import { bytesToHex, type Hex, isHex, size, slice, zeroHash } from "viem";
import { z } from "zod";
import { LOGS_PER_BLOCK } from "../../chain/events.ts";
import type { BatchRecord, BatchRevision, RosterRecord } from "../../settlement/history.ts";

const hex = z.custom<Hex>((value) => isHex(value));
const blob = z.instanceof(Uint8Array).transform((bytes) => bytesToHex(bytes));
const lanes = z.array(z.number());
const energies = z.tuple([lanes, lanes, lanes]);

export const rosterRow = z
  .object({ position: z.number(), version: z.number(), effective_hour: z.number(), blob })
  .transform(({ position, version, effective_hour: effectiveHour, blob: content }): RosterRecord => {
    const block = BigInt(Math.floor(position / LOGS_PER_BLOCK));
    return { place: { position, block, transaction: zeroHash }, version, effectiveHour, blob: content };
  });

export const batchRow = z
  .object({
    position: z.number(),
    transaction_hash: hex,
    first_hour: z.number(),
    hour_count: z.number(),
    month: z.number(),
    revision: z.number(),
    grade: z.number(),
    missing: z.number(),
    accrued: z.string().transform(BigInt),
    digest: hex,
    row_root: hex,
    energies: z.string().transform((text) => energies.parse(JSON.parse(text)).map((values) => values.map(BigInt))),
    roster_version: z.number(),
    seed: hex,
    injected: blob,
    withdrawn: blob,
    masks: blob,
    price_mask: z.number(),
    prices: blob,
  })
  .transform(
    ({ energies: [injected = [], withdrawn = [], shared = []], ...row }): BatchRevision & { firstHour: number } => ({
      firstHour: row.first_hour,
      place: {
        position: row.position,
        block: BigInt(Math.floor(row.position / LOGS_PER_BLOCK)),
        transaction: row.transaction_hash,
      },
      event: {
        month: row.month,
        hourCount: row.hour_count,
        revision: row.revision,
        replaced: zeroHash,
        grade: row.grade,
        missing: row.missing,
        accrued: row.accrued,
        digest: row.digest,
        rowRoot: row.row_root,
        ...{ injected, withdrawn, shared },
      },
      input:
        size(row.prices) !== PRICES_BYTES
          ? undefined
          : {
              replaced: undefined,
              signatures: [],
              batch: {
                firstHour: row.first_hour,
                hourCount: row.hour_count,
                rosterVersion: row.roster_version,
                grade: row.grade,
                revision: row.revision,
                replaces: zeroHash,
                seed: row.seed,
                injected: row.injected,
                withdrawn: row.withdrawn,
                missing: row.masks,
                priceMask: row.price_mask,
                prices: [slice(row.prices, 0, 32), slice(row.prices, 32, 64), slice(row.prices, 64, 96)],
              },
            },
    }),
  );

const PRICES_BYTES = 96;

/** Of each first hour what stands now, in the order of the hours. */
export function standingBatches(rows: readonly z.infer<typeof batchRow>[]): BatchRecord[] {
  return [...Map.groupBy(rows, ({ firstHour }) => firstHour)].map(([firstHour, revisions]) => ({
    firstHour,
    revisions: revisions.slice(-1),
    storedDigest: revisions.at(-1)?.event.digest ?? zeroHash,
  }));
}

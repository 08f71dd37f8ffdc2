/** A batch as the index keeps it: what the ledger said of it, what was brought, and what came of it. */

import { concatBytes } from "viem";
import type { KeptBatch } from "./applyBlock.ts";
import { toSumsText } from "./batchSums.ts";

/** The values of the table `batch`, in the order of its columns. */
export type BatchRow = readonly (string | number | null | Uint8Array)[];

export function batchRow({
  position,
  transaction,
  contract,
  firstHour,
  event,
  input,
  recomputed,
}: KeptBatch): BatchRow {
  const { hourCount, month, revision, grade, missing, accrued, digest, rowRoot, injected, withdrawn, shared } = event;
  const energies = [injected, withdrawn, shared].map((lanes) => lanes.slice(0, hourCount).map(Number));
  return [
    ...[position, transaction, contract.community, contract.configuration ?? 0],
    ...[firstHour, hourCount, month, revision, grade, missing],
    ...[String(accrued), digest, rowRoot, JSON.stringify(energies)],
    recomputed === undefined ? null : toSumsText(recomputed.sums),
    ...[input?.rosterVersion ?? 0, input?.seed ?? "0x"],
    ...[input?.injected ?? NOTHING, input?.withdrawn ?? NOTHING, input?.missing ?? NOTHING],
    input?.priceMask ?? 0,
    concatBytes(input?.prices ?? []),
  ];
}

const NOTHING = new Uint8Array();

/** What an audit found, in the form of `audit.json`. */

import { size } from "viem";
import type { Difference } from "../settlement/comparison.ts";
import type { BatchRevision, History } from "../settlement/history.ts";

export type AuditReport = {
  readonly ok: boolean;
  readonly chainId: number;
  /** The newest block that the audit saw. */
  readonly block: { readonly number: bigint; readonly hash: string };
  /** How much was recomputed. */
  readonly checked: {
    readonly batches: number;
    readonly corrections: number;
    readonly readings: number;
    readonly months: number;
    readonly receipts: number;
    readonly runs: number;
    readonly payouts: number;
    /** Payments in files for the bank. */
    readonly redemptions: number;
  };
  /** The first is usually the cause of the others. */
  readonly differences: readonly Difference[];
};

export function auditReport(
  history: History,
  differences: readonly Difference[],
  block: { readonly number: bigint; readonly hash: string },
): AuditReport {
  const batches = history.ledgers.flatMap((ledger) => ledger.batches);
  return {
    ok: differences.length === 0,
    chainId: history.chainId,
    block: { number: block.number, hash: block.hash },
    checked: {
      batches: batches.length,
      corrections: batches.reduce((total, { revisions }) => total + revisions.length - 1, 0),
      readings: batches.reduce((total, { revisions }) => total + readingsOf(revisions.at(-1)), 0),
      months: history.ledgers.flatMap(({ months }) => months).length,
      receipts: history.receipts.length,
      runs: history.runs.length,
      redemptions: history.tokens.payments.length,
      payouts: history.runs.flatMap(({ payouts }) => payouts).filter(({ amount }) => amount > 0n).length,
    },
    differences,
  };
}

/** Three bytes of mask stand for each row. */
function readingsOf(revision: BatchRevision | undefined): number {
  const masks = revision?.input?.batch.missing;
  return masks === undefined ? 0 : (size(masks) / 3) * (revision?.event.hourCount ?? 0);
}

/** Why a run entitled an account to more or less than runs before it: what came in, what the rules made of it, what changed. */

import { type Change, changedCells, changeOf } from "./changes.ts";
import type { ReceiptKind, ReceiptRecord, SettledHistory } from "./history.ts";
import type { Month } from "./hours.ts";
import type { Pools } from "./pools.ts";
import type { Recomputed, RecomputedCell } from "./recompute.ts";
import { partsOf, remaindersOf, type StatementMonth, type StatementPart } from "./statement.ts";

/** Money that came in for the month: the community's, or passed through to the account. */
export type PeriodReceipt = {
  readonly number: number;
  readonly kind: ReceiptKind;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly vat: bigint;
  readonly net: bigint;
  readonly documentHash: `0x${string}`;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
};

/** What a run changed of one month, and why: delta = Σ parts + Σ remainders − before. */
export type PeriodChange = Change & {
  readonly area: string;
  /** What earlier runs had settled of the month for the account. */
  readonly before: bigint;
  /** All that had come in for the month when the run divided it. */
  readonly receipts: readonly PeriodReceipt[];
  /** What the receipts that are the community's were divided as. */
  readonly pools: Pools;
  readonly ruleSet: number;
  readonly rulesFrom: Month;
  readonly parts: readonly StatementPart[];
  readonly remainders: StatementMonth["remainders"];
};

/** What a run changed for an account, month by month, with all that explains it. */
export function periodChanges(
  history: SettledHistory,
  recomputed: Recomputed,
  run: number,
  account: number,
): PeriodChange[] {
  return changedCells(recomputed, run).flatMap((changed): PeriodChange[] => {
    const change = changeOf(changed, account);
    if (change === undefined) return [];
    const { before, after } = changed;
    return [
      {
        ...change,
        area: history.ledgers[change.configuration]?.area ?? "",
        before: before?.division.entitlements.get(account) ?? 0n,
        receipts: receiptsOf(history, recomputed, run, after)
          .filter((receipt) => receipt.account === 0 || receipt.account === account)
          .map(toldReceipt),
        pools: after.pools,
        ruleSet: after.ruleSetVersion,
        rulesFrom: after.ruleSet.fromMonth,
        parts: partsOf(after, account),
        remainders: remaindersOf(after, account),
      },
    ];
  });
}

/** The receipts of a cell that were booked when a run weighed it. */
export function receiptsOf(
  history: SettledHistory,
  { runs }: Recomputed,
  run: number,
  { cell }: Pick<RecomputedCell, "cell">,
): ReceiptRecord[] {
  const isCell = (of: { configuration: number; month: Month }) =>
    of.configuration === cell.configuration && of.month === cell.month;
  const weighed = runs.find((candidate) => candidate.run.number === run)?.run.weighed.find(isCell);
  const position = weighed?.place.position ?? 0;
  return history.receipts.filter((receipt) => isCell(receipt) && receipt.place.position < position);
}

function toldReceipt({ place, number, kind, gross, fee, vat, net, documentHash }: ReceiptRecord): PeriodReceipt {
  const { block, transaction } = place;
  return { number, kind, gross, fee, vat, net, documentHash, block, transaction };
}

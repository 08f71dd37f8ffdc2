/** What GSE paid for a month, as it was booked: before its fee and VAT, which are compared on their own. */

import { zeroHash } from "viem";
import { sum } from "./amounts.ts";
import type { ReceiptRecord } from "./history.ts";
import type { Month } from "./hours.ts";

/** Micro-euro, gross. */
export type MonthReceived = {
  /** Premium without what came with the year's adjustment. */
  readonly advance: bigint;
  readonly premium: bigint;
  readonly valorisation: bigint;
  /** Fee and VAT of all receipts. */
  readonly fees: bigint;
  /** Whether anything was booked as premium, and as valorisation. */
  readonly hasPremium: boolean;
  readonly hasValorisation: boolean;
};

/**
 * @param receipts of one configuration and year
 * @param adjustments hashes of the documents that adjust a year
 */
export function receivedOfMonth(
  receipts: readonly ReceiptRecord[],
  month: Month,
  adjustments: ReadonlySet<string>,
): MonthReceived {
  const ofMonth = receipts.filter((receipt) => receipt.month === month);
  const premium = ofMonth.filter(({ kind }) => kind === "premium");
  const valorisation = ofMonth.filter(({ kind }) => kind === "valorisation");
  const gross = (some: readonly ReceiptRecord[]) => sum(some.map((receipt) => receipt.gross));
  return {
    advance: gross(premium.filter(({ documentHash }) => !adjustments.has(documentHash))),
    premium: gross(premium),
    valorisation: gross(valorisation),
    fees: sum(ofMonth.map(({ fee, vat }) => fee + vat)),
    hasPremium: premium.length > 0,
    hasValorisation: valorisation.length > 0,
  };
}

/**
 * Documents that adjust a year: an advance has one a month, so one that names several months of premium is an adjustment.
 * @param receipts of one configuration and year
 */
export function adjustmentsAmong(receipts: readonly ReceiptRecord[]): Set<string> {
  const monthsOf = new Map<string, Set<Month>>();
  for (const { kind, documentHash, month } of receipts) {
    if (kind !== "premium" || documentHash === zeroHash) continue;
    monthsOf.set(documentHash, (monthsOf.get(documentHash) ?? new Set()).add(month));
  }
  return new Set([...monthsOf].filter(([, months]) => months.size > 1).map(([hash]) => hash));
}

/**
 * Histories that no chain wrote, for what takes years on one: a ledger with a batch of one hour in each of a few months, and
 * whatever receipts, rules and runs a test puts beside it. Only what is recomputed from is there, no results.
 */

import { zeroAddress, zeroHash } from "viem";
import { encodeBatch } from "../../settlement/batch.ts";
import type {
  AccountKind,
  AccountRecord,
  BatchRecord,
  BatchRevision,
  History,
  LedgerHistory,
  Place,
  ReceiptRecord,
  RosterRecord,
  RunRecord,
} from "../../settlement/history.ts";
import { type Month, startOfMonth } from "../../settlement/hours.ts";
import { encodeRoster, type Roster } from "../../settlement/roster.ts";
import { encodeRuleSet, type RuleSet } from "../../settlement/rules.ts";
import { batchOf } from "./communityOnChain.ts";

export const placeAt = (position: number): Place => ({ position, block: BigInt(position), transaction: zeroHash });

/** A revision of a batch, which says nothing of what it comes to. */
export function revisionAt(position: number, batch: ReturnType<typeof batchOf> | undefined): BatchRevision {
  const none = [0n];
  return {
    place: placeAt(position),
    input: batch && { batch: encodeBatch(batch), replaced: undefined, signatures: [] },
    event: {
      month: 0,
      hourCount: 1,
      revision: 0,
      replaced: zeroHash,
      grade: 0,
      missing: 0,
      accrued: 0n,
      digest: zeroHash,
      rowRoot: zeroHash,
      injected: none,
      withdrawn: none,
      shared: none,
    },
  };
}

export function rosterAt(position: number, version: number, effectiveHour: number, roster: Roster): RosterRecord {
  return { place: placeAt(position), version, effectiveHour, blob: encodeRoster(roster) };
}

/** The first hour of each month, with the reading of each row. */
export function firstHours(roster: Roster, months: ReadonlyMap<Month, readonly number[]>): BatchRecord[] {
  return [...months].map(([month, readings]) => {
    const batch = batchOf(roster, startOfMonth(month), 1, (row) => readings[row] ?? 0);
    const prices = { priceMask: 0, prices: batch.prices.map((_, hour) => (hour === 0 ? 1_800_000 : 0)) };
    return { firstHour: batch.firstHour, revisions: [revisionAt(1, { ...batch, ...prices })], storedDigest: zeroHash };
  });
}

export function ledgerOf(rosters: readonly RosterRecord[], batches: readonly BatchRecord[]): LedgerHistory {
  const { firstHour } = batches[0] ?? { firstHour: 0 };
  return {
    address: zeroAddress,
    area: "AREA",
    firstMonth: 0,
    nextHour: firstHour,
    rosters,
    oracles: [],
    batches,
    months: [],
  };
}

export function accountAt(position: number, number: number, kind: AccountKind = "member"): AccountRecord {
  return {
    place: placeAt(position),
    number,
    kind,
    social: false,
    firstPayee: zeroAddress,
    payee: zeroAddress,
    closed: undefined,
  };
}

export function receiptAt(
  position: number,
  month: Month,
  net: bigint,
  change: Partial<ReceiptRecord> = {},
): ReceiptRecord {
  return {
    place: placeAt(position),
    number: position,
    configuration: 0,
    month,
    kind: "premium",
    account: 0,
    gross: net,
    fee: 0n,
    vat: 0n,
    net,
    documentHash: zeroHash,
    ...change,
  };
}

export function ruleSetAt(position: number, version: number, ruleSet: RuleSet): History["ruleSets"][number] {
  return { place: placeAt(position), version, encoded: encodeRuleSet(ruleSet) };
}

/** A run of configuration 0 opened at a position, weighed 1 later, approved 2 and paid 3 later. */
export function paidRunAt(position: number, number: number, fromMonth: Month, toMonth: Month): RunRecord {
  const months = Array.from({ length: toMonth - fromMonth + 1 }, (_, i) => fromMonth + i);
  const pools = { ordinary: 0n, excess: 0n, heldExcess: 0n, heldAdvance: 0n };
  return {
    number,
    opened: placeAt(position),
    fromMonth,
    toMonth,
    weighed: months.map((month) => ({
      place: placeAt(position + 1),
      configuration: 0,
      month,
      pools,
      ruleSet: 0,
      totals: [],
    })),
    apportioned: [],
    dust: [],
    proposed: { by: zeroAddress, totalOwed: 0n, provisional: false },
    approved: { place: placeAt(position + 2), by: zeroAddress, payable: 0n, overrideReason: "" },
    payouts: [],
    paid: { place: placeAt(position + 3), paidInAll: 0n },
    dropped: false,
  };
}

/** Nothing but what is given. */
export function historyOf(given: Partial<History>): History {
  return {
    chainId: 1,
    foreignCode: [],
    accounts: [],
    ledgers: [],
    ruleSets: [],
    receipts: [],
    adjustments: [],
    writeOffs: [],
    runs: [],
    treasury: { received: 0n, paid: 0n, supply: 0n, accounts: [], amounts: [], settled: [] },
    tokens: {
      payeeChanges: [],
      transfers: [],
      files: [],
      payments: [],
      settled: [],
      outcomes: [],
      redeemed: 0n,
      reversed: 0n,
      escrow: 0n,
      sums: [],
    },
    ...given,
  };
}

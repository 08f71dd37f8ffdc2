/** What a run would pay if it were approved now, and what an officer should look at before: no chain decides by this. */

import { sum } from "./amounts.ts";
import { auditRun } from "./auditRun.ts";
import type { Difference } from "./comparison.ts";
import type { Part, Remainder } from "./entitlements.ts";
import { GRADES, type Grade } from "./grade.ts";
import type { LedgerHistory, Place, RunRecord, SettledHistory } from "./history.ts";
import { endOfMonth, type Hour, type Month } from "./hours.ts";
import type { Pools } from "./pools.ts";
import { payeesOf, type Recomputed, type RecomputedCell, recomputeCell } from "./recompute.ts";
import type { LedgerSums } from "./recomputeLedger.ts";
import { channelsOf, type Roster } from "./roster.ts";
import { bookRun, type Cell, cellKey } from "./run.ts";

export type PreviewedHistory = Omit<SettledHistory, "ledgers"> & {
  readonly ledgers: readonly (SettledHistory["ledgers"][number] & Pick<LedgerHistory, "firstMonth">)[];
};

export type PreviewedCell = Cell & {
  readonly area: string;
  /** Σ net of the month's receipts, micro-euro. */
  readonly received: { readonly premium: bigint; readonly shared: bigint; readonly passedThrough: bigint };
  readonly isAdjusted: boolean;
  readonly pools: Pools;
  readonly ruleSet: number;
  /** Its last hour is not recorded. */
  readonly isOpen: boolean;
  readonly grade: Grade | undefined;
  readonly missing: number;
  readonly hoursWithoutPrice: number;
  /** Hours without a reading, by channel; channels without any left out. */
  readonly silent: readonly { readonly channel: number; readonly hours: number }[];
  /** Approving takes a reason. */
  readonly isProvisional: boolean;
};

export type PreviewedMonth = Cell & {
  /** Micro-euro: what earlier runs settled, and what this one entitles to. */
  readonly settled: bigint;
  readonly entitlement: bigint;
  /** What each rule gives and why, and what comes beside rules. */
  readonly parts: readonly Omit<Part, "account">[];
  readonly remainders: readonly Omit<Remainder, "account">[];
};

/** Micro-euro. */
export type PreviewedAccount = {
  readonly account: number;
  readonly owedBefore: bigint;
  /** Entitled to more than was settled before; negative where it was too much. */
  readonly delta: bigint;
  readonly amount: bigint;
  readonly owedAfter: bigint;
  /** Something is owed that is not paid yet: it waits for the minimum or the year's adjustment. */
  readonly waits: boolean;
  /** What the newest paid run did; undefined if it did nothing for this account. */
  readonly lastRun: { readonly run: number; readonly delta: bigint; readonly amount: bigint } | undefined;
  /** The months in which this run differs from what was settled. */
  readonly months: readonly PreviewedMonth[];
};

/** A version that was adopted after the newest paid run was opened. */
export type RosterChange = {
  readonly configuration: number;
  readonly version: number;
  readonly effectiveHour: Hour;
  /** Channels that the version before it did not have, and those that it does not have any more. */
  readonly joined: readonly number[];
  readonly left: readonly number[];
};

export type RunPreview = {
  readonly fromMonth: Month;
  readonly toMonth: Month;
  /** What the chain has computed; else it is worked out from what stands there now, and later data change it. */
  readonly isComputed: boolean;
  /** Micro-euro: Σ owed over the accounts to which something is owed, receipts not paid out, and what of them is paid. */
  readonly totalOwed: bigint;
  readonly unspent: bigint;
  readonly payable: bigint;
  readonly needsReason: boolean;
  readonly cells: readonly PreviewedCell[];
  readonly rosterChanges: readonly RosterChange[];
  readonly accounts: readonly PreviewedAccount[];
  /** Where what the chain has computed differs from what these sources make of the same data: do not approve it. */
  readonly differences: readonly Difference[];
};

const NOW: Place = { position: Number.MAX_SAFE_INTEGER, block: 0n, transaction: "0x" };
const ENOUGH = GRADES.indexOf("distributor");

/** A run over these months that nobody has opened yet. */
export function plannedRun(number: number, fromMonth: Month, toMonth: Month): RunRecord {
  return {
    ...{ number, fromMonth, toMonth, opened: NOW, weighed: [], apportioned: [], dust: [], payouts: [] },
    ...{ proposed: undefined, approved: undefined, paid: undefined, dropped: false },
  };
}

/** @param run the live one, or one that is planned */
export function previewRun(history: PreviewedHistory, recomputed: Recomputed, run: RunRecord): RunPreview {
  const { books, ledgers } = recomputed;
  const isComputed = isComputedOnChain(history, run);
  const weighed = isComputed ? run.weighed : cellsOf(history, run).map((cell) => ({ ...cell, place: NOW }));
  const cells = weighed.map((each) => ({ place: each.place, ...recomputeCell(history, ledgers, run, each) }));
  const payees = payeesOf(history, run);
  const entitlements = cells.map(({ cell, division }) => ({ cell, byAccount: division.entitlements }));
  const until = run.approved?.place.position ?? NOW.position;
  const receipts = history.receipts.filter(({ place }) => place.position < until);
  const unspent = sum(receipts.map(({ net }) => net)) - sum(books.paid.values());
  const booking = bookRun(books, entitlements, unspent, payees);
  const last = history.runs.findLast(({ paid }) => paid !== undefined);
  const previewed = cells.map((each) => previewedCell(history, ledgers[each.cell.configuration], each));
  return {
    ...{ fromMonth: run.fromMonth, toMonth: run.toMonth, isComputed, unspent },
    ...{ totalOwed: booking.totalOwed, payable: booking.payable },
    needsReason: previewed.some(({ isProvisional }) => isProvisional),
    cells: previewed,
    rosterChanges: ledgers.flatMap((ledger, configuration) => rosterChanges(ledger, configuration, last)),
    accounts: booking.payouts.map(({ account, delta, amount, owed }) => {
      const before = last?.payouts.find((payout) => payout.account === account);
      return {
        ...{ account, delta, amount, owedAfter: owed },
        owedBefore: books.owed.get(account) ?? 0n,
        waits: owed > 0n && amount === 0n,
        lastRun: last && before && { run: last.number, delta: before.delta, amount: before.amount },
        months: cells.flatMap((cell) => previewedMonth(cell, account, books.settled)),
      };
    }),
    differences: isComputed
      ? auditRun(history, recomputed, { run, cells, payees, booking: run.approved && booking })
      : [],
  };
}

/** Every cell is weighed and apportioned to every account that existed when the run was opened. */
function isComputedOnChain(history: PreviewedHistory, run: RunRecord): boolean {
  if (run.proposed !== undefined) return true;
  const accounts = history.accounts.filter(({ place }) => place.position < run.opened.position).length;
  const given = new Map<string, number>();
  for (const part of run.apportioned) {
    given.set(cellKey(part), (given.get(cellKey(part)) ?? 0) + part.entitlements.length);
  }
  const cells = cellsOf(history, run);
  return cells.length > 0 && cells.every((cell) => (given.get(cellKey(cell)) ?? 0) >= accounts);
}

function cellsOf({ ledgers }: PreviewedHistory, { fromMonth, toMonth }: RunRecord): Cell[] {
  return ledgers.flatMap(({ firstMonth }, configuration) => {
    const from = Math.max(fromMonth, firstMonth);
    return Array.from({ length: Math.max(0, toMonth - from + 1) }, (_, i) => ({ configuration, month: from + i }));
  });
}

function previewedCell(
  history: PreviewedHistory,
  ledger: LedgerSums | undefined,
  { cell, place, amounts, isAdjusted, pools, ruleSetVersion }: RecomputedCell & { readonly place: Place },
): PreviewedCell {
  const { area = "", nextHour = 0 } = history.ledgers[cell.configuration] ?? {};
  const sums = ledger?.monthAt(cell.month, place.position);
  const { missing = 0, hoursWithoutPrice = 0 } = sums ?? {};
  const grade = sums && GRADES[sums.grade];
  return {
    ...{ ...cell, area, isAdjusted, pools, ruleSet: ruleSetVersion, grade, missing, hoursWithoutPrice },
    received: { ...amounts, passedThrough: sum(amounts.passedThrough.values()) },
    isOpen: nextHour < endOfMonth(cell.month),
    silent: [...(sums?.channels ?? [])].flatMap(([channel, { missing: hours }]) =>
      hours === 0 ? [] : [{ channel, hours }],
    ),
    isProvisional: sums === undefined || missing > 0 || hoursWithoutPrice > 0 || sums.grade < ENOUGH,
  };
}

function previewedMonth(
  { cell, division }: RecomputedCell,
  account: number,
  books: ReadonlyMap<string, ReadonlyMap<number, bigint>>,
): PreviewedMonth[] {
  const settled = books.get(cellKey(cell))?.get(account) ?? 0n;
  const entitlement = division.entitlements.get(account) ?? 0n;
  if (settled === entitlement) return [];
  const own = <T extends { readonly account: number }>(list: readonly T[]) =>
    list.filter((each) => each.account === account).map(({ account: _, ...rest }) => rest);
  return [{ ...cell, settled, entitlement, parts: own(division.parts), remainders: own(division.remainders) }];
}

function rosterChanges({ versions }: LedgerSums, configuration: number, last: RunRecord | undefined): RosterChange[] {
  return versions.flatMap(({ position, effectiveHour, roster }, index) => {
    if (last === undefined || position < last.opened.position) return [];
    const [had, has] = [channelNumbers(versions[index - 1]?.roster), channelNumbers(roster)];
    const joined = [...has.difference(had)];
    const left = [...had.difference(has)];
    return [{ configuration, version: index + 1, effectiveHour, joined, left }];
  });
}

function channelNumbers(roster: Roster | undefined): Set<number> {
  return new Set(roster === undefined ? [] : channelsOf(roster).map(({ number }) => number));
}

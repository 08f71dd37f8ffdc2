/** Computes a community's settlement anew from what went in: batches, rosters, rules, receipts and the order of events. */

import { zeroHash } from "viem";
import { sum } from "./amounts.ts";
import { type Division, divide } from "./entitlements.ts";
import type { History, RunRecord, SettledHistory } from "./history.ts";
import type { Month } from "./hours.ts";
import { type InForce, keysOfMonth, rostersOfMonth } from "./keys.ts";
import { perObject } from "./perObject.ts";
import { type Amounts, type Pools, poolsOf, type YearToDate } from "./pools.ts";
import { addPlantSums, NO_PLANT_SUMS } from "./premium.ts";
import { type LedgerSums, type RecomputedLedger, recomputeLedger, versionsAt } from "./recomputeLedger.ts";
import { decodeRuleSet, PAY_ALL, type RuleSet, ruleSetOf } from "./rules.ts";
import { type Booking, type Books, bookRun, type Cell, cellKey, EMPTY_BOOKS, type Payee, writeOff } from "./run.ts";

export type RecomputedCell = {
  readonly cell: Cell;
  readonly amounts: Amounts;
  /** GSE's adjustment of the month's year was booked when the run weighed it. */
  readonly isAdjusted: boolean;
  readonly year: YearToDate;
  readonly pools: Pools;
  readonly ruleSetVersion: number;
  readonly ruleSet: RuleSet;
  readonly rosters: readonly InForce[];
  readonly keys: readonly ReadonlyMap<number, bigint>[];
  readonly division: Division;
};

export type RecomputedRun = {
  readonly run: RunRecord;
  readonly cells: readonly RecomputedCell[];
  readonly payees: readonly Payee[];
  /** Undefined until the run is approved. */
  readonly booking: Booking | undefined;
};

/** @typeParam Ledger with its batches for an audit; a settlement needs their sums only */
export type Recomputed<Ledger extends LedgerSums = LedgerSums> = {
  readonly ledgers: readonly Ledger[];
  readonly runs: readonly RecomputedRun[];
  readonly books: Books;
};

const MONTHS = 12;

/** Stands in where no rule set was in force; counted as version 0. */
const NO_RULES: RuleSet = {
  fromMonth: 0,
  remainders: { fallbackFund: 0, excessFallbackFund: 0, excessReserve: 0, advanceReserve: 0 },
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules: [],
};

export function recompute(history: History): Recomputed<RecomputedLedger> {
  return recomputeFrom(
    history,
    history.ledgers.map((ledger) => recomputeLedger(ledger, history.chainId)),
  );
}

/** @param ledgers what was computed of them before, by configuration */
export function recomputeFrom<Ledger extends LedgerSums>(
  history: SettledHistory,
  ledgers: readonly Ledger[],
): Recomputed<Ledger> {
  let books = EMPTY_BOOKS;
  let paidSoFar = 0n;
  const writeOffs = [...history.writeOffs];
  const writeOffUntil = (position: number) => {
    while (writeOffs[0] !== undefined && writeOffs[0].place.position < position) {
      books = writeOff(books, writeOffs[0]);
      writeOffs.shift();
    }
  };
  const runs = history.runs.map((run): RecomputedRun => {
    writeOffUntil(run.opened.position);
    const cells = run.weighed.map((weighed) => recomputeCell(history, ledgers, run, weighed));
    const payees = payeesOf(history, run);
    const { approved } = run;
    if (approved === undefined) return { run, cells, payees, booking: undefined };
    const receivedThen = sum(
      history.receipts.filter(({ place }) => place.position < approved.place.position).map(({ net }) => net),
    );
    const entitlements = cells.map(({ cell, division }) => ({ cell, byAccount: division.entitlements }));
    const booking = bookRun(books, entitlements, receivedThen - paidSoFar, payees);
    if (run.paid !== undefined) {
      books = booking.books;
      paidSoFar += sum(booking.payouts.map(({ amount }) => amount));
    }
    return { run, cells, payees, booking };
  });
  writeOffUntil(Number.POSITIVE_INFINITY);
  return { ledgers, runs, books };
}

/** The accounts that existed when a run was opened; one that was closed before its payout has no minimum. */
export function payeesOf(history: SettledHistory, run: RunRecord): Payee[] {
  const policy = ruleSetOf(adoptedBefore(history, run), run.toMonth)?.policy ?? PAY_ALL;
  return history.accounts
    .filter(({ place }) => place.position < run.opened.position)
    .map(({ number, kind, closed }) => {
      if (kind === "reserve") return { account: number, minimum: undefined };
      const payout = run.payouts.find(({ account }) => account === number)?.place ?? run.paid?.place;
      // Of a run that is not paid yet, what is closed now will be closed then.
      const isClosed = closed !== undefined && (payout === undefined || closed.position < payout.position);
      return { account: number, minimum: isClosed ? 0n : policy.minimumPayment };
    });
}

function adoptedBefore(history: SettledHistory, run: RunRecord): RuleSet[] {
  return history.ruleSets
    .filter(({ place }) => place.position < run.opened.position)
    .map(({ encoded }) => decodeRuleSet(encoded));
}

/** What a run divides in one month of one configuration, by what stood on the chain when it weighed it. */
export function recomputeCell(
  history: SettledHistory,
  ledgers: readonly LedgerSums[],
  run: RunRecord,
  weighed: Pick<RunRecord["weighed"][number], "configuration" | "month" | "place">,
): RecomputedCell {
  const { configuration, month } = weighed;
  const cell = { configuration, month };
  const { position } = weighed.place;
  const ledger = ledgers[configuration];
  const sums = ledger?.monthAt(month, position);
  const ruleSets = adoptedBefore(history, run);
  const ruleSet = ruleSetOf(ruleSets, month) ?? NO_RULES;
  const isAdjusted = isYearAdjusted(history, cell, position);
  const amounts = amountsOf(history, cell, position);
  const december = yearOf(month) * MONTHS + MONTHS - 1;
  const through = isAdjusted ? december : Math.min(run.toMonth, december);
  const year = yearToDate(ledger, through, position);
  const pools = poolsOf(amounts, year, ruleSet.policy, isAdjusted);
  const coincident = new Map([...(sums?.channels ?? [])].map(([number, channel]) => [number, channel.coincident]));
  const attributed = sums?.attributed ?? new Map<number, bigint>();
  const versions = ledger ? versionsAt(ledger, position) : [];
  const keys = ruleSet.rules.map((rule) => keysOfMonth(rule, month, versions, { coincident, attributed }));
  return {
    cell,
    amounts,
    isAdjusted,
    year,
    pools,
    ruleSetVersion: ruleSets.indexOf(ruleSet) + 1,
    ruleSet,
    rosters: rostersOfMonth(month, versions),
    keys,
    division: divide(pools, ruleSet, keys, amounts.passedThrough),
  };
}

/** The division of a cell in the newest paid run that covers it. */
export function settledCell(recomputed: Recomputed, cell: Cell): RecomputedCell | undefined {
  return settledCells(recomputed).get(cellKey(cell));
}

const settledCells = perObject(({ runs }: Recomputed): ReadonlyMap<string, RecomputedCell> => {
  const paid = runs.filter(({ run }) => run.paid !== undefined).flatMap(({ cells }) => cells);
  return new Map(paid.map((cell) => [cellKey(cell.cell), cell]));
});

/** Whether GSE's adjustment of a cell's year was booked before a position on the chain. */
export function isYearAdjusted(
  history: Pick<History, "adjustments">,
  { configuration, month }: Cell,
  position: number,
): boolean {
  return history.adjustments.some(
    (adjustment) =>
      adjustment.configuration === configuration &&
      adjustment.year === yearOf(month) &&
      adjustment.place.position < position,
  );
}

/** Σ net of a cell's receipts that were booked before a position on the chain. */
export function amountsOf(
  history: Pick<History, "receipts">,
  { configuration, month }: Cell,
  position: number,
): Amounts {
  const receipts = history.receipts.filter(
    (receipt) =>
      receipt.configuration === configuration && receipt.month === month && receipt.place.position < position,
  );
  const passedThrough = new Map<number, bigint>();
  for (const { account, net } of receipts.filter((receipt) => receipt.account !== 0)) {
    passedThrough.set(account, (passedThrough.get(account) ?? 0n) + net);
  }
  const shared = receipts.filter(({ account, kind }) => account === 0 && kind !== "premium");
  return {
    premium: sum(receipts.filter(({ kind }) => kind === "premium").map(({ net }) => net)),
    shared: sum(shared.map(({ net }) => net)),
    passedThrough,
  };
}

/** What a configuration earned from January to the month, as its readings stood at a position on the chain. */
function yearToDate(ledger: LedgerSums | undefined, through: Month, position: number): YearToDate {
  let accrued = 0n;
  let [withoutGrant, withGrant] = [NO_PLANT_SUMS, NO_PLANT_SUMS];
  for (let month = yearOf(through) * MONTHS; month <= through; month++) {
    const sums = ledger?.monthAt(month, position);
    if (sums === undefined) continue;
    accrued += sums.accrued;
    withoutGrant = addPlantSums(withoutGrant, sums.plantSets.withoutGrant);
    withGrant = addPlantSums(withGrant, sums.plantSets.withGrant);
  }
  return { accrued, withoutGrant, withGrant };
}

function yearOf(month: Month): number {
  return Math.floor(month / MONTHS);
}

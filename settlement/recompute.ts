/** Computes a community's settlement anew from what went in: batches, rosters, rules, receipts and the order of events. */

import { zeroHash } from "viem";
import { sum } from "./amounts.ts";
import { type Division, divide } from "./entitlements.ts";
import type { History, RunRecord } from "./history.ts";
import { keysOfMonth } from "./keys.ts";
import { monthAt, type RecomputedLedger, recomputeLedger, versionsAt } from "./recomputeLedger.ts";
import { decodeRuleSet, type RuleSet, ruleSetOf } from "./rules.ts";
import { type Booking, type Books, bookRun, type Cell, cellKey, EMPTY_BOOKS } from "./run.ts";

export type RecomputedCell = {
  readonly cell: Cell;
  readonly pool: bigint;
  readonly ruleSetVersion: number;
  readonly ruleSet: RuleSet;
  readonly keys: readonly ReadonlyMap<number, bigint>[];
  readonly division: Division;
};

export type RecomputedRun = {
  readonly run: RunRecord;
  readonly cells: readonly RecomputedCell[];
  /** Undefined until the run is approved. */
  readonly booking: Booking | undefined;
};

export type Recomputed = {
  readonly ledgers: readonly RecomputedLedger[];
  readonly runs: readonly RecomputedRun[];
  readonly books: Books;
};

/** Stands in where no rule set was in force; counted as version 0. */
const NO_RULES: RuleSet = { fromMonth: 0, fallbackFund: 0, documentHash: zeroHash, rules: [] };

export function recompute(history: History): Recomputed {
  const ledgers = history.ledgers.map((ledger) => recomputeLedger(ledger, history.chainId));
  let books = EMPTY_BOOKS;
  let paidSoFar = 0n;
  const runs = history.runs.map((run): RecomputedRun => {
    const cells = run.weighed.map((weighed) => recomputeCell(history, ledgers, run, weighed));
    const { approved } = run;
    if (approved === undefined) return { run, cells, booking: undefined };
    const receivedThen = sum(
      history.receipts.filter(({ place }) => place.position < approved.place.position).map(({ net }) => net),
    );
    const accounts = history.accounts
      .filter(({ place }) => place.position < run.opened.position)
      .map(({ number }) => number);
    const entitlements = cells.map(({ cell, division }) => ({ cell, byAccount: division.entitlements }));
    const booking = bookRun(books, entitlements, receivedThen - paidSoFar, accounts);
    if (run.paid !== undefined) {
      books = booking.books;
      paidSoFar += sum(booking.payouts.map(({ amount }) => amount));
    }
    return { run, cells, booking };
  });
  return { ledgers, runs, books };
}

function recomputeCell(
  history: History,
  ledgers: readonly RecomputedLedger[],
  run: RunRecord,
  weighed: RunRecord["weighed"][number],
): RecomputedCell {
  const { configuration, month } = weighed;
  const ledger = ledgers[configuration];
  const { position } = weighed.place;
  const sums = ledger && monthAt(ledger, month, position);
  const pool = sum(
    history.receipts
      .filter((receipt) => receipt.configuration === configuration && receipt.month === month)
      .filter((receipt) => receipt.place.position < position)
      .map(({ net }) => net),
  );
  const ruleSets = history.ruleSets
    .filter(({ place }) => place.position < run.opened.position)
    .map(({ encoded }) => decodeRuleSet(encoded));
  const ruleSet = ruleSetOf(ruleSets, month) ?? NO_RULES;
  const coincident = new Map([...(sums?.channels ?? [])].map(([number, channel]) => [number, channel.coincident]));
  const attributed = sums?.attributed ?? new Map<number, bigint>();
  const versions = ledger ? versionsAt(ledger, position) : [];
  const keys = ruleSet.rules.map((rule) => keysOfMonth(rule, month, versions, { coincident, attributed }));
  return {
    cell: { configuration, month },
    pool,
    ruleSetVersion: ruleSets.indexOf(ruleSet) + 1,
    ruleSet,
    keys,
    division: divide(pool, ruleSet, keys),
  };
}

/** The division of a cell in the newest paid run that covers it. */
export function settledCell(recomputed: Recomputed, cell: Cell): RecomputedCell | undefined {
  return recomputed.runs
    .filter(({ run }) => run.paid !== undefined)
    .flatMap(({ cells }) => cells)
    .findLast((candidate) => cellKey(candidate.cell) === cellKey(cell));
}

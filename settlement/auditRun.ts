/** The audit of one run: what it covers, its keys and entitlements, approval and payouts. */

import { sum } from "./amounts.ts";
import { Comparison, type Difference, union } from "./comparison.ts";
import { GRADES } from "./grade.ts";
import type { LedgerHistory, WeighedRecord } from "./history.ts";
import { endOfMonth, formatMonth } from "./hours.ts";
import type { Recomputed, RecomputedCell, RecomputedRun } from "./recompute.ts";
import { type Cell, cellKey } from "./run.ts";

/** What of a history the audit of a run needs. */
export type AuditedHistory = { readonly ledgers: readonly Pick<LedgerHistory, "firstMonth" | "nextHour">[] };

export function auditRun(
  history: AuditedHistory,
  recomputed: Recomputed,
  { run, cells, booking }: RecomputedRun,
): Difference[] {
  const compare = new Comparison(`run ${run.number}`);
  if (run.proposed !== undefined) {
    compare.same("months and configurations", run.weighed.map(cellKey), cellsOfRun(history, run).map(cellKey));
    const provisional = run.weighed.some((weighed) => wasProvisional(recomputed, weighed));
    compare.same("provisional", run.proposed.provisional, provisional);
    if (provisional && run.approved?.overrideReason === "") {
      compare.same("reason to pay on provisional months", "none", "one given by who approved");
    }
  }
  for (const [index, cell] of cells.entries()) compareCell(compare, run, cell, run.weighed[index]);
  for (const [configuration, ledger] of history.ledgers.entries()) {
    if (ledger.nextHour < endOfMonth(run.toMonth)) {
      compare.same(`month ${formatMonth(run.toMonth)} of configuration ${configuration}`, "open", "closed");
    }
  }
  if (run.approved !== undefined && run.proposed !== undefined) {
    const { by } = run.approved;
    if (by === run.proposed.by) compare.same("approved by", by, "another person than who proposed it");
  }
  if (run.paid !== undefined && run.approved === undefined) compare.same("approval", "none", "by the president");
  if (booking === undefined) return compare.differences;

  compare.same("owed in all (micro-euro)", run.proposed?.totalOwed, booking.totalOwed);
  compare.same("payable (micro-euro)", run.approved?.payable, booking.payable);
  if (run.paid === undefined) return compare.differences;
  const expected = new Map(booking.payouts.map((payout) => [payout.account, payout]));
  for (const account of union(new Map(run.payouts.map((payout) => [payout.account, payout])), expected)) {
    const payout = run.payouts.find((candidate) => candidate.account === account);
    compare.same(`difference booked for account ${account} (micro-euro)`, payout?.delta, expected.get(account)?.delta);
    compare.same(`payout to account ${account} (micro-euro)`, payout?.amount, expected.get(account)?.amount);
    compare.same(`still owed to account ${account} (micro-euro)`, payout?.owed, expected.get(account)?.owed);
  }
  compare.same("payouts", run.payouts.length, booking.payouts.length);
  compare.same("paid in all when it was paid (micro-euro)", run.paid.paidInAll, sum(booking.books.paid.values()));
  return compare.differences;
}

/** The months of the configurations that it covers; a configuration added after it was opened has no part in it. */
function cellsOfRun(history: AuditedHistory, run: RecomputedRun["run"]): Cell[] {
  const configurations = Math.max(-1, ...run.weighed.map(({ configuration }) => configuration)) + 1;
  return history.ledgers.slice(0, configurations).flatMap(({ firstMonth }, configuration) => {
    const from = Math.max(run.fromMonth, firstMonth);
    return Array.from({ length: Math.max(0, run.toMonth - from + 1) }, (_, i) => ({ configuration, month: from + i }));
  });
}

/** As its readings stood when the run weighed it. */
function wasProvisional({ ledgers }: Recomputed, { configuration, month, place }: WeighedRecord): boolean {
  const ledger = ledgers[configuration];
  const sums = ledger?.monthAt(month, place.position);
  if (sums === undefined || sums.missing > 0 || sums.hoursWithoutPrice > 0) return true;
  return sums.grade < GRADES.indexOf("distributor");
}

function compareCell(
  compare: Comparison,
  run: RecomputedRun["run"],
  { cell, pools, ruleSet, ruleSetVersion, keys, division }: RecomputedCell,
  weighed: RecomputedRun["run"]["weighed"][number] | undefined,
): void {
  const name = `configuration ${cell.configuration}, month ${formatMonth(cell.month)}`;
  const isCell = (part: { configuration: number; month: number }) =>
    part.configuration === cell.configuration && part.month === cell.month;
  compare.same(`ordinary pool of ${name} (micro-euro)`, weighed?.pools.ordinary, pools.ordinary);
  compare.same(`excess pool of ${name} (micro-euro)`, weighed?.pools.excess, pools.excess);
  compare.same(`excess held of ${name} (micro-euro)`, weighed?.pools.heldExcess, pools.heldExcess);
  compare.same(`advance held of ${name} (micro-euro)`, weighed?.pools.heldAdvance, pools.heldAdvance);
  compare.same(`rule set of ${name}`, weighed?.ruleSet, ruleSetVersion);
  for (const [rule, { key }] of ruleSet.rules.entries()) {
    const total = sum((keys[rule] ?? new Map<number, bigint>()).values());
    compare.same(`key total of rule ${rule + 1} (${key}) of ${name}`, weighed?.totals[rule], total);
  }
  if (run.proposed === undefined) return;
  const entitlements = new Map<number, bigint>();
  for (const part of run.apportioned.filter(isCell)) {
    for (const [i, amount] of part.entitlements.entries()) entitlements.set(part.firstAccount + i, amount);
  }
  const dust = run.dust.filter(isCell);
  const expectedDust = division.remainders.filter(({ kind }) => kind === "dust" || kind === "excess-dust");
  const dustOf = (parts: readonly { readonly amount: bigint }[]) => sum(parts.map(({ amount }) => amount));
  compare.same(`dust of ${name} (micro-euro)`, dust.length === 0 ? undefined : dustOf(dust), dustOf(expectedDust));
  for (const { fund, amount } of dust) {
    entitlements.set(fund, (entitlements.get(fund) ?? 0n) + amount);
  }
  for (const account of union(entitlements, division.entitlements)) {
    const expected = division.entitlements.get(account) ?? 0n;
    compare.same(`entitlement of account ${account}, ${name} (micro-euro)`, entitlements.get(account) ?? 0n, expected);
  }
}

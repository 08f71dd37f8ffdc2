/**
 * The audit: what the chain says of its results against what settlement/ computes from what went in.
 *
 * Differences come in the order in which a person would want to hear of them: code, readings, tallies, months, rules,
 * receipts, runs, money. The first is usually the cause of the others.
 */

import { recoverAddress } from "viem";
import { sum } from "./amounts.ts";
import { GRADES } from "./grade.ts";
import type { BatchRecord, History, LedgerHistory, MonthRecord, OracleRecord } from "./history.ts";
import { endOfMonth, formatHour, formatMonth, marketDayOf, monthOf } from "./hours.ts";
import type {
  Recomputed,
  RecomputedBatch,
  RecomputedCell,
  RecomputedLedger,
  RecomputedMonth,
  RecomputedRun,
} from "./recompute.ts";
import { WHOLE } from "./rules.ts";
import { type Cell, cellKey } from "./run.ts";

export type Difference = {
  /** Where, in words: `ledger AREA, day 2026-03-01, hour 2026-03-01T08:00:00Z`. */
  readonly place: string;
  readonly subject: string;
  readonly chain: string;
  readonly recomputed: string;
};

/** All differences between the chain and the recomputation; none means that every number can be relied on. */
export async function audit(history: History, recomputed: Recomputed): Promise<Difference[]> {
  const ledgers = await Promise.all(
    history.ledgers.map((ledger, index) => auditLedger(ledger, recomputed.ledgers[index])),
  );
  return [
    ...history.foreignCode.map(({ contract, address }) => ({
      place: `contract ${contract} at ${address}`,
      subject: "code",
      chain: "other code",
      recomputed: "what these sources compile to",
    })),
    ...ledgers.flat(),
    ...auditRules(history),
    ...auditReceipts(history),
    ...recomputed.runs.flatMap((run) => auditRun(history, recomputed, run)),
    ...auditMoney(history, recomputed),
  ];
}

/** Collects differences at one place. */
class Comparison {
  readonly differences: Difference[] = [];
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  same(subject: string, chain: unknown, recomputed: unknown): void {
    if (String(chain) === String(recomputed)) return;
    this.differences.push({
      place: this.#place,
      subject,
      chain: String(chain),
      recomputed: String(recomputed),
    });
  }
}

async function auditLedger(ledger: LedgerHistory, recomputed: RecomputedLedger | undefined): Promise<Difference[]> {
  const differences: Difference[] = [];
  let expectedHour = ledger.batches[0]?.firstHour ?? ledger.nextHour;
  for (const [index, record] of ledger.batches.entries()) {
    const place = `ledger ${ledger.area}, batch of ${marketDayOf(record.firstHour)} from ${formatHour(record.firstHour)}`;
    const compare = new Comparison(place);
    compare.same("first hour", record.firstHour, expectedHour);
    const batch = recomputed?.batches[index];
    if (record.input === undefined || batch === undefined) {
      compare.same("calldata", "not a readable call of record", "a batch of the roster in force");
    } else {
      compareBatch(compare, record, batch);
      await compareSignatures(compare, ledger, record, batch);
      compareRosterVersion(compare, ledger, record, batch);
    }
    expectedHour = record.firstHour + record.event.hourCount;
    differences.push(...compare.differences);
  }
  const next = new Comparison(`ledger ${ledger.area}`);
  next.same("next hour", ledger.nextHour, expectedHour);
  const months = ledger.months.flatMap((month) => auditMonth(ledger, month, recomputed?.months.get(month.month)));
  return [...differences, ...next.differences, ...months];
}

function compareBatch(compare: Comparison, { event, storedDigest }: BatchRecord, recomputed: RecomputedBatch): void {
  const { batch, tally } = recomputed;
  compare.same("row root", event.rowRoot, recomputed.rowRoot);
  compare.same("digest in the event", event.digest, recomputed.digest);
  compare.same("stored digest", storedDigest, recomputed.digest);
  compare.same("hours", event.hourCount, batch.hourCount);
  compare.same("month", formatMonth(event.month), formatMonth(monthOf(batch.firstHour)));
  compare.same("grade", GRADES[event.grade] ?? event.grade, batch.grade);
  compare.same("missing readings", event.missing, recomputed.missing);
  for (let hour = 0; hour < batch.hourCount; hour++) {
    const name = formatHour(batch.firstHour + hour);
    compare.same(`injected Wh at ${name}`, event.injected[hour], tally.injected[hour]);
    compare.same(`withdrawn Wh at ${name}`, event.withdrawn[hour], tally.withdrawn[hour]);
    compare.same(`shared Wh at ${name}`, event.shared[hour], tally.shared[hour]);
  }
  compare.same("accrued premium (10⁻¹⁰ €)", event.accrued, tally.accrued);
}

async function compareSignatures(
  compare: Comparison,
  ledger: LedgerHistory,
  record: BatchRecord,
  recomputed: RecomputedBatch,
): Promise<void> {
  const inForce: OracleRecord | undefined = ledger.oracles.findLast(
    ({ place }) => place.position < record.place.position,
  );
  const signers = await Promise.all(
    (record.input?.signatures ?? []).map((signature) =>
      recoverAddress({ hash: recomputed.digest, signature }).catch(() => "an invalid signature"),
    ),
  );
  const known = new Set(inForce?.oracles);
  const valid = new Set(signers.filter((signer) => [...known].some((oracle) => oracle === signer)));
  const quorum = inForce?.quorum ?? 1;
  if (valid.size < quorum) {
    compare.same("signatures", `signed by ${signers.join(", ")}`, `${quorum} of the oracles ${[...known].join(", ")}`);
  }
}

function compareRosterVersion(
  compare: Comparison,
  ledger: LedgerHistory,
  record: BatchRecord,
  { batch }: RecomputedBatch,
): void {
  const inForce = ledger.rosters.findLast(({ effectiveHour }) => effectiveHour <= record.firstHour);
  compare.same("roster version", batch.rosterVersion, inForce?.version);
}

function auditMonth(ledger: LedgerHistory, stored: MonthRecord, recomputed: RecomputedMonth | undefined): Difference[] {
  const compare = new Comparison(`ledger ${ledger.area}, month ${formatMonth(stored.month)}`);
  compare.same("injected Wh", stored.injected, recomputed?.injected);
  compare.same("withdrawn Wh", stored.withdrawn, recomputed?.withdrawn);
  compare.same("shared Wh", stored.shared, recomputed?.shared);
  compare.same("accrued premium (10⁻¹⁰ €)", stored.accrued, recomputed?.accrued);
  compare.same("missing readings", stored.missing, recomputed?.missing);
  compare.same("hours recorded", stored.hoursRecorded, recomputed?.hours);
  compare.same("grade", GRADES[stored.grade], GRADES[recomputed?.grade ?? -1]);
  for (const channel of union(stored.coincident, recomputed?.channels)) {
    const expected = recomputed?.channels.get(channel)?.coincident ?? 0n;
    compare.same(`coincident Wh of channel ${channel}`, stored.coincident.get(channel) ?? 0n, expected);
  }
  for (const plant of union(stored.attributed, recomputed?.attributed)) {
    const expected = recomputed?.attributed.get(plant) ?? 0n;
    compare.same(`attributed Wh of plant ${plant}`, stored.attributed.get(plant) ?? 0n, expected);
  }
  return compare.differences;
}

function auditRules(history: History): Difference[] {
  return history.ruleSets.flatMap(({ version, encoded }) => {
    const compare = new Comparison(`rule set ${version}`);
    compare.same("sum of shares", sum(encoded.rules.map(({ share }) => BigInt(share))), WHOLE);
    const funds = history.accounts.filter(({ kind }) => kind === "fund").map(({ number }) => number);
    if (!funds.includes(encoded.fallbackFund)) compare.same("fallback fund", encoded.fallbackFund, "a fund");
    return compare.differences;
  });
}

function auditReceipts(history: History): Difference[] {
  const compare = new Comparison("receipts");
  for (const { number, gross, fee, vat, net } of history.receipts) {
    compare.same(`net of receipt ${number} (micro-euro)`, net, gross - fee - vat);
  }
  const expected = new Map<string, bigint>();
  for (const { configuration, month, net } of history.receipts) {
    const key = `${configuration}/${month}`;
    expected.set(key, (expected.get(key) ?? 0n) + net);
  }
  for (const { configuration, month, amount } of history.treasury.pools) {
    const name = `pool of configuration ${configuration}, month ${formatMonth(month)} (micro-euro)`;
    compare.same(name, amount, expected.get(`${configuration}/${month}`) ?? 0n);
  }
  compare.same("received in all (micro-euro)", history.treasury.received, sum(history.receipts.map(({ net }) => net)));
  return compare.differences;
}

function auditRun(history: History, recomputed: Recomputed, { run, cells, booking }: RecomputedRun): Difference[] {
  const compare = new Comparison(`run ${run.number}`);
  if (run.proposed !== undefined) {
    compare.same("months and configurations", run.weighed.map(cellKey), cellsOfRun(history, run).map(cellKey));
    const provisional = cells.some(({ cell }) => isProvisional(recomputed, cell));
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
function cellsOfRun(history: History, run: RecomputedRun["run"]): Cell[] {
  const configurations = Math.max(-1, ...run.weighed.map(({ configuration }) => configuration)) + 1;
  return history.ledgers.slice(0, configurations).flatMap(({ firstMonth }, configuration) => {
    const from = Math.max(run.fromMonth, firstMonth);
    return Array.from({ length: Math.max(0, run.toMonth - from + 1) }, (_, i) => ({ configuration, month: from + i }));
  });
}

function isProvisional({ ledgers }: Recomputed, { configuration, month }: Cell): boolean {
  const sums = ledgers[configuration]?.months.get(month);
  return sums === undefined || sums.missing > 0 || sums.grade < GRADES.indexOf("distributor");
}

function compareCell(
  compare: Comparison,
  run: RecomputedRun["run"],
  { cell, pool, ruleSet, ruleSetVersion, keys, division }: RecomputedCell,
  weighed: RecomputedRun["run"]["weighed"][number] | undefined,
): void {
  const name = `configuration ${cell.configuration}, month ${formatMonth(cell.month)}`;
  const isCell = (part: { configuration: number; month: number }) =>
    part.configuration === cell.configuration && part.month === cell.month;
  compare.same(`pool of ${name} (micro-euro)`, weighed?.pool, pool);
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
  const dust = run.dust.find(isCell);
  compare.same(`dust of ${name} (micro-euro)`, dust?.amount, division.dust);
  if (dust !== undefined) {
    entitlements.set(dust.fallbackFund, (entitlements.get(dust.fallbackFund) ?? 0n) + dust.amount);
  }
  for (const account of union(entitlements, division.entitlements)) {
    const expected = division.entitlements.get(account) ?? 0n;
    compare.same(`entitlement of account ${account}, ${name} (micro-euro)`, entitlements.get(account) ?? 0n, expected);
  }
}

function auditMoney(history: History, { books }: Recomputed): Difference[] {
  const compare = new Comparison("treasury");
  const { treasury } = history;
  for (const { configuration, month, account, amount } of treasury.settled) {
    const expected = books.settled.get(`${configuration}/${month}`)?.get(account) ?? 0n;
    compare.same(
      `settled for account ${account}, configuration ${configuration}, month ${formatMonth(month)} (micro-euro)`,
      amount,
      expected,
    );
  }
  for (const { number, owed, paid, balance } of treasury.accounts) {
    compare.same(`owed to account ${number} (micro-euro)`, owed, books.owed.get(number) ?? 0n);
    compare.same(`paid to account ${number} (micro-euro)`, paid, books.paid.get(number) ?? 0n);
    compare.same(`tokens of account ${number} (micro-euro)`, balance, books.paid.get(number) ?? 0n);
  }
  const paid = sum(books.paid.values());
  compare.same("paid in all (micro-euro)", treasury.paid, paid);
  compare.same("token supply (micro-euro)", treasury.supply, paid);
  return compare.differences;
}

function union(...maps: (ReadonlyMap<number, unknown> | undefined)[]): number[] {
  return [...new Set(maps.flatMap((map) => [...(map?.keys() ?? [])]))].toSorted((a, b) => a - b);
}

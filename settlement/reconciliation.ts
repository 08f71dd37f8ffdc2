/** What GSE paid against what it owes: by month the advances, by year everything (rules.md, Cash flow with GSE). */

import { type AdvanceState, scheduleAdvances } from "./advanceSchedule.ts";
import { sum } from "./amounts.ts";
import { type FeeTerms, yearlyFeeToCents } from "./gseFee.ts";
import { type GseTables, inForce } from "./gseTables.ts";
import type { History } from "./history.ts";
import { type Month, startOfMonth } from "./hours.ts";
import { type Evidence, evidenceOfMonth } from "./monthEvidence.ts";
import { expectedOfMonth, type MonthExpected, type Plant, type Unknown, yearOf } from "./monthExpected.ts";
import { adjustmentsAmong, type MonthReceived, receivedOfMonth } from "./monthReceived.ts";
import type { Recomputed } from "./recompute.ts";
import { type Finding, findingsOf } from "./reconciliationFindings.ts";

/** Micro-euro. */
export type Balance = {
  /** Undefined if something that it depends on is not known. */
  readonly expected: bigint | undefined;
  readonly received: bigint;
  /** Received − expected; undefined if that is not known. */
  readonly difference: bigint | undefined;
};

export type ReconciledMonth = {
  readonly month: Month;
  readonly advance: Balance;
  readonly advanceState: AdvanceState;
  /** All premium received so far against what was accrued. */
  readonly premium: Balance;
  readonly valorisation: Balance;
  readonly hasValorisation: boolean;
  /** Wh that earned a premium, and Wh shared. */
  readonly premiumEnergy: bigint;
  readonly shared: bigint;
  /** How many plants earn a premium. */
  readonly plants: number;
  readonly evidence: Evidence;
};

export type ReconciledYear = {
  readonly configuration: number;
  readonly area: string;
  readonly year: number;
  /** GSE's adjustment is booked. */
  readonly isAdjusted: boolean;
  /** Everything of the year should have come: it is adjusted, or the May of its adjustment is over. */
  readonly isDue: boolean;
  readonly months: readonly ReconciledMonth[];
  readonly premium: Balance;
  readonly valorisation: Balance;
  /** GSE's fee with its VAT. */
  readonly fees: Balance;
  /** What some amounts depend on and nobody said. */
  readonly unknown: readonly Unknown[];
};

export type Reconciliation = ReconciledYear & { readonly findings: readonly Finding[] };

const MONTHS = 12;
/** GSE adjusts a year by 15 May of the next. */
const MONTHS_TO_ADJUSTMENT = 5;

/**
 * Every configuration's years with readings or receipts.
 * @param tolerance micro-euro for each plant and month
 */
export function reconcile(
  history: History,
  recomputed: Recomputed,
  tables: GseTables,
  tolerance: bigint,
): Reconciliation[] {
  return history.ledgers.flatMap((_, configuration) => {
    const months = monthsOf(history, recomputed, configuration);
    return [...new Set(months.map(yearOf))].map((year) => {
      const reconciled = reconcileYear(history, recomputed, configuration, year, tables);
      return { ...reconciled, findings: findingsOf(reconciled, tolerance) };
    });
  });
}

function reconcileYear(
  history: History,
  recomputed: Recomputed,
  configuration: number,
  year: number,
  tables: GseTables,
): ReconciledYear {
  const ledger = recomputed.ledgers[configuration] ?? { versions: [], batches: [], months: new Map() };
  const { area = "", nextHour = 0 } = history.ledgers[configuration] ?? {};
  const receipts = history.receipts.filter(
    (receipt) => receipt.configuration === configuration && yearOf(receipt.month) === year,
  );
  const isAdjusted = history.adjustments.some(
    (adjustment) => adjustment.configuration === configuration && adjustment.year === year,
  );
  const isDue = isAdjusted || nextHour >= startOfMonth((year + 1) * MONTHS + MONTHS_TO_ADJUSTMENT);
  const adjustments = adjustmentsAmong(receipts);
  const pairs = monthsOf(history, recomputed, configuration)
    .filter((month) => yearOf(month) === year)
    .map((month) => ({
      expected: expectedOfMonth(ledger, area, month, tables),
      received: receivedOfMonth(receipts, month, adjustments),
    }));
  const scheduled = scheduleAdvances(
    pairs.map(({ expected, received }) => ({
      month: expected.month,
      expected: expected.advance.amount,
      received: received.advance,
      hasPremium: received.hasPremium,
    })),
    nextHour,
    inForce(tables.advances, year)?.minimumPayment ?? 0n,
    isDue,
  );
  const months = pairs.map(({ expected, received }, index): ReconciledMonth => {
    const { state, due } = scheduled[index] ?? { state: "due", due: undefined };
    return {
      month: expected.month,
      advance: balance(due, received.advance),
      advanceState: state,
      premium: balance(expected.accrued, received.premium),
      valorisation: balance(expected.valorisation.amount, received.valorisation),
      hasValorisation: received.hasValorisation,
      premiumEnergy: expected.premiumEnergy,
      shared: expected.shared,
      plants: expected.plants.length,
      evidence: evidenceOfMonth(ledger, expected.month),
    };
  });
  const feeTerms = inForce(tables.fees, year);
  return {
    configuration,
    area,
    year,
    isAdjusted,
    isDue,
    months,
    premium: total(months.map(({ premium }) => premium)),
    valorisation: total(months.map(({ valorisation }) => valorisation)),
    fees: balance(feesOf(pairs, feeTerms), sum(pairs.map(({ received }) => received.fees))),
    unknown: unknownOf(pairs, feeTerms === undefined ? [{ kind: "fee-terms", year }] : []),
  };
}

/** Months of a configuration with readings or receipts, ascending. */
function monthsOf(history: History, recomputed: Recomputed, configuration: number): Month[] {
  const receipts = history.receipts.filter((receipt) => receipt.configuration === configuration);
  const recorded = recomputed.ledgers[configuration]?.months.keys() ?? [];
  return [...new Set([...recorded, ...receipts.map(({ month }) => month)])].toSorted((a, b) => a - b);
}

type Pair = { readonly expected: MonthExpected; readonly received: MonthReceived };

/** Each plant that was on the roster in the year pays once. */
function feesOf(pairs: readonly Pair[], terms: FeeTerms | undefined): bigint | undefined {
  if (terms === undefined) return undefined;
  const plants = new Map<number, Plant>(
    pairs.flatMap(({ expected }) => expected.plants.map((plant): [number, Plant] => [plant.number, plant])),
  );
  return sum(
    [...plants.values()].map(({ power }) => {
      const { fee, vat } = yearlyFeeToCents(power, terms);
      return fee + vat;
    }),
  );
}

/** Each once; hours without prices added up. */
function unknownOf(pairs: readonly Pair[], others: readonly Unknown[]): Unknown[] {
  const all = [...pairs.flatMap(({ expected }) => [...expected.advance.unknown, ...expected.valorisation.unknown])];
  const hours = all.reduce((count, each) => count + (each.kind === "prices" ? each.hours : 0), 0);
  const named = [...all, ...others].filter(({ kind }) => kind !== "prices");
  const once = new Map(named.map((each) => [JSON.stringify(each), each]));
  return [...once.values(), ...(hours === 0 ? [] : [{ kind: "prices" as const, hours }])];
}

function balance(expected: bigint | undefined, received: bigint): Balance {
  return { expected, received, difference: expected === undefined ? undefined : received - expected };
}

function total(balances: readonly Balance[]): Balance {
  const expected = balances.map((each) => each.expected);
  const known = expected.filter((amount) => amount !== undefined);
  const received = sum(balances.map((each) => each.received));
  return balance(known.length === expected.length ? sum(known) : undefined, received);
}

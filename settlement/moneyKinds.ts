/**
 * What was paid, by the kind of receipt that it came from: premium, valorisation, sales, reserves. The chain keeps one balance an
 * account; here it is followed kind by kind, so that the kinds add up to it exactly.
 *
 * - *Entitled*: a rule gives of each kind in its pool pool × share × own key ÷ total keys, rounded toward zero; what rounding
 *   leaves of the whole is counted as premium. The excess pool and its reserve are premium; what is passed through is what it is.
 * - *Paid*: a payout takes of what is owed of each kind the same fraction. A kind can be negative: premium that was clawed back
 *   is netted with valorisation before anything is paid.
 * - *Written off*: a fund takes over of each kind the same fraction of the debt.
 */

import { sum } from "./amounts.ts";
import { bookEntries, type EntitlementEntry, type PayoutEntry, type WriteOffEntry } from "./bookEntries.ts";
import { changedCells } from "./changes.ts";
import type { ReceiptKind, ReceiptRecord, SettledHistory } from "./history.ts";
import { receiptsOf } from "./periodChanges.ts";
import type { Recomputed, RecomputedCell } from "./recompute.ts";
import { WHOLE } from "./rules.ts";

export const MONEY_KINDS = [
  "premium",
  "valorisation",
  "energy-sale",
  "reserve",
  "other",
] as const satisfies readonly ReceiptKind[];
export type MoneyKind = (typeof MONEY_KINDS)[number];

/** Micro-euro. */
export type ByKind = Readonly<Record<MoneyKind, bigint>>;

export const NOTHING_OF_ANY: ByKind = { premium: 0n, valorisation: 0n, "energy-sale": 0n, reserve: 0n, other: 0n };

export type PaidByKind = { readonly entry: PayoutEntry; readonly byKind: ByKind };

/** Every payout of the community in chain order, with the kinds of what it paid. */
export function paidByKind(history: SettledHistory, recomputed: Recomputed): PaidByKind[] {
  const owed = new Map<number, ByKind>();
  const owedOf = (account: number) => owed.get(account) ?? NOTHING_OF_ANY;
  const paid: PaidByKind[] = [];
  const deltasOfRun = new Map<number, ReadonlyMap<number, ByKind>>();
  const apply = {
    entitlement: ({ run, payout }: EntitlementEntry) => {
      const deltas = deltasOfRun.get(run.number) ?? runDeltas(history, recomputed, run.number);
      deltasOfRun.set(run.number, deltas);
      owed.set(payout.account, addKinds(owedOf(payout.account), deltas.get(payout.account) ?? NOTHING_OF_ANY));
    },
    payout: (entry: PayoutEntry) => {
      const { account, amount } = entry.payout;
      const byKind = inProportion(amount, owedOf(account));
      owed.set(account, addKinds(owedOf(account), negative(byKind)));
      paid.push({ entry, byKind });
    },
    "write-off": ({ writeOff: { account, fund, amount } }: WriteOffEntry) => {
      const taken = inProportion(amount, owedOf(account));
      owed.set(account, addKinds(owedOf(account), taken));
      owed.set(fund, addKinds(owedOf(fund), negative(taken)));
    },
  };
  for (const entry of bookEntries(history)) {
    if (entry.kind === "entitlement") apply.entitlement(entry);
    if (entry.kind === "payout") apply.payout(entry);
    if (entry.kind === "write-off") apply["write-off"](entry);
  }
  return paid;
}

/** What a cell's division gives each account, by kind. */
export function entitledByKind(
  { division, pools, ruleSet, isAdjusted }: RecomputedCell,
  receipts: readonly ReceiptRecord[],
): Map<number, ByKind> {
  const communal = kindsOf(receipts.filter(({ account }) => account === 0));
  const others = { ...communal, premium: 0n };
  const isHeldWhole = ruleSet.policy.isYearly && !isAdjusted;
  const ordinary = withRest(pools.ordinary, isHeldWhole ? NOTHING_OF_ANY : others);
  const heldAdvance = withRest(pools.heldAdvance, isHeldWhole ? others : NOTHING_OF_ANY);
  const entitled = new Map<number, ByKind>();
  const give = (account: number, byKind: ByKind) =>
    entitled.set(account, addKinds(entitled.get(account) ?? NOTHING_OF_ANY, byKind));
  let left = ordinary;
  for (const { rule: index, account, key, total, amount } of division.parts) {
    const rule = ruleSet.rules[index];
    if (rule?.pool !== "ordinary") {
      give(account, { ...NOTHING_OF_ANY, premium: amount });
      continue;
    }
    const [numerator, denominator] = rule.key === "fund" ? [1n, 1n] : [key, total];
    const share = BigInt(rule.share) * numerator;
    const byKind = withRest(
      amount,
      byKinds((kind) => (ordinary[kind] * share) / (BigInt(WHOLE) * denominator)),
    );
    left = addKinds(left, negative(byKind));
    give(account, byKind);
  }
  for (const { kind, account, amount } of division.remainders) {
    if (kind === "dust") give(account, left);
    else if (kind === "held-advance") give(account, heldAdvance);
    else if (kind === "passed-through")
      give(account, kindsOf(receipts.filter((receipt) => receipt.account === account)));
    else give(account, { ...NOTHING_OF_ANY, premium: amount });
  }
  return entitled;
}

export function addKinds(a: ByKind, b: ByKind): ByKind {
  return byKinds((kind) => a[kind] + b[kind]);
}

function runDeltas(history: SettledHistory, recomputed: Recomputed, run: number): Map<number, ByKind> {
  const deltas = new Map<number, ByKind>();
  const add = (byAccount: ReadonlyMap<number, ByKind>, sign: (byKind: ByKind) => ByKind) => {
    for (const [account, byKind] of byAccount) {
      deltas.set(account, addKinds(deltas.get(account) ?? NOTHING_OF_ANY, sign(byKind)));
    }
  };
  for (const { before, after, settledBy } of changedCells(recomputed, run)) {
    add(entitledByKind(after, receiptsOf(history, recomputed, run, after)), (byKind) => byKind);
    if (before !== undefined && settledBy !== undefined) {
      add(entitledByKind(before, receiptsOf(history, recomputed, settledBy, before)), negative);
    }
  }
  return deltas;
}

function kindsOf(receipts: readonly ReceiptRecord[]): ByKind {
  return byKinds((kind) => sum(receipts.filter((receipt) => receipt.kind === kind).map(({ net }) => net)));
}

/** A whole by kind, of which all but the premium is known. */
function withRest(whole: bigint, known: ByKind): ByKind {
  return { ...known, premium: whole - sum(MONEY_KINDS.map((kind) => (kind === "premium" ? 0n : known[kind]))) };
}

/** An amount by kind, in the proportion in which the weights are; each but the premium rounded toward zero. */
function inProportion(amount: bigint, weights: ByKind): ByKind {
  const total = sum(MONEY_KINDS.map((kind) => weights[kind]));
  if (total === 0n) return { ...NOTHING_OF_ANY, premium: amount };
  return withRest(
    amount,
    byKinds((kind) => (weights[kind] * amount) / total),
  );
}

function negative(byKind: ByKind): ByKind {
  return byKinds((kind) => -byKind[kind]);
}

function byKinds(of: (kind: MoneyKind) => bigint): ByKind {
  return {
    premium: of("premium"),
    valorisation: of("valorisation"),
    "energy-sale": of("energy-sale"),
    reserve: of("reserve"),
    other: of("other"),
  };
}

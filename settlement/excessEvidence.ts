/**
 * What GSE asks to see of a configuration's year: the threshold, what of the premium was beyond it, and where every euro went, by
 * rule and by class of member: that the excess went to consumers that are not enterprises, and to social purposes.
 */

import { sum } from "./amounts.ts";
import type { Part, Remainder } from "./entitlements.ts";
import type { AccountKind, ReceiptRecord, SettledHistory } from "./history.ts";
import type { Month } from "./hours.ts";
import { keysOfMonth } from "./keys.ts";
import { receiptsOf } from "./periodChanges.ts";
import { excessAccrued, type Pools, THRESHOLD } from "./pools.ts";
import { PLANT_SETS, type PlantSetName, type PlantSetSums } from "./premium.ts";
import type { Recomputed, RecomputedCell, RecomputedRun } from "./recompute.ts";
import { type LedgerSums, versionsAt } from "./recomputeLedger.ts";
import { CLASSES, type MemberClass } from "./roster.ts";
import { type Key, type Pool, type Rule, WHOLE } from "./rules.ts";

/** By whose class something was given; a fund by whether its purpose is social. */
export type Beneficiary = MemberClass | "social-fund" | "fund" | "reserve" | "passed-through";

/** A plant set of the year as the newest run weighed it. */
export type EvidencePlantSet = PlantSetSums & {
  readonly set: PlantSetName;
  /** Basis points of the energy injected. */
  readonly threshold: bigint;
  /** attributed ÷ injected in basis points, rounded down. */
  readonly quota: bigint;
};

export type EvidenceMonth = {
  readonly month: Month;
  /** The newest paid run on it. */
  readonly run: number;
  readonly receipts: readonly ReceiptRecord[];
  readonly pools: Pools;
  readonly isAdjusted: boolean;
  /** Of the year to date when it was divided, 10⁻¹⁰ €: the excess pool is premium × excess ÷ accrued. */
  readonly accrued: bigint;
  readonly excess: bigint;
};

export type EvidenceAllocation = {
  readonly ruleSet: number;
  /** Counted from 1; undefined for what no rule gave. */
  readonly rule: number | undefined;
  readonly kind: "rule" | Remainder["kind"];
  readonly pool: Pool | undefined;
  readonly key: Key | undefined;
  /** Basis points of the pool. */
  readonly share: number | undefined;
  readonly beneficiary: Beneficiary;
  /** Micro-euro. */
  readonly amount: bigint;
};

export type ExcessEvidence = {
  readonly configuration: number;
  readonly area: string;
  readonly year: number;
  /** Where GSE's adjustment of the year was booked; undefined while the excess is held. */
  readonly adjusted:
    | { readonly block: bigint; readonly transaction: `0x${string}`; readonly documentHash: `0x${string}` }
    | undefined;
  readonly plantSets: readonly EvidencePlantSet[];
  /** Months that a run has paid on. */
  readonly months: readonly EvidenceMonth[];
  readonly allocations: readonly EvidenceAllocation[];
  readonly totals: {
    /** Σ net receipts of the months. */
    readonly received: bigint;
    readonly pools: Pools;
    readonly passedThrough: bigint;
    /** Of the excess pool. */
    readonly excessTo: { readonly nonEnterprises: bigint; readonly socialFunds: bigint; readonly others: bigint };
  };
};

/** The evidence of a year as the newest paid runs settled it. */
export function excessEvidence(
  history: SettledHistory,
  recomputed: Recomputed,
  configuration: number,
  year: number,
): ExcessEvidence {
  const settled = settledCells(recomputed, configuration, year);
  const allocations = allocationsOf(history, recomputed, settled);
  const months = settled.map(({ run, cell }): EvidenceMonth => {
    return {
      month: cell.cell.month,
      run: run.run.number,
      receipts: receiptsOf(history, recomputed, run.run.number, cell),
      pools: cell.pools,
      isAdjusted: cell.isAdjusted,
      accrued: cell.year.accrued,
      excess: excessAccrued(cell.year),
    };
  });
  const adjustment = history.adjustments.find((of) => of.configuration === configuration && of.year === year);
  const newest = settled.at(-1)?.cell.year;
  return {
    configuration,
    area: history.ledgers[configuration]?.area ?? "",
    year,
    adjusted: adjustment && {
      block: adjustment.place.block,
      transaction: adjustment.place.transaction,
      documentHash: adjustment.documentHash,
    },
    plantSets: newest === undefined ? [] : PLANT_SETS.map((set) => plantSetOf(set, newest[set])),
    months,
    allocations,
    totals: totalsOf(months, allocations),
  };
}

type SettledCell = { readonly run: RecomputedRun; readonly cell: RecomputedCell };

/** By month, the cell of the newest paid run that covers it. */
function settledCells({ runs }: Recomputed, configuration: number, year: number): SettledCell[] {
  const cells = new Map<Month, SettledCell>();
  for (const run of runs.filter((candidate) => candidate.run.paid !== undefined)) {
    for (const cell of run.cells) {
      const isOfYear = Math.floor(cell.cell.month / 12) === year;
      if (isOfYear && cell.cell.configuration === configuration) cells.set(cell.cell.month, { run, cell });
    }
  }
  return [...cells.values()].toSorted((a, b) => a.cell.cell.month - b.cell.cell.month);
}

function plantSetOf(set: PlantSetName, sums: PlantSetSums): EvidencePlantSet {
  const quota = sums.injected === 0n ? 0n : (sums.attributed * BigInt(WHOLE)) / sums.injected;
  return { set, threshold: THRESHOLD[set], quota, ...sums };
}

function allocationsOf(
  history: SettledHistory,
  recomputed: Recomputed,
  settled: readonly SettledCell[],
): EvidenceAllocation[] {
  const sums = new Map<string, EvidenceAllocation>();
  const add = (allocation: EvidenceAllocation) => {
    const { ruleSet, rule, kind, beneficiary } = allocation;
    const key = [ruleSet, rule, kind, beneficiary].join("/");
    sums.set(key, { ...allocation, amount: allocation.amount + (sums.get(key)?.amount ?? 0n) });
  };
  const accounts = new Map(history.accounts.map((account) => [account.number, account]));
  for (const { run, cell } of settled) {
    const weighed = run.run.weighed.find(
      ({ configuration, month }) => configuration === cell.cell.configuration && month === cell.cell.month,
    );
    const keysByClass = keysByClassOf(recomputed.ledgers[cell.cell.configuration], cell, weighed?.place.position ?? 0);
    for (const part of cell.division.parts) {
      const rule = cell.ruleSet.rules[part.rule];
      if (rule === undefined) continue;
      const told = { ruleSet: cell.ruleSetVersion, rule: part.rule + 1, kind: "rule", ...termsOf(rule) } as const;
      for (const [beneficiary, amount] of beneficiariesOf(part, rule, keysByClass(part.rule), accounts)) {
        add({ ...told, beneficiary, amount });
      }
    }
    for (const { kind, account, amount } of cell.division.remainders) {
      const beneficiary = kind === "passed-through" ? "passed-through" : fundOf(accounts.get(account));
      const pool = poolOfRemainder(kind);
      add({
        ruleSet: cell.ruleSetVersion,
        rule: undefined,
        kind,
        pool,
        key: undefined,
        share: undefined,
        beneficiary,
        amount,
      });
    }
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0n);
}

function termsOf({ pool, key, share }: Rule): Pick<EvidenceAllocation, "pool" | "key" | "share"> {
  return { pool, key, share };
}

function poolOfRemainder(kind: Remainder["kind"]): Pool | undefined {
  if (kind === "dust") return "ordinary";
  return kind === "excess-dust" ? "excess" : undefined;
}

type Enrolled = { readonly kind: AccountKind; readonly social: boolean };

function fundOf(account: Enrolled | undefined): Beneficiary {
  if (account?.kind === "reserve") return "reserve";
  return account?.social ? "social-fund" : "fund";
}

type KeysByClass = readonly (readonly [MemberClass, ReadonlyMap<number, bigint>])[];

/** The keys of each rule as they were weighed, one class at a time. */
function keysByClassOf(
  ledger: LedgerSums | undefined,
  { cell, ruleSet }: RecomputedCell,
  position: number,
): (rule: number) => KeysByClass {
  const sums = ledger?.monthAt(cell.month, position);
  const versions = ledger ? versionsAt(ledger, position) : [];
  const coincident = new Map([...(sums?.channels ?? [])].map(([number, channel]) => [number, channel.coincident]));
  const energy = { coincident, attributed: sums?.attributed ?? new Map<number, bigint>() };
  const known = new Map<number, KeysByClass>();
  return (index) => {
    const rule = ruleSet.rules[index];
    const keys =
      known.get(index) ??
      CLASSES.filter((name) => rule?.classes.includes(name)).map((name) => {
        return [
          name,
          rule ? keysOfMonth({ ...rule, classes: [name] }, cell.month, versions, energy) : new Map(),
        ] as const;
      });
    known.set(index, keys);
    return keys;
  };
}

/**
 * A part by the classes of the meters it was given for. An account with meters of several classes gets it split in the proportion
 * of their keys, rounded toward zero, and what that leaves with the last.
 */
function beneficiariesOf(
  { account, amount }: Part,
  rule: Rule,
  keysByClass: KeysByClass,
  accounts: ReadonlyMap<number, Enrolled>,
): [Beneficiary, bigint][] {
  if (rule.key === "fund") return [[fundOf(accounts.get(account)), amount]];
  const weights = keysByClass.flatMap(([name, keys]): [MemberClass, bigint][] => {
    const key = keys.get(account) ?? 0n;
    return key === 0n ? [] : [[name, key]];
  });
  const total = sum(weights.map(([, key]) => key));
  let left = amount;
  return weights.map(([name, key], index) => {
    const part = index === weights.length - 1 ? left : (amount * key) / total;
    left -= part;
    return [name, part];
  });
}

function totalsOf(
  months: readonly EvidenceMonth[],
  allocations: readonly EvidenceAllocation[],
): ExcessEvidence["totals"] {
  const ofPool = (pool: keyof Pools) => sum(months.map(({ pools }) => pools[pool]));
  const excess = allocations.filter(({ pool }) => pool === "excess");
  const to = (is: (beneficiary: Beneficiary) => boolean) =>
    sum(excess.filter(({ beneficiary }) => is(beneficiary)).map(({ amount }) => amount));
  const isNonEnterprise = (beneficiary: Beneficiary) =>
    beneficiary !== "impresa" && CLASSES.some((name) => name === beneficiary);
  return {
    received: sum(months.flatMap(({ receipts }) => receipts.map(({ net }) => net))),
    pools: {
      ordinary: ofPool("ordinary"),
      excess: ofPool("excess"),
      heldExcess: ofPool("heldExcess"),
      heldAdvance: ofPool("heldAdvance"),
    },
    passedThrough: sum(allocations.filter(({ kind }) => kind === "passed-through").map(({ amount }) => amount)),
    excessTo: {
      nonEnterprises: to(isNonEnterprise),
      socialFunds: to((beneficiary) => beneficiary === "social-fund"),
      others: to((beneficiary) => !isNonEnterprise(beneficiary) && beneficiary !== "social-fund"),
    },
  };
}

/** Why an entitlement changed from one run to the next: what a payee gets to see behind a delta. */

import type { Month } from "./hours.ts";
import { perObject } from "./perObject.ts";
import { excessAccrued } from "./pools.ts";
import type { Recomputed, RecomputedCell } from "./recompute.ts";
import { cellKey } from "./run.ts";

/**
 * `first`: no run had paid on the month before; `adjustment`: GSE's yearly adjustment released what was held; `roster`: others
 * were metered; `readings`: the month's energy changed; `excess`: other months changed which part of the year's premium is
 * beyond the threshold.
 */
export const REASONS = ["first", "receipts", "adjustment", "roster", "readings", "excess"] as const;
export type Reason = (typeof REASONS)[number];

export type Change = {
  readonly configuration: number;
  readonly month: Month;
  /** Micro-euro. */
  readonly delta: bigint;
  readonly reasons: readonly Reason[];
};

/** What a run divided in a month, and what the newest paid run before it had, and which; undefined if none had paid on it. */
export type ChangedCell = {
  readonly before: RecomputedCell | undefined;
  readonly settledBy: number | undefined;
  readonly after: RecomputedCell;
};

/** What a run changed for an account, by month; months without a change left out. */
export function changesOf(recomputed: Recomputed, run: number, account: number): Change[] {
  return changedCells(recomputed, run).flatMap((changed) => changeOf(changed, account) ?? []);
}

/** What a run changed for an account in one month; undefined if nothing. */
export function changeOf(
  { before, after }: Pick<ChangedCell, "before" | "after">,
  account: number,
): Change | undefined {
  const delta = entitlementOf(after, account) - (before === undefined ? 0n : entitlementOf(before, account));
  return delta === 0n ? undefined : { ...after.cell, delta, reasons: reasonsOf(before, after) };
}

/** The months that a run divided. */
export function changedCells(recomputed: Recomputed, run: number): readonly ChangedCell[] {
  return changedByRun(recomputed).get(run) ?? [];
}

const changedByRun = perObject(({ runs }: Recomputed): ReadonlyMap<number, readonly ChangedCell[]> => {
  const settled = new Map<string, Pick<ChangedCell, "before" | "settledBy">>();
  const changed = new Map<number, ChangedCell[]>();
  for (const { run, cells } of runs) {
    const nothing = { before: undefined, settledBy: undefined };
    changed.set(
      run.number,
      cells.map((after) => ({ ...(settled.get(cellKey(after.cell)) ?? nothing), after })),
    );
    if (run.paid === undefined) continue;
    for (const cell of cells) settled.set(cellKey(cell.cell), { before: cell, settledBy: run.number });
  }
  return changed;
});

function reasonsOf(before: RecomputedCell | undefined, after: RecomputedCell): readonly Reason[] {
  return before === undefined ? ["first"] : reasonsFor(after)(before);
}

/** The same for all accounts. */
const reasonsFor = perObject((after: RecomputedCell) => perObject((before: RecomputedCell) => compared(before, after)));

function compared(before: RecomputedCell, after: RecomputedCell): Reason[] {
  const reasons: Reason[] = [];
  if (shown(before.amounts) !== shown(after.amounts)) reasons.push("receipts");
  if (before.isAdjusted !== after.isAdjusted) reasons.push("adjustment");
  if (shown(before.rosters) !== shown(after.rosters)) reasons.push("roster");
  if (shown(before.keys) !== shown(after.keys)) reasons.push("readings");
  if (excessAccrued(before.year) * after.year.accrued !== excessAccrued(after.year) * before.year.accrued) {
    reasons.push("excess");
  }
  return reasons;
}

function entitlementOf({ division }: RecomputedCell, account: number): bigint {
  return division.entitlements.get(account) ?? 0n;
}

/** The same text for the same content, whatever the order in which maps were filled. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return [...part].toSorted(([a], [b]) => Number(a) - Number(b));
    return typeof part === "bigint" ? String(part) : part;
  });
}

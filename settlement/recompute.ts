/** Computes a community's settlement anew from what went in: batches, rosters, rules, receipts and the order of events. */

import { type Hex, zeroHash } from "viem";
import { sum } from "./amounts.ts";
import { type Batch, decodeBatch, type EncodedBatch, missingCount } from "./batch.ts";
import { batchDigest } from "./batchDigest.ts";
import { type Division, divide } from "./entitlements.ts";
import { GRADES } from "./grade.ts";
import type { History, LedgerHistory, RunRecord } from "./history.ts";
import { type Month, monthOf } from "./hours.ts";
import { keysOfMonth, type RosterVersion } from "./keys.ts";
import { addPlantSums, NO_PLANT_SUMS, PLANT_SETS, type PlantSetName, type PlantSetSums } from "./premium.ts";
import { channelsOf, decodeRoster, type Roster, RosterEncodingError } from "./roster.ts";
import { rowRoot } from "./rowTree.ts";
import { decodeRuleSet, type RuleSet, ruleSetOf } from "./rules.ts";
import { type Booking, type Books, bookRun, type Cell, cellKey, EMPTY_BOOKS } from "./run.ts";
import { type Tally, tallyBatch } from "./tally.ts";

export type RecomputedBatch = {
  readonly batch: Batch;
  readonly tally: Tally;
  readonly digest: Hex;
  readonly rowRoot: Hex;
  readonly missing: number;
};

/** Energy of one channel in a month, Wh, and the readings that were missing. */
export type ChannelMonth = { energy: bigint; coincident: bigint; missing: number };

export type RecomputedMonth = {
  readonly month: Month;
  injected: bigint;
  withdrawn: bigint;
  shared: bigint;
  accrued: bigint;
  missing: number;
  /** Hours without a zonal price while a CACER plant was on the roster. */
  hoursWithoutPrice: number;
  hours: number;
  grade: number;
  readonly plantSets: Record<PlantSetName, PlantSetSums>;
  readonly channels: Map<number, ChannelMonth>;
  /** Wh by plant number. */
  readonly attributed: Map<number, bigint>;
};

export type RecomputedLedger = {
  readonly versions: readonly RosterVersion[];
  /** By position in the history; undefined where the batch cannot be read. */
  readonly batches: readonly (RecomputedBatch | undefined)[];
  readonly months: ReadonlyMap<Month, RecomputedMonth>;
};

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

function recomputeLedger(ledger: LedgerHistory, chainId: number): RecomputedLedger {
  const versions = ledger.rosters.map(({ effectiveHour, blob }) => ({ effectiveHour, roster: readableRoster(blob) }));
  const months = new Map<Month, RecomputedMonth>();
  const batches = ledger.batches.map(({ input }): RecomputedBatch | undefined => {
    const roster = versions[(input?.batch.rosterVersion ?? 0) - 1]?.roster;
    if (input === undefined || roster === undefined) return undefined;
    const batch = readable(input.batch);
    if (batch === undefined) return undefined;
    const rows =
      batch.injected.length === roster.injection.length && batch.withdrawn.length === roster.withdrawal.length;
    if (!rows || batch.missing.length !== channelsOf(roster).length) return undefined;
    const tally = tallyBatch(batch, roster);
    const recomputed = {
      batch,
      tally,
      digest: batchDigest(batch, roster, { chainId, ledger: ledger.address }),
      rowRoot: rowRoot(batch, roster),
      missing: missingCount(batch),
    };
    addToMonth(monthAt(months, monthOf(batch.firstHour)), recomputed, versions[batch.rosterVersion - 1]);
    return recomputed;
  });
  return { versions, batches, months };
}

/** Without its channels if the bytes are no roster's: then none of its batches can be read. */
function readableRoster(blob: Hex): Roster {
  try {
    return decodeRoster(blob);
  } catch (error) {
    if (error instanceof RosterEncodingError) return { injection: [], withdrawal: [], plants: [] };
    throw error;
  }
}

/** Undefined if the bytes are not whole rows. */
function readable(encoded: EncodedBatch): Batch | undefined {
  try {
    return decodeBatch(encoded);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function monthAt(months: Map<Month, RecomputedMonth>, month: Month): RecomputedMonth {
  const known = months.get(month);
  if (known !== undefined) return known;
  const begun = {
    month,
    injected: 0n,
    withdrawn: 0n,
    shared: 0n,
    accrued: 0n,
    missing: 0,
    hoursWithoutPrice: 0,
    hours: 0,
    grade: Number.POSITIVE_INFINITY,
    plantSets: { withoutGrant: NO_PLANT_SUMS, withGrant: NO_PLANT_SUMS },
    channels: new Map<number, ChannelMonth>(),
    attributed: new Map<number, bigint>(),
  };
  months.set(month, begun);
  return begun;
}

function addToMonth(month: RecomputedMonth, recomputed: RecomputedBatch, version: RosterVersion | undefined): void {
  const { batch, tally, missing } = recomputed;
  month.injected += sum(tally.injected);
  month.withdrawn += sum(tally.withdrawn);
  month.shared += sum(tally.shared);
  month.accrued += tally.accrued;
  for (const set of PLANT_SETS) month.plantSets[set] = addPlantSums(month.plantSets[set], tally.plantSets[set]);
  month.missing += missing;
  month.hoursWithoutPrice += tally.hoursWithoutPrice;
  month.hours += batch.hourCount;
  month.grade = Math.min(month.grade, GRADES.indexOf(batch.grade));
  const rows = [...batch.injected, ...batch.withdrawn];
  const channels = version === undefined ? [] : channelsOf(version.roster);
  for (const [index, { number }] of channels.entries()) {
    const known = month.channels.get(number) ?? { energy: 0n, coincident: 0n, missing: 0 };
    known.energy += sum((rows[index] ?? []).map(BigInt));
    known.coincident += tally.coincident.get(number) ?? 0n;
    known.missing += missingCount({ ...batch, missing: [batch.missing[index] ?? 0] });
    month.channels.set(number, known);
  }
  for (const [plant, energy] of tally.attributed) {
    month.attributed.set(plant, (month.attributed.get(plant) ?? 0n) + energy);
  }
}

function recomputeCell(
  history: History,
  ledgers: readonly RecomputedLedger[],
  run: RunRecord,
  weighed: RunRecord["weighed"][number],
): RecomputedCell {
  const { configuration, month } = weighed;
  const ledger = ledgers[configuration];
  const sums = ledger?.months.get(month);
  const pool = sum(
    history.receipts
      .filter((receipt) => receipt.configuration === configuration && receipt.month === month)
      .filter((receipt) => receipt.place.position < weighed.place.position)
      .map(({ net }) => net),
  );
  const ruleSets = history.ruleSets
    .filter(({ place }) => place.position < run.opened.position)
    .map(({ encoded }) => decodeRuleSet(encoded));
  const ruleSet = ruleSetOf(ruleSets, month) ?? NO_RULES;
  const coincident = new Map([...(sums?.channels ?? [])].map(([number, channel]) => [number, channel.coincident]));
  const attributed = sums?.attributed ?? new Map<number, bigint>();
  const keys = ruleSet.rules.map((rule) =>
    keysOfMonth(rule, month, ledger?.versions ?? [], { coincident, attributed }),
  );
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

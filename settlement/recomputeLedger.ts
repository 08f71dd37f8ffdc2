/** Computes a ledger's batches and months anew from what oracles signed, as they stand now or stood at an earlier time. */

import type { Hex } from "viem";
import { sum } from "./amounts.ts";
import { type Batch, decodeBatch, type EncodedBatch, missingCount } from "./batch.ts";
import { batchDigest } from "./batchDigest.ts";
import { GRADES } from "./grade.ts";
import type { BatchRevision, LedgerHistory } from "./history.ts";
import { type Month, monthOf } from "./hours.ts";
import type { RosterVersion } from "./keys.ts";
import { addPlantSums, NO_PLANT_SUMS, PLANT_SETS, type PlantSetName, type PlantSetSums } from "./premium.ts";
import { channelsOf, decodeRoster, type Roster, RosterEncodingError } from "./roster.ts";
import { rowRoot } from "./rowTree.ts";
import { type Tally, tallyBatch } from "./tally.ts";

export type RecomputedBatch = {
  /** Where on the chain it was recorded, or put in the place of another. */
  readonly position: number;
  readonly month: Month;
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
  /** Of the plants to which a threshold applies. */
  readonly plantSets: Record<PlantSetName, PlantSetSums>;
  readonly channels: Map<number, ChannelMonth>;
  /** Wh by plant number. */
  readonly attributed: Map<number, bigint>;
};

/** A roster version and where on the chain it was adopted. */
export type AdoptedRoster = RosterVersion & { readonly position: number };

export type RecomputedLedger = {
  /** By number, from 1. */
  readonly versions: readonly AdoptedRoster[];
  /** By position in the history, its revisions; undefined where one cannot be read. */
  readonly batches: readonly (readonly (RecomputedBatch | undefined)[])[];
  /** As they stand now. */
  readonly months: ReadonlyMap<Month, RecomputedMonth>;
};

export function recomputeLedger(ledger: LedgerHistory, chainId: number): RecomputedLedger {
  const versions = ledger.rosters.map(({ place, effectiveHour, blob }) => ({
    position: place.position,
    effectiveHour,
    roster: readableRoster(blob),
  }));
  const batches = ledger.batches.map(({ revisions }) =>
    revisions.map((revision) => recomputeBatch(revision, versions, { chainId, ledger: ledger.address })),
  );
  const months = new Map<Month, RecomputedMonth>();
  for (const revisions of batches) {
    const newest = newestAt(revisions);
    if (newest === undefined) continue;
    const month = months.get(newest.month) ?? blankMonth(newest.month);
    addToMonth(month, newest, versions);
    months.set(newest.month, month);
  }
  return { versions, batches, months };
}

/** What a month's sums were at a position of the chain; undefined if nothing of it was recorded yet. */
export function monthAt(ledger: RecomputedLedger, month: Month, position: number): RecomputedMonth | undefined {
  const ofMonth = ledger.batches.filter((revisions) => revisions.some((revision) => revision?.month === month));
  const isUnchanged = ofMonth.every((revisions) => newestAt(revisions, position) === newestAt(revisions));
  if (isUnchanged) return ledger.months.get(month);
  const stood = ofMonth.flatMap((revisions) => newestAt(revisions, position) ?? []);
  if (stood.length === 0) return undefined;
  const sums = blankMonth(month);
  for (const batch of stood) addToMonth(sums, batch, ledger.versions);
  return sums;
}

/** The roster versions that were adopted before a position of the chain, in that order. */
export function versionsAt({ versions }: RecomputedLedger, position: number): readonly AdoptedRoster[] {
  return versions.filter((version) => version.position < position);
}

/** What stood for a batch's hours at a position of the chain, by default what stands now. */
export function newestAt<T extends { readonly position: number }>(
  revisions: readonly (T | undefined)[],
  position: number = Number.POSITIVE_INFINITY,
): T | undefined {
  return revisions.findLast((revision) => revision !== undefined && revision.position < position);
}

function recomputeBatch(
  { place, input }: BatchRevision,
  versions: readonly AdoptedRoster[],
  domain: { readonly chainId: number; readonly ledger: Hex },
): RecomputedBatch | undefined {
  const roster = versions[(input?.batch.rosterVersion ?? 0) - 1]?.roster;
  if (input === undefined || roster === undefined) return undefined;
  const batch = readable(input.batch);
  if (batch === undefined) return undefined;
  const rows = batch.injected.length === roster.injection.length && batch.withdrawn.length === roster.withdrawal.length;
  if (!rows || batch.missing.length !== channelsOf(roster).length) return undefined;
  return {
    position: place.position,
    month: monthOf(batch.firstHour),
    batch,
    tally: tallyBatch(batch, roster),
    digest: batchDigest(batch, roster, domain),
    rowRoot: rowRoot(batch, roster),
    missing: missingCount(batch),
  };
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

function blankMonth(month: Month): RecomputedMonth {
  return {
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
}

function addToMonth(month: RecomputedMonth, recomputed: RecomputedBatch, versions: readonly RosterVersion[]): void {
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
  const version = versions[batch.rosterVersion - 1];
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

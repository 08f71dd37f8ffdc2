/** Computes a ledger's batches and months anew from what oracles signed, as they stand now or stood at an earlier time. */

import type { Hex } from "viem";
import { sum } from "./amounts.ts";
import { type Batch, decodeBatch, type EncodedBatch, missingCount } from "./batch.ts";
import { batchDigest } from "./batchDigest.ts";
import { GRADES } from "./grade.ts";
import type { BatchRevision, LedgerHistory, RosterRecord } from "./history.ts";
import { type Month, monthOf } from "./hours.ts";
import type { RosterVersion } from "./keys.ts";
import { addPlantSums, NO_PLANT_SUMS, PLANT_SETS, type PlantSetName, type PlantSetSums } from "./premium.ts";
import { channelsOf, decodeRoster, type Roster, RosterEncodingError } from "./roster.ts";
import { rowRoot } from "./rowTree.ts";
import { type Tally, tallyBatch } from "./tally.ts";

/** Energy of one channel in a batch or a month, Wh, and the readings that were missing. */
export type ChannelSums = { energy: bigint; coincident: bigint; missing: number };

/** What a batch adds to its month: all that a settlement needs of it. Wh; accrued in 10⁻¹⁰ €. */
export type BatchSums = {
  readonly hours: number;
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
  readonly accrued: bigint;
  readonly missing: number;
  readonly hoursWithoutPrice: number;
  readonly grade: number;
  readonly plantSets: Readonly<Record<PlantSetName, PlantSetSums>>;
  /** By channel number. */
  readonly channels: ReadonlyMap<number, ChannelSums>;
  /** By plant number. */
  readonly attributed: ReadonlyMap<number, bigint>;
};

/** A batch of which the sums are kept. */
export type SummedBatch = {
  /** Where on the chain it was recorded, or put in the place of another. */
  readonly position: number;
  readonly month: Month;
  readonly sums: BatchSums;
};

export type RecomputedBatch = SummedBatch & {
  readonly batch: Batch;
  readonly tally: Tally;
  readonly digest: Hex;
  readonly rowRoot: Hex;
  readonly missing: number;
};

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
  readonly channels: Map<number, ChannelSums>;
  /** Wh by plant number. */
  readonly attributed: Map<number, bigint>;
};

/** A roster version and where on the chain it was adopted. */
export type AdoptedRoster = RosterVersion & { readonly position: number };

/** What a settlement needs of a ledger: who is on its rosters, and what its months sum up to. */
export type LedgerSums = {
  /** By number, from 1. */
  readonly versions: readonly AdoptedRoster[];
  /** As they stand now. */
  readonly months: ReadonlyMap<Month, RecomputedMonth>;
  /** What a month's sums were at a position of the chain; undefined if nothing of it was recorded yet. */
  readonly monthAt: (month: Month, position: number) => RecomputedMonth | undefined;
};

export type RecomputedLedger = LedgerSums & {
  /** By position in the history, its revisions; undefined where one cannot be read. */
  readonly batches: readonly (readonly (RecomputedBatch | undefined)[])[];
};

export function recomputeLedger(ledger: LedgerHistory, chainId: number): RecomputedLedger {
  const versions = ledger.rosters.map((roster) => adoptedRoster(roster, roster.place.position));
  const batches = ledger.batches.map(({ revisions }) =>
    revisions.map((revision) => recomputeBatch(revision, versions, { chainId, ledger: ledger.address })),
  );
  return { ...sumLedger(versions, batches), batches };
}

/** A roster as it was adopted. Without its channels if the bytes are no roster's: then none of its batches can be read. */
export function adoptedRoster(
  { effectiveHour, blob }: Pick<RosterRecord, "effectiveHour" | "blob">,
  position: number,
): AdoptedRoster {
  return { position, effectiveHour, roster: readableRoster(blob) };
}

/** @param batches by first hour, the revisions of each in the order in which they came; undefined where one cannot be read */
export function sumLedger(
  versions: readonly AdoptedRoster[],
  batches: readonly (readonly (SummedBatch | undefined)[])[],
): LedgerSums {
  const ofMonth = Map.groupBy(batches, (revisions) => revisions.find((revision) => revision !== undefined)?.month);
  const months = new Map<Month, RecomputedMonth>();
  for (const [month, stretches] of ofMonth) {
    const sums = month === undefined ? undefined : sumsOf(month, stretches, Number.POSITIVE_INFINITY);
    if (month !== undefined && sums !== undefined) months.set(month, sums);
  }
  const monthAt = (month: Month, position: number) => {
    const stretches = ofMonth.get(month) ?? [];
    const isUnchanged = stretches.every((revisions) => newestAt(revisions, position) === newestAt(revisions));
    return isUnchanged ? months.get(month) : sumsOf(month, stretches, position);
  };
  return { versions, months, monthAt };
}

function sumsOf(
  month: Month,
  batches: readonly (readonly (SummedBatch | undefined)[])[],
  position: number,
): RecomputedMonth | undefined {
  const stood = batches.flatMap((revisions) => newestAt(revisions, position) ?? []);
  if (stood.length === 0) return undefined;
  const sums = blankMonth(month);
  for (const batch of stood) addToMonth(sums, batch.sums);
  return sums;
}

/** The roster versions that were adopted before a position of the chain, in that order. */
export function versionsAt({ versions }: LedgerSums, position: number): readonly AdoptedRoster[] {
  return versions.filter((version) => version.position < position);
}

/** What stood for a batch's hours at a position of the chain, by default what stands now. */
export function newestAt<T extends { readonly position: number }>(
  revisions: readonly (T | undefined)[],
  position: number = Number.POSITIVE_INFINITY,
): T | undefined {
  return revisions.findLast((revision) => revision !== undefined && revision.position < position);
}

type Brought = { readonly batch: EncodedBatch<Hex | Uint8Array> };

/** Undefined if the calldata cannot be read, or does not fit the roster. */
export function recomputeBatch(
  { place, input }: Pick<BatchRevision, "place"> & { readonly input: Brought | undefined },
  versions: readonly RosterVersion[],
  domain: { readonly chainId: number; readonly ledger: Hex },
): RecomputedBatch | undefined {
  const roster = versions[(input?.batch.rosterVersion ?? 0) - 1]?.roster;
  if (input === undefined || roster === undefined) return undefined;
  const batch = readable(input.batch);
  if (batch === undefined) return undefined;
  const rows = batch.injected.length === roster.injection.length && batch.withdrawn.length === roster.withdrawal.length;
  const channels = channelsOf(roster).length;
  if (!rows || channels === 0 || batch.missing.length !== channels) return undefined;
  const tally = tallyBatch(batch, roster);
  const root = rowRoot(batch, roster);
  return {
    position: place.position,
    month: monthOf(batch.firstHour),
    batch,
    tally,
    sums: batchSums(batch, tally, roster),
    digest: batchDigest(batch, roster, domain, root),
    rowRoot: root,
    missing: missingCount(batch),
  };
}

function readableRoster(blob: Hex): Roster {
  try {
    return decodeRoster(blob);
  } catch (error) {
    if (error instanceof RosterEncodingError) return { injection: [], withdrawal: [], plants: [] };
    throw error;
  }
}

/** Undefined if the bytes are not whole rows. */
function readable(encoded: EncodedBatch<Hex | Uint8Array>): Batch | undefined {
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
    channels: new Map<number, ChannelSums>(),
    attributed: new Map<number, bigint>(),
  };
}

function batchSums(batch: Batch, tally: Tally, roster: Roster): BatchSums {
  const rows = [...batch.injected, ...batch.withdrawn];
  return {
    hours: batch.hourCount,
    injected: sum(tally.injected),
    withdrawn: sum(tally.withdrawn),
    shared: sum(tally.shared),
    accrued: tally.accrued,
    missing: missingCount(batch),
    hoursWithoutPrice: tally.hoursWithoutPrice,
    grade: GRADES.indexOf(batch.grade),
    plantSets: tally.plantSets,
    channels: new Map(
      channelsOf(roster).map(({ number }, index) => [
        number,
        {
          energy: BigInt((rows[index] ?? []).reduce((energy, wattHours) => energy + wattHours, 0)),
          coincident: tally.coincident.get(number) ?? 0n,
          missing: missingCount({ missing: [batch.missing[index] ?? 0] }),
        },
      ]),
    ),
    attributed: tally.attributed,
  };
}

function addToMonth(month: RecomputedMonth, sums: BatchSums): void {
  month.injected += sums.injected;
  month.withdrawn += sums.withdrawn;
  month.shared += sums.shared;
  month.accrued += sums.accrued;
  for (const set of PLANT_SETS) month.plantSets[set] = addPlantSums(month.plantSets[set], sums.plantSets[set]);
  month.missing += sums.missing;
  month.hoursWithoutPrice += sums.hoursWithoutPrice;
  month.hours += sums.hours;
  month.grade = Math.min(month.grade, sums.grade);
  for (const [number, { energy, coincident, missing }] of sums.channels) {
    const known = month.channels.get(number) ?? { energy: 0n, coincident: 0n, missing: 0 };
    known.energy += energy;
    known.coincident += coincident;
    known.missing += missing;
    month.channels.set(number, known);
  }
  for (const [plant, energy] of sums.attributed) {
    month.attributed.set(plant, (month.attributed.get(plant) ?? 0n) + energy);
  }
}

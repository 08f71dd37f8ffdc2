/**
 * From an account's energy down to the hours of one meter: what it metered, what the configuration injected (G), withdrew (W)
 * and shared (S), and what of it coincided.
 *
 * Coincident energy is ⌊Σₕ readingₕ · ⌊Sₕ · 2³⁰ / Tₕ⌋ / 2³⁰⌋ over the hours of a batch, T being W for a withdrawal channel and G
 * for an injection channel: it is rounded once a batch, not once an hour. An hour counts here by what the rounded sum grows
 * with it, so that the hours of a batch, and with them those of a day or a month, add up to what the ledger keeps.
 */

import { sum } from "./amounts.ts";
import { decodeBatch, maskBit, type Row } from "./batch.ts";
import { GRADES, type Grade } from "./grade.ts";
import type { BatchEvent, LedgerHistory, Place } from "./history.ts";
import type { Hour, HourSpan } from "./hours.ts";
import { channelsOf, decodeRoster, type Roster } from "./roster.ts";
import type { StatementChannel } from "./statement.ts";
import { attributedByHour, coincidentRatio, RATIO_ONE } from "./tally.ts";

export type Direction = StatementChannel["direction"];

/** What the ledger tells all of a batch. Wh by lane. */
export type ToldBatch = Pick<BatchEvent, "hourCount" | "grade" | "revision" | "injected" | "withdrawn" | "shared"> & {
  readonly firstHour: Hour;
  readonly place: Place;
};

/** What only its owner, and who reads the batch, gets to see of a channel. */
export type OwnRow = {
  readonly direction: Direction;
  /** Wh by lane. */
  readonly row: Row;
  /** 24 bits, hour 0 the top one, set where the reading is missing. */
  readonly missing: number;
  /** Wh by lane that the waterfall gave the channel's plant; undefined if it has none. */
  readonly attributed: readonly bigint[] | undefined;
};

/** An hour of a configuration. Wh. */
export type ConfigurationHour = {
  readonly hour: Hour;
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
};

/** An hour of a channel, within its configuration's. Wh. */
export type ChannelHour = ConfigurationHour & {
  readonly energy: bigint;
  readonly isMissing: boolean;
  /** ⌊S · 2³⁰ / T⌋ */
  readonly ratio: bigint;
  /** reading · ratio: 2⁻³⁰ Wh, exact. */
  readonly scaled: bigint;
  /** What the batch's coincident energy grows by with this hour. */
  readonly coincident: bigint;
  readonly attributed: bigint | undefined;
};

export type ChannelBatch = {
  readonly firstHour: Hour;
  readonly grade: Grade | undefined;
  /** 0 when recorded, one more at each correction. */
  readonly revision: number;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
  readonly hours: readonly ChannelHour[];
  /** Σ of the hours. */
  readonly energy: bigint;
  readonly coincident: bigint;
  readonly attributed: bigint | undefined;
  readonly missing: number;
};

/** The hours of one channel in one batch. */
export function channelBatch(told: ToldBatch, own: OwnRow): ChannelBatch {
  let scaledSoFar = 0n;
  const hours = configurationHours(told).map((hour, lane): ChannelHour => {
    const energy = BigInt(own.row[lane] ?? 0);
    const ratio = coincidentRatio(hour.shared, hour[own.direction]);
    const scaled = energy * ratio;
    const before = scaledSoFar / RATIO_ONE;
    scaledSoFar += scaled;
    return {
      ...hour,
      energy,
      isMissing: (own.missing & maskBit(lane)) !== 0,
      ratio,
      scaled,
      coincident: scaledSoFar / RATIO_ONE - before,
      attributed: own.attributed && (own.attributed[lane] ?? 0n),
    };
  });
  return {
    firstHour: told.firstHour,
    grade: GRADES[told.grade],
    revision: told.revision,
    block: told.place.block,
    transaction: told.place.transaction,
    hours,
    energy: sum(hours.map(({ energy }) => energy)),
    coincident: sum(hours.map(({ coincident }) => coincident)),
    attributed: own.attributed && sum(hours.map(({ attributed }) => attributed ?? 0n)),
    missing: hours.filter(({ isMissing }) => isMissing).length,
  };
}

/** The hours of a batch's configuration: what every member may see. */
export function configurationHours({ firstHour, hourCount, ...told }: ToldBatch): ConfigurationHour[] {
  return Array.from({ length: hourCount }, (_, lane) => ({
    hour: firstHour + lane,
    injected: told.injected[lane] ?? 0n,
    withdrawn: told.withdrawn[lane] ?? 0n,
    shared: told.shared[lane] ?? 0n,
  }));
}

/** What stands recorded of a ledger's batches that begin in a span: those of a market day or a month are whole. */
export function toldBatches({ batches }: Pick<LedgerHistory, "batches">, span: HourSpan): ToldBatch[] {
  return batches
    .filter(({ firstHour }) => firstHour >= span.firstHour && firstHour < span.firstHour + span.hourCount)
    .toSorted((a, b) => a.firstHour - b.firstHour)
    .flatMap(({ firstHour, revisions }) => {
      const newest = revisions.at(-1);
      return newest === undefined ? [] : [{ firstHour, place: newest.place, ...newest.event }];
    });
}

/**
 * The batches of a span, with one channel's hours. Left out are batches on whose roster the channel is not, and those whose
 * calldata cannot be read.
 */
export function channelBatches(
  ledger: Pick<LedgerHistory, "batches" | "rosters">,
  channel: number,
  span: HourSpan,
): ChannelBatch[] {
  const rosters = new Map<number, Roster>();
  const rosterOf = (version: number) => {
    const blob = ledger.rosters.find((record) => record.version === version)?.blob;
    const roster = rosters.get(version) ?? (blob && decodeRoster(blob));
    if (roster !== undefined) rosters.set(version, roster);
    return roster;
  };
  const recorded = new Map(ledger.batches.map((batch) => [batch.firstHour, batch.revisions.at(-1)]));
  return toldBatches(ledger, span).flatMap((told) => {
    const encoded = recorded.get(told.firstHour)?.input?.batch;
    const roster = encoded && rosterOf(encoded.rosterVersion);
    const own = roster && ownRow(decodeBatch(encoded), roster, channel);
    return own === undefined ? [] : [channelBatch(told, own)];
  });
}

/** A channel's part of a batch; undefined if it is not on the roster. */
export function ownRow(batch: ReturnType<typeof decodeBatch>, roster: Roster, channel: number): OwnRow | undefined {
  const index = channelsOf(roster).findIndex(({ number }) => number === channel);
  const row = [...batch.injected, ...batch.withdrawn][index];
  if (row === undefined) return undefined;
  const plant = roster.plants.find((candidate) => candidate.channel === channel);
  return {
    direction: index < roster.injection.length ? "injected" : "withdrawn",
    row,
    missing: batch.missing[index] ?? 0,
    attributed: plant && attributedByHour(batch, roster).get(plant.number),
  };
}

/** From readings to batches: which hours are covered, what goes into each row, what is missing. */

import { createHmac } from "node:crypto";
import type { Hex } from "viem";
import { type Batch, FIRST_REVISION, LANES, maskBit } from "../settlement/batch.ts";
import type { Grade } from "../settlement/grade.ts";
import {
  batchSpans,
  formatHour,
  type Hour,
  type HourSpan,
  hoursOfMarketDay,
  marketDayOf,
} from "../settlement/hours.ts";
import { type RosterVersion, versionAt } from "../settlement/keys.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { ALWAYS } from "./meterPeriods.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import { NO_PRICES, type Prices } from "./pricesFile.ts";
import type { Readings } from "./readingsFile.ts";

/** Consecutive hours that a channel did not measure. */
export type Gap = {
  readonly meter: string;
  readonly direction: "injected" | "withdrawn";
  readonly firstHour: Hour;
  readonly hours: number;
};

export type HourRange = { readonly first: Hour /** The hour after the last. */; readonly end: Hour };

/**
 * The hours that a configuration's readings cover: from the start of its first market day to its last reading.
 * Undefined if it has no readings.
 */
export function coveredHours(
  readings: Readings,
  meters: readonly MeterChannels[],
  start: string | undefined,
): HourRange | undefined {
  let first = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { id } of meters) {
    for (const hour of readings.get(id)?.keys() ?? []) {
      first = Math.min(first, hour);
      end = Math.max(end, hour + 1);
    }
  }
  if (first > end) return undefined;
  return { first: hoursOfMarketDay(start ?? marketDayOf(first)).firstHour, end };
}

/**
 * The batches of a range of hours, one a market day (the 25-hour day takes two), in order, with the prices there are.
 * @param versions of the roster, in the order in which they were adopted; they begin with market days
 */
export function batchesOf(
  readings: Readings,
  meters: readonly MeterChannels[],
  versions: readonly RosterVersion[],
  range: HourRange,
  grade: Grade,
  seedOf: (firstHour: Hour, revision: number) => Hex,
  prices: Prices = NO_PRICES,
): Batch[] {
  const readingOf = readingsOf(readings, meters);
  return batchSpans(range.first, range.end, LANES).map((span) => {
    const inForce = versionAt(span.firstHour, versions);
    if (inForce === undefined) throw new RangeError(`no roster at ${formatHour(span.firstHour)}`);
    return {
      ...span,
      rosterVersion: versions.indexOf(inForce) + 1,
      grade,
      ...FIRST_REVISION,
      seed: seedOf(span.firstHour, FIRST_REVISION.revision),
      ...rowsOf(inForce.roster, span, readingOf),
      ...pricesOf((hour) => prices.get(hour), span),
    };
  });
}

/** Wh of a channel in an hour; undefined: missing. */
export type ReadingOf = (channel: number, hour: Hour) => number | undefined;

/** What a file has of each channel. */
export function readingsOf(readings: Readings, meters: readonly MeterChannels[]): ReadingOf {
  const meterOf = metersByChannel(meters);
  return (channel, hour) => {
    const measured = meterOf.get(channel);
    return measured && readings.get(measured.meter.id)?.get(hour)?.[measured.direction];
  };
}

/** The rows of a batch, in roster order. */
export function rowsOf(
  roster: Roster,
  span: HourSpan,
  readingOf: ReadingOf,
): Pick<Batch, "injected" | "withdrawn" | "missing"> {
  const channels = channelsOf(roster).map(({ number }) => rowOf((hour) => readingOf(number, hour), span));
  return {
    injected: channels.slice(0, roster.injection.length).map(({ row }) => row),
    withdrawn: channels.slice(roster.injection.length).map(({ row }) => row),
    missing: channels.map(({ mask }) => mask),
  };
}

/** How many readings of a batch are masked as missing. */
export function missingIn({ missing }: Batch): number {
  return missing.reduce((total, mask) => total + mask.toString(2).replaceAll("0", "").length, 0);
}

/** What is missing in a range of hours, by meter and direction. */
export function gapsOf(readings: Readings, meters: readonly MeterChannels[], range: HourRange): Gap[] {
  const gaps: Gap[] = [];
  for (const meter of meters) {
    for (const direction of ["injected", "withdrawn"] as const) {
      if ((direction === "injected" ? meter.injection : meter.withdrawal) === undefined) continue;
      let open: Hour | undefined;
      const { first, end } = meter.period ?? ALWAYS;
      const last = Math.min(range.end, end);
      for (let hour = Math.max(range.first, first); hour <= last; hour++) {
        const missing = hour < last && readings.get(meter.id)?.get(hour)?.[direction] === undefined;
        if (missing) open ??= hour;
        else if (open !== undefined) {
          gaps.push({ meter: meter.id, direction, firstHour: open, hours: hour - open });
          open = undefined;
        }
      }
    }
  }
  return gaps;
}

/** A batch's seed from a secret: unguessable to others, and the same when the same batch is built again. */
export function seedFrom(secret: Hex, ledger: Hex, firstHour: Hour, revision: number): Hex {
  return `0x${createHmac("sha256", secret).update(`${ledger} ${firstHour} ${revision}`).digest("hex")}`;
}

/** The prices of a batch. */
export function pricesOf(
  priceAt: (hour: Hour) => number | undefined,
  { firstHour, hourCount }: HourSpan,
): Pick<Batch, "priceMask" | "prices"> {
  const lanes = new Array<number>(LANES).fill(0);
  let priceMask = 0;
  for (let lane = 0; lane < hourCount; lane++) {
    const price = priceAt(firstHour + lane);
    if (price === undefined) priceMask |= maskBit(lane);
    else lanes[lane] = price;
  }
  return { priceMask, prices: lanes };
}

type Measured = { readonly meter: MeterChannels; readonly direction: "injected" | "withdrawn" };

function metersByChannel(meters: readonly MeterChannels[]): Map<number, Measured> {
  const byChannel = new Map<number, Measured>();
  for (const meter of meters) {
    if (meter.injection !== undefined) byChannel.set(meter.injection, { meter, direction: "injected" });
    if (meter.withdrawal !== undefined) byChannel.set(meter.withdrawal, { meter, direction: "withdrawn" });
  }
  return byChannel;
}

function rowOf(readingAt: (hour: Hour) => number | undefined, span: HourSpan): { row: number[]; mask: number } {
  const row = new Array<number>(LANES).fill(0);
  let mask = 0;
  for (let lane = 0; lane < span.hourCount; lane++) {
    const value = readingAt(span.firstHour + lane);
    if (value === undefined) mask |= maskBit(lane);
    else row[lane] = value;
  }
  return { row, mask };
}

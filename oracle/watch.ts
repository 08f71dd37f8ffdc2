/** What is wrong with meters, clocks and disk: decisions, from what is known to alarms. Times are seconds since the Unix epoch. */

import { formatHour, type Hour } from "../settlement/hours.ts";
import type { AlarmKind, AlarmText } from "./alarms.ts";
import type { MeterHeard } from "./heardMeters.ts";
import type { SignedGap } from "./outbox.ts";

/** The alarms that this page decides on. */
export const WATCHED = [
  "meter-silent",
  "meter-clock-off",
  "clock-off",
  "disk-nearly-full",
] as const satisfies readonly AlarmKind[];

export type HeardOf = (meter: string) => MeterHeard | undefined;

/** A block of a chain. */
export type Block = { readonly number: bigint /** Seconds since the Unix epoch. */; readonly timestamp: bigint };

const SILENT_SECONDS = 2 * 3600;
/** A meter that sends what it kept while it had no network is given so long to come to the present. */
const BEHIND_SECONDS = 3600;
const MOST_CLOCK_SECONDS = 60;
/** Of so many meters a majority does not err. */
const FEWEST_WITNESSES = 3;
export const LEAST_FREE_BYTES = 500_000_000;
const OVERDUE_SECONDS = 2 * 3600;

/**
 * Meters that have not been heard for two hours, also those that never were.
 * @param meters those that should be heard
 * @param listeningSince since when the broker is heard without a longer break; undefined: it is not, and nothing is known of meters
 */
export function silentMeters(
  meters: readonly string[],
  heardOf: HeardOf,
  listeningSince: number | undefined,
  now: number,
): AlarmText[] {
  if (listeningSince === undefined) return [];
  return meters.flatMap((meter): AlarmText[] => {
    const last = heardOf(meter)?.lastReceived;
    if (now - Math.max(last ?? 0, listeningSince) <= SILENT_SECONDS) return [];
    const text =
      last === undefined
        ? `${meter} has not been heard since the oracle began to listen, ${momentOf(listeningSince)}`
        : `${meter} has been silent since ${momentOf(last)}`;
    return [{ kind: "meter-silent", subject: meter, text, remedy: "See its power, network and password" }];
  });
}

/** Meters whose readings lie in the future, or always far in the past. */
export function meterClocks(meters: readonly string[], heardOf: HeardOf, now: number): AlarmText[] {
  return meters.flatMap((meter): AlarmText[] => {
    const off = offOf(heardOf(meter), now);
    if (off === undefined) return [];
    const text = `${meter}: its readings are ${durationOf(off)} ${off > 0 ? "ahead of" : "behind"} this machine's clock`;
    return [
      {
        kind: "meter-clock-off",
        subject: meter,
        text,
        remedy: "Set the meter's clock, its time zone or its unit of time",
      },
    ];
  });
}

/** This machine's clock, if most meters agree that it is late. */
export function clockByMeters(meters: readonly string[], heardOf: HeardOf): AlarmText[] {
  const heard = meters.flatMap((meter) => heardOf(meter) ?? []);
  const ahead = heard.filter(({ aheadBy = 0 }) => aheadBy > 0);
  if (heard.length < FEWEST_WITNESSES || 2 * ahead.length <= heard.length) return [];
  return [clockOff("meters", `${ahead.length} of ${heard.length} meters are ahead of this machine's clock`)];
}

/**
 * This machine's clock against a chain's newest block, which may be old, as a chain may have nothing to do.
 * @param before the newest block when it was looked at before, and when that was
 */
export function clockByChain(
  newest: Block,
  before: { readonly number: bigint; readonly at: number } | undefined,
  now: number,
): AlarmText[] {
  const ahead = Number(newest.timestamp) - now;
  if (ahead > MOST_CLOCK_SECONDS) {
    return [clockOff("chain", `the chain's newest block is ${durationOf(ahead)} ahead of this machine's clock`)];
  }
  const behind = before === undefined ? 0 : before.at - Number(newest.timestamp);
  if (before !== undefined && newest.number > before.number && behind > MOST_CLOCK_SECONDS) {
    return [clockOff("chain", `the chain makes blocks that are ${durationOf(behind)} behind this machine's clock`)];
  }
  return [];
}

/** @param free bytes */
export function fullDisk(free: number, folder: string): AlarmText[] {
  if (free >= LEAST_FREE_BYTES) return [];
  const text = `less than ${LEAST_FREE_BYTES / 1_000_000} MB are free at ${folder}`;
  const remedy = "Make room, or move the folder and name it in `data`: on a full disk no reading can be kept";
  return [{ kind: "disk-nearly-full", subject: folder, text, remedy }];
}

/** Days that were signed with readings missing, of one ledger. */
export function gapsAtDeadline(ledger: string, gaps: readonly SignedGap[]): AlarmText[] {
  const last = gaps.at(-1);
  if (last === undefined) return [];
  const days = gaps.length === 1 ? "" : `; so are some in ${gaps.length - 1} days before`;
  const text = `${last.missing} readings are missing in the day from ${formatHour(last.firstHour)}, and count as zero${days}`;
  const remedy = "Import them: they become a correction. `./condivisa meters` with meter and day says which";
  return [{ kind: "gap-at-deadline", subject: ledger, text, remedy }];
}

/**
 * A day that should have been recorded, whatever was missing.
 * @param end of the hours that come next
 * @param patience how long after their end they are waited for
 */
export function overdueBatch(ledger: string, next: Hour, end: number, patience: number, now: number): AlarmText[] {
  if (now <= end + patience + OVERDUE_SECONDS) return [];
  const text = `the day from ${formatHour(next)} is not recorded: not enough oracles have signed it`;
  const remedy = "See whether the other oracles run, and what they say of this one: their alarms name the difference";
  return [{ kind: "batch-overdue", subject: ledger, text, remedy }];
}

function offOf(heard: MeterHeard | undefined, now: number): number | undefined {
  if (heard?.aheadBy !== undefined) return heard.aheadBy;
  const { lastReceived, lastMeasured, behindSince } = heard ?? {};
  if (behindSince === undefined || lastReceived === undefined || lastMeasured === undefined) return undefined;
  return now - behindSince >= BEHIND_SECONDS ? lastMeasured - lastReceived : undefined;
}

function clockOff(subject: string, text: string): AlarmText {
  const remedy = "Let this machine's clock be set over the network (NTP), and the chain's nodes' too";
  return { kind: "clock-off", subject, text, remedy };
}

function momentOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function durationOf(seconds: number): string {
  const positive = Math.abs(seconds);
  if (positive < 7200) return `${Math.round(positive / 60)} min`;
  if (positive < 172_800) return `${Math.round(positive / 3600)} h`;
  return `${Math.round(positive / 86_400)} days`;
}

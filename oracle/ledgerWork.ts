/**
 * One ledger's work: days that are ready are written down, signed and recorded in order; what is known better afterwards becomes a
 * correction. Every step begins by asking the chain for its next hour, so it can stop anywhere.
 */

import type { Hex } from "viem";
import { ContractRefusedError } from "../chain/errors.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import { batchSpans, type Hour, type HourSpan, hoursOfMarketDay, marketDayOf, secondsOf } from "../settlement/hours.ts";
import { type RosterVersion, versionAt } from "../settlement/keys.ts";
import { correctionsOf } from "./corrections.ts";
import type { Council } from "./council.ts";
import { batchesOf, readingsOf } from "./dayBatches.ts";
import type { RegisterRules } from "./hours/registers.ts";
import type { Inbox } from "./inbox.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import type { Outbox } from "./outbox.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import { NO_PRICES, type Prices } from "./pricesFile.ts";
import { readingsOfSpan, type SpanReadings } from "./spanReadings.ts";

export type LedgerSettings = {
  readonly meters: readonly MeterChannels[];
  readonly rulesOf: (meter: string) => RegisterRules;
  /** How long after its end a day is waited for if it is not complete, seconds. */
  readonly patience: number;
  readonly seedOf: (firstHour: Hour, revision: number) => Hex;
  /** Of the zone in which the plants stand. */
  readonly zone: string | undefined;
};

/** What was done, for log and alarms. */
export type Done =
  | {
      readonly kind: "recorded" | "corrected";
      readonly firstHour: Hour;
      readonly hours: number;
      readonly known: SpanReadings;
    }
  /** Known better, but by a source that is worth less than what was recorded. */
  | { readonly kind: "kept"; readonly firstHour: Hour };

/** One ledger and everything that is needed to work on it. */
export type LedgerWork = {
  readonly ledger: LedgerAccess;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly settings: LedgerSettings;
  readonly council: Council;
  readonly onDone: (done: Done) => void;
};

/**
 * Records every day that is ready.
 * @param now seconds since the Unix epoch
 * @returns the ledger's next hour
 */
export async function recordDays(work: LedgerWork, now: number): Promise<Hour> {
  const { ledger, inbox, outbox, settings, council, onDone } = work;
  const versions = await ledger.versions();
  for (;;) {
    const next = await ledger.nextHour();
    const span = nextSpan(next);
    const end = secondsOf(span.firstHour + span.hourCount);
    if (now < end) return next;
    const known = readingsOfSpan(inbox, settings.meters, settings.rulesOf, span);
    const prices = pricesOf(work, span);
    const isComplete = known.missing === 0 && (prices.size === span.hourCount || !needsPrices(next, versions));
    const isReady = isComplete || now >= end + settings.patience;
    const range = { first: next, end: next + span.hourCount };
    const batch =
      outbox.find(ledger.address, next, 0) ??
      (isReady
        ? batchesOf(known.readings, settings.meters, versions, range, gradeOf(known), settings.seedOf, prices)[0]
        : undefined);
    if (batch === undefined) return next;
    const agreed = await council.agree(batch, readingsOf(known.readings, settings.meters), versions);
    if (agreed === undefined) return next;
    await unlessDone(ledger.record(agreed.batch, agreed.signatures));
    onDone({ kind: "recorded", firstHour: next, hours: span.hourCount, known });
  }
}

/**
 * Corrects every recorded batch with one of these hours, as far as something else is known of it now.
 * @returns whether nothing is left to be done about them
 */
export async function correctDays(work: LedgerWork, hours: readonly Hour[]): Promise<boolean> {
  const versions = await work.ledger.versions();
  let done = 0;
  let isAll = true;
  for (const hour of hours.toSorted((a, b) => a - b)) {
    if (hour < done) continue;
    const end = await correctBatchOf(hour, work, versions);
    isAll &&= end !== undefined;
    done = end ?? hour + 1;
  }
  return isAll;
}

/** Another oracle may have brought the same hours a moment before. */
async function unlessDone(sent: Promise<void>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    const isDone = error instanceof ContractRefusedError && DONE.has(error.errorName);
    if (!isDone) throw error;
  }
}

const DONE = new Set(["NotNextHour", "NotRecorded", "NotNextRevision"]);

/**
 * Corrects until what stands is what is known: a correction that was written down before the last word came goes first.
 * @returns the end of the batch in which the hour lies; undefined if the other oracles have not agreed yet
 */
async function correctBatchOf(
  hour: Hour,
  work: LedgerWork,
  versions: readonly RosterVersion[],
): Promise<Hour | undefined> {
  const { ledger, inbox, outbox, settings, council, onDone } = work;
  for (;;) {
    const standing = await ledger.standing(hour, versions);
    if (standing === undefined) return hour + 1;
    const end = standing.batch.firstHour + standing.batch.hourCount;
    const known = readingsOfSpan(inbox, settings.meters, settings.rulesOf, standing.batch);
    const given = {
      readings: known.readings,
      meters: settings.meters,
      grade: gradeOf(known),
      prices: pricesOf(work, standing.batch),
    };
    const [correction] = correctionsOf({ versions, batches: [[{ position: 0, ...standing }]] }, given, settings.seedOf);
    if (correction === undefined) return end;
    const { old, corrected } = correction;
    if (correction.ofReadings && GRADES.indexOf(given.grade) < GRADES.indexOf(old.grade)) {
      onDone({ kind: "kept", firstHour: old.firstHour });
      return end;
    }
    const knownHere = readingsOf(known.readings, settings.meters);
    const agreed = await council.agree(
      outbox.find(ledger.address, old.firstHour, corrected.revision) ?? corrected,
      knownHere,
      versions,
    );
    if (agreed === undefined) return undefined;
    await unlessDone(ledger.amend(old, agreed.batch, agreed.signatures));
    onDone({ kind: "corrected", firstHour: old.firstHour, hours: old.hourCount, known });
  }
}

/** The rest of the market day, as far as one batch reaches. */
function nextSpan(next: Hour): HourSpan {
  const day = hoursOfMarketDay(marketDayOf(next));
  const [span] = batchSpans(next, day.firstHour + day.hourCount);
  return span ?? { firstHour: next, hourCount: 1 };
}

function pricesOf({ inbox, settings }: LedgerWork, span: HourSpan): Prices {
  return settings.zone === undefined ? NO_PRICES : inbox.prices(settings.zone, span);
}

function gradeOf(known: SpanReadings): Grade {
  return known.grade ?? GRADES[0];
}

/** Whether the roster in force at an hour has a plant that is paid by the zonal price. */
function needsPrices(hour: Hour, versions: readonly RosterVersion[]): boolean {
  return versionAt(hour, versions)?.roster.plants.some(({ regime }) => regime === "CACER") ?? false;
}

/**
 * One ledger's work: days that are ready are written down, signed and recorded in order; what is known better afterwards becomes a
 * correction. Every step begins by asking the chain for its next hour, so it can stop anywhere.
 */

import type { Hex } from "viem";
import { ContractRefusedError } from "../chain/errors.ts";
import type { Batch } from "../settlement/batch.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import {
  batchSpans,
  formatHour,
  type Hour,
  type HourSpan,
  hoursOfMarketDay,
  marketDayOf,
  secondsOf,
} from "../settlement/hours.ts";
import { type RosterVersion, versionAt } from "../settlement/keys.ts";
import { comparable } from "./agreement.ts";
import { correctionsOf } from "./corrections.ts";
import type { Council } from "./council.ts";
import { batchesOf, missingIn, readingsOf } from "./dayBatches.ts";
import type { RegisterRules } from "./hours/registers.ts";
import type { Inbox } from "./inbox.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import type { Outbox } from "./outbox.ts";
import { CHANNEL_OF, type MeterChannels, metersOnRoster } from "./plannedRosters.ts";
import { NO_PRICES, type Prices } from "./pricesFile.ts";
import { carriedOver } from "./provenance.ts";
import { readingsOfSpan, type SpanReadings, type WaitingReader } from "./spanReadings.ts";

export type LedgerSettings = {
  readonly meters: readonly MeterChannels[];
  readonly rulesOf: (meter: string) => RegisterRules;
  /** How long after its end a day is waited for if it is not complete, seconds. */
  readonly patience: number;
  readonly seedOf: (firstHour: Hour, revision: number) => Hex;
  /** Of the zone in which the plants stand. */
  readonly zone: string | undefined;
};

/** How far a ledger is. */
export type LedgerState = {
  /** The batch that comes next; its end in seconds since the Unix epoch. */
  readonly next: Hour;
  readonly end: number;
  /** Who is on the roster. */
  readonly meters: readonly string[];
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
  readonly readWaiting: WaitingReader;
  readonly onDone: (done: Done) => void;
  /** What is known of hours that are looked at, whether or not they are ready. */
  readonly onLook: (known: SpanReadings) => void;
};

/**
 * Records every day that is ready.
 * @param now seconds since the Unix epoch
 */
export async function recordDays(work: LedgerWork, now: number): Promise<LedgerState> {
  const { ledger, settings, council, readWaiting, onDone, onLook } = work;
  const versions = await ledger.versions();
  for (;;) {
    const next = await ledger.nextHour();
    const span = nextSpan(next);
    const end = secondsOf(span.firstHour + span.hourCount);
    const inForce = versionAt(next, versions);
    if (inForce === undefined) throw new RangeError(`no roster is in force at ${formatHour(next)}`);
    const meters = metersOnRoster(settings.meters, inForce.roster);
    const state = { next, end, meters: meters.map(({ id }) => id) };
    if (now < end) return state;
    const known = readWaiting(meters, span);
    onLook(known);
    const prices = pricesOf(work, span);
    const range = { first: next, end: next + span.hourCount };
    const [fresh] = batchesOf(known.readings, meters, versions, range, gradeOf(known), settings.seedOf, prices);
    if (fresh === undefined) return state;
    const isComplete = missingIn(fresh) === 0 && (fresh.priceMask === 0 || !needsPrices(inForce));
    const frozen = frozenInsteadOf(fresh, work);
    if (frozen === undefined && !isComplete && now < end + settings.patience) return state;
    const own = { batch: frozen ?? fresh, provenance: known.provenance };
    const agreed = await council.agree(own, readingsOf(known.readings, meters), versions);
    if (agreed === undefined) return state;
    await unlessDone(ledger.record(agreed.batch, agreed.signatures));
    onDone({ kind: "recorded", firstHour: next, hours: span.hourCount, known });
  }
}

/**
 * Corrects every recorded batch with one of these hours, as far as something else is known of it now.
 * @returns the hours about which something is left to be done: the other oracles have not agreed yet
 */
export async function correctDays(work: LedgerWork, hours: readonly Hour[]): Promise<Set<Hour>> {
  const versions = await work.ledger.versions();
  const open = new Set<Hour>();
  let done = 0;
  let openUntil = 0;
  for (const hour of hours.toSorted((a, b) => a - b)) {
    if (hour < openUntil) open.add(hour);
    if (hour < done) continue;
    const { end, isOpen } = await correctBatchOf(hour, work, versions);
    if (isOpen) open.add(hour);
    openUntil = isOpen ? end : openUntil;
    done = end;
  }
  return open;
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

/** The batch that was written down for the same hours, roster and predecessor, as before a crash. */
function frozenInsteadOf(fresh: Batch, { ledger, outbox }: LedgerWork): Batch | undefined {
  const frozen = outbox.find(ledger.address, fresh.firstHour, fresh.revision);
  return frozen !== undefined && comparable(frozen, fresh) ? frozen : undefined;
}

/**
 * Corrects until what stands is what is known: a correction that was written down before the last word came goes first.
 * @returns the end of the batch in which the hour lies, and whether the other oracles have yet to agree
 */
async function correctBatchOf(
  hour: Hour,
  work: LedgerWork,
  versions: readonly RosterVersion[],
): Promise<{ readonly end: Hour; readonly isOpen: boolean }> {
  const { ledger, inbox, outbox, settings, council, onDone, onLook } = work;
  for (;;) {
    const standing = await ledger.standing(hour, versions);
    const roster = standing && versionAt(standing.batch.firstHour, versions)?.roster;
    if (standing === undefined || roster === undefined) return { end: hour + 1, isOpen: false };
    const end = standing.batch.firstHour + standing.batch.hourCount;
    const meters = metersOnRoster(settings.meters, roster);
    const known = readingsOfSpan(inbox, meters, settings.rulesOf, standing.batch);
    onLook(known);
    const prices = pricesOf(work, standing.batch);
    const given = { readings: known.readings, meters, grade: gradeOf(known), prices };
    const [correction] = correctionsOf({ versions, batches: [[{ position: 0, ...standing }]] }, given, settings.seedOf);
    if (correction === undefined) return { end, isOpen: false };
    const { old, corrected } = correction;
    if (correction.ofReadings && GRADES.indexOf(given.grade) < GRADES.indexOf(old.grade)) {
      onDone({ kind: "kept", firstHour: old.firstHour });
      return { end, isOpen: false };
    }
    const before = outbox.provenance(ledger.address, old.firstHour, old.revision);
    const provenance = carriedOver(known.provenance, before, ({ meter, direction }) =>
      meters.some(({ id, ...channels }) => id === meter && channels[CHANNEL_OF[direction]] !== undefined),
    );
    const own = { batch: frozenInsteadOf(corrected, work) ?? corrected, provenance };
    const agreed = await council.agree(own, readingsOf(known.readings, meters), versions);
    if (agreed === undefined) return { end, isOpen: true };
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

/** Whether a roster has a plant that is paid by the zonal price. */
function needsPrices({ roster }: RosterVersion): boolean {
  return roster.plants.some(({ regime }) => regime === "CACER");
}

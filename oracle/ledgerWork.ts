/**
 * One ledger's work: days that are ready are written down, signed and recorded in order; what is known better afterwards becomes a
 * correction. Every step begins by asking the chain for its next hour, so it can stop anywhere.
 */

import type { Hex } from "viem";
import { GRADES } from "../settlement/grade.ts";
import { batchSpans, type Hour, type HourSpan, hoursOfMarketDay, marketDayOf, secondsOf } from "../settlement/hours.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { correctionsOf } from "./corrections.ts";
import { batchesOf } from "./dayBatches.ts";
import type { RegisterRules } from "./hours/registers.ts";
import type { Inbox } from "./inbox.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import type { Outbox } from "./outbox.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import type { Prices } from "./pricesFile.ts";
import { readingsOfSpan, type SpanReadings } from "./spanReadings.ts";

export type LedgerSettings = {
  readonly meters: readonly MeterChannels[];
  readonly rulesOf: (meter: string) => RegisterRules;
  /** How long after its end a day is waited for if it is not complete, seconds. */
  readonly patience: number;
  readonly seedOf: (firstHour: Hour, revision: number) => Hex;
  readonly prices: () => Prices;
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

/** Does all that can be done now. `now` is in seconds since the Unix epoch. */
export async function workOnLedger(
  ledger: LedgerAccess,
  inbox: Inbox,
  outbox: Outbox,
  settings: LedgerSettings,
  now: number,
  onDone: (done: Done) => void,
): Promise<void> {
  const versions = await ledger.versions();
  if (versions.length === 0) return;
  for (;;) {
    const next = await ledger.nextHour();
    const span = nextSpan(next);
    const known = readingsOfSpan(inbox, settings.meters, settings.rulesOf, span);
    const frozen = outbox.find(ledger.address, next, 0);
    const batch =
      frozen ?? (isReady(span, known, settings.patience, now) ? newBatch(span, known, versions, settings) : undefined);
    const roster = batch && versions[batch.rosterVersion - 1]?.roster;
    if (batch === undefined || roster === undefined) break;
    await ledger.record(outbox.freeze(ledger.address, batch), roster);
    onDone({ kind: "recorded", firstHour: next, hours: span.hourCount, known });
  }
  await correct(ledger, inbox, outbox, settings, versions, onDone);
}

/** The rest of the market day, as far as one batch reaches. */
function nextSpan(next: Hour): HourSpan {
  const day = hoursOfMarketDay(marketDayOf(next));
  const [span] = batchSpans(next, day.firstHour + day.hourCount);
  return span ?? { firstHour: next, hourCount: 1 };
}

/** A day is ready once it is over and complete, or has been waited for. */
function isReady({ firstHour, hourCount }: HourSpan, known: SpanReadings, patience: number, now: number): boolean {
  const end = secondsOf(firstHour + hourCount);
  return now >= end && (known.missing === 0 || now >= end + patience);
}

function newBatch(span: HourSpan, known: SpanReadings, versions: readonly RosterVersion[], settings: LedgerSettings) {
  const range = { first: span.firstHour, end: span.firstHour + span.hourCount };
  const grade = known.grade ?? GRADES[0];
  const prices = settings.prices();
  return batchesOf(known.readings, settings.meters, versions, range, grade, settings.seedOf, prices)[0];
}

/** Of every recorded batch of which something new is known. Hours are forgotten only once nothing is left to do about them. */
async function correct(
  ledger: LedgerAccess,
  inbox: Inbox,
  outbox: Outbox,
  settings: LedgerSettings,
  versions: readonly RosterVersion[],
  onDone: (done: Done) => void,
): Promise<void> {
  const changed = inbox.changedHours(await ledger.nextHour());
  const seen = new Set<Hour>();
  for (const { hour } of changed) {
    if (seen.has(hour)) continue;
    const span = await correctBatchOf(hour, ledger, inbox, outbox, settings, versions, onDone);
    const ofBatch = changed.filter(
      (each) => span.firstHour <= each.hour && each.hour < span.firstHour + span.hourCount,
    );
    for (const each of ofBatch) seen.add(each.hour);
    inbox.forgetChanges(ofBatch);
  }
}

/**
 * Corrects until what stands is what is known: a correction that was written down before the last word came goes first.
 * @returns the hours of the batch in which the hour lies
 */
async function correctBatchOf(
  hour: Hour,
  ledger: LedgerAccess,
  inbox: Inbox,
  outbox: Outbox,
  settings: LedgerSettings,
  versions: readonly RosterVersion[],
  onDone: (done: Done) => void,
): Promise<HourSpan> {
  for (;;) {
    const standing = await ledger.standing(hour, versions);
    if (standing === undefined) return { firstHour: hour, hourCount: 1 };
    const known = readingsOfSpan(inbox, settings.meters, settings.rulesOf, standing.batch);
    const { meters, seedOf } = settings;
    const given = { readings: known.readings, meters, grade: known.grade ?? GRADES[0], prices: settings.prices() };
    const [correction] = correctionsOf({ versions, batches: [[{ position: 0, ...standing }]] }, given, seedOf);
    if (correction === undefined) return standing.batch;
    const { old, corrected, roster } = correction;
    if (correction.ofReadings && GRADES.indexOf(given.grade) < GRADES.indexOf(old.grade)) {
      onDone({ kind: "kept", firstHour: old.firstHour });
      return standing.batch;
    }
    await ledger.amend({ old, corrected: outbox.freeze(ledger.address, corrected), roster });
    onDone({ kind: "corrected", firstHour: old.firstHour, hours: old.hourCount, known });
  }
}

/** What the inbox has of a stretch of hours: of every hour the source that is believed. */

import { GRADES, type Grade } from "../settlement/grade.ts";
import type { Hour, HourSpan } from "../settlement/hours.ts";
import { type Candidate, type Choice, choiceOf } from "./hours/choice.ts";
import { hoursOfIntervals } from "./hours/intervals.ts";
import { hoursOfRegister, type RegisterFinding, type RegisterRules } from "./hours/registers.ts";
import type { Inbox } from "./inbox.ts";
import { DIRECTIONS, type Direction } from "./measurement.ts";
import { ALWAYS, isWithin } from "./meterPeriods.ts";
import { CHANNEL_OF, type MeterChannels } from "./plannedRosters.ts";
import type { Provenance } from "./provenance.ts";
import type { Reading, Readings } from "./readingsFile.ts";

/** More in an hour of one direction of a meter than can flow. */
export type ImplausibleHour = Candidate & {
  readonly meter: string;
  readonly direction: Direction;
  readonly hour: Hour;
  /** W. */
  readonly mostPower: number;
};

export type SpanReadings = {
  readonly readings: Readings;
  /** The lowest of what is there; undefined if nothing is. */
  readonly grade: Grade | undefined;
  readonly provenance: readonly Provenance[];
  /** Hours times channels of which nothing is known. */
  readonly missing: number;
  /** What is odd about a meter's registers. */
  readonly findings: readonly (RegisterFinding & { readonly meter: string })[];
  /** What is not believed, by meter, direction and hour. */
  readonly implausible: readonly ImplausibleHour[];
};

const SECONDS_PER_HOUR = 3600;

export function readingsOfSpan(
  inbox: Inbox,
  meters: readonly MeterChannels[],
  rulesOf: (meter: string) => RegisterRules,
  { firstHour, hourCount }: HourSpan,
): SpanReadings {
  const provenance: Provenance[] = [];
  const findings: (RegisterFinding & { meter: string })[] = [];
  const implausible: ImplausibleHour[] = [];
  let missing = 0;
  for (const [meter, entries] of Map.groupBy(meters, ({ id }) => id)) {
    const rules = rulesOf(meter);
    for (const direction of DIRECTIONS) {
      const measuring = entries.filter((entry) => entry[CHANNEL_OF[direction]] !== undefined);
      if (measuring.length === 0) continue;
      const known = candidatesOf(inbox, meter, direction, rules, { firstHour, hourCount });
      findings.push(...known.findings.map((finding) => ({ meter, ...finding })));
      for (let hour = firstHour; hour < firstHour + hourCount; hour++) {
        if (!measuring.some(({ period = ALWAYS }) => isWithin(hour, period))) continue;
        const { chosen, implausible: wrong } = choiceOf(known.of(hour), rules.mostPower);
        for (const each of wrong) implausible.push({ meter, direction, hour, mostPower: rules.mostPower, ...each });
        if (chosen === undefined) missing++;
        else provenance.push({ meter, direction, hour, ...chosen });
      }
    }
  }
  const grades = provenance.map(({ grade }) => GRADES.indexOf(grade));
  const grade = GRADES[grades.reduce((a, b) => Math.min(a, b), GRADES.length)];
  return { readings: toReadings(provenance), grade, provenance, missing, findings, implausible };
}

export type WaitingReader = (meters: readonly MeterChannels[], span: HourSpan) => SpanReadings;

/**
 * Reads a day that is waited for, again and again, and from the inbox only when something was said of it meanwhile. Not for recorded
 * hours: what was said of those is forgotten once it is corrected.
 */
export function waitingReader(inbox: Inbox, rulesOf: (meter: string) => RegisterRules): WaitingReader {
  let last: { readonly key: string; readonly known: SpanReadings } | undefined;
  return (meters, span) => {
    const key = JSON.stringify([span, inbox.changesOf(span), meters]);
    if (last?.key !== key) last = { key, known: readingsOfSpan(inbox, meters, rulesOf, span) };
    return last.known;
  };
}

/** What every source says of the hours of one direction of a meter, and which one is believed. */
export function hoursOfMeter(
  inbox: Inbox,
  meter: string,
  direction: Direction,
  rules: RegisterRules,
  span: HourSpan,
): (Choice & { readonly hour: Hour; readonly candidates: readonly Candidate[] })[] {
  const known = candidatesOf(inbox, meter, direction, rules, span);
  return Array.from({ length: span.hourCount }, (_, index) => {
    const hour = span.firstHour + index;
    const candidates = known.of(hour);
    return { hour, candidates, ...choiceOf(candidates, rules.mostPower) };
  });
}

function candidatesOf(inbox: Inbox, meter: string, direction: Direction, rules: RegisterRules, span: HourSpan) {
  const from = span.firstHour * SECONDS_PER_HOUR;
  const end = (span.firstHour + span.hourCount) * SECONDS_PER_HOUR;
  const files = hoursOfIntervals(inbox.intervals(meter, direction, "distributor", from, end));
  const intervals = hoursOfIntervals(inbox.intervals(meter, direction, "meter", from, end));
  // A reading on either side of the stretch says what the register showed at its turn.
  const registers = inbox.registers(meter, direction, from - rules.longestGap, end + rules.longestGap);
  const { hours, findings } = hoursOfRegister(registers, rules);
  return {
    findings: findings.filter(({ at }) => at >= from && at < end),
    of(hour: Hour): Candidate[] {
      const [file, interval, register] = [files.get(hour), intervals.get(hour), hours.get(hour)];
      return [
        ...(file === undefined ? [] : [{ ...file, source: "distributor" as const }]),
        ...(interval === undefined ? [] : [{ ...interval, source: "intervals" as const }]),
        ...(register === undefined
          ? []
          : [{ wattHours: register, source: "register" as const, quality: "measured" as const }]),
      ];
    },
  };
}

function toReadings(provenance: readonly Provenance[]): Readings {
  const readings = new Map<string, Map<Hour, Reading>>();
  for (const { meter, direction, hour, wattHours } of provenance) {
    const hours = readings.get(meter) ?? new Map<Hour, Reading>();
    hours.set(hour, { injected: undefined, withdrawn: undefined, ...hours.get(hour), [direction]: wattHours });
    readings.set(meter, hours);
  }
  return readings;
}

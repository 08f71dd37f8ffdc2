/** What the inbox has of a stretch of hours: of every hour the source that is believed. */

import { GRADES, type Grade } from "../settlement/grade.ts";
import type { Hour, HourSpan } from "../settlement/hours.ts";
import { type Candidate, type ChosenHour, chosenOf } from "./hours/choice.ts";
import { hoursOfIntervals } from "./hours/intervals.ts";
import { hoursOfRegister, type RegisterFinding, type RegisterRules } from "./hours/registers.ts";
import type { Inbox } from "./inbox.ts";
import { DIRECTIONS, type Direction } from "./measurement.ts";
import { ALWAYS, isWithin } from "./meterPeriods.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import type { Reading, Readings } from "./readingsFile.ts";

/** An hour of one direction of a meter, with where it comes from. */
export type Provenance = ChosenHour & { readonly meter: string; readonly direction: Direction; readonly hour: Hour };

export type SpanReadings = {
  readonly readings: Readings;
  /** The lowest of what is there; undefined if nothing is. */
  readonly grade: Grade | undefined;
  readonly provenance: readonly Provenance[];
  /** Hours times channels of which nothing is known. */
  readonly missing: number;
  /** What is odd about a meter's registers. */
  readonly findings: readonly (RegisterFinding & { readonly meter: string })[];
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
  let missing = 0;
  for (const [meter, entries] of Map.groupBy(meters, ({ id }) => id)) {
    const rules = rulesOf(meter);
    for (const direction of DIRECTIONS) {
      const channel = direction === "injected" ? "injection" : "withdrawal";
      const measuring = entries.filter((entry) => entry[channel] !== undefined);
      if (measuring.length === 0) continue;
      const known = candidatesOf(inbox, meter, direction, rules, { firstHour, hourCount });
      findings.push(...known.findings.map((finding) => ({ meter, ...finding })));
      for (let hour = firstHour; hour < firstHour + hourCount; hour++) {
        if (!measuring.some(({ period = ALWAYS }) => isWithin(hour, period))) continue;
        const chosen = chosenOf(known.of(hour), rules.mostPower);
        if (chosen === undefined) missing++;
        else provenance.push({ meter, direction, hour, ...chosen });
      }
    }
  }
  const grades = provenance.map(({ grade }) => GRADES.indexOf(grade));
  return { readings: toReadings(provenance), grade: GRADES[Math.min(...grades)], provenance, missing, findings };
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

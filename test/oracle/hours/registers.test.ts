/** Registers and the hours they make: a table of everything that meters do. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  hoursOfRegister,
  type RegisterFinding,
  type RegisterReading,
  type RegisterRules,
} from "../../../oracle/hours/registers.ts";

const HOUR = 500_000;
const RULES: RegisterRules = { rollsOverAt: undefined, mostPower: 6600, longestGap: 900 };

/** A reading so many minutes after the hour, in Wh. */
function at(minutes: number, wattHours: number, device?: string): RegisterReading {
  return { at: HOUR * 3600 + minutes * 60, milliWattHours: Math.round(wattHours * 1000), device };
}

/** A register that is read every ten minutes and counts up evenly. */
function even(from: number, to: number, wattHoursAtFrom: number, perMinute: number, device?: string) {
  const minutes = Array.from({ length: (to - from) / 10 + 1 }, (_, index) => from + 10 * index);
  return minutes.map((minute) => at(minute, wattHoursAtFrom + (minute - from) * perMinute, device));
}

type Case = {
  readonly readings: readonly RegisterReading[];
  readonly rules?: Partial<RegisterRules>;
  /** Wh, by hours after the first. */
  readonly hours: Readonly<Record<number, number>>;
  /** Minutes after the first hour. */
  readonly findings?: readonly (readonly [number, RegisterFinding["kind"]])[];
};

const CASES: Readonly<Record<string, Case>> = {
  nothing: { readings: [], hours: {} },
  "one reading": { readings: [at(0, 5)], hours: {} },
  "an hour from turn to turn": { readings: even(0, 60, 1000, 10), hours: { 0: 600 } },
  "a turn between readings, shared out by time": {
    readings: [at(-5, 1000), at(5, 1010), at(15, 1040), ...even(25, 65, 1050, 1)],
    hours: { 0: 80 },
  },
  "an hour that begins before the first reading": { readings: even(10, 120, 0, 1), hours: { 1: 60 } },
  "an hour that is not over": { readings: even(0, 110, 0, 1), hours: { 0: 60 } },
  "readings out of order and twice": {
    readings: [...even(0, 60, 0, 1).toReversed(), ...even(0, 60, 0, 1)],
    hours: { 0: 60 },
  },
  "two readings of one moment: the first counts": {
    readings: [...even(0, 60, 0, 1), at(60, 61)],
    hours: { 0: 60 },
    findings: [[60, "conflicting"]],
  },
  "a register at the end of what a number holds exactly": {
    readings: [
      { at: HOUR * 3600, milliWattHours: 9_007_199_254_139_999 },
      { at: HOUR * 3600 + 3600, milliWattHours: 9_007_199_254_740_000 },
    ],
    hours: { 0: 601 },
  },
  "a gap over the turn of an hour": {
    readings: [...even(0, 50, 0, 1), ...even(70, 180, 70, 1)],
    hours: { 2: 60 },
  },
  "a gap within an hour": { readings: [at(0, 0), at(1, 1), at(59, 59), at(60, 60)], hours: { 0: 60 } },
  "a longer gap that is allowed": {
    readings: [at(0, 0), at(60, 60), at(120, 90)],
    rules: { longestGap: 3600 },
    hours: { 0: 60, 1: 30 },
  },
  "parts of a Wh: none is lost": {
    readings: [at(0, 0.9), at(60, 1.8), at(120, 2.7), at(180, 3.6)],
    rules: { longestGap: 3600 },
    hours: { 0: 1, 1: 1, 2: 1 },
  },
  "a register that stands still": { readings: even(0, 60, 77, 0), hours: { 0: 0 } },
  "a register that rolls over": {
    readings: [at(0, 999_950), at(30, 999_990), at(60, 40)],
    rules: { rollsOverAt: 1_000_000_000 },
    hours: { 0: 90 },
    findings: [[60, "rollover"]],
  },
  "a fall far from the end is no roll-over": {
    readings: [...even(0, 60, 500_000, 1), ...even(70, 180, 0, 1)],
    rules: { rollsOverAt: 1_000_000_000 },
    hours: { 0: 60, 2: 60 },
    findings: [[70, "reset"]],
  },
  "a register that is set to zero: its hour is not known": {
    readings: [...even(0, 90, 5000, 1), ...even(100, 240, 0, 1)],
    hours: { 0: 60, 2: 60, 3: 60 },
    findings: [[100, "reset"]],
  },
  "another device with another register, also a higher one": {
    readings: [...even(0, 60, 100, 1, "a"), ...even(70, 180, 90_000, 1, "b")],
    hours: { 0: 60, 2: 60 },
    findings: [[70, "swap"]],
  },
  "one reading that cannot be": {
    readings: [...even(0, 30, 0, 1), at(35, 99_999), ...even(40, 60, 40, 1)],
    hours: { 0: 60 },
    findings: [[35, "implausible"]],
  },
  "one reading that falls back": {
    readings: [...even(0, 30, 5000, 1), at(35, 0), ...even(40, 60, 5040, 1)],
    hours: { 0: 60 },
    findings: [[35, "implausible"]],
  },
  "a leap from which it counts on: its hour is not known": {
    readings: [...even(0, 90, 0, 1), ...even(100, 180, 90_000, 1)],
    hours: { 0: 60, 2: 60 },
    findings: [[100, "implausible"]],
  },
  "all that the meter's power allows": { readings: even(0, 60, 0, 110), hours: { 0: 6600 } },
};

describe("hours of a register", () => {
  for (const [name, { readings, rules, hours, findings = [] }] of Object.entries(CASES)) {
    it(name, () => {
      const made = hoursOfRegister(readings, { ...RULES, ...rules });
      assert.deepEqual(Object.fromEntries([...made.hours].map(([hour, energy]) => [hour - HOUR, energy])), hours);
      assert.deepEqual(
        made.findings.map((finding) => [(finding.at - HOUR * 3600) / 60, finding.kind]),
        findings,
      );
    });
  }

  it("add up to what the register grew by, wherever one begins to look, in whatever order", () => {
    const register = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 30, maxLength: 120 });
    fc.assert(
      fc.property(
        register,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 599 }),
        (steps, skipped, shift) => {
          let value = 7_000_123;
          const readings = steps.map((step, index) => {
            value += step;
            return { at: HOUR * 3600 + shift + index * 600, milliWattHours: value };
          });
          const all = hoursOfRegister(readings, RULES).hours;
          const later = hoursOfRegister(readings.slice(6 * skipped).toReversed(), RULES).hours;
          for (const [hour, energy] of later) assert.equal(energy, all.get(hour));
          if (shift !== 0) return;
          const last = [...all.keys()].at(-1) ?? HOUR - 1;
          const whole = (index: number) => Math.floor((readings[index]?.milliWattHours ?? 0) / 1000);
          const total = [...all.values()].reduce((sum, energy) => sum + energy, 0);
          assert.equal(total, whole((last + 1 - HOUR) * 6) - whole(0));
        },
      ),
    );
  });
});

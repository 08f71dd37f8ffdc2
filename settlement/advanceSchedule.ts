/** Which month's advance should have come by now, and how much: GSE pays a month late and nothing below its minimum. */

import { endOfMonth, type Hour, type Month, startOfMonth } from "./hours.ts";

/**
 * `open`: its last hour is not recorded; `awaited`: GSE pays within the next month; `carried`: below the minimum, it comes
 * with a later one; `closed`: the year is compared as a whole; `due`: compared.
 */
export const ADVANCE_STATES = ["open", "awaited", "carried", "closed", "due"] as const;
export type AdvanceState = (typeof ADVANCE_STATES)[number];

export type MonthOfAdvance = {
  readonly month: Month;
  /** Micro-euro; undefined if it is not known. */
  readonly expected: bigint | undefined;
  readonly received: bigint;
  readonly hasPremium: boolean;
};

/** What should have come for a month, micro-euro: with months carried over before, if they came with it. */
export type ScheduledAdvance = { readonly state: AdvanceState; readonly due: bigint | undefined };

/**
 * @param months of a year, ascending
 * @param nextHour the first hour that is not recorded
 * @param minimum micro-euro
 */
export function scheduleAdvances(
  months: readonly MonthOfAdvance[],
  nextHour: Hour,
  minimum: bigint,
  isYearDue: boolean,
): ScheduledAdvance[] {
  let carried = 0n;
  return months.map(({ month, expected, received, hasPremium }): ScheduledAdvance => {
    if (isYearDue) return { state: "closed", due: expected };
    if (!hasPremium && nextHour < endOfMonth(month)) return { state: "open", due: expected };
    if (!hasPremium && nextHour < startOfMonth(month + 2)) return { state: "awaited", due: expected };
    if (expected === undefined) return { state: "due", due: undefined };
    const whole = carried + expected;
    if (!hasPremium && whole < minimum) {
      carried = whole;
      return { state: "carried", due: expected };
    }
    const due = hasPremium && distance(received, expected) <= distance(received, whole) ? expected : whole;
    carried = whole - due;
    return { state: "due", due };
  });
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}

/** From when until when an entry of a meter in the community file holds: market days there, hours in the plan. */

import { type Hour, hoursOfMarketDay } from "../settlement/hours.ts";

export type Period = { readonly first: Hour /** The hour after the last. */; readonly end: Hour };

/** First and last market day, both included; without one, from the beginning or for good. */
export type Dates = { readonly from?: string | undefined; readonly until?: string | undefined };

const BEGINNING: Hour = 0;
export const NO_END: Hour = Number.MAX_SAFE_INTEGER;

export const ALWAYS: Period = { first: BEGINNING, end: NO_END };

/** The period of a meter; what it does not say, its member's dates say. */
export function periodOf(meter: Dates, member: Dates): Period {
  const from = meter.from ?? member.from;
  const until = meter.until ?? member.until;
  return {
    first: from === undefined ? BEGINNING : hoursOfMarketDay(from).firstHour,
    end: until === undefined ? NO_END : endOfMarketDay(until),
  };
}

export function isWithin(hour: Hour, { first, end }: Period): boolean {
  return first <= hour && hour < end;
}

export function overlap(a: Period, b: Period): boolean {
  return a.first < b.end && b.first < a.end;
}

function endOfMarketDay(day: string): Hour {
  const { firstHour, hourCount } = hoursOfMarketDay(day);
  return firstHour + hourCount;
}

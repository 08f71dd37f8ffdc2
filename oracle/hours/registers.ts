/**
 * From the readings of a register, which counts energy up for ever, to the energy of whole hours.
 *
 * A register is read at any time. At the turn of an hour it is taken to have grown evenly between the readings around it, if
 * these are near enough to each other. The energy of an hour is the difference of two such values in whole Wh, each rounded
 * down: so no Wh is counted twice or lost, and it does not matter from where on the readings are looked at.
 */

import type { Hour } from "../../settlement/hours.ts";

export type RegisterReading = {
  /** Seconds since the Unix epoch. */
  readonly at: number;
  /** Thousandths of a Wh: whole, not below zero. */
  readonly milliWattHours: number;
  /** Of the device that was read, if it says so: another one has another register. */
  readonly device?: string | undefined;
};

export type RegisterRules = {
  /** What the register shows one step before zero comes again, in thousandths of a Wh, plus one; undefined: never. */
  readonly rollsOverAt: number | undefined;
  /** W; more cannot flow. */
  readonly mostPower: number;
  /** Seconds; between readings that are further apart, nobody knows when the energy flowed. */
  readonly longestGap: number;
};

/** What is odd about a reading; `at` is when it was read. */
export type RegisterFinding = {
  readonly at: number;
  readonly kind: "conflicting" | "implausible" | "reset" | "rollover" | "swap";
};

export type RegisterHours = {
  /** Wh of the hours that are known as a whole. */
  readonly hours: ReadonlyMap<Hour, number>;
  readonly findings: readonly RegisterFinding[];
};

/** Between two readings, with what the register shows at its end had it not begun anew in between. */
type Stretch = { readonly from: RegisterReading; readonly to: RegisterReading; readonly end: number };

/** The longest gap that is allowed to meters: twice the quarter of an hour of which one reading is kept. */
export const LONGEST_GAP_SECONDS = 1800;

const SECONDS_PER_HOUR = 3600;
/** A register returns to zero only from its last tenth, into its first. */
const NEAR_THE_END = 10;

/** @param readings in any order; the first of two at the same time counts */
export function hoursOfRegister(readings: readonly RegisterReading[], rules: RegisterRules): RegisterHours {
  const findings: RegisterFinding[] = [];
  const stretches = stretchesOf(plausible(inOrder(readings, findings), rules, findings), rules, findings);
  const hours = new Map<Hour, { wattHours: number; seconds: number }>();
  for (const stretch of stretches) {
    for (const { hour, wattHours, seconds } of piecesOf(stretch, rules)) {
      const known = hours.get(hour) ?? { wattHours: 0, seconds: 0 };
      hours.set(hour, { wattHours: known.wattHours + wattHours, seconds: known.seconds + seconds });
    }
  }
  const whole = [...hours].filter(([, { seconds }]) => seconds === SECONDS_PER_HOUR);
  return { hours: new Map(whole.map(([hour, { wattHours }]) => [hour, wattHours])), findings };
}

function inOrder(readings: readonly RegisterReading[], findings: RegisterFinding[]): RegisterReading[] {
  const kept: RegisterReading[] = [];
  for (const reading of readings.toSorted((a, b) => a.at - b.at)) {
    const before = kept.at(-1);
    if (before === undefined || before.at < reading.at) kept.push(reading);
    else if (before.milliWattHours !== reading.milliWattHours) findings.push({ at: reading.at, kind: "conflicting" });
  }
  return kept;
}

/** Leaves out single readings to which, and from which, more would have to flow than can. */
function plausible(
  readings: readonly RegisterReading[],
  rules: RegisterRules,
  findings: RegisterFinding[],
): RegisterReading[] {
  const kept: RegisterReading[] = [];
  for (const [index, reading] of readings.entries()) {
    const before = kept.at(-1);
    const after = readings[index + 1];
    const isOutlier =
      before !== undefined &&
      after !== undefined &&
      !isPossible(before, reading, rules) &&
      !isPossible(reading, after, rules) &&
      isPossible(before, after, rules);
    if (isOutlier) findings.push({ at: reading.at, kind: "implausible" });
    else kept.push(reading);
  }
  return kept;
}

/** Whether the register can have counted up from one to the other. */
function isPossible(from: RegisterReading, to: RegisterReading, rules: RegisterRules): boolean {
  return from.device === to.device && isBelow(endOf(from, to, rules) - from.milliWattHours, to.at - from.at, rules);
}

function isBelow(milliWattHours: number, seconds: number, { mostPower }: RegisterRules): boolean {
  // W · s = Ws; 3.6 Ws are a thousandth of a Wh. One Wh of slack: registers count in steps.
  return milliWattHours >= 0 && milliWattHours * 3.6 <= mostPower * seconds + 3600;
}

/** What the later reading would be on a register without end. */
function endOf(from: RegisterReading, to: RegisterReading, { rollsOverAt }: RegisterRules): number {
  if (to.milliWattHours >= from.milliWattHours || rollsOverAt === undefined) return to.milliWattHours;
  const isAtTheEnd = rollsOverAt - from.milliWattHours <= rollsOverAt / NEAR_THE_END;
  return isAtTheEnd && to.milliWattHours <= rollsOverAt / NEAR_THE_END
    ? to.milliWattHours + rollsOverAt
    : to.milliWattHours;
}

/**
 * Where the register counted on. A register that fell back without reason was reset or is another one: what flowed in between is
 * not known.
 */
function stretchesOf(
  readings: readonly RegisterReading[],
  rules: RegisterRules,
  findings: RegisterFinding[],
): Stretch[] {
  return readings.flatMap((to, index) => {
    const from = readings[index - 1];
    if (from === undefined) return [];
    const end = endOf(from, to, rules);
    if (from.device !== to.device) findings.push({ at: to.at, kind: "swap" });
    else if (end < from.milliWattHours) findings.push({ at: to.at, kind: "reset" });
    else if (!isPossible(from, to, rules)) findings.push({ at: to.at, kind: "implausible" });
    else {
      if (end !== to.milliWattHours) findings.push({ at: to.at, kind: "rollover" });
      return [{ from, to, end }];
    }
    return [];
  });
}

/** A stretch cut at the hours it touches; nothing if it is too long to say what flowed in which hour. */
function piecesOf({ from, to, end }: Stretch, { longestGap }: RegisterRules) {
  const first = Math.floor(from.at / SECONDS_PER_HOUR);
  const last = Math.ceil(to.at / SECONDS_PER_HOUR);
  if (last - first > 1 && to.at - from.at > longestGap) return [];
  const grown = end - from.milliWattHours;
  const wattHoursAt = (seconds: number) =>
    Math.floor((from.milliWattHours + shareOf(grown, seconds - from.at, to.at - from.at)) / 1000);
  return Array.from({ length: last - first }, (_, index) => {
    const hour = first + index;
    const begin = Math.max(from.at, hour * SECONDS_PER_HOUR);
    const stop = Math.min(to.at, (hour + 1) * SECONDS_PER_HOUR);
    return { hour, wattHours: wattHoursAt(stop) - wattHoursAt(begin), seconds: stop - begin };
  });
}

/** ⌊amount · part / whole⌋, exactly: the floor of a quotient of safe integers is, other products take longer. */
function shareOf(amount: number, part: number, whole: number): number {
  const product = amount * part;
  if (Number.isSafeInteger(product)) return Math.floor(product / whole);
  return Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}

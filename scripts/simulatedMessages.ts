/** What a community's meters would say, hour by hour, and what may go wrong with it on the way. */

import { type Hour, parseHour, secondsOf } from "../settlement/hours.ts";
import { seededRandom } from "../settlement/random.ts";

/** Wh of an hour; undefined: not measured. */
export type MeteredHour = {
  readonly meter: string;
  readonly hour: Hour;
  readonly injected: number | undefined;
  readonly withdrawn: number | undefined;
};

/** `hour` is when it is sent. */
export type Sent = { readonly hour: Hour; readonly meter: string; readonly topic: string; readonly payload: string };

/** Hours in which a meter says nothing, the end excluded; undefined: never again. */
export type Silence = { readonly meter: string; readonly from: Hour; readonly end: Hour | undefined };

/** How meters speak: the energy of each hour, or their registers at the turn of each. */
export type Speech = "intervals" | "registers";

export type Faults = {
  /** Percent of the messages: never sent, sent twice, sent late by some hours, and with one beside that cannot be read. */
  readonly lost: number;
  readonly duplicates: number;
  readonly late: number;
  readonly garbled: number;
  readonly silent: readonly Silence[];
  /** So many times a register falls to zero in an hour; or another device takes its place. Only with registers. */
  readonly resets: number;
  readonly swaps: number;
  /** The same seed makes the same faults. */
  readonly seed: number;
};

const MOST_HOURS_LATE = 6;
/** What registers show at first. */
const FIRST_WATT_HOURS = 1_000_000;

/** All messages in the order in which they are sent. */
export function simulatedMessages(readings: readonly MeteredHour[], speech: Speech, faults: Faults): Sent[] {
  const random = seededRandom(faults.seed);
  const messages = speech === "intervals" ? readings.map(intervalMessage) : registerMessages(readings, faults, random);
  return withFaults(messages.filter(isSaid(faults.silent)), faults, random).toSorted((a, b) => a.hour - b.hour);
}

function message(meter: string, hour: Hour, payload: object): Sent {
  return { meter, hour, topic: `condivisa/${meter}`, payload: JSON.stringify(payload) };
}

function intervalMessage({ meter, hour, injected, withdrawn }: MeteredHour): Sent {
  return message(meter, hour, { from: secondsOf(hour), seconds: 3600, unit: "Wh", injected, withdrawn });
}

/** An hour that is not among the readings is not known of a register, and neither is the next: nobody read it in between. */
function registerMessages(readings: readonly MeteredHour[], { resets, swaps }: Faults, random: () => number): Sent[] {
  const some = (count: number) => {
    const chosen = new Set<MeteredHour | undefined>();
    while (chosen.size < Math.min(count, readings.length)) chosen.add(readings[Math.floor(readings.length * random())]);
    return chosen;
  };
  const [reset, swapped] = [some(resets), some(swaps)];
  return [...Map.groupBy(readings, ({ meter }) => meter)].flatMap(([meter, own]) => {
    const shown = { injected: FIRST_WATT_HOURS, withdrawn: FIRST_WATT_HOURS };
    let device = 1;
    const say = ({ injected, withdrawn }: MeteredHour, turn: Hour) =>
      message(meter, turn, {
        at: secondsOf(turn),
        unit: "Wh",
        injected: injected === undefined ? undefined : shown.injected,
        withdrawn: withdrawn === undefined ? undefined : shown.withdrawn,
        device: `${meter}-${device}`,
      });
    const inOrder = own.toSorted((a, b) => a.hour - b.hour);
    return inOrder.flatMap((reading, index) => {
      const before = index === 0 ? [say(reading, reading.hour)] : [];
      const isNew = reset.has(reading) || swapped.has(reading);
      if (swapped.has(reading)) device++;
      shown.injected = isNew ? 0 : shown.injected + (reading.injected ?? 0);
      shown.withdrawn = isNew ? 0 : shown.withdrawn + (reading.withdrawn ?? 0);
      return [...before, say(reading, reading.hour + 1)];
    });
  });
}

function isSaid(silences: readonly Silence[]): (sent: Sent) => boolean {
  return ({ meter, hour }) =>
    !silences.some(
      (silence) => silence.meter === meter && hour >= silence.from && hour < (silence.end ?? Number.POSITIVE_INFINITY),
    );
}

function withFaults(messages: readonly Sent[], faults: Faults, random: () => number): Sent[] {
  const happens = (percent: number) => percent > 0 && 100 * random() < percent;
  const someHours = () => Math.ceil(MOST_HOURS_LATE * random());
  return messages.flatMap((sent) => {
    const beside = happens(faults.garbled) ? [garbled(sent, random)] : [];
    if (happens(faults.lost)) return beside;
    const delayed = { ...sent, hour: sent.hour + (happens(faults.late) ? someHours() : 0) };
    return happens(faults.duplicates)
      ? [...beside, delayed, { ...sent, hour: sent.hour + someHours() }]
      : [...beside, delayed];
  });
}

/** The same with something wrong: cut off, in a unit that is none, of energy below zero, or of the year 2100. */
function garbled(sent: Sent, random: () => number): Sent {
  const { payload } = sent;
  const kinds = [
    payload.slice(0, Math.floor(payload.length / 2)),
    payload.replace('"Wh"', '"J"'),
    payload.replace(/"(injected|withdrawn)":/, '"$1":-1'),
    payload.replace(/"(from|at)":\d+/, '"$1":4102444800'),
  ];
  return { ...sent, payload: kinds[Math.floor(kinds.length * random())] ?? "" };
}

/** `METER@FROM..` or `METER@FROM..END`, as of `casa-rossi@2026-03-05T00:00:00Z..`; undefined if it is not so. */
export function parseSilence(text: string): Silence | undefined {
  const [, meter = "", first = "", last = ""] = /^(.+)@([^@]+?)\.\.([^@]*)$/.exec(text) ?? [];
  const from = parseHour(first);
  const end = last === "" ? undefined : parseHour(last);
  if (from === undefined || (last !== "" && (end === undefined || end <= from))) return undefined;
  return { meter, from, end };
}

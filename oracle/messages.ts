/** From messages to what is kept: each by the adapter of its meter, or into the dead letters. */

import { type Adapter, type Message, MessageError } from "./adapters/adapter.ts";
import type { DeadLetter, Received } from "./inbox.ts";
import { endOf, type Measurement } from "./measurement.ts";

/** Who listens to a topic. */
export type Listener = { readonly meter: string; readonly adapter: Adapter };
export type Listeners = ReadonlyMap<string, readonly Listener[]>;

/** A reading may be so much ahead of this machine's clock, seconds; before the year 2000 no meter spoke. */
export const MOST_AHEAD = 300;
const EARLIEST = 946_684_800;

export function listenersOf(adapters: ReadonlyMap<string, Adapter>): Listeners {
  const listeners = new Map<string, Listener[]>();
  for (const [meter, adapter] of adapters) {
    for (const topic of adapter.topics) {
      listeners.set(topic, [...(listeners.get(topic) ?? []), { meter, adapter }]);
    }
  }
  return listeners;
}

/** A message that was refused for its time. */
export type Mistimed = {
  readonly meter: string;
  /** As it is among the dead letters. */
  readonly letter: DeadLetter;
  /** Seconds; below zero: behind. */
  readonly aheadBy: number;
};

/**
 * Reads messages; what cannot be read goes with its reason to the dead letters, and so does what lies in the future or before
 * meters spoke, which tells of a clock, too.
 */
export function readMessages(
  messages: readonly Message[],
  listeners: Listeners,
): {
  readonly received: readonly Received[];
  readonly dead: readonly DeadLetter[];
  readonly mistimed: readonly Mistimed[];
} {
  const received: Received[] = [];
  const dead: DeadLetter[] = [];
  const mistimed: Mistimed[] = [];
  for (const message of messages) {
    const { topic: from, receivedAt, payload } = message;
    for (const { meter, adapter } of listeners.get(from) ?? []) {
      try {
        const measurements = adapter.read(message);
        const aheadBy = impossibleTime(measurements, receivedAt);
        if (aheadBy === undefined) received.push({ meter, origin: "meter", receivedAt, measurements });
        else {
          const reason = aheadBy > 0 ? `${aheadBy} s in the future` : "before the year 2000";
          const remedy = "Set the clock of the meter, or its unit of time";
          const letter = { from, receivedAt, reason, remedy, payload };
          dead.push(letter);
          mistimed.push({ meter, letter, aheadBy });
        }
      } catch (error) {
        if (!(error instanceof MessageError)) throw error;
        dead.push({ from, receivedAt, reason: error.message, remedy: error.remedy, payload });
      }
    }
  }
  return { received, dead, mistimed };
}

/** By how much a measurement is ahead of now, if that cannot be; below zero: behind. Undefined: none is. */
function impossibleTime(measurements: readonly Measurement[], now: number): number | undefined {
  const isImpossible = (end: number) => end > now + MOST_AHEAD || end < EARLIEST;
  const impossible = measurements.find((measurement) => isImpossible(endOf(measurement)));
  return impossible && endOf(impossible) - now;
}

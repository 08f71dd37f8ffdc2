/** From messages to what is kept: each by the adapter of its meter, or into the dead letters. */

import { type Adapter, type Message, MessageError } from "./adapters/adapter.ts";
import type { DeadLetter, Received } from "./inbox.ts";
import type { Measurement } from "./measurement.ts";

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

/** Reads messages; what cannot be read, or lies in the future, goes with its reason to the dead letters. */
export function readMessages(
  messages: readonly Message[],
  listeners: Listeners,
): { readonly received: readonly Received[]; readonly dead: readonly DeadLetter[] } {
  const received: Received[] = [];
  const dead: DeadLetter[] = [];
  for (const message of messages) {
    const { topic: from, receivedAt, payload } = message;
    for (const { meter, adapter } of listeners.get(from) ?? []) {
      try {
        const measurements = adapter.read(message);
        for (const measurement of measurements) checkTime(measurement, receivedAt);
        received.push({ meter, origin: "meter", receivedAt, measurements });
      } catch (error) {
        if (!(error instanceof MessageError)) throw error;
        dead.push({ from, receivedAt, reason: error.message, remedy: error.remedy, payload });
      }
    }
  }
  return { received, dead };
}

function checkTime(measurement: Measurement, now: number): void {
  const end = measurement.kind === "register" ? measurement.at : measurement.start + measurement.seconds;
  if (end > now + MOST_AHEAD) throw new MessageError(`${end - now} s in the future`, "Set the clock of the meter");
  if (end < EARLIEST)
    throw new MessageError("before the year 2000", "Set the clock of the meter, and its unit of time");
}

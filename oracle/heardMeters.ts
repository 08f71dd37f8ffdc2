/** When each meter was heard over MQTT, and of when it spoke: what tells whether it is silent, and its clock right. */

import type { Received } from "./inbox.ts";
import { endOf, type Measurement } from "./measurement.ts";
import type { Mistimed } from "./messages.ts";

/** All in seconds, since the Unix epoch where it is a moment. */
export type MeterHeard = {
  readonly lastReceived: number;
  /** The latest moment of which it said something; undefined if it has not yet. */
  readonly lastMeasured: number | undefined;
  /** By so much the last message was ahead of this machine's clock, if it was refused for its time; below zero: behind. */
  readonly aheadBy: number | undefined;
  /** Since when everything that it said has been of a time long past. */
  readonly behindSince: number | undefined;
};

/** A meter's newest reading is no older when it comes: energies of a whole hour come at its end, and some minutes later. */
const MOST_BEHIND_SECONDS = 3 * 3600;

/** What was said during a shorter break waits at the broker. */
const SHORT_BREAK_SECONDS = 600;

export class HeardMeters {
  readonly #heard = new Map<string, MeterHeard>();
  #listeningSince: number | undefined;
  #lostAt: number | undefined;

  /** The broker is there. @param now seconds since the Unix epoch */
  connected(now: number): void {
    const isLongBreak = this.#lostAt !== undefined && now - this.#lostAt > SHORT_BREAK_SECONDS;
    this.#listeningSince = isLongBreak ? now : (this.#listeningSince ?? now);
    this.#lostAt = undefined;
  }

  /** The broker is not there. */
  lost(now: number): void {
    this.#lostAt ??= now;
  }

  /** Since when the broker is heard without a long break; undefined: it is not heard. */
  get listeningSince(): number | undefined {
    return this.#lostAt === undefined ? this.#listeningSince : undefined;
  }

  note(received: readonly Received[], mistimed: readonly Mistimed[]): void {
    for (const { meter, receivedAt, measurements } of received) {
      const before = this.#heard.get(meter);
      const lastMeasured = measurements.reduce<number | undefined>(later, before?.lastMeasured);
      const isBehind = lastMeasured !== undefined && receivedAt - lastMeasured > MOST_BEHIND_SECONDS;
      const behindSince = isBehind ? (before?.behindSince ?? receivedAt) : undefined;
      this.#heard.set(meter, { lastReceived: receivedAt, lastMeasured, aheadBy: undefined, behindSince });
    }
    for (const { meter, letter, aheadBy } of mistimed) {
      const before = this.#heard.get(meter) ?? { lastMeasured: undefined, behindSince: undefined };
      this.#heard.set(meter, { ...before, lastReceived: letter.receivedAt, aheadBy });
    }
  }

  /** Undefined if it was never heard. */
  of(meter: string): MeterHeard | undefined {
    return this.#heard.get(meter);
  }
}

function later(before: number | undefined, measurement: Measurement): number {
  return Math.max(before ?? 0, endOf(measurement));
}

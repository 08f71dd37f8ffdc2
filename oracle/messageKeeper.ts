/** Messages as they come: votes to the councils, readings into the inbox, and what is wrong with them to whoever has to know. */

import type { Logger } from "pino";
import type { Message } from "./adapters/adapter.ts";
import type { Alarms } from "./alarms.ts";
import { conflictingMeter } from "./dayAlarms.ts";
import type { Metrics } from "./health.ts";
import type { HeardMeters } from "./heardMeters.ts";
import type { Inbox } from "./inbox.ts";
import type { LedgerRounds } from "./ledgerRounds.ts";
import { type Listeners, readMessages } from "./messages.ts";
import { remedyOf, stackOf } from "./problems.ts";

type Kept = { readonly listeners: Listeners; readonly inbox: Inbox; readonly log: Logger };

const INBOX = "inbox";

export class MessageKeeper {
  readonly #kept: Kept;
  readonly #ledgers: Pick<LedgerRounds, "receive">;
  readonly #heard: HeardMeters;
  readonly #alarms: Alarms;
  readonly #metrics: Metrics;

  constructor(
    kept: Kept,
    ledgers: Pick<LedgerRounds, "receive">,
    heard: HeardMeters,
    alarms: Alarms,
    metrics: Metrics,
  ) {
    this.#kept = kept;
    this.#ledgers = ledgers;
    this.#heard = heard;
    this.#alarms = alarms;
    this.#metrics = metrics;
  }

  /** All of them are durable when it returns. @throws if they could not be kept: then none may be acknowledged */
  keep(messages: readonly Message[]): void {
    const { listeners, inbox, log } = this.#kept;
    const { received, dead, mistimed } = readMessages(messages, listeners);
    for (const message of messages) this.#ledgers.receive(message);
    this.#heard.note(received, mistimed);
    let conflicting: ReturnType<Inbox["store"]>;
    try {
      conflicting = inbox.store(received, dead);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = `readings cannot be kept, and wait at the broker: ${reason}`;
      const alarm = { kind: "store-failed", subject: INBOX, text, remedy: remedyOf(error) } as const;
      if (!this.#alarms.has(alarm)) log.error({ stack: stackOf(error) }, "readings cannot be kept");
      this.#alarms.raise(alarm);
      throw error;
    }
    this.#alarms.clear("store-failed", INBOX);
    this.#metrics.messages.inc(messages.length);
    this.#metrics.deadLetters.inc(dead.length);
    const ofClocks = new Set(mistimed.map(({ letter }) => letter));
    for (const { from: subject, reason, remedy } of dead.filter((letter) => !ofClocks.has(letter))) {
      this.#alarms.raise({ kind: "message-unreadable", subject, text: `${subject}: ${reason}`, remedy });
    }
    for (const meter of new Set(conflicting.map((each) => each.meter))) this.#alarms.raise(conflictingMeter(meter));
  }
}

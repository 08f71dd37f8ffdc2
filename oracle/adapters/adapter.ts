/** How a message of a meter is read: each kind of meter has its own adapter. */

import type { Measurement } from "../measurement.ts";

export type Message = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Seconds since the Unix epoch: stands in for the time of a reading where the device does not send one. */
  readonly receivedAt: number;
};

/** A message that says nothing that can be used, and why; what to do about it. */
export class MessageError extends Error {
  override name = "MessageError";
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}

export type Adapter = {
  /** What to subscribe to. */
  readonly topics: readonly string[];
  /**
   * The measurements in a message; none if it is about something else.
   * @throws MessageError if it is not what the device sends
   */
  read(message: Message): readonly Measurement[];
};

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** @throws MessageError if the payload is not JSON in UTF-8 */
export function jsonOf({ payload }: Message): unknown {
  try {
    return JSON.parse(UTF_8.decode(payload));
  } catch {
    throw new MessageError("not JSON", "Let the device send JSON in UTF-8, or give its meter another `adapter`");
  }
}

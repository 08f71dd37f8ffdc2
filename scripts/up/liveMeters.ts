/**
 * The simulated meters: what they missed hour by hour as fast as it is taken, then their registers every few seconds.
 *
 * How far everything was acknowledged is written down; from there they go on after any stop. What was on its way then is sent again.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { connect, type MqttClient } from "mqtt";
import { type Hour, secondsOf } from "../../settlement/hours.ts";
import type { ModelMeters, Registers } from "./modelMeters.ts";

export type LiveMeters = {
  readonly url: string;
  /** Of each meter, which is a user of the broker by its id. */
  readonly passwords: ReadonlyMap<string, string>;
  readonly meters: ModelMeters;
  /** The first hour of which not everything was acknowledged. */
  readonly from: Hour;
  /** Everything before this hour is acknowledged. */
  readonly onTaken: (hour: Hour) => void;
  /** Seconds since the Unix epoch. */
  readonly clock: () => number;
  readonly end: AbortSignal;
};

const SECONDS_PER_HOUR = 3600;
/** So many hours of all meters are on their way at once. */
const HOURS_AT_ONCE = 24;
const PAUSE_MILLISECONDS = 5000;
const RECONNECT_MILLISECONDS = 500;
const KEEPALIVE_SECONDS = 10;

/** Runs until it is told to end. */
export async function runMeters(live: LiveMeters): Promise<void> {
  const clients = new Map(live.meters.ids.map((id) => [id, clientOf(live, id)]));
  const sendAll = (at: number) => [...clients].map(([id, client]) => sent(client, id, at, live.meters.at(id, at)));
  try {
    let hour = live.from;
    while (!live.end.aborted) {
      const now = live.clock();
      const due = Math.min(Math.floor(now / SECONDS_PER_HOUR), hour + HOURS_AT_ONCE - 1);
      const onTheWay: Promise<unknown>[] = [];
      for (let turn = hour; turn <= due; turn++) onTheWay.push(...sendAll(secondsOf(turn)));
      if (due < hour || secondsOf(due + 1) > now) onTheWay.push(...sendAll(now));
      await unlessEnded(Promise.all(onTheWay), live.end);
      if (live.end.aborted) return;
      if (due >= hour) live.onTaken(due + 1);
      hour = Math.max(hour, due + 1);
      if (secondsOf(hour) > live.clock()) {
        await sleep(PAUSE_MILLISECONDS, undefined, { signal: live.end }).catch(() => undefined);
      }
    }
  } finally {
    // What was not acknowledged is sent again by the next one.
    await Promise.all([...clients.values()].map((client) => client.endAsync(true)));
  }
}

function clientOf({ url, passwords }: LiveMeters, id: string): MqttClient {
  const client = connect(url, {
    clientId: `simulated ${id}`,
    username: id,
    password: passwords.get(id) ?? "",
    reconnectPeriod: RECONNECT_MILLISECONDS,
    keepalive: KEEPALIVE_SECONDS,
  });
  client.on("error", (error) => console.error(`${id}: ${error.message}`));
  return client;
}

/** Fulfilled when the broker has acknowledged it. The connection is made anew as often as that needs. */
function sent(client: MqttClient, id: string, at: number, registers: Registers): Promise<unknown> {
  const shown = Object.entries(registers).map(([direction, milliWattHours]) => {
    return [direction, `${Math.floor(milliWattHours / 1000)}.${String(milliWattHours % 1000).padStart(3, "0")}`];
  });
  const payload = { at, unit: "Wh", ...Object.fromEntries(shown), device: `simulated-${id}` };
  return client.publishAsync(`condivisa/${id}`, JSON.stringify(payload), { qos: 1 });
}

async function unlessEnded(work: Promise<unknown>, end: AbortSignal): Promise<void> {
  const ended = new Promise<void>((resolve) => end.addEventListener("abort", () => resolve(), { once: true }));
  work.catch(() => undefined);
  await Promise.race([work, ended]);
}

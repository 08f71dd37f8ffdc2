/** `condivisa simulate-meters`: a community's readings from a file, sent as its meters would send them, as fast as one likes. */

import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { readCsv } from "../oracle/csvFile.ts";
import { readText } from "../oracle/textFile.ts";
import { type Hour, parseHour, secondsOf } from "../settlement/hours.ts";
import { seededRandom } from "../settlement/random.ts";
import type { ShowProgress } from "./progress.ts";

export type SimulatedMeters = {
  readonly readings: string;
  readonly url: string;
  readonly username: string | undefined;
  readonly passwordFile: string | undefined;
  readonly ca: string | undefined;
  /** Hours of readings in a second; undefined: as fast as the broker takes them. */
  readonly hoursASecond: number | undefined;
  /** Percent of the messages that are sent twice, and late by some hours. */
  readonly duplicates: number;
  readonly late: number;
  readonly seed: number;
};

type Sent = { readonly hour: Hour; readonly topic: string; readonly payload: string };

/** At once on the way to the broker. */
const WINDOW = 500;
const MOST_HOURS_LATE = 6;
/** After so long a connection that says nothing is made anew. */
const KEEPALIVE_SECONDS = 5;

/** Sends everything. Returns the number of messages. */
export async function simulateMeters(options: SimulatedMeters, show: ShowProgress): Promise<number> {
  const messages = withFaults(messagesOf(options.readings), options);
  const { url, username, passwordFile, ca, hoursASecond } = options;
  const client = await connectAsync(url, {
    protocolVersion: 5,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: 1000 * KEEPALIVE_SECONDS,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { password: readText(passwordFile).replace(/\r?\n$/, "") }),
    ...(ca === undefined ? {} : { ca: readText(ca) }),
  });
  try {
    const onTheWay: Promise<unknown>[] = [];
    let hour = messages[0]?.hour ?? 0;
    for (const [done, message] of messages.entries()) {
      if (message.hour > hour && hoursASecond !== undefined) await sleep((1000 * (message.hour - hour)) / hoursASecond);
      hour = message.hour;
      onTheWay.push(client.publishAsync(message.topic, message.payload, { qos: 1 }));
      if (onTheWay.length < WINDOW) continue;
      await Promise.all(onTheWay.splice(0));
      show("sending readings", done + 1, messages.length);
    }
    await Promise.all(onTheWay);
    show("sending readings", messages.length, messages.length);
  } finally {
    await client.endAsync();
  }
  return messages.length;
}

/** One message an hour and meter, in the order of the hours. */
function messagesOf(file: string): Sent[] {
  const lines = readCsv(file, ["meter_id", "utc_hour", "injected_wh", "withdrawn_wh"]);
  return lines
    .flatMap(({ fields }): Sent[] => {
      const hour = parseHour(fields.get("utc_hour") ?? "");
      if (hour === undefined) return [];
      const wattHours = (column: "injected_wh" | "withdrawn_wh") => fields.get(column) || undefined;
      const payload = {
        from: secondsOf(hour),
        seconds: 3600,
        unit: "Wh",
        injected: wattHours("injected_wh"),
        withdrawn: wattHours("withdrawn_wh"),
      };
      if (payload.injected === undefined && payload.withdrawn === undefined) return [];
      return [{ hour, topic: `condivisa/${fields.get("meter_id")}`, payload: JSON.stringify(payload) }];
    })
    .toSorted((a, b) => a.hour - b.hour);
}

function withFaults(messages: readonly Sent[], { duplicates, late, seed }: SimulatedMeters): Sent[] {
  if (duplicates === 0 && late === 0) return [...messages];
  const random = seededRandom(seed);
  const happens = (percent: number) => 100 * random() < percent;
  const someHours = () => Math.ceil(MOST_HOURS_LATE * random());
  return messages
    .flatMap((message) => {
      const delayed = { ...message, hour: message.hour + (happens(late) ? someHours() : 0) };
      return happens(duplicates) ? [delayed, { ...message, hour: message.hour + someHours() }] : [delayed];
    })
    .toSorted((a, b) => a.hour - b.hour);
}

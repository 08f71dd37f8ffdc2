/** `condivisa simulate-meters`: a community's readings from a file, sent as its meters would send them, as fast as one likes. */

import { setTimeout as sleep } from "node:timers/promises";
import type { MqttClient } from "mqtt";
import { readCsv } from "../oracle/csvFile.ts";
import { connectOnce } from "../oracle/mqttConnection.ts";
import { readText } from "../oracle/textFile.ts";
import { type Hour, parseHour } from "../settlement/hours.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import type { ShowProgress } from "./progress.ts";
import { type Faults, type MeteredHour, type Sent, type Speech, simulatedMessages } from "./simulatedMessages.ts";

/** Who sends: one for all meters, or each meter for itself by a file `meter_id,username,password`. */
export type Senders =
  | { readonly username: string | undefined; readonly passwordFile: string | undefined }
  | { readonly passwords: string };

export type SimulatedMeters = {
  readonly readings: string;
  readonly url: string;
  readonly senders: Senders;
  readonly ca: string | undefined;
  /** Hours of readings in a second; undefined: as fast as the broker takes them. */
  readonly hoursASecond: number | undefined;
  readonly speech: Speech;
  readonly faults: Faults;
};

type Credentials = { readonly username: string | undefined; readonly password: string | undefined };

/** At once on the way to the broker. */
const WINDOW = 500;
/** After so long a connection that says nothing is made anew. */
const KEEPALIVE_SECONDS = 5;

/**
 * Sends everything. Returns the number of messages.
 * @throws InputError if a file is wrong; nothing is sent then
 */
export async function simulateMeters(options: SimulatedMeters, show: ShowProgress): Promise<number> {
  const { readings: file, speech, faults, senders } = options;
  const readings = readMeteredHours(file);
  const meters = [...new Set(readings.map(({ meter }) => meter))];
  checkKnown(file, faults, meters);
  const messages = simulatedMessages(readings, speech, faults);
  const clients = await connectAll(options, credentialsOf(senders, meters));
  try {
    await sendAll(messages, (meter) => clients.get(meter), options.hoursASecond, show);
  } finally {
    await Promise.all([...new Set(clients.values())].map((client) => client.endAsync()));
  }
  return messages.length;
}

async function sendAll(
  messages: readonly Sent[],
  clientOf: (meter: string) => MqttClient | undefined,
  hoursASecond: number | undefined,
  show: ShowProgress,
): Promise<void> {
  const onTheWay: Promise<unknown>[] = [];
  let hour = messages[0]?.hour ?? 0;
  for (const [done, { hour: at, meter, topic, payload }] of messages.entries()) {
    if (at > hour && hoursASecond !== undefined) await sleep((1000 * (at - hour)) / hoursASecond);
    hour = at;
    onTheWay.push(clientOf(meter)?.publishAsync(topic, payload, { qos: 1 }) ?? Promise.resolve());
    if (onTheWay.length < WINDOW) continue;
    await Promise.all(onTheWay.splice(0));
    show("sending readings", done + 1, messages.length);
  }
  await Promise.all(onTheWay);
  show("sending readings", messages.length, messages.length);
}

/** By meter; meters with the same credentials share a connection. */
async function connectAll(
  { url, ca }: SimulatedMeters,
  credentials: ReadonlyMap<string, Credentials>,
): Promise<Map<string, MqttClient>> {
  const clients = new Map<Credentials, MqttClient>();
  for (const each of new Set(credentials.values())) {
    const identity = { url, ...each, ca: ca && readText(ca), certificate: undefined, key: undefined };
    clients.set(each, await connectOnce(identity, KEEPALIVE_SECONDS));
  }
  return new Map(
    [...credentials].flatMap(([meter, each]): [string, MqttClient][] => {
      const client = clients.get(each);
      return client === undefined ? [] : [[meter, client]];
    }),
  );
}

function credentialsOf(senders: Senders, meters: readonly string[]): Map<string, Credentials> {
  if (!("passwords" in senders)) {
    const { username, passwordFile } = senders;
    const password = passwordFile === undefined ? undefined : readText(passwordFile).replace(/\r?\n$/, "");
    const one = { username, password };
    return new Map(meters.map((meter) => [meter, one]));
  }
  const { passwords: file } = senders;
  const byMeter = new Map(
    readCsv(file, ["meter_id", "username", "password"]).map(({ fields }) => {
      const [username, password] = [fields.get("username"), fields.get("password")];
      return [fields.get("meter_id") ?? "", { username, password }] as const;
    }),
  );
  const missing = meters.filter((meter) => !byMeter.has(meter));
  if (missing.length > 0) {
    const remedy = "Give every meter of the readings a line";
    throw new InputError(missing.map((value) => ({ file, value, problem: "no line for this meter", remedy })));
  }
  return byMeter;
}

function readMeteredHours(file: string): MeteredHour[] {
  const problems: InputProblem[] = [];
  const readings = readCsv(file, ["meter_id", "utc_hour", "injected_wh", "withdrawn_wh"]).flatMap(
    ({ line, fields }) => {
      const value = fields.get("utc_hour") ?? "";
      const hour: Hour | undefined = parseHour(value);
      const wattHours = (field: "injected_wh" | "withdrawn_wh") => {
        const text = fields.get(field) ?? "";
        if (/^\d*$/.test(text)) return text === "" ? undefined : Number(text);
        problems.push({ file, line, field, value: text, problem: "not whole Wh", remedy: "Write digits, or nothing" });
        return undefined;
      };
      const [injected, withdrawn] = [wattHours("injected_wh"), wattHours("withdrawn_wh")];
      if (hour === undefined) {
        const remedy = "Write it as 2026-03-01T08:00:00Z";
        problems.push({ file, line, field: "utc_hour", value, problem: "not the start of an hour in UTC", remedy });
        return [];
      }
      if (injected === undefined && withdrawn === undefined) return [];
      return [{ meter: fields.get("meter_id") ?? "", hour, injected, withdrawn }];
    },
  );
  if (problems.length > 0) throw new InputError(problems);
  return readings;
}

function checkKnown(file: string, { silent }: Faults, meters: readonly string[]): void {
  const strange = silent.filter(({ meter }) => !meters.includes(meter));
  if (strange.length === 0) return;
  const remedy = `Use one of ${meters.join(", ")}`;
  throw new InputError(
    strange.map(({ meter }) => ({
      file,
      field: "--silent",
      value: meter,
      problem: "no meter of the readings",
      remedy,
    })),
  );
}

/**
 * How many messages a second the oracle takes durably, against a bare mqtt.js subscriber that stores nothing, through the same
 * Mosquitto in the same run. The broker holds the messages back until the subscriber comes, so that sending is not measured.
 */

import { join } from "node:path";
import { connect, connectAsync } from "mqtt";
import { condivisaAdapter } from "../oracle/adapters/condivisa.ts";
import { Inbox } from "../oracle/inbox.ts";
import { listenersOf, readMessages } from "../oracle/messages.ts";
import { receiveMessages } from "../oracle/mqttIntake.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { startBroker } from "./broker.ts";
import { METERS, SECONDS_BETWEEN } from "./paceSchedule.ts";

/** Messages of one measurement, and how often the subscribers take turns. */
const MESSAGES = 50_000;
const TURNS = 3;
const TOPIC = "condivisa/bench";
const FIRST_READING = 1_750_000_500;
const QUARTER_SECONDS = 900;

/** Registers, of which one a quarter of an hour is written, or quarter-hours, which are all written. */
const KINDS = ["registers", "intervals"] as const;
type Kind = (typeof KINDS)[number];

/** The medians of the turns. */
export type Rate = {
  /** Messages a second: as fast as subscriber and broker are, on as much of the machine as others leave them. */
  readonly rate: number;
  /** Processor time of the subscriber, µs a message: it does not depend on what else runs. */
  readonly processor: number;
};

export type Throughput = {
  readonly bare: Rate;
  readonly registers: Rate;
  readonly intervals: Rate;
  readonly messages: number;
  /** Resident memory in MB after each part of all messages. */
  readonly memory: readonly number[];
};

/** @param total messages through the oracle, in parts of either kind in turn, to see whether memory stays flat */
export async function measureThroughput(folder: string, total: number, show: ShowProgress): Promise<Throughput> {
  const broker = await startBroker(folder);
  const inbox = Inbox.open(join(folder, "throughput.sqlite"));
  try {
    const rates: Record<Kind | "bare", Rate[]> = { bare: [], registers: [], intervals: [] };
    const memory: number[] = [];
    const parts = Math.max(TURNS * KINDS.length, Math.ceil(total / MESSAGES));
    for (let part = 0; part < parts; part++) {
      show("messages", part, parts);
      const kind = KINDS[part % KINDS.length] ?? "registers";
      const from = Math.floor(part / KINDS.length) * MESSAGES;
      if (rates.bare.length < TURNS) {
        rates.bare.push(await rateOf(broker.url, "bare", kind, from, () => bareSubscriber(broker.url)));
      }
      rates[kind].push(await rateOf(broker.url, "oracle", kind, from, () => oracleSubscriber(broker.url, inbox)));
      globalThis.gc?.();
      memory.push(Math.round(process.memoryUsage().rss / 1e6));
    }
    show("messages", parts, parts);
    return {
      bare: median(rates.bare),
      registers: median(rates.registers.slice(0, TURNS)),
      intervals: median(rates.intervals.slice(0, TURNS)),
      messages: parts * MESSAGES,
      memory,
    };
  } finally {
    inbox.close();
    broker.stop();
  }
}

type Subscriber = { readonly received: () => number; readonly stop: () => Promise<void> };

/** Lets the broker collect messages for a session, then measures how fast it is emptied. */
async function rateOf(url: string, clientId: string, kind: Kind, from: number, start: () => Subscriber): Promise<Rate> {
  const session = await connectAsync(url, sessionOf(clientId));
  await session.subscribeAsync(`${TOPIC}/#`, { qos: 1 });
  await session.endAsync();
  await publish(url, kind, from);
  const begun = performance.now();
  const usage = process.cpuUsage();
  const subscriber = start();
  while (subscriber.received() < MESSAGES) await new Promise((resolve) => setTimeout(resolve, 5));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(usage);
  await subscriber.stop();
  const last = await connectAsync(url, { clientId, protocolVersion: 5, clean: true });
  await last.endAsync();
  return { rate: MESSAGES / seconds, processor: (user + system) / MESSAGES };
}

function sessionOf(clientId: string) {
  return {
    clientId,
    protocolVersion: 5 as const,
    clean: false,
    properties: { sessionExpiryInterval: 3600, receiveMaximum: 10_000 },
  };
}

function bareSubscriber(url: string): Subscriber {
  let received = 0;
  // What waited at the broker comes at once: the client must listen before it connects.
  const client = connect(url, sessionOf("bare"));
  client.on("message", () => {
    received++;
  });
  return { received: () => received, stop: () => client.endAsync() };
}

function oracleSubscriber(url: string, inbox: Inbox): Subscriber {
  let received = 0;
  const meters = Array.from({ length: METERS }, (_, meter) => `${TOPIC}/${meter}`);
  const listeners = listenersOf(new Map(meters.map((topic) => [topic, condivisaAdapter(topic)])));
  const options = { url, clientId: "oracle", username: undefined, password: undefined };
  const intake = receiveMessages(
    { ...options, ca: undefined, certificate: undefined, key: undefined },
    [`${TOPIC}/#`],
    {
      onMessages(messages) {
        const { received: kept, dead } = readMessages(messages, listeners);
        inbox.store(kept, dead);
        received += messages.length;
      },
      onState: () => undefined,
    },
  );
  return { received: () => received, stop: () => intake.close() };
}

/** A message of each meter in turn: registers ten seconds on each time, intervals a quarter of an hour. */
async function publish(url: string, kind: Kind, from: number): Promise<void> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  let onTheWay: Promise<unknown>[] = [];
  for (let index = from; index < from + MESSAGES; index++) {
    const payload = JSON.stringify(payloadOf(kind, index));
    onTheWay.push(client.publishAsync(`${TOPIC}/${index % METERS}`, payload, { qos: 1 }));
    if (onTheWay.length === 1000) {
      await Promise.all(onTheWay);
      onTheWay = [];
    }
  }
  await Promise.all(onTheWay);
  await client.endAsync();
}

function payloadOf(kind: Kind, index: number) {
  const round = Math.floor(index / METERS);
  const common = { unit: "Wh", sequence: index };
  if (kind === "registers") {
    const at = FIRST_READING + round * SECONDS_BETWEEN;
    return { at, withdrawn: 1_000_000 + round * 3, injected: 500_000, ...common };
  }
  const from = Math.floor(FIRST_READING / QUARTER_SECONDS + round) * QUARTER_SECONDS;
  return { from, seconds: QUARTER_SECONDS, withdrawn: 100 + (round % 50), injected: 50, ...common };
}

function median(rates: readonly Rate[]): Rate {
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return { rate: middle(rates.map(({ rate }) => rate)), processor: middle(rates.map(({ processor }) => processor)) };
}

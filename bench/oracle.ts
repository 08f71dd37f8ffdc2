/**
 * How many messages a second the oracle takes durably, against a bare mqtt.js subscriber that stores nothing, through the same
 * Mosquitto in the same run. The broker holds the messages back until the subscriber comes, so that sending is not measured.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, connectAsync } from "mqtt";
import { condivisaAdapter } from "../oracle/adapters/condivisa.ts";
import { Inbox } from "../oracle/inbox.ts";
import { listenersOf, readMessages } from "../oracle/messages.ts";
import { receiveMessages } from "../oracle/mqttIntake.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import { InputError } from "../settlement/inputProblem.ts";

const METERS = 10_000;
const SECONDS_BETWEEN = 10;
/** Messages of one measurement, and how often bare and oracle take turns. */
const MESSAGES = 50_000;
const TURNS = 3;
const TOPIC = "condivisa/bench";
const FIRST_READING = 1_750_000_000;

export type OracleBench = {
  /** Messages a second, each the median of the turns. */
  readonly bare: number;
  readonly durable: number;
  readonly messages: number;
  /** Resident memory in MB after each part of all messages. */
  readonly memory: readonly number[];
};

/**
 * @param total messages through the oracle, in parts, to see whether memory stays flat
 * @throws InputError if there is no Mosquitto
 */
export async function benchOracle(total: number, show: ShowProgress): Promise<OracleBench> {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-bench-"));
  const port = await freePort();
  const broker = startBroker(folder, port);
  const url = `mqtt://127.0.0.1:${port}`;
  const inbox = Inbox.open(join(folder, "inbox.sqlite"));
  try {
    await broker.ready(url);
    const [bare, durable]: [number[], number[]] = [[], []];
    const memory: number[] = [];
    const parts = Math.max(TURNS, Math.ceil(total / MESSAGES));
    let sent = 0;
    for (let part = 0; part < parts; part++) {
      show("messages", part, parts);
      if (part < TURNS) bare.push(await rateOf(url, "bare", sent, () => bareSubscriber(url)));
      durable.push(await rateOf(url, "oracle", sent, () => oracleSubscriber(url, inbox)));
      sent += MESSAGES;
      globalThis.gc?.();
      memory.push(Math.round(process.memoryUsage().rss / 1e6));
    }
    return { bare: median(bare), durable: median(durable.slice(0, TURNS)), messages: sent, memory };
  } finally {
    inbox.close();
    broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function renderOracleBench({ bare, durable, messages, memory }: OracleBench): string {
  const needed = METERS / SECONDS_BETWEEN;
  const rows = [
    ["bare mqtt.js, stores nothing", String(Math.round(bare)), "1.00"],
    ["the oracle, durable before it acknowledges", String(Math.round(durable)), (durable / bare).toFixed(2)],
  ];
  return [
    table(["Subscriber", " Messages a second", " Part of bare"], rows),
    "",
    `${METERS} meters with a reading each ${SECONDS_BETWEEN} s are ${needed} messages a second: × ${(durable / needed).toFixed(1)}`,
    `Resident memory over ${messages} messages, MB: ${memory.join(", ")}`,
  ].join("\n");
}

type Subscriber = { readonly received: () => number; readonly stop: () => Promise<void> };

/** Lets the broker collect messages for a session, then measures how fast it is emptied. */
async function rateOf(url: string, clientId: string, from: number, start: () => Subscriber): Promise<number> {
  const session = await connectAsync(url, sessionOf(clientId));
  await session.subscribeAsync(`${TOPIC}/#`, { qos: 1 });
  await session.endAsync();
  await publish(url, from);
  const begun = performance.now();
  const subscriber = start();
  while (subscriber.received() < MESSAGES) await new Promise((resolve) => setTimeout(resolve, 5));
  const seconds = (performance.now() - begun) / 1000;
  await subscriber.stop();
  const last = await connectAsync(url, { clientId, protocolVersion: 5, clean: true });
  await last.endAsync();
  return MESSAGES / seconds;
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

/** A register of each meter in turn, ten seconds on each time. */
async function publish(url: string, from: number): Promise<void> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  let onTheWay: Promise<unknown>[] = [];
  for (let index = from; index < from + MESSAGES; index++) {
    const round = Math.floor(index / METERS);
    const payload = JSON.stringify({
      at: FIRST_READING + round * SECONDS_BETWEEN,
      unit: "Wh",
      withdrawn: 1_000_000 + round * 3,
      injected: 500_000,
      sequence: index,
    });
    onTheWay.push(client.publishAsync(`${TOPIC}/${index % METERS}`, payload, { qos: 1 }));
    if (onTheWay.length === 1000) {
      await Promise.all(onTheWay);
      onTheWay = [];
    }
  }
  await Promise.all(onTheWay);
  await client.endAsync();
}

function startBroker(folder: string, port: number) {
  const file = join(folder, "mosquitto.conf");
  const settings = ["allow_anonymous true", "max_inflight_messages 10000", "max_queued_messages 0"];
  writeFileSync(file, [`listener ${port} 127.0.0.1`, ...settings, ""].join("\n"));
  const broker = spawn("/usr/sbin/mosquitto", ["-c", file], { stdio: "ignore" });
  const failed = new Promise<never>((_, reject) => {
    broker.once("error", () => {
      const remedy = "Install it (Debian: mosquitto)";
      reject(new InputError([{ file: "/usr/sbin/mosquitto", problem: "there is no Mosquitto here", remedy }]));
    });
  });
  return {
    stop: () => broker.kill(),
    async ready(url: string) {
      const connected = async () => {
        for (;;) {
          try {
            return await (await connectAsync(url, { reconnectPeriod: 0 }, false)).endAsync();
          } catch {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
      };
      await Promise.race([connected(), failed]);
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

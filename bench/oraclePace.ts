/**
 * Whether the oracle keeps up with ten thousand meters, each of which sends its registers every ten seconds: the whole service, through
 * Mosquitto, in real time. The meters, in a process of their own, do not wait for anybody; the lag of a message runs from when it was
 * due to when the oracle has it durably and acknowledges it. In the middle a quarter of an hour turns, so that of every meter
 * something is written.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect } from "mqtt";
import { pino } from "pino";
import { z } from "zod";
import { condivisaAdapter } from "../oracle/adapters/condivisa.ts";
import { Inbox, type Received } from "../oracle/inbox.ts";
import { listenersOf } from "../oracle/messages.ts";
import { Outbox } from "../oracle/outbox.ts";
import { startOracle } from "../oracle/service.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { startBroker } from "./broker.ts";
import { METERS, MILLISECONDS_BETWEEN, SECONDS_BETWEEN, topicOf } from "./paceSchedule.ts";

const CLIENT_ID = "condivisa-bench";
const SLOT_SECONDS = 900;
/** Time for the meters to connect. */
const LEAD_MILLISECONDS = 5000;

/** Milliseconds. */
export type Lags = { readonly p50: number; readonly p99: number; readonly most: number };

export type Pace = {
  readonly seconds: number;
  readonly sent: number;
  /** How late the meters were at worst, milliseconds: more than a few say that they were too slow, not the oracle. */
  readonly sentLate: number;
  readonly lags: Lags;
  /** Of the last ten seconds. */
  readonly lagsAtTheEnd: Lags;
  /** Messages that the broker still holds for the oracle afterwards. */
  readonly unacknowledged: number;
  /** Of one core, percent. */
  readonly oracleProcessor: number;
  readonly brokerProcessor: number | undefined;
  /** Resident memory of the oracle in MB: before, and the most and the last while it ran. */
  readonly memory: { readonly before: number; readonly most: number; readonly last: number };
};

const sentShape = z.object({ sent: z.number(), latest: z.number() });

/** @param seconds of real time, at least two rounds of all meters */
export async function measurePace(folder: string, seconds: number, show: ShowProgress): Promise<Pace> {
  const rounds = Math.max(2, Math.ceil(seconds / SECONDS_BETWEEN));
  const total = rounds * METERS;
  const broker = await startBroker(folder);
  const { inbox, lags } = watchedInbox(join(folder, "pace.sqlite"));
  const oracle = await startOracle(serviceOf(broker.url, folder, inbox));
  await oracle.listening;

  const memory = [residentMegabytes()];
  const begins = Date.now() + LEAD_MILLISECONDS;
  const ahead = shiftOf(begins, rounds);
  lags.begin(begins, ahead);
  const watching = setInterval(() => {
    memory.push(residentMegabytes());
    show("meters' messages", Math.min(lags.all.length, total - 1), total);
  }, 1000);
  const args = [broker.url, String(begins), String(ahead), String(rounds)];
  const meters = fork(join(import.meta.dirname, "paceMeters.ts"), args, { execArgv: process.execArgv });
  await new Promise((resolve) => setTimeout(resolve, begins - Date.now()));
  const spent = { oracle: process.cpuUsage(), broker: broker.processorSeconds() };
  const [told] = await once(meters, "message");
  const { sent, latest } = sentShape.parse(told);
  for (let tries = 0; lags.all.length < sent && tries < 300; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const lasted = (Date.now() - begins) / 1000;
  const { user, system } = process.cpuUsage(spent.oracle);
  const brokerSpent = broker.processorSeconds();
  clearInterval(watching);
  show("meters' messages", total, total);
  await oracle.stop();
  const unacknowledged = await waitingAt(broker.url);
  broker.stop();
  return {
    seconds: Math.round(lasted),
    sent,
    sentLate: latest,
    lags: lagsOf(lags.all),
    lagsAtTheEnd: lagsOf(lags.all.slice(-METERS)),
    unacknowledged,
    oracleProcessor: Math.round((user + system) / 1e4 / lasted),
    brokerProcessor:
      brokerSpent === undefined || spent.broker === undefined
        ? undefined
        : Math.round((100 * (brokerSpent - spent.broker)) / lasted),
    memory: { before: memory[0] ?? 0, most: Math.max(...memory), last: memory.at(-1) ?? 0 },
  };
}

function serviceOf(url: string, folder: string, inbox: Inbox) {
  const data = join(folder, "pace");
  mkdirSync(data);
  const mqtt = { url, clientId: CLIENT_ID, username: undefined, password: undefined };
  const meters = Array.from({ length: METERS }, (_, meter) => topicOf(meter));
  return {
    mqtt: { ...mqtt, ca: undefined, certificate: undefined, key: undefined },
    listeners: listenersOf(new Map(meters.map((topic) => [topic, condivisaAdapter(topic)]))),
    ledgers: [],
    inbox,
    outbox: Outbox.open(join(data, "outbox.sqlite")),
    data,
    council: { tolerance: { wattHours: 0, percent: 0 }, turn: 60 },
    incoming: [],
    clock: "wall" as const,
    httpPort: 0,
    log: pino({ level: "silent" }),
  };
}

/** An inbox, and how long after they were due the messages were durable in it. */
function watchedInbox(file: string) {
  const inbox = Inbox.open(file);
  const all: number[] = [];
  let [begun, ahead] = [0, 0];
  const store = inbox.store.bind(inbox);
  inbox.store = (received, dead) => {
    const conflicting = store(received, dead);
    const now = Date.now();
    for (const each of received) all.push(now - dueOf(each));
    return conflicting;
  };
  function dueOf({ meter, measurements: [measurement] }: Received): number {
    const offset = Number(meter.replace(/\D/g, "")) * MILLISECONDS_BETWEEN;
    const at = measurement?.kind === "register" ? measurement.at - ahead : 0;
    const round = Math.ceil((at * 1000 - begun - offset) / (1000 * SECONDS_BETWEEN));
    return begun + 1000 * SECONDS_BETWEEN * round + offset;
  }
  const begin = (at: number, secondsAhead: number) => {
    [begun, ahead] = [at, secondsAhead];
  };
  return { inbox, lags: { all, begin } };
}

/** Seconds that meters' clocks are ahead, or behind if below zero, for a quarter of an hour to turn halfway. */
function shiftOf(begins: number, rounds: number): number {
  const middle = Math.floor(begins / 1000) + (rounds * SECONDS_BETWEEN) / 2;
  return Math.floor(middle / SLOT_SECONDS) * SLOT_SECONDS - middle;
}

/** How many messages the broker sends to the oracle's session again. */
async function waitingAt(url: string): Promise<number> {
  let count = 0;
  const client = connect(url, { clientId: CLIENT_ID, protocolVersion: 5, clean: false });
  client.on("message", () => {
    count++;
  });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await client.endAsync();
  return count;
}

function lagsOf(values: readonly number[]): Lags {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

function residentMegabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6);
}

/**
 * The oracle as a service: messages into the inbox, days into batches, alarms to whoever has to know. It may be killed at any
 * moment: what it acknowledged is in the inbox, what it made up in the outbox, and where to go on the chain says.
 */

import { statfsSync } from "node:fs";
import type { Logger } from "pino";
import { Alarms } from "./alarms.ts";
import type { CouncilSettings } from "./council.ts";
import { type HealthServer, makeMetrics, serveHealth } from "./health.ts";
import { HeardMeters } from "./heardMeters.ts";
import type { Inbox } from "./inbox.ts";
import type { IncomingFolder } from "./incoming.ts";
import { incomingRound } from "./incomingRound.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import { LedgerRounds } from "./ledgerRounds.ts";
import type { LedgerSettings } from "./ledgerWork.ts";
import { MessageKeeper } from "./messageKeeper.ts";
import type { Listeners } from "./messages.ts";
import type { MqttOptions } from "./mqttConnection.ts";
import { type Intake, receiveMessages } from "./mqttIntake.ts";
import type { Outbox } from "./outbox.ts";
import { problemOf, stackOf } from "./problems.ts";
import { statusMessage, statusPublisher, statusTopic } from "./statusTopic.ts";
import { clockByMeters, fullDisk, meterClocks, silentMeters, WATCHED } from "./watch.ts";

export type OracleService = {
  readonly mqtt: MqttOptions;
  readonly listeners: Listeners;
  readonly ledgers: readonly { readonly access: LedgerAccess; readonly settings: LedgerSettings }[];
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  /** Folder of the two, to see how full its disk is. */
  readonly data: string;
  /** How far other oracles' readings may be off, and how long each of them is waited for. */
  readonly council: CouncilSettings;
  readonly incoming: readonly IncomingFolder[];
  /** `readings`: the time is that of the newest reading, as in a replay. */
  readonly clock: "wall" | "readings";
  readonly httpPort: number;
  readonly log: Logger;
};

/** What the oracle asks of the machine it runs on. */
export type Machine = {
  /** Seconds since the Unix epoch. */
  readonly now: () => number;
  /** Bytes that may still be written on the disk of a folder. */
  readonly freeBytes: (folder: string) => number;
};

const THIS_MACHINE: Machine = {
  now: () => Math.floor(Date.now() / 1000),
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
};

export type RunningOracle = {
  readonly health: HealthServer;
  /** Fulfilled once it hears the meters. */
  readonly listening: Promise<void>;
  stop(): Promise<void>;
};

const PAUSE_MILLISECONDS = 500;
/** So many times as long as work took, nothing is done, up to a limit: intake comes first. */
const REST = 3;
const LONGEST_PAUSE_MILLISECONDS = 3000;

export async function startOracle(service: OracleService, machine = THIS_MACHINE): Promise<RunningOracle> {
  const { log, inbox, outbox, mqtt } = service;
  const alarms = new Alarms((alarm, isOver) => {
    if (isOver) log.info(alarm, "alarm is over");
    else log.warn(alarm, `${alarm.text}. ${alarm.remedy}`);
    tellSoon();
  }, machine.now);
  const metrics = makeMetrics(alarms);
  const heard = new HeardMeters();
  const listening = Promise.withResolvers<void>();
  let brokerState = "";
  const ledgers = new LedgerRounds(service, alarms, metrics, machine.now, (topic, vote) => {
    void intake.client.publishAsync(topic, vote, { qos: 1 }).catch(() => undefined);
  });
  const keeper = new MessageKeeper(service, ledgers, heard, alarms, metrics);
  const topics = [...service.listeners.keys(), ...ledgers.voteTopics];
  const status = statusTopic(mqtt.clientId);
  const publishStatus = statusPublisher(status, alarms);
  /** Many alarms that change together are one message. */
  let isToTell = false;
  let isStopping = false;
  const tellSoon = () => {
    if (isToTell) return;
    isToTell = true;
    setImmediate(() => {
      isToTell = false;
      if (!isStopping) void publishStatus(intake.client, "running");
    });
  };
  const intake: Intake = receiveMessages(
    mqtt,
    topics,
    {
      onMessages: (messages) => keeper.keep(messages),
      onState(state, detail) {
        if (brokerState !== `${state} ${detail}`) log.info({ state, detail }, "broker");
        brokerState = `${state} ${detail}`;
        if (state === "connected") {
          heard.connected(machine.now());
          alarms.clear("broker-unreachable", mqtt.url);
          listening.resolve();
        } else {
          heard.lost(machine.now());
          const remedy = "Check that the broker runs, and the oracle's certificate and password";
          alarms.raise({ kind: "broker-unreachable", subject: mqtt.url, text: `${mqtt.url}: ${detail}`, remedy });
        }
      },
    },
    { topic: status, message: statusMessage("lost", alarms) },
  );

  const lookAround = () => {
    const isOfNow = service.clock === "wall";
    const now = machine.now();
    const meters = ledgers.meters();
    const heardOf = (meter: string) => heard.of(meter);
    alarms.replace(WATCHED, [
      ...silentMeters(meters, heardOf, heard.listeningSince, now),
      ...(isOfNow ? [...meterClocks(meters, heardOf, now), ...clockByMeters(meters, heardOf), ...ledgers.clock] : []),
      ...fullDisk(machine.freeBytes(service.data), service.data),
    ]);
    alarms.expire();
  };

  const now = () => {
    if (service.clock === "wall") return machine.now();
    return inbox.seen().reduce((latest, { lastMeasured }) => Math.max(latest, lastMeasured), 0);
  };
  const work = async () => {
    lookAround();
    incomingRound(service, alarms, machine.now());
    await ledgers.round(now());
  };

  const health = await serveHealth(service.httpPort, metrics, alarms, inbox);
  let wake = () => {};
  const loop = (async () => {
    while (!isStopping) {
      const begun = performance.now();
      try {
        await work();
        alarms.clear("work-failed", "oracle");
      } catch (error) {
        const alarm = { ...problemOf("oracle", error), kind: "work-failed" } as const;
        if (!alarms.has(alarm)) log.error({ stack: stackOf(error) }, "the oracle's work failed");
        alarms.raise(alarm);
      }
      await publishStatus(intake.client, "running");
      const rest = Math.min(REST * (performance.now() - begun), LONGEST_PAUSE_MILLISECONDS);
      const pause = Math.max(PAUSE_MILLISECONDS, rest);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    health,
    listening: listening.promise,
    async stop() {
      isStopping = true;
      wake();
      await loop;
      await publishStatus(intake.client, "stopped");
      await intake.close();
      await health.close();
      inbox.close();
      outbox.close();
    },
  };
}

/**
 * The oracle as a service: messages into the inbox, days into batches, alarms to whoever has to know. It may be killed at any
 * moment: what it acknowledged is in the inbox, what it made up in the outbox, and where to go on the chain says.
 */

import { statfsSync } from "node:fs";
import type { Logger } from "pino";
import { ChainUnreachableError, ContractRefusedError, explain } from "../chain/errors.ts";
import { formatHour } from "../settlement/hours.ts";
import type { Message } from "./adapters/adapter.ts";
import { type Alarm, Alarms } from "./alarms.ts";
import { Council, type CouncilSettings, type Suspicion } from "./council.ts";
import { type HealthServer, makeMetrics, serveHealth } from "./health.ts";
import type { Inbox } from "./inbox.ts";
import { type IncomingFolder, takeIncoming } from "./incoming.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import { correctDays, type Done, type LedgerSettings, recordDays } from "./ledgerWork.ts";
import { type Listeners, readMessages } from "./messages.ts";
import type { MqttOptions } from "./mqttConnection.ts";
import { type Intake, receiveMessages } from "./mqttIntake.ts";
import type { Outbox } from "./outbox.ts";
import { parseVote, type Vote, voteTopic } from "./votes.ts";

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
const SILENT_SECONDS = 2 * 3600;
const LEAST_FREE_BYTES = 500_000_000;

export async function startOracle(service: OracleService): Promise<RunningOracle> {
  const { log, inbox, outbox } = service;
  const alarms = new Alarms((alarm, isOver) => {
    if (isOver) log.info(alarm, "alarm is over");
    else log.warn(alarm, `${alarm.text}. ${alarm.remedy}`);
    void publishStatus();
  });
  const metrics = makeMetrics(alarms);
  const raise = (kind: Alarm["kind"], subject: string, text: string, remedy: string) =>
    alarms.raise({ kind, subject, text, remedy, since: Math.floor(Date.now() / 1000) });

  const councils = new Map(
    service.ledgers.map(({ access }) => {
      const topic = voteTopic(access.address);
      const publish = (vote: Vote) =>
        void intake.client.publishAsync(topic, JSON.stringify(vote), { qos: 1 }).catch(() => undefined);
      const suspect = ({ kind, signer, text }: Suspicion) =>
        raise(
          kind,
          signer,
          text,
          "Compare the two oracles' data; a broken or dishonest one is replaced by the council",
        );
      return [topic, new Council(access, outbox, service.council, publish, suspect)];
    }),
  );
  const keep = (messages: readonly Message[]) => {
    const { received, dead } = readMessages(messages, service.listeners);
    for (const { topic, payload } of messages) {
      const vote = councils.has(topic) ? parseVote(payload) : undefined;
      if (vote !== undefined) councils.get(topic)?.receive(vote);
    }
    const conflicting = inbox.store(received, dead);
    metrics.messages.inc(messages.length);
    metrics.deadLetters.inc(dead.length);
    for (const { from, reason, remedy } of dead) raise("message-unreadable", from, `${from}: ${reason}`, remedy);
    for (const meter of new Set(conflicting.map((each) => each.meter))) {
      const remedy = "Look whether two devices send under its topic";
      raise("meter-conflicting", meter, `${meter} said two things of one moment: the first counts`, remedy);
    }
  };
  const listening = Promise.withResolvers<void>();
  const intake: Intake = receiveMessages(service.mqtt, [...service.listeners.keys(), ...councils.keys()], {
    onMessages: keep,
    onState(state, detail) {
      log.info({ state, detail }, "broker");
      const remedy = "Check that the broker runs, and the oracle's certificate and password";
      if (state === "connected") {
        alarms.clear("broker-unreachable", service.mqtt.url);
        listening.resolve();
        return;
      }
      raise("broker-unreachable", service.mqtt.url, `${service.mqtt.url}: ${detail}`, remedy);
    },
  });
  const statusTopic = `condivisa/oracle/${service.mqtt.clientId}/status`;
  async function publishStatus() {
    if (!intake?.client.connected) return;
    const status = JSON.stringify({ ok: alarms.list().length === 0, alarms: alarms.list() });
    await intake.client.publishAsync(statusTopic, status, { qos: 1, retain: true }).catch(() => undefined);
  }

  const onDone = (ledger: LedgerAccess) => (done: Done) => {
    const at = formatHour(done.firstHour);
    if (done.kind === "kept") {
      const text = `a recorded day from ${at} is known otherwise, but from a source that is worth less`;
      raise("worth-less", `${ledger.address} ${at}`, text, "Import the distributor's readings of that day");
      return;
    }
    const { known, hours, kind } = done;
    metrics.batches.inc({ kind });
    log.info({ ledger: ledger.address, from: at, hours, missing: known.missing, grade: known.grade }, kind);
    for (const { meter, kind: what } of known.findings) {
      const remedy = "If the meter was changed or reset, nothing need be done; else see what it sends";
      raise("meter-register", `${meter} ${at}`, `${meter}: its register made a ${what} on the day from ${at}`, remedy);
    }
    if (kind === "recorded" && known.missing > 0) {
      const text = `${known.missing} readings are missing in the day from ${at}, and count as zero`;
      raise("gap-at-deadline", `${ledger.address} ${at}`, text, "Import them: they become a correction");
    } else if (known.missing === 0) alarms.clear("gap-at-deadline", `${ledger.address} ${at}`);
  };

  const now = () => {
    if (service.clock === "wall") return Math.floor(Date.now() / 1000);
    return Math.max(0, ...inbox.seen().map(({ lastMeasured }) => lastMeasured));
  };
  const lookAround = () => {
    const wall = Math.floor(Date.now() / 1000);
    for (const { meter, lastReceived } of inbox.seen()) {
      const text = `${meter} has been silent since ${new Date(lastReceived * 1000).toISOString()}`;
      if (wall - lastReceived > SILENT_SECONDS)
        raise("meter-silent", meter, text, "See its power, network and password");
      else alarms.clear("meter-silent", meter);
    }
    const { bavail, bsize } = statfsSync(service.data);
    const text = `less than ${LEAST_FREE_BYTES / 1_000_000} MB are free at ${service.data}`;
    if (bavail * bsize < LEAST_FREE_BYTES)
      raise("disk-nearly-full", service.data, text, "Make room: a full disk stops it");
    else alarms.clear("disk-nearly-full", service.data);
  };

  const takeFiles = () => {
    const wall = Math.floor(Date.now() / 1000);
    for (const taken of service.incoming.flatMap((folder) => takeIncoming(inbox, folder, wall))) {
      if ("imported" in taken) log.info(taken, "file imported");
      else raise("file-refused", taken.file, taken.problem, "Mend the file, see refused/, and put it there again");
    }
  };

  const work = async () => {
    lookAround();
    takeFiles();
    const works = service.ledgers.flatMap(({ access, settings }) => {
      const council = councils.get(voteTopic(access.address));
      return council === undefined
        ? []
        : [{ ledger: access, inbox, outbox, settings, council, onDone: onDone(access) }];
    });
    const next = await Promise.all(
      works.map((each) => attempted(each.ledger.address, async () => recordDays(each, now()))),
    );
    for (const [index, { ledger }] of works.entries()) {
      if (next[index] !== undefined) metrics.nextHour.set({ ledger: ledger.address }, next[index]);
    }
    // Hours that not all ledgers have recorded yet wait.
    const changed = inbox.changedHours(Math.min(...next.map((hour) => hour ?? 0)));
    if (changed.length === 0) return;
    const hours = changed.map(({ hour }) => hour);
    const corrected = await Promise.all(
      works.map((each) => attempted(each.ledger.address, async () => correctDays(each, hours))),
    );
    if (corrected.every((isDone) => isDone === true)) inbox.forgetChanges(changed);
  };

  /** Undefined if the chain cannot do it now: that is an alarm, and tried again. */
  async function attempted<T>(ledger: string, attempt: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await attempt();
      alarms.clear("chain-unreachable", ledger);
      alarms.clear("chain-refused", ledger);
      return result;
    } catch (error) {
      const explained = explain("the ledger", error);
      if (explained instanceof ChainUnreachableError) {
        raise("chain-unreachable", ledger, explained.message, "Check that the node runs; all is kept meanwhile");
      } else if (explained instanceof ContractRefusedError) {
        raise("chain-refused", ledger, explained.message, "Check keys, roster and clock: ./condivisa doctor");
      } else throw explained;
      return undefined;
    }
  }

  const health = await serveHealth(service.httpPort, metrics, alarms, inbox);
  let isStopping = false;
  let wake = () => {};
  const loop = (async () => {
    while (!isStopping) {
      const begun = performance.now();
      await work();
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
      await intake.close();
      await health.close();
      inbox.close();
      outbox.close();
    },
  };
}

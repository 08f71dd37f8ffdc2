/** How the oracle is, for people and machines: `/health`, `/status` and Prometheus metrics, on the loopback address. */

import { createServer } from "node:http";
import { Counter, Gauge, Registry } from "prom-client";
import { ALARM_KINDS, type Alarms } from "./alarms.ts";
import type { Inbox } from "./inbox.ts";

export type Metrics = {
  readonly registry: Registry;
  readonly messages: Counter;
  readonly deadLetters: Counter;
  readonly batches: Counter<"kind">;
  readonly nextHour: Gauge<"ledger">;
};

export function makeMetrics(alarms: Alarms): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "condivisa_oracle_alarms",
    help: "Alarms that are raised",
    labelNames: ["kind"],
    registers,
    collect() {
      const raised = alarms.list();
      for (const kind of ALARM_KINDS) this.set({ kind }, raised.filter((alarm) => alarm.kind === kind).length);
    },
  });
  return {
    registry,
    messages: new Counter({ name: "condivisa_oracle_messages_total", help: "Messages kept", registers }),
    deadLetters: new Counter({
      name: "condivisa_oracle_dead_letters_total",
      help: "Messages that could not be read",
      registers,
    }),
    batches: new Counter({
      name: "condivisa_oracle_batches_total",
      help: "Batches recorded and corrected",
      labelNames: ["kind"],
      registers,
    }),
    nextHour: new Gauge({
      name: "condivisa_oracle_next_hour",
      help: "The next hour of a ledger, since the Unix epoch",
      labelNames: ["ledger"],
      registers,
    }),
  };
}

const LOOPBACK = "127.0.0.1";

export type HealthServer = { readonly url: string; close(): Promise<void> };

/**
 * `/health` answers 503 while the oracle cannot do its work: a meter that is silent is an alarm, but nothing that a restart mends.
 * @param port 0: any that is free
 */
export async function serveHealth(port: number, metrics: Metrics, alarms: Alarms, inbox: Inbox): Promise<HealthServer> {
  const server = createServer(async (request, response) => {
    const { status, type, body } = await answerTo(request.url ?? "", metrics, alarms, inbox).catch((error: unknown) =>
      json(500, { error: String(error) }),
    );
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  return {
    url: `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly status: number; readonly type: string; readonly body: string };

function json(status: number, value: unknown): Answer {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

async function answerTo(url: string, metrics: Metrics, alarms: Alarms, inbox: Inbox): Promise<Answer> {
  switch (url) {
    case "/metrics":
      return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
    case "/health": {
      const ok = alarms.isHealthy();
      return json(ok ? 200 : 503, { ok, alarms: alarms.list() });
    }
    case "/status":
      return json(200, {
        changed: inbox.changedHours(Number.MAX_SAFE_INTEGER).length,
        alarms: alarms.list(),
        meters: inbox.seen(),
        deadLetters: inbox.deadLetterCount(),
      });
    default:
      return json(404, { error: "there are /health, /status and /metrics" });
  }
}

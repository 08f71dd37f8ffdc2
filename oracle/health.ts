/** How the oracle is, for people and machines: `/health`, `/status` and Prometheus metrics, on the loopback address. */

import { createServer } from "node:http";
import { Counter, Gauge, Registry } from "prom-client";
import type { Alarms } from "./alarms.ts";
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
    registers,
    collect() {
      this.set(alarms.list().length);
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

/** @param port 0: any that is free */
export async function serveHealth(port: number, metrics: Metrics, alarms: Alarms, inbox: Inbox): Promise<HealthServer> {
  const server = createServer(async (request, response) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/metrics") {
      response.writeHead(200, { "content-type": metrics.registry.contentType }).end(await metrics.registry.metrics());
    } else if (request.url === "/health") {
      const raised = alarms.list();
      json(raised.length === 0 ? 200 : 503, { ok: raised.length === 0, alarms: raised });
    } else if (request.url === "/status") {
      json(200, {
        changed: inbox.changedHours(Number.MAX_SAFE_INTEGER).length,
        alarms: alarms.list(),
        meters: inbox.seen(),
      });
    } else json(404, { error: "there are /health, /status and /metrics" });
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

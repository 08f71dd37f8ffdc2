/** How the API is: `/health` and `/ready` for who routes requests to it, `/metrics` for Prometheus on the loopback address. */

import { createServer } from "node:http";
import type { Express } from "express";
import { Gauge, type Registry } from "prom-client";
import { type Listening, listen } from "./http/listen.ts";
import type { IndexState } from "./index/followChain.ts";
import type { IndexReader } from "./index/reader.ts";

const LOOPBACK = "127.0.0.1";
/** Ready is what is not further behind the chain than this. */
const BLOCKS_BEHIND = 100;

export function addHealth(app: Express, reader: IndexReader, state: () => IndexState): void {
  app.get("/health", (_request, response) => {
    response.json({ ok: true, ...state() });
  });
  app.get("/ready", (_request, response) => {
    const { block, head, problem } = state();
    const isReady = head >= 0 && head - block <= BLOCKS_BEHIND && reader.communities().length > 0;
    response.status(isReady ? 200 : 503).json({ ready: isReady, block, head, problem });
  });
}

export function startMetrics(registry: Registry, port: number, state: () => IndexState): Promise<Listening> {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge("condivisa_api_index_block", "The newest block that is in the index", () => state().block);
  gauge("condivisa_api_chain_head", "The chain's newest block, when it was last asked", () => state().head);
  gauge("condivisa_api_chain_reachable", "1 if the chain answered", () => (state().problem === undefined ? 1 : 0));
  const server = createServer(async (request, response) => {
    if (request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
  });
  return listen(
    (request, response) => server.emit("request", request, response),
    LOOPBACK,
    port,
    () => undefined,
  );
}

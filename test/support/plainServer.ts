/** The API's server with routes of its own for tests: what it withstands does not depend on what is answered. */

import { Writable } from "node:stream";
import pino from "pino";
import { z } from "zod";
import { type Caller, NOBODY } from "../../api/http/caller.ts";
import { LIMITS, type Listening, listen } from "../../api/http/listen.ts";
import { makeHttpMetrics } from "../../api/http/metrics.ts";
import { Problem } from "../../api/http/problem.ts";
import { NO_BODY, NO_PARAMS, NO_QUERY, type Route, route } from "../../api/http/route.ts";
import { makeApp } from "../../api/http/server.ts";

export const GOOD_KEY = "Bearer good";
const MACHINE: Caller = { kind: "machine", key: "good", community: 1, scopes: ["energy"], account: undefined };

export type PlainServer = Listening & {
  readonly log: readonly string[];
  /** Lets requests to /slow be answered. */
  readonly release: () => void;
  /** Pieces of 64 KB that streams have been given to tell. */
  readonly told: () => number;
};

export type PlainOptions = {
  readonly perMinute?: number;
  readonly origins?: readonly string[];
  /** Shorter than those that are in force, so that a test need not wait for them. */
  readonly patience?: Partial<typeof LIMITS>;
};

const text = { tag: "test", params: NO_PARAMS, query: NO_QUERY, status: 200 } as const;
const answer = { type: "application/json", body: "{}" } as const;

export async function plainServer({ perMinute = 1_000_000, origins = [], patience }: PlainOptions = {}) {
  const end = new AbortController();
  const log: string[] = [];
  let told = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const usual = { ...text, summary: "", content: { "application/json": z.object({}) } };
  const routes: Route[] = [
    route({
      ...usual,
      ...{ method: "get", path: "/quick", operation: "quick", access: "public", body: NO_BODY },
      handle: () => ({ ...answer, version: "1" }),
    }),
    route({
      ...usual,
      ...{ method: "get", path: "/own", operation: "own", access: "signed-in", body: NO_BODY },
      handle: () => answer,
    }),
    route({
      ...usual,
      ...{ method: "get", path: "/slow", operation: "slow", access: "public", body: NO_BODY },
      handle: () => released.then(() => answer),
    }),
    route({
      ...usual,
      ...{ method: "post", path: "/body", operation: "body", access: "public" },
      body: z.strictObject({ text: z.string() }),
      handle: () => answer,
    }),
    route({
      ...text,
      ...{ method: "get", path: "/stream", operation: "stream", access: "public", summary: "", body: NO_BODY },
      content: { "text/event-stream": z.string() },
      handle: () => ({
        type: "text/event-stream",
        async stream(write, over) {
          while (!over.aborted) {
            told++;
            await write(`: ${"x".repeat(65_536)}\n\n`);
            // Lets others have their turn, as what is read from a database does.
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
      }),
    }),
  ];
  const identify = (request: { headers: { authorization?: string | undefined } }): Caller => {
    const { authorization } = request.headers;
    if (authorization === undefined) return NOBODY;
    if (authorization !== GOOD_KEY) throw new Problem(401, "This key is not good");
    return MACHINE;
  };
  const app = makeApp({
    ...{ routes, pages: () => undefined, identify, recognise: identify, metrics: makeHttpMetrics() },
    ...{ perMinute, origins, proxies: 1, end: end.signal },
    log: pino({ level: "info" }, linesInto(log)),
  });
  const listening = await listen(app, "127.0.0.1", 0, () => end.abort(), { ...LIMITS, ...patience });
  return { ...listening, log, release: () => release(), told: () => told } satisfies PlainServer;
}

export function linesInto(log: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
}

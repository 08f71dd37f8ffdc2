/** The processes that answer in `bench api`: the API, and a bare route with the same bytes from memory. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import express from "express";
import { pino } from "pino";
import { getAddress } from "viem";
import { z } from "zod";
import { listen } from "../api/http/listen.ts";
import { keyRingFromText } from "../api/register/keyRing.ts";
import { REGISTER_FILE, RegisterStore } from "../api/register/store.ts";
import { startApi } from "../api/service.ts";
import { makeKey } from "../api/signIn/apiKeys.ts";
import { beginSession } from "../api/signIn/sessions.ts";
import { EMBEDDED_CHAIN_ID } from "../chain/embedded.ts";
import { readGseTables } from "../scripts/gseTablesFile.ts";

const apiGiven = z.object({
  kind: z.literal("api"),
  data: z.string(),
  chain: z.string(),
  factory: z.string(),
  secretary: z.string(),
  treasurer: z.string(),
});
const given = z.discriminatedUnion("kind", [apiGiven, z.object({ kind: z.literal("bare"), data: z.string() })]);

/** What the bare route answers, by address. */
export const ANSWERS_FILE = "answers.json";
const answersShape = z.record(z.string(), z.string());

const ORIGIN = "http://localhost:8080";
/** The register is new with every run: nothing in it is worth keeping. */
const KEYS = `bench:${Buffer.alloc(32).toString("base64")}`;

process.once("message", (message) => {
  answerTo(given.parse(message)).then((answer) => process.send?.(answer));
});

function answerTo(settings: z.infer<typeof given>): Promise<unknown> {
  switch (settings.kind) {
    case "api":
      return serveApi(settings);
    case "bare":
      return serveBare(settings.data);
  }
}

async function serveApi({ data, chain, factory, secretary, treasurer }: z.infer<typeof apiGiven>) {
  const keys = () => keyRingFromText(KEYS);
  const clock = () => Math.floor(Date.now() / 1000);
  const store = RegisterStore.open(join(data, REGISTER_FILE), keys);
  const wanted = { community: 1, account: undefined, label: "bench", days: 1 };
  const { secret } = makeKey(
    store,
    { ...wanted, scopes: ["statements", "money"] },
    { wallet: getAddress(secretary) },
    clock(),
  );
  const session = beginSession(store, { kind: "wallet", wallet: getAddress(treasurer) }, undefined, clock());
  store.close();
  const api = await startApi({
    chain,
    chainId: EMBEDDED_CHAIN_ID,
    factory: getAddress(factory),
    finality: "latest",
    data,
    keys,
    clock,
    origin: ORIGIN,
    name: "bench",
    communityName: () => "bench",
    verificationSecret: Buffer.alloc(32),
    tables: readGseTables(undefined, undefined),
    host: "127.0.0.1",
    port: 0,
    metricsPort: 0,
    perMinute: 100_000_000,
    origins: [],
    proxies: 0,
    log: pino(),
  });
  return { url: api.url, secret, session };
}

async function serveBare(data: string) {
  const answers = answersShape.parse(JSON.parse(readFileSync(join(data, ANSWERS_FILE), "utf8")));
  const bytes = new Map(Object.entries(answers).map(([address, text]) => [address, Buffer.from(text)]));
  const app = express();
  app.get("/api/v1/communities/:community/accounts/:account{/statement}", (request, response) => {
    response.type("application/json").send(bytes.get(request.originalUrl));
  });
  const { url } = await listen(app, "127.0.0.1", 0, () => undefined);
  return { url };
}

/** The API over a chain with two communities, in this process. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { z } from "zod";
import { outdatedCommunities } from "../../api/index/derive.ts";
import { INDEX_FILE } from "../../api/index/indexStore.ts";
import { keyRingFromText } from "../../api/register/keyRing.ts";
import { type ApiSettings, type RunningApi, startApi } from "../../api/service.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { Sender } from "../../chain/send.ts";
import { serveChain } from "../../chain/server.ts";
import { readGseTables } from "../../scripts/gseTablesFile.ts";
import { richCommunity, type TestCommunity } from "./apiCommunity.ts";
import { receiptOf } from "./communityCalls.ts";
import { FIRST_MONTH, keyOf, openStage, type Stage } from "./communityOnChain.ts";
import { Connections } from "./httpAsk.ts";
import { keyText } from "./register.ts";
import { checkReply, ORIGIN } from "./registerApi.ts";
import { book, closedMonthCommunity, settle } from "./runsOnChain.ts";

export type ApiWorld = {
  readonly api: RunningApi;
  readonly stage: Stage;
  /** Community 1. Community 2 has three members and officers of its own. */
  readonly community: TestCommunity;
  readonly connections: Connections;
  /** Lines of the server's log. */
  readonly log: readonly string[];
  /** Folder of the index and the register. */
  readonly data: string;
  /** Lets time pass for sessions and keys. */
  readonly pass: (seconds: number) => void;
  /** Returns once the index has all of the chain. */
  readonly caughtUp: () => Promise<void>;
  readonly end: () => Promise<void>;
};

export async function apiWorld(more: Partial<ApiSettings> = {}): Promise<ApiWorld> {
  const stage = await openStage();
  const community = await richCommunity(stage);
  await communityElsewhere(stage);
  return { ...(await apiOn(stage, more)), community };
}

/**
 * The API over what is on a stage.
 * @param more settings that are to be others: by default nothing limits how often one may ask
 */
export async function apiOn(stage: Stage, more: Partial<ApiSettings> = {}): Promise<Omit<ApiWorld, "community">> {
  const server = await serveChain(stage.chain, 0);
  const data = mkdtempSync(join(tmpdir(), "condivisa-api-"));
  const log: string[] = [];
  const keys = keyText("first");
  let passed = 0;
  const api = await startApi({
    chain: server.url,
    chainId: EMBEDDED_CHAIN_ID,
    factory: stage.factory,
    finality: "latest",
    data,
    keys: () => keyRingFromText(keys),
    origin: ORIGIN,
    name: "Condivisa",
    communityName: (number) => `Comunità ${number}`,
    verificationSecret: randomBytes(32),
    tables: readGseTables(undefined, undefined),
    host: "127.0.0.1",
    port: 0,
    metricsPort: 0,
    perMinute: 1_000_000_000,
    origins: [],
    proxies: 1,
    log: pino({ level: "info" }, linesInto(log)),
    clock: () => Math.floor(Date.now() / 1000) + passed,
    inspect: checkReply,
    ...more,
  });
  const connections = new Connections(api.url);
  const caughtUp = () => untilCaughtUp(stage, api, join(data, INDEX_FILE));
  await caughtUp();
  return {
    ...{ api, stage, connections, log, data, caughtUp },
    pass: (seconds) => {
      passed += seconds;
    },
    async end() {
      connections.close();
      await api.stop();
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function linesInto(log: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
}

async function communityElsewhere(stage: Stage): Promise<void> {
  const own = (role: string) => new Sender(stage.client, keyOf(`${role} elsewhere`));
  const officers = {
    secretary: own("secretary"),
    treasurer: own("treasurer"),
    president: own("president"),
    auditor: own("auditor"),
    council: own("council"),
  };
  const elsewhere = { ...stage, people: { ...stage.people, ...officers } };
  const at = await closedMonthCommunity(elsewhere, 3);
  await book(elsewhere, at, receiptOf(FIRST_MONTH, 70_000_000n));
  await settle(elsewhere, at, FIRST_MONTH, FIRST_MONTH);
}

const readyShape = z.object({ ready: z.boolean(), block: z.int() });

async function untilCaughtUp({ client }: Stage, { url }: RunningApi, index: string): Promise<void> {
  const newest = Number(await client.getBlockNumber());
  const database = new DatabaseSync(index, { readOnly: true });
  try {
    for (;;) {
      const { ready, block } = readyShape.parse(await (await fetch(`${url}/ready`)).json());
      if (ready && block >= newest && outdatedCommunities(database).length === 0) return;
      await sleep(20);
    }
  } finally {
    database.close();
  }
}

/** The API as a service: follows the chain, keeps the personal register, answers. It holds no key that moves money. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Express } from "express";
import type { Logger } from "pino";
import type { Address } from "viem";
import type { Finality } from "../chain/blocks.ts";
import { clientOf } from "../chain/client.ts";
import type { ChainClient } from "../chain/send.ts";
import type { GseTables } from "../settlement/gseTables.ts";
import { DocumentThread } from "./documents/documentThread.ts";
import { listen } from "./http/listen.ts";
import { makeHttpMetrics } from "./http/metrics.ts";
import type { Reply, Route } from "./http/route.ts";
import { makeApp } from "./http/server.ts";
import type { IndexState } from "./index/followChain.ts";
import { INDEX_FILE, openIndexDatabase } from "./index/indexStore.ts";
import { startIndexThread } from "./index/indexThread.ts";
import { IndexReader } from "./index/reader.ts";
import { addPages } from "./pages/pages.ts";
import { addReferencePages } from "./pages/referencePages.ts";
import { purge } from "./register/erasure.ts";
import type { KeyRing } from "./register/keyRing.ts";
import { REGISTER_FILE, RegisterStore } from "./register/store.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { bankFileRoutes } from "./routes/bankFiles.ts";
import { communityRoutes } from "./routes/communities.ts";
import { documentRoutes } from "./routes/documents.ts";
import { energyRoutes } from "./routes/energy.ts";
import { listRoutes } from "./routes/lists.ts";
import { proofRoutes } from "./routes/proof.ts";
import { Changes, streamRoutes } from "./routes/stream.ts";
import { treasuryRoutes } from "./routes/treasury.ts";
import { addHealth, startMetrics } from "./serviceHealth.ts";
import type { SignInContext } from "./signIn/context.ts";
import { identify, recognise } from "./signIn/identify.ts";
import { registerRoutes } from "./signIn/routes.ts";
import { siteOf } from "./signIn/site.ts";

export type ApiSettings = {
  /** The chain's endpoint, http(s) or ws(s). */
  readonly chain: string;
  readonly chainId: number;
  readonly factory: Address;
  readonly finality: Finality;
  /** Folder of the index and the register. */
  readonly data: string;
  /** The register's keys, read anew at each call. */
  readonly keys: () => KeyRing;
  /** Where people reach it, as `https://cer.example.org`. */
  readonly origin: string;
  /** Shown by whoever asks a person to sign. */
  readonly name: string;
  /** What documents call a community. */
  readonly communityName: (community: number) => string;
  /** Of the links by which documents are verified: the same for all replicas. */
  readonly verificationSecret: Uint8Array;
  /** By which what GSE should pay is worked out. */
  readonly tables: GseTables;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Of /metrics, on the loopback address. */
  readonly metricsPort: number;
  /** Requests of one caller in a minute. */
  readonly perMinute: number;
  /** Other sites whose pages may ask. */
  readonly origins: readonly string[];
  /** Proxies between the callers and this server. */
  readonly proxies: number;
  readonly log: Logger;
  /** Seconds since the Unix epoch. */
  readonly clock: () => number;
  /** Shown every answer: a test checks it against the route's schema. */
  readonly inspect?: (route: Route, reply: Reply) => void;
};

export type RunningApi = {
  readonly url: string;
  readonly metricsUrl: string;
  readonly routes: readonly Route[];
  readonly state: () => IndexState;
  /** Rejected with what made it impossible to go on following the chain. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export async function startApi(settings: ApiSettings): Promise<RunningApi> {
  const { log, data, chain: url, chainId, factory, finality } = settings;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, INDEX_FILE);
  const database = openIndexDatabase(file);
  const reader = new IndexReader(database);
  const store = RegisterStore.open(join(data, REGISTER_FILE), settings.keys);
  purge(store, settings.clock());
  const changes = new Changes();
  const end = new AbortController();
  let state: IndexState = { block: -1, head: -1, problem: undefined };

  const thread = startIndexThread({ file, url, chainId, factory, finality }, (message) => {
    if (message.kind === "changed") changes.tell(message.communities);
    else if (message.kind === "undone")
      log.warn({ blocks: message.blocks }, "the chain took blocks back; they are undone");
    else {
      if (message.state.problem !== undefined && message.state.problem !== state.problem) {
        log.warn({ problem: message.state.problem }, "the chain cannot be followed now");
      }
      state = message.state;
    }
  });
  const documents = new DocumentThread(file, chainId);
  const client = clientOf(url, chainId);
  const context = signInContext(settings, reader, store);
  const routes = routesOf(settings, { reader, register: context, changes, documents, client, state: () => state });
  const metrics = makeHttpMetrics();
  const pages = (app: Express) => {
    addHealth(app, reader, () => state);
    addReferencePages(app, routes);
    addPages(app);
  };
  const app = makeApp({
    routes,
    pages,
    identify: (request) => identify(context, request),
    recognise: (request) => recognise(context, request),
    log,
    metrics,
    perMinute: settings.perMinute,
    origins: settings.origins,
    proxies: settings.proxies,
    end: end.signal,
    ...(settings.inspect && { inspect: settings.inspect }),
  });
  const listening = await listen(app, settings.host, settings.port, () => end.abort());
  const measured = await startMetrics(metrics.registry, settings.metricsPort, () => state);
  log.info({ url: listening.url, chain: url }, "the API answers");
  return {
    url: listening.url,
    metricsUrl: measured.url,
    routes,
    state: () => state,
    ended: thread.ended,
    async stop() {
      await listening.close();
      await measured.close();
      await thread.stop();
      await documents.stop();
      store.close();
      database.close();
    },
  };
}

type Parts = {
  readonly reader: IndexReader;
  readonly register: SignInContext;
  readonly changes: Changes;
  readonly documents: DocumentThread;
  readonly client: ChainClient;
  readonly state: () => IndexState;
};

function signInContext(
  { clock, origin, name, chainId }: ApiSettings,
  reader: IndexReader,
  store: RegisterStore,
): SignInContext {
  return {
    store,
    clock,
    officesOf: (wallet: Address) => reader.officesOf(wallet),
    accountExists: (community: number, account: number) => reader.account(community, account) !== undefined,
    site: siteOf(origin, name),
    chainId,
  };
}

function routesOf(settings: ApiSettings, { reader, register, changes, documents, client, state }: Parts): Route[] {
  const { communityName, tables } = settings;
  const verification = { site: settings.origin, secret: settings.verificationSecret };
  const treasury = { reader, client, thread: documents, register, communityName, tables };
  // Express looks through them in this order: what is asked for most comes first.
  return [
    ...accountRoutes(reader),
    ...communityRoutes(reader, state),
    ...energyRoutes(reader),
    ...proofRoutes(reader),
    ...listRoutes(reader),
    ...streamRoutes(reader, changes, state),
    ...documentRoutes({ reader, thread: documents, register, communityName, verification }),
    ...registerRoutes(register),
    ...treasuryRoutes(treasury),
    ...bankFileRoutes(treasury),
  ];
}

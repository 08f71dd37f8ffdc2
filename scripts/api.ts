/** `condivisa api`: answers for the communities of a chain until it is told to stop. */

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pino } from "pino";
import type { Address } from "viem";
import { KEY_VARIABLE, type KeyRing, keyRingFromText, makeKeyRing, readKeyRing } from "../api/register/keyRing.ts";
import { type ApiSettings, startApi } from "../api/service.ts";
import { remoteClient } from "../chain/client.ts";
import { explain } from "../chain/errors.ts";
import { factoryOf } from "../chain/factory.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { type ApiFile, readApiFile } from "./apiFile.ts";
import { readGseTables } from "./gseTablesFile.ts";
import { openSettlement, writeWhole } from "./settlementFolder.ts";
import { untilStopped } from "./untilStopped.ts";

/** The secret of the links by which documents are verified. */
const VERIFICATION_FILE = "verification-secret";
const SECRET_BYTES = 32;

/** @throws InputError if a file is wrong; nothing runs then */
export async function runApi(path: string): Promise<void> {
  const api = await startApi(await apiSettings(path));
  console.log(`The API answers at ${api.url}; what it takes: ${api.url}/api/reference`);
  console.log(`How it is: ${api.url}/ready; metrics: ${api.metricsUrl}/metrics`);
  try {
    await Promise.race([untilStopped(), api.ended]);
  } finally {
    await api.stop();
  }
}

/** Reads the API's file and what it names. */
export async function apiSettings(path: string): Promise<ApiSettings> {
  const file = readApiFile(path);
  const beside = (name: string) => resolve(dirname(path), name);
  const client = await remoteClient(file.chain).catch((error: unknown) => {
    throw explain(`the chain at ${file.chain}`, error);
  });
  const settled = file.settlement === undefined ? undefined : openSettlement(beside(file.settlement));
  const made = settled && (await factoryOf(client, settled.at.community));
  const factory = file.factory ?? made?.factory;
  if (factory === undefined) throw unknownCommunity(path, file, settled?.at.community);
  const names = new Map(Object.entries(file.communities).map(([number, name]) => [Number(number), name]));
  if (made !== undefined && settled !== undefined) names.set(made.number, settled.register.community);
  const data = beside(file.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return {
    chain: file.chain,
    chainId: client.chain.id,
    factory,
    finality: file.finality,
    data,
    keys: keysOf(file, beside),
    origin: file.origin,
    name: file.name,
    communityName: (community) => names.get(community) ?? `Comunità ${community}`,
    tables: readGseTables(file.rates === undefined ? undefined : beside(file.rates), undefined),
    verificationSecret: readOrMakeVerificationSecret(join(data, VERIFICATION_FILE)),
    host: file.http.host,
    port: file.http.port,
    metricsPort: file.metrics.port,
    perMinute: file.http.requests_per_minute,
    origins: file.http.origins,
    proxies: file.http.proxies,
    log: pino(),
    clock: () => Math.floor(Date.now() / 1000),
  };
}

function unknownCommunity(file: string, { settlement, chain }: ApiFile, community: Address | undefined): InputError {
  const problem = `no factory on ${chain} knows its community ${community}`;
  const remedy = "Name the endpoint of the chain on which it was made, or its `factory`";
  return new InputError([{ file, field: "settlement", value: settlement ?? "", problem, remedy }]);
}

/** From the environment, else from a file, which is made if it is not there yet. */
function keysOf(
  { register_keys: name = "register-keys.json" }: ApiFile,
  beside: (name: string) => string,
): () => KeyRing {
  const given = process.env[KEY_VARIABLE];
  if (given !== undefined) return () => keyRingFromText(given);
  const file = beside(name);
  if (!existsSync(file)) makeKeyRing(file, Math.floor(Date.now() / 1000));
  return () => readKeyRing(file);
}

function readOrMakeVerificationSecret(file: string): Uint8Array {
  if (!existsSync(file)) writeWhole(file, randomBytes(SECRET_BYTES).toString("hex"), 0o600);
  const secret = Buffer.from(readFileSync(file, "utf8").trim(), "hex");
  if (secret.length === SECRET_BYTES) return secret;
  const problem = `not a secret of ${SECRET_BYTES} bytes`;
  throw new InputError([
    { file, problem, remedy: "Put it back, or remove it: links on older documents cannot be verified then" },
  ]);
}

/**
 * The folder of everything that `up` keeps.
 *
 * ```
 * up.json             whose community it is, and what was settled into it
 * community/          the sample community's files, if it is that
 * settlement/         the chain's journal, keys, statements: a settlement's folder
 * oracle.yaml         written anew at each start, as are api.yaml and broker.json
 * oracle-key.json     the oracle's key, encrypted with the text of oracle-passphrase
 * oracle/             inbox and outbox
 * incoming/           prices for the oracle
 * broker.json         passwords of the meters
 * meters.json         how far the simulated meters' readings were taken
 * api/                index and personal register; its keys are in register-keys.json
 * sign-in/            sessions of officers, for curl
 * logs/               what each part prints
 * lock.sqlite         held by the one that runs
 * ```
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { InputError } from "../../settlement/inputProblem.ts";
import { writeWhole } from "../settlementFolder.ts";

const NAMES = {
  settings: "up.json",
  community: "community",
  settlement: "settlement",
  oracle: "oracle.yaml",
  oracleKey: "oracle-key.json",
  passphrase: "oracle-passphrase",
  oraclePassword: "oracle-password",
  oracleData: "oracle",
  incoming: "incoming",
  broker: "broker.json",
  meters: "meters.json",
  api: "api.yaml",
  apiData: "api",
  registerKeys: "register-keys.json",
  signIn: "sign-in",
  logs: "logs",
  lock: "lock.sqlite",
} as const;

export type UpFolder = Readonly<Record<keyof typeof NAMES | "path", string>>;

const settingsShape = z.strictObject({
  /** The folder of one's own community; without one it is the sample's. */
  community: z.string().optional(),
  /** Of the files that were settled: they are settled again when they are others. */
  settled: z.string().optional(),
  /** Whether the members were taken down in the personal register. */
  registered: z.boolean().default(false),
  /** Of one's own community: its meters are simulated, now and at the next start. */
  simulate: z.boolean().default(false),
  /** The first port of five. */
  port: z.int(),
});

export type UpSettings = z.infer<typeof settingsShape>;

export class UpError extends Error {
  override name = "UpError";
}

export function upFolder(path: string): UpFolder {
  const inside = (name: keyof typeof NAMES) => join(path, NAMES[name]);
  return {
    path,
    settings: inside("settings"),
    community: inside("community"),
    settlement: inside("settlement"),
    oracle: inside("oracle"),
    oracleKey: inside("oracleKey"),
    passphrase: inside("passphrase"),
    oraclePassword: inside("oraclePassword"),
    oracleData: inside("oracleData"),
    incoming: inside("incoming"),
    broker: inside("broker"),
    meters: inside("meters"),
    api: inside("api"),
    apiData: inside("apiData"),
    registerKeys: inside("registerKeys"),
    signIn: inside("signIn"),
    logs: inside("logs"),
    lock: inside("lock"),
  };
}

/**
 * Makes the folder if there is none, for the owner's eyes only, and lets nobody else run in it.
 * @returns how to leave it: if nothing came of it, it is as before
 * @throws InputError if it holds what is not `up`'s; UpError if `up` runs in it
 */
export function enterFolder(folder: UpFolder): () => void {
  checkOwn(folder);
  const wasThere = existsSync(folder.path);
  for (const path of [folder.path, folder.logs]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const release = lockFolder(folder);
  return () => {
    const names = readdirSync(folder.path);
    const isUnused = names.every((name) => name === NAMES.logs || name.startsWith(NAMES.lock));
    if (isUnused) for (const name of names) rmSync(join(folder.path, name), { recursive: true });
    release();
    if (isUnused && !wasThere) rmdirSync(folder.path);
  };
}

/** Removes everything that is in it. Throws InputError if some of it is not `up`'s: nothing is removed then. */
export function emptyFolder(folder: UpFolder): void {
  checkOwn(folder);
  if (!existsSync(folder.path)) return;
  const release = lockFolder(folder);
  const names = readdirSync(folder.path).filter((name) => !name.startsWith(NAMES.lock));
  for (const name of names) rmSync(join(folder.path, name), { recursive: true });
  release();
}

/** Only one may run in a folder. Returns how to let others; a process that ends lets them too. */
function lockFolder(folder: UpFolder): () => void {
  try {
    const database = new DatabaseSync(folder.lock);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return () => database.close();
  } catch (error) {
    throw new UpError(`${folder.path}: \`up\` runs in this folder already. Stop that one, or name another --data`, {
      cause: error,
    });
  }
}

export function readSettings(folder: UpFolder): UpSettings | undefined {
  if (!existsSync(folder.settings)) return undefined;
  const parsed = settingsShape.safeParse(JSON.parse(readFileSync(folder.settings, "utf8")));
  if (parsed.success) return parsed.data;
  throw new UpError(`${folder.settings}: damaged. Put it back, or begin anew with --fresh`);
}

export function writeSettings(folder: UpFolder, settings: UpSettings): void {
  writeWhole(folder.settings, JSON.stringify(settings, null, 2));
}

function checkOwn(folder: UpFolder): void {
  if (!existsSync(folder.path)) return;
  const names = new Set<string>(Object.values(NAMES));
  const strange = readdirSync(folder.path).find((name) => !names.has(name.replace(/(\.tmp|-wal|-shm|-journal)$/, "")));
  if (strange === undefined) return;
  throw new InputError([
    {
      file: folder.path,
      field: "--data",
      value: strange,
      problem: "the folder holds something that `up` did not put there",
      remedy: "Name an empty or a new folder, or one that `up` made",
    },
  ]);
}

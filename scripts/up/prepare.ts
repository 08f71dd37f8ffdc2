/** Everything that must be there before the parts can run: a settled community, keys, a file for each part. */

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { stringify } from "yaml";
import { makeKeyRing, readKeyRing } from "../../api/register/keyRing.ts";
import { REGISTER_FILE, RegisterStore } from "../../api/register/store.ts";
import { type MetersFile, readMetersFile, readOracleFile } from "../../oracle/oracleFile.ts";
import { exportOracleKey } from "../oracleKey.ts";
import { importPersons } from "../registerImport.ts";
import { openSettlement, type Register, writeWhole } from "../settlementFolder.ts";
import { ORACLE_USER } from "./brokerAccess.ts";
import { writeBrokerFile } from "./brokerFile.ts";
import type { CommunityFiles } from "./community.ts";
import { UpError, type UpFolder } from "./folder.ts";
import { startNode } from "./parts.ts";
import type { Ports } from "./ports.ts";

export const CLI = join(import.meta.dirname, "../cli.ts");
/** The chain of the folder has one community. */
export const COMMUNITY = 1;
/** Whose prices count where nobody said so. */
export const ZONE = "CSUD";
const PRICES = "prices";
const SECRET_BYTES = 18;

const NO_METERS_FILE: MetersFile = {
  zone: ZONE,
  incoming: [],
  patience_hours: 34,
  // Nothing is recorded before a meter has spoken: days of which nobody ever says anything are not days without energy.
  clock: "readings",
  meters: [],
  mqtt: undefined,
};

/**
 * Settles the files into the folder, as the command does; its progress is shown.
 * @throws UpError with what it said, unless it was told to end
 */
export async function settleInto(
  folder: UpFolder,
  { community, readings, receipts, prices }: CommunityFiles,
  end: AbortSignal,
): Promise<void> {
  const files = ["--community", community, "--readings", readings, "--receipts", receipts];
  const args = ["settle", ...files, ...(prices === undefined ? [] : ["--prices", prices]), "--out", folder.settlement];
  const child = startNode([CLI, ...args], "inherit");
  const stop = () => child.kill("SIGTERM");
  end.addEventListener("abort", stop);
  let printed = "";
  child.stdout?.on("data", (text: Buffer) => {
    printed += text.toString();
  });
  const [code] = await once(child, "close");
  end.removeEventListener("abort", stop);
  writeWhole(join(folder.logs, "settle.log"), printed, 0o600);
  if (code !== 0 && !end.aborted) throw new UpError(`settling ${dirname(readings)} failed, see above`);
}

/** Writes the files of all parts. Returns who is who, and whether the meters speak to a broker of their own. */
export async function prepareParts(
  folder: UpFolder,
  files: CommunityFiles,
  ports: Ports,
): Promise<{ readonly register: Register; readonly hasOwnBroker: boolean }> {
  const { register } = openSettlement(folder.settlement);
  const own = files.meters === undefined ? undefined : readMetersFile(files.meters);
  writeSecret(folder.passphrase);
  if (!existsSync(folder.oracleKey)) await exportOracleKey(folder.settlement, folder.oracleKey, folder.passphrase);
  writeWhole(folder.oracle, stringify(oracleEntries(folder, files, own, ports)), 0o600);
  const ids = [...new Set(register.meters.map(({ id }) => id))];
  const { users } = writeBrokerFile(folder.broker, ports.broker, ids, readOracleFile(folder.oracle));
  writeWhole(folder.oraclePassword, users[ORACLE_USER]?.password ?? "", 0o600);
  writeWhole(folder.api, stringify(apiEntries(folder, register, ports)), 0o600);
  return { register, hasOwnBroker: own?.mqtt !== undefined };
}

export function incomingPrices({ incoming }: UpFolder): string {
  return join(incoming, PRICES);
}

/** Where people reach the pages and the API. */
export function siteAt({ api }: Pick<Ports, "api">): string {
  return `http://localhost:${api}`;
}

function oracleEntries(folder: UpFolder, files: CommunityFiles, own = NO_METERS_FILE, ports: Ports): object {
  const prices = incomingPrices(folder);
  mkdirSync(prices, { recursive: true, mode: 0o700 });
  const beside = (name: string) => resolve(dirname(files.meters ?? folder.path), name);
  const { mqtt } = own;
  return {
    settlement: resolve(folder.settlement),
    chain: `http://127.0.0.1:${ports.chain}`,
    data: resolve(folder.oracleData),
    key: { keystore: resolve(folder.oracleKey), passphrase_file: resolve(folder.passphrase) },
    mqtt:
      mqtt === undefined
        ? {
            url: `mqtt://127.0.0.1:${ports.broker}`,
            username: ORACLE_USER,
            password_file: resolve(folder.oraclePassword),
          }
        : {
            ...mqtt,
            ...(mqtt.password_file && { password_file: beside(mqtt.password_file) }),
            ...(mqtt.ca && { ca: beside(mqtt.ca) }),
            ...(mqtt.certificate && { certificate: beside(mqtt.certificate) }),
            ...(mqtt.key && { key: beside(mqtt.key) }),
          },
    zone: own.zone ?? ZONE,
    community: resolve(files.community),
    incoming: [
      { folder: resolve(prices), format: "prices-csv" },
      ...own.incoming.map(({ mapping, ...entry }) => ({
        ...entry,
        folder: beside(entry.folder),
        ...(mapping && { mapping: beside(mapping) }),
      })),
    ],
    patience_hours: own.patience_hours,
    clock: own.clock,
    http: { port: ports.oracle },
    meters: own.meters,
  };
}

function apiEntries(folder: UpFolder, { community }: Register, ports: Ports): object {
  return {
    chain: `http://127.0.0.1:${ports.chain}`,
    settlement: resolve(folder.settlement),
    data: resolve(folder.apiData),
    register_keys: resolve(folder.registerKeys),
    origin: siteAt(ports),
    name: community,
    http: { port: ports.api },
    metrics: { port: ports.metrics },
  };
}

/** Takes down who the members are. To be called once: from then on the register is the secretary's. */
export function takeMembersDown(folder: UpFolder): void {
  mkdirSync(folder.apiData, { recursive: true, mode: 0o700 });
  const at = Math.floor(Date.now() / 1000);
  if (!existsSync(folder.registerKeys)) makeKeyRing(folder.registerKeys, at);
  const store = RegisterStore.open(join(folder.apiData, REGISTER_FILE), () => readKeyRing(folder.registerKeys));
  try {
    const occasion = { who: "operator", community: COMMUNITY, reason: "import", request: "up", at };
    importPersons(store, COMMUNITY, join(folder.settlement, "register.json"), occasion);
  } finally {
    store.close();
  }
}

function writeSecret(file: string): void {
  if (!existsSync(file)) writeWhole(file, randomBytes(SECRET_BYTES).toString("base64url"), 0o600);
}

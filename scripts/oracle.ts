/** `condivisa oracle`: runs the oracle of a community until it is told to stop. */

import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pino } from "pino";
import { privateKeyToAccount } from "viem/accounts";
import { remoteClient } from "../chain/client.ts";
import { explain } from "../chain/errors.ts";
import { Sender } from "../chain/send.ts";
import { seedFrom } from "../oracle/dayBatches.ts";
import { Inbox } from "../oracle/inbox.ts";
import { LedgerAccess } from "../oracle/ledgerAccess.ts";
import { listenersOf } from "../oracle/messages.ts";
import type { MqttOptions } from "../oracle/mqttConnection.ts";
import { adapterOf, type OracleFile, readOracleFile, rulesOf } from "../oracle/oracleFile.ts";
import { Outbox } from "../oracle/outbox.ts";
import type { BatchSigner } from "../oracle/record.ts";
import { startOracle } from "../oracle/service.ts";
import { keystoreSigner, remoteSigner } from "../oracle/signers.ts";
import { readText } from "../oracle/textFile.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { INBOX, importOptions } from "./importFiles.ts";
import { readOrMakeSecret } from "./oracleSecret.ts";
import { openSettlement, type Register } from "./settlementFolder.ts";
import { untilStopped } from "./untilStopped.ts";

export const OUTBOX = "outbox.sqlite";
const SECONDS_PER_HOUR = 3600;

/** @throws InputError if a file is wrong; nothing runs then */
export async function runOracle(path: string): Promise<void> {
  const file = readOracleFile(path);
  const beside = (name: string) => resolve(dirname(path), name);
  const { register, at } = openSettlement(beside(file.settlement));
  const meters = metersOf(register, file, path);
  const signer = await signerOf(file, beside);
  const client = await remoteClient(file.chain).catch((error: unknown) => {
    throw explain(`the chain at ${file.chain}`, error);
  });
  const data = beside(file.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const secret = readOrMakeSecret(join(data, "seed-secret"));
  // Whoever sends pays no gas and needs no role: the signature decides.
  const sender = new Sender(client, privateKeyToAccount(readOrMakeSecret(join(data, "sender-key"))));
  const ids = [...new Set(meters.map(({ id }) => id))];

  const oracle = await startOracle({
    mqtt: mqttOptions(file, beside),
    listeners: listenersOf(new Map(ids.map((id) => [id, adapterOf(id, file)]))),
    ledgers: at.ledgers.map((ledger, configuration) => ({
      access: new LedgerAccess(client, ledger, signer, sender),
      settings: {
        meters: meters.filter((meter) => meter.configuration === configuration),
        rulesOf: (meter) => rulesOf(meter, file),
        patience: file.patience_hours * SECONDS_PER_HOUR,
        seedOf: (firstHour, revision) => seedFrom(secret, ledger, firstHour, revision),
        zone: file.zone,
      },
    })),
    inbox: Inbox.open(join(data, INBOX)),
    outbox: Outbox.open(join(data, OUTBOX)),
    data,
    council: {
      tolerance: { wattHours: file.council.tolerance_wh, percent: file.council.tolerance_percent },
      turn: file.council.turn_seconds,
    },
    incoming: file.incoming.map(({ folder, mapping, ...entry }) => ({
      folder: beside(folder),
      options: importOptions(file, register, beside, {
        ...entry,
        meter: entry.meter,
        direction: entry.direction,
        mapping: mapping && beside(mapping),
      }),
    })),
    clock: file.clock,
    httpPort: file.http.port,
    log: pino(),
  });
  console.log(`The oracle of ${register.community} runs; how it is: ${oracle.health.url}/health`);
  await untilStopped();
  await oracle.stop();
}

function metersOf({ meters }: Register, { meters: entries }: OracleFile, path: string) {
  const known = new Set(meters.map(({ id }) => id));
  const strange = entries.filter(({ id }) => !known.has(id));
  if (strange.length > 0) {
    const problem = "no meter of the community";
    const remedy = `Use one of ${[...known].join(", ")}`;
    throw new InputError(strange.map(({ id }) => ({ file: path, field: "meters", value: id, problem, remedy })));
  }
  return meters.map((meter) => ({ injection: undefined, withdrawal: undefined, ...meter }));
}

/** Who signs, by the oracle's file. Throws InputError if the key cannot be read. */
export async function signerOf({ key }: OracleFile, beside: (name: string) => string): Promise<BatchSigner> {
  if ("remote" in key) return remoteSigner(key.remote, key.address);
  return keystoreSigner(beside(key.keystore), key.passphrase_file && beside(key.passphrase_file));
}

/** How to reach the broker, by the oracle's file. */
export function mqttOptions({ mqtt }: OracleFile, beside: (name: string) => string): MqttOptions {
  const textOf = (name: string | undefined) => (name === undefined ? undefined : readText(beside(name)));
  return {
    url: mqtt.url,
    clientId: mqtt.client_id,
    username: mqtt.username,
    password: textOf(mqtt.password_file)?.replace(/\r?\n$/, ""),
    ca: textOf(mqtt.ca),
    certificate: textOf(mqtt.certificate),
    key: textOf(mqtt.key),
  };
}

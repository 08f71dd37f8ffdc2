/** A community on a chain in a process of its own, with an oracle beside it, as an operator would set them up. */

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { condivisa, settleArgs } from "./cli.ts";
import { type Broker, freePort } from "./mosquitto.ts";
import { condivisaRunning, type Running } from "./processes.ts";

export type OracleFolder = {
  /** The settlement, and the oracle's file. */
  readonly out: string;
  readonly file: string;
  readonly chainPort: number;
  /** Starts them, and waits until they are there. */
  chain(): Promise<Running>;
  oracle(): Promise<Running>;
  /** What the oracle answers at a path; empty while it does not. */
  says(path: "/health" | "/status" | "/metrics"): Promise<string>;
  /** Whether every hour before this one is recorded. */
  reached(hour: number): Promise<boolean>;
  /** Ends whatever still runs. */
  kill(): Promise<void>;
};

/**
 * Settles the first day of a folder of files, without receipts, into `FOLDER/begun`.
 * @param end of the first day, as the readings write hours
 */
export function settleFirstDay(files: string, folder: string, end: string): string {
  const [begun, firstDay] = [join(folder, "begun"), join(folder, "first-day")];
  cpSync(files, firstDay, { recursive: true });
  const [header = "", ...lines] = readFileSync(join(files, "readings.csv"), "utf8").split("\n");
  const first = lines.filter((line) => (line.split(",")[1] ?? "9") < end);
  writeFileSync(join(firstDay, "readings.csv"), `${[header, ...first].join("\n")}\n`);
  writeFileSync(join(firstDay, "receipts.csv"), "month,kind,net_eur\n");
  const { code, stderr } = condivisa(...settleArgs(firstDay, begun));
  assert.equal(code, 0, stderr);
  return begun;
}

/**
 * Writes `FOLDER/NAME` and what the oracle needs beside it.
 * @param begun a settlement that is copied
 * @param password of the user `oracle`; undefined: it has a certificate
 * @param more lines of the oracle's file
 */
export async function oracleFolder(
  folder: string,
  name: string,
  begun: string,
  broker: Broker,
  password: string | undefined,
  more: readonly string[] = [],
): Promise<OracleFolder> {
  const out = join(folder, name);
  cpSync(begun, out, { recursive: true });
  const [chainPort, httpPort] = [await freePort(), await freePort()];
  const passphrase = join(folder, "passphrase");
  writeFileSync(passphrase, "a passphrase\n");
  const key = `${name}-key.json`;
  const exported = condivisa("oracle-key", out, "--out", join(folder, key), "--passphrase-file", passphrase);
  assert.equal(exported.code, 0, exported.stderr);
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    [
      `settlement: ${name}`,
      `chain: http://127.0.0.1:${chainPort}`,
      `data: ${name}-data`,
      `key: { keystore: ${key}, passphrase_file: passphrase }`,
      "mqtt:",
      `  client_id: ${name}`,
      `  ca: ${broker.ca}`,
      ...whoItIs(folder, broker, password).map((line) => `  ${line}`),
      `http: { port: ${httpPort} }`,
      ...more,
      "",
    ].join("\n"),
  );
  const running: Running[] = [];
  const start = async (said: RegExp, ...args: string[]) => {
    const one = condivisaRunning(...args);
    running.push(one);
    await one.says(said);
    return one;
  };
  const says = (path: string) =>
    fetch(`http://127.0.0.1:${httpPort}${path}`).then(
      (response) => response.text(),
      () => "",
    );
  return {
    out,
    file,
    chainPort,
    chain: () => start(/answers at/, "chain", out, "--port", String(chainPort)),
    oracle: () => start(/"state":"connected"/, "oracle", file),
    says,
    async reached(hour) {
      return Number(/condivisa_oracle_next_hour\{[^}]*\} (\d+)/.exec(await says("/metrics"))?.[1]) >= hour;
    },
    async kill() {
      await Promise.all(running.splice(0).map((one) => one.kill()));
    },
  };
}

function whoItIs(folder: string, broker: Broker, password: string | undefined): string[] {
  if (password === undefined) {
    const { certificate, key } = broker.certify("oracle");
    return [`url: ${broker.certificateUrl}`, `certificate: ${certificate}`, `key: ${key}`];
  }
  writeFileSync(join(folder, "oracle.password"), password);
  return [`url: ${broker.url}`, "username: oracle", "password_file: oracle.password"];
}

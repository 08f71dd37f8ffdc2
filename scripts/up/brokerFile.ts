/** The file of the embedded broker: its port, and who may do what with which password. For the owner's eyes only. */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { adapterOf, type OracleFile } from "../../oracle/oracleFile.ts";
import { writeWhole } from "../settlementFolder.ts";
import { ORACLE_USER } from "./brokerAccess.ts";

const userShape = z.strictObject({
  password: z.string().min(1),
  writes: z.array(z.string()),
  reads: z.array(z.string()),
});
const brokerFileShape = z.strictObject({ port: z.int(), users: z.record(z.string(), userShape) });

export type BrokerFile = z.infer<typeof brokerFileShape>;

const PASSWORD_BYTES = 18;

/** Writes the file anew for these meters, each a user of that name; passwords that were given before stay. */
export function writeBrokerFile(file: string, port: number, meters: readonly string[], oracle: OracleFile): BrokerFile {
  const before = existsSync(file) ? readBrokerFile(file).users : {};
  const topics = new Map(meters.map((meter) => [meter, adapterOf(meter, oracle).topics]));
  const reads = [...[...topics.values()].flat(), "condivisa/oracles/#"];
  const rights: [string, { writes: string[]; reads: string[] }][] = [
    [ORACLE_USER, { writes: ["condivisa/oracle/#", "condivisa/oracles/#"], reads }],
    ...[...topics].map(([meter, own]): [string, { writes: string[]; reads: string[] }] => [
      meter,
      { writes: [...own, `condivisa/${meter}/#`], reads: [] },
    ]),
  ];
  const users = Object.fromEntries(
    rights.map(([name, own]) => [name, { password: before[name]?.password ?? newPassword(), ...own }]),
  );
  writeWhole(file, JSON.stringify({ port, users }, null, 2), 0o600);
  return { port, users };
}

export function readBrokerFile(file: string): BrokerFile {
  return brokerFileShape.parse(JSON.parse(readFileSync(file, "utf8")));
}

function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}

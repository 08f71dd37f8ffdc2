/** `condivisa import`: files of distributors, the market and meters into an oracle's inbox. */

import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readCommunityFile } from "../oracle/communityFile.ts";
import { type Mapping, mappingShape } from "../oracle/formats/mapping.ts";
import { type Format, type Imported, type ImportOptions, importFile } from "../oracle/importFile.ts";
import { Inbox } from "../oracle/inbox.ts";
import type { Direction } from "../oracle/measurement.ts";
import { type OracleFile, readOracleFile } from "../oracle/oracleFile.ts";
import { readText } from "../oracle/textFile.ts";
import { parseYaml } from "../oracle/yamlFile.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { openSettlement, type Register } from "./settlementFolder.ts";

export const INBOX = "inbox.sqlite";

export type ImportFlags = {
  readonly format: Format;
  readonly meter: string | undefined;
  readonly direction: Direction | undefined;
  readonly mapping: string | undefined;
};

/** Imports files into the inbox of an oracle, which may be running. Throws InputError at the first file that is wrong. */
export function importFiles(
  oracleFile: string,
  files: readonly string[],
  flags: ImportFlags,
  onFile: (file: string, imported: Imported) => void,
): void {
  const oracle = readOracleFile(oracleFile);
  const beside = (name: string) => resolve(dirname(oracleFile), name);
  const { register } = openSettlement(beside(oracle.settlement));
  const options = importOptions(oracle, register, beside, {
    ...flags,
    mapping: flags.mapping && resolve(flags.mapping),
  });
  const data = beside(oracle.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const inbox = Inbox.open(join(data, INBOX));
  try {
    for (const file of files) {
      onFile(file, importFile(inbox, bytesOf(file), file, options, Math.floor(Date.now() / 1000)));
    }
  } finally {
    inbox.close();
  }
}

/** @param flags paths in it are absolute */
export function importOptions(
  oracle: OracleFile,
  { meters }: Register,
  beside: (name: string) => string,
  { format, meter, direction, mapping }: ImportFlags,
): ImportOptions {
  const meterOf = new Map(meters.map(({ id }) => [id, id]));
  if (meter !== undefined && !meterOf.has(meter)) {
    const remedy = `Use one of ${[...meterOf.keys()].join(", ")}`;
    throw new InputError([
      { file: beside(oracle.settlement), value: meter, problem: "no meter of the community", remedy },
    ]);
  }
  if (oracle.community !== undefined) {
    for (const { id, pod } of readCommunityFile(beside(oracle.community)).members.flatMap((member) => member.meters)) {
      if (pod !== undefined) meterOf.set(pod, id);
    }
  }
  return { format, meter, direction, mapping: mapping === undefined ? undefined : readMapping(mapping), meterOf };
}

function readMapping(file: string): Mapping {
  return parseYaml(readText(file), file, {
    shape: mappingShape,
    crossChecks: () => [],
    documentation: "docs/import.md",
    sample: "docs/import.md has one to start from",
  });
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new InputError([{ file, problem: "no such file, or it cannot be read", remedy: "Check the path" }]);
  }
}

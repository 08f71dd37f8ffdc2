/** The files of the community that `up` runs: the sample's, or those of a folder of one's own. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseHour } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { UpError, type UpFolder, type UpSettings } from "./folder.ts";
import { writeSample } from "./sample.ts";

export type CommunityFiles = {
  readonly community: string;
  readonly readings: string;
  readonly receipts: string;
  readonly prices: string | undefined;
  /** How the meters speak, if the community says so. */
  readonly meters: string | undefined;
};

const NO_RECEIPTS = "month,kind,net_eur\n";
const MILLISECONDS_PER_HOUR = 3_600_000;

/** @param own the folder that was named; without one, that with which the folder was begun, or the sample */
export function communityOf(own: string | undefined, before: UpSettings | undefined): string | undefined {
  const named = own === undefined ? undefined : resolve(own);
  if (before === undefined) return named;
  if (named === undefined || named === before.community) return before.community;
  throw new UpError(
    `this folder was begun with ${before.community ?? "the sample community"}. Name another --data for ${own}, or begin anew with --fresh`,
  );
}

/** Finds the files, or makes those of the sample. Throws InputError if one is missing. */
export function communityFiles(folder: UpFolder, own: string | undefined): CommunityFiles {
  if (own === undefined) {
    writeSample(folder.community, Math.floor(Date.now() / MILLISECONDS_PER_HOUR));
    return filesIn(folder.community, join(folder.community, "receipts.csv"));
  }
  for (const name of ["community.yaml", "readings.csv"]) {
    if (existsSync(join(own, name))) continue;
    const remedy = "Put it there; `./condivisa init` writes a folder to start from, and one day of readings is enough";
    throw new InputError([{ file: join(own, name), problem: "no such file", remedy }]);
  }
  const receipts = join(own, "receipts.csv");
  return filesIn(own, existsSync(receipts) ? receipts : noReceipts(folder));
}

/** Tells whether any of what is settled has changed. */
export function fingerprint({ community, readings, receipts, prices }: CommunityFiles): string {
  const hash = createHash("sha256");
  for (const file of [community, readings, receipts, prices]) {
    hash.update(file === undefined ? "none" : createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

/** The first hour after the last reading of a file that was settled: there meters go on. */
export function endOfReadings({ readings }: CommunityFiles): number {
  const hours = readFileSync(readings, "utf8").matchAll(/\d{4}-\d\d-\d\dT\d\d:00(?::00(?:\.0+)?)?Z/g);
  let last = 0;
  for (const [text] of hours) last = Math.max(last, parseHour(text) ?? 0);
  return last + 1;
}

function filesIn(own: string, receipts: string): CommunityFiles {
  const ifThere = (name: string) => (existsSync(join(own, name)) ? join(own, name) : undefined);
  return {
    community: join(own, "community.yaml"),
    readings: join(own, "readings.csv"),
    receipts,
    prices: ifThere("prices.csv"),
    meters: ifThere("oracle.yaml"),
  };
}

function noReceipts({ community }: UpFolder): string {
  const file = join(community, "receipts.csv");
  mkdirSync(community, { recursive: true });
  writeFileSync(file, NO_RECEIPTS);
  return file;
}

/** `condivisa audit`: recomputes a settlement from the chain alone, and names what differs. */

import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedClient, remoteClient } from "../chain/client.ts";
import { openEmbeddedChain } from "../chain/embedded.ts";
import { explain } from "../chain/errors.ts";
import { readHistory } from "../chain/history.ts";
import { Journal } from "../chain/journal.ts";
import type { ChainClient } from "../chain/send.ts";
import { compareReadings, type ReadingDifference } from "../oracle/compareReadings.ts";
import { readReadings } from "../oracle/readingsFile.ts";
import { audit } from "../settlement/audit.ts";
import { formatHour } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import { type AuditReport, auditReport } from "./auditReport.ts";
import type { ShowProgress } from "./progress.ts";
import { openSettlement, type SettlementFolder } from "./settlementFolder.ts";

export type AuditOptions = {
  /** The folder that a settlement wrote. */
  readonly folder: string;
  /** A node to read the chain from, instead of the folder's own. */
  readonly rpc: string | undefined;
  /** The distributor's readings, to compare with what was recorded. */
  readonly readings: string | undefined;
};

export type AuditResult = AuditReport & {
  /** Undefined if no file of readings was given. */
  readonly readingDifferences: readonly ReadingDifference[] | undefined;
};

/** @throws InputError if the folder is no settlement's, or the file of readings is wrong */
export async function auditFolder(options: AuditOptions, show: ShowProgress): Promise<AuditResult> {
  const { folder, register, at } = openSettlement(options.folder);
  const now = Math.floor(Date.now() / 1000);
  const meters = register.meters.map((meter) => ({ injection: undefined, withdrawal: undefined, ...meter }));
  const readings = options.readings === undefined ? undefined : readReadings(options.readings, meters, now);

  return withClient(folder, options.rpc, async (client) => {
    const history = await readHistory(client, at, show);
    const recomputed = recompute(history);
    const report = auditReport(history, await audit(history, recomputed), await client.getBlock());
    const readingDifferences = readings && compareReadings(recomputed.ledgers, meters, readings);
    return { ...report, ok: report.ok && !readingDifferences?.length, readingDifferences };
  });
}

async function withClient<T>(
  folder: SettlementFolder,
  rpc: string | undefined,
  work: (client: ChainClient) => Promise<T>,
): Promise<T> {
  if (rpc !== undefined) {
    return remoteClient(rpc)
      .then(work)
      .catch((error: unknown) => {
        throw explain(`reading the chain at ${rpc}`, error);
      });
  }
  if (existsSync(folder.journal) && !isWritable(folder)) return withCopy(folder, work);
  return withJournal(folder.journal, work);
}

async function withJournal<T>(journal: string, work: (client: ChainClient) => Promise<T>): Promise<T> {
  Journal.checkHoldsChain(journal);
  const chain = await openEmbeddedChain({ journal, genesisTime: 0 });
  try {
    return await work(embeddedClient(chain));
  } finally {
    await chain.close();
  }
}

/** SQLite must write beside a journal to read it; an auditor's archive may be read-only, and nobody settles into it. */
async function withCopy<T>(folder: SettlementFolder, work: (client: ChainClient) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "condivisa-audit-"));
  try {
    for (const suffix of ["", "-wal"]) {
      if (!existsSync(`${folder.journal}${suffix}`)) continue;
      writeFileSync(join(copy, `chain.sqlite${suffix}`), readFileSync(`${folder.journal}${suffix}`));
    }
    return await withJournal(join(copy, "chain.sqlite"), work);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function isWritable(folder: SettlementFolder): boolean {
  try {
    accessSync(folder.path, constants.W_OK);
    accessSync(folder.journal, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A difference between the chain and the distributor's file as a sentence. */
export function readingDifferenceText({ meter, hour, direction, recorded, inFile }: ReadingDifference): string {
  const quantity = (wattHours: number | undefined) => (wattHours === undefined ? "missing" : `${wattHours} Wh`);
  return `meter ${meter}, ${direction} at ${formatHour(hour)}: ${quantity(recorded)} on the chain, ${quantity(inFile)} in the file`;
}

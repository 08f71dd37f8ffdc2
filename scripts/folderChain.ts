/** The chain of a settlement's folder, to read from: the journal in it, a copy of that, or a node. */

import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedClient, remoteClient } from "../chain/client.ts";
import { openEmbeddedChain } from "../chain/embedded.ts";
import { explain } from "../chain/errors.ts";
import { Journal } from "../chain/journal.ts";
import type { ChainClient } from "../chain/send.ts";
import type { SettlementFolder } from "./settlementFolder.ts";

/**
 * Opens the chain, works with it and closes it.
 * @param rpc a node to read the chain from, instead of the folder's own
 */
export async function withChainOf<T>(
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

/**
 * The chain of a journal, served by a process of its own, so that what is measured does not share a thread with it.
 * As a program: `node serveYears.ts JOURNAL`.
 */

import { spawn } from "node:child_process";
import type { Address } from "viem";
import { communityFactoryAbi } from "../chain/abi.ts";
import { remoteClient } from "../chain/client.ts";
import { openEmbeddedChain } from "../chain/embedded.ts";
import { serveChain } from "../chain/server.ts";

/** The factory comes first, and the communities right after it. */
const BLOCKS_OF_FIRST_COMMUNITY = 100n;

export type ServedYears = { readonly url: string; readonly factory: Address; stop(): void };

/** @param journal as yearsJournal makes them */
export async function serveYears(journal: string): Promise<ServedYears> {
  const child = spawn(process.execPath, [import.meta.filename, journal], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the chain of ${journal} could not be served: exit ${code}`)));
  });
  const stop = () => child.kill();
  const client = await remoteClient(url);
  const filter = { abi: communityFactoryAbi, eventName: "CommunityCreated", strict: true } as const;
  const [created] = await client.getContractEvents({
    ...filter,
    fromBlock: 0n,
    toBlock: BLOCKS_OF_FIRST_COMMUNITY,
  });
  if (created === undefined) {
    stop();
    throw new Error(`the chain of ${journal} has no community`);
  }
  return { url, factory: created.address, stop };
}

if (import.meta.main) {
  const [journal = ""] = process.argv.slice(2);
  const chain = await openEmbeddedChain({ journal, genesisTime: 0 });
  console.log((await serveChain(chain, 0)).url);
}

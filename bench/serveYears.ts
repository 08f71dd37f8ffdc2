/**
 * The chain of a journal, served by a process of its own, so that what is measured does not share a thread with it.
 * As a program: `node serveYears.ts JOURNAL [SECONDS]`.
 */

import { spawn } from "node:child_process";
import type { Address } from "viem";
import { communityFactoryAbi } from "../chain/abi.ts";
import { remoteClient } from "../chain/client.ts";
import { openEmbeddedChain } from "../chain/embedded.ts";
import { serveChain } from "../chain/server.ts";
import { openNetworkChain } from "./networkChain.ts";

/** The factory comes first, and the communities right after it. */
const BLOCKS_OF_FIRST_COMMUNITY = 100n;

export type ServedYears = { readonly url: string; readonly factory: Address; stop(): void };

/**
 * @param journal as yearsJournal makes them
 * @param secondsOfBlock how often there is a block, whether or not anything is in it; by default one a transaction
 */
export async function serveYears(journal: string, secondsOfBlock?: number): Promise<ServedYears> {
  const args = [journal, ...(secondsOfBlock === undefined ? [] : [String(secondsOfBlock)])];
  const child = spawn(process.execPath, [import.meta.filename, ...args], { stdio: ["ignore", "pipe", "inherit"] });
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
  const [journal = "", secondsOfBlock] = process.argv.slice(2);
  const chain =
    secondsOfBlock === undefined
      ? await openEmbeddedChain({ journal, genesisTime: 0 })
      : await openNetworkChain(journal, Number(secondsOfBlock));
  console.log((await serveChain(chain, 0)).url);
}

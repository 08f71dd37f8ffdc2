/** The thread that renders documents, so that a long one keeps no request waiting. */

import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { type KeptCommunity, readCommunity } from "../index/derive.ts";
import { openIndexDatabase } from "../index/indexStore.ts";
import { IndexReader } from "../index/reader.ts";
import type { Answered, Asked } from "./documentThread.ts";
import { comparedBatches } from "./reconciliation.ts";
import { render } from "./render.ts";

const { file, chainId } = z.object({ file: z.string(), chainId: z.number() }).parse(workerData);
const database = openIndexDatabase(file);
const reader = new IndexReader(database);

/** The communities that were last asked for, each as it stood. */
const kept = new Map<number, { readonly version: string; readonly community: KeptCommunity }>();
const MOST_KEPT = 8;

async function communityOf(number: number): Promise<KeptCommunity | undefined> {
  const version = reader.version(number);
  const at = reader.addresses(number);
  if (version === undefined || at === undefined) return undefined;
  const known = kept.get(number);
  if (known?.version === version) return known.community;
  const community = await readCommunity(database, number, at, chainId);
  kept.delete(number);
  kept.set(number, { version, community });
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
  return community;
}

parentPort?.on("message", async ({ id, request }: Asked) => {
  const tell = (answer: Answered) => parentPort?.postMessage(answer);
  try {
    const community = await communityOf(request.community);
    const asOf = reader.newestBlock(request.community);
    const batchesOf = (configuration: number) => comparedBatches(reader, request.community, configuration);
    tell({ id, rendered: community && asOf && (await render(request, community, asOf, batchesOf)) });
  } catch (error) {
    tell({ id, failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});

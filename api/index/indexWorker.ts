/** The thread that keeps the index up with the chain, so that working it out keeps no request waiting. */

import { parentPort, workerData } from "node:worker_threads";
import { getAddress } from "viem";
import { z } from "zod";
import { BlockSource, FINALITIES } from "../../chain/blocks.ts";
import { followChain } from "./followChain.ts";
import { IndexStore } from "./indexStore.ts";
import type { FromIndex } from "./indexThread.ts";

const given = z
  .object({ file: z.string(), url: z.string(), chainId: z.number(), factory: z.string(), finality: z.enum(FINALITIES) })
  .parse(workerData);

const tell = (message: FromIndex) => parentPort?.postMessage(message);
const end = new AbortController();
parentPort?.once("message", () => end.abort());

const factory = getAddress(given.factory);
const source = new BlockSource(given.url);
const store = new IndexStore(given.file, given.chainId, factory);
try {
  await followChain(
    source,
    store,
    { chainId: given.chainId, factory, finality: given.finality },
    {
      onState: (state) => tell({ kind: "state", state }),
      onChanged: (communities) => tell({ kind: "changed", communities: [...communities] }),
      onUndone: (blocks) => tell({ kind: "undone", blocks }),
    },
    end.signal,
  );
} finally {
  store.close();
  parentPort?.close();
}

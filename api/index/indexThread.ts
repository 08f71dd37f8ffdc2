/** Starts the thread that follows the chain, and hears from it. */

import { Worker } from "node:worker_threads";
import type { Address } from "viem";
import type { Finality } from "../../chain/blocks.ts";
import type { IndexState } from "./followChain.ts";

export type FromIndex =
  | { readonly kind: "state"; readonly state: IndexState }
  | { readonly kind: "changed"; readonly communities: readonly number[] }
  | { readonly kind: "undone"; readonly blocks: number };

export type IndexThread = {
  /** Ends with the error that ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export function startIndexThread(
  given: {
    readonly file: string;
    readonly url: string;
    readonly chainId: number;
    readonly factory: Address;
    readonly finality: Finality;
  },
  onMessage: (message: FromIndex) => void,
): IndexThread {
  const worker = new Worker(new URL("./indexWorker.ts", import.meta.url), { workerData: given });
  worker.on("message", onMessage);
  const ended = new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
  return {
    ended,
    async stop() {
      worker.postMessage("stop");
      await ended.catch(() => undefined);
    },
  };
}

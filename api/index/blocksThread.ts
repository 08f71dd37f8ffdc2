/**
 * Reads blocks in a thread of its own, which asks the node, takes its answers apart and checks that they fit together while this
 * thread works on the blocks before.
 */

import { Worker } from "node:worker_threads";
import type { Block } from "../../chain/blockAnswers.ts";
import { InconsistentBlocksError } from "../../chain/blocks.ts";

export type ToReader = { readonly id: number; readonly first: number; readonly last: number };

export type FromReader =
  | { readonly id: number; readonly kind: "blocks"; readonly blocks: readonly Block[] }
  | { readonly id: number; readonly kind: "inconsistent" | "failed"; readonly problem: string };

/** The node, or the thread, did not give the blocks. */
export class BlocksThreadError extends Error {
  override name = "BlocksThreadError";
}

type Waiting = { readonly resolve: (blocks: readonly Block[]) => void; readonly reject: (error: Error) => void };

export class BlocksThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(url: string) {
    this.#worker = new Worker(new URL("./blocksWorker.ts", import.meta.url), { workerData: { url } });
    this.#worker.on("message", (answer: FromReader) => this.#hear(answer));
    this.#worker.once("error", (error) => this.#fail(inWords(error)));
    this.#worker.once("exit", () => this.#fail("it has ended"));
  }

  /** As BlockSource has them. */
  blocks(first: number, last: number): Promise<readonly Block[]> {
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Block[]>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, first, last } satisfies ToReader);
    return promise;
  }

  /** What is still waited for fails. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(answer: FromReader): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === "blocks") waiting?.resolve(answer.blocks);
    else if (answer.kind === "inconsistent") waiting?.reject(new InconsistentBlocksError(answer.problem));
    else waiting?.reject(new BlocksThreadError(answer.problem));
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values())
      reject(new BlocksThreadError(`the thread that reads blocks: ${why}`));
    this.#waiting.clear();
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks the thread that renders documents. */

import { Worker } from "node:worker_threads";
import { Problem } from "../http/problem.ts";
import type { DocumentRequest, Rendered } from "./request.ts";

export type Asked = { readonly id: number; readonly request: DocumentRequest };
export type Answered = { readonly id: number } & ({ readonly rendered: Rendered } | { readonly failed: string });

/** So many may wait: more are told to come back. */
const MOST_WAITING = 50;

export class DocumentError extends Error {
  override name = "DocumentError";
}

export class DocumentThread {
  readonly #given: { readonly file: string; readonly chainId: number };
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<Rendered>>();
  #asked = 0;

  constructor(file: string, chainId: number) {
    this.#given = { file, chainId };
  }

  /** @throws Problem 503 if too many are waiting */
  render(request: DocumentRequest): Promise<Rendered> {
    if (this.#waiting.size >= MOST_WAITING) {
      const headers = { "Retry-After": "5" };
      throw new Problem(503, "Many documents are being made: ask again in some seconds", { headers });
    }
    const id = ++this.#asked;
    const waiting = Promise.withResolvers<Rendered>();
    this.#waiting.set(id, waiting);
    this.#running().postMessage({ id, request } satisfies Asked);
    return waiting.promise;
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL("./documentWorker.ts", import.meta.url), { workerData: this.#given });
    worker.on("message", (answer: Answered) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("failed" in answer) waiting?.reject(new DocumentError(answer.failed));
      else waiting?.resolve(answer.rendered);
    });
    // What it was asked for is lost with it; the next request starts another.
    const ended = (error: Error) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
    };
    worker.once("error", ended);
    worker.once("exit", () => ended(new DocumentError("the thread of documents ended")));
    // A thread that waits for nothing must not keep the process from ending.
    worker.unref();
    this.#worker = worker;
    return worker;
  }
}

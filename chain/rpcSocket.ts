/** JSON-RPC over one websocket connection, which lasts as long as it lasts: whoever needs another makes another. */

import type { z } from "zod";
import { answerShape, resultOf } from "./rpcAnswer.ts";

const TIMEOUT_MILLISECONDS = 30_000;

/** The connection was lost, could not be made, or the node says nothing. */
export class RpcSocketError extends Error {
  override name = "RpcSocketError";
}

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void };

export class RpcSocket {
  readonly #url: string;
  readonly #socket: WebSocket;
  readonly #open: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  /** @param onSubscription told whenever the node says something of what was subscribed to */
  constructor(url: string, onSubscription: () => void) {
    this.#url = url;
    this.#socket = new WebSocket(url);
    this.#open = new Promise((resolve, reject) => {
      this.#socket.addEventListener("open", () => resolve());
      this.#socket.addEventListener("close", () => reject(this.#lost()));
    });
    this.#open.catch(() => undefined);
    this.#socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(this.#lost());
      this.#waiting.clear();
    });
    this.#socket.addEventListener("message", ({ data }) => this.#hear(String(data), onSubscription));
  }

  /** @throws RpcSocketError if there is no answer */
  async request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    await this.#open;
    if (this.#socket.readyState !== WebSocket.OPEN) throw this.#lost();
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timeout = setTimeout(() => reject(this.#lost()), TIMEOUT_MILLISECONDS);
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params: params ?? [] }));
    return promise.finally(() => {
      clearTimeout(timeout);
      this.#waiting.delete(id);
    });
  }

  /** @throws RpcSocketError */
  requestAll(all: readonly { method: string; params?: unknown }[]): Promise<unknown[]> {
    return Promise.all(all.map((asked) => this.request(asked)));
  }

  close(): void {
    this.#socket.close();
  }

  #hear(text: string, onSubscription: () => void): void {
    const answer = readAnswer(text);
    if (answer === undefined) return;
    if (answer.method === "eth_subscription") onSubscription();
    const waiting = this.#waiting.get(answer.id ?? -1);
    try {
      waiting?.resolve(resultOf(answer));
    } catch (error) {
      waiting?.reject(error);
    }
  }

  #lost(): RpcSocketError {
    return new RpcSocketError(`${this.#url}: the node does not answer`);
  }
}

/** Undefined where a node says what is no JSON-RPC: its answer is waited for in vain. */
function readAnswer(text: string): z.infer<typeof answerShape> | undefined {
  try {
    return answerShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

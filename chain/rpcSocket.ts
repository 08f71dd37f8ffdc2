/** JSON-RPC over one websocket connection, which lasts as long as it lasts: whoever needs another makes another. */

import { z } from "zod";

const answerShape = z.object({
  id: z.number().nullish(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
  method: z.string().optional(),
});

const TIMEOUT_MILLISECONDS = 30_000;

/** The connection was lost, could not be made, or the node says nothing. */
export class RpcSocketError extends Error {
  override name = "RpcSocketError";
}

/** What the node answered instead of a result. */
class RpcAnswerError extends Error {
  override name = "RpcAnswerError";
  readonly code: number;
  /** Of a revert: what the contract said. */
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

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

  close(): void {
    this.#socket.close();
  }

  #hear(text: string, onSubscription: () => void): void {
    const answer = readAnswer(text);
    if (answer === undefined) return;
    if (answer.method === "eth_subscription") onSubscription();
    const waiting = this.#waiting.get(answer.id ?? -1);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(new RpcAnswerError(answer.error.code, answer.error.message, answer.error.data));
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

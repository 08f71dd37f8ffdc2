/**
 * JSON-RPC over HTTP, as much of it as an index asks for: what is asked in one go is sent in one go. Node's own client takes half the
 * time of fetch, which counts where there are tens of thousands of blocks.
 */

import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { z } from "zod";
import { answerShape, resultOf } from "./rpcAnswer.ts";

const TIMEOUT_MILLISECONDS = 30_000;
/** A longer answer is refused, as nobody could hold it as text. */
const MOST_BYTES = 2 ** 27;
/** What nodes take at once. */
const MOST_AT_ONCE = 64;

/** The node could not be reached, or says what is no answer. */
export class RpcHttpError extends Error {
  override name = "RpcHttpError";
}

type Asked = { readonly method: string; readonly params?: unknown };
type Waiting = {
  readonly asked: Asked;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const batchShape = z.union([z.array(answerShape), answerShape.transform((answer) => [answer])]);

export class RpcHttp {
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #start: typeof httpRequest;
  /** Groups that stay together. */
  #waiting: (readonly Waiting[])[] = [];
  #isClosed = false;

  constructor(url: string) {
    this.#url = new URL(url);
    const isSecure = this.#url.protocol === "https:";
    this.#agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    this.#start = isSecure ? httpsRequest : httpRequest;
  }

  /** @throws RpcHttpError, RpcAnswerError */
  async request(asked: Asked): Promise<unknown> {
    const [result] = await this.requestAll([asked]);
    return result;
  }

  /**
   * Of several nodes behind one address the same one answers all of them, up to as many as nodes take at once.
   * @throws RpcHttpError, RpcAnswerError
   */
  requestAll(all: readonly Asked[]): Promise<unknown[]> {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#sendAll());
    const group = all.map((asked) => ({ asked, ...Promise.withResolvers<unknown>() }));
    this.#waiting.push(group);
    return Promise.all(group.map(({ promise }) => promise));
  }

  /** What is still waited for fails. */
  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  #sendAll(): void {
    let together: Waiting[] = [];
    const send = (some: readonly Waiting[]) => {
      this.#send(some).catch((error: unknown) => {
        for (const { reject } of some) reject(error);
      });
    };
    for (const group of this.#waiting) {
      if (together.length > 0 && together.length + group.length > MOST_AT_ONCE) {
        send(together);
        together = [];
      }
      together.push(...group);
      for (; together.length > MOST_AT_ONCE; together = together.slice(MOST_AT_ONCE)) {
        send(together.slice(0, MOST_AT_ONCE));
      }
    }
    if (together.length > 0) send(together);
    this.#waiting = [];
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    const questions = waiting.map(({ asked: { method, params = [] } }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const text = await this.#post(JSON.stringify(questions));
    const parsed = this.#parse(text);
    for (const answer of parsed) if (answer.error !== undefined && answer.id == null) resultOf(answer);
    const answers = new Map(parsed.map((answer) => [answer.id, answer]));
    for (const [id, { resolve, reject }] of waiting.entries()) {
      const answer = answers.get(id);
      if (answer === undefined) reject(this.#failed("it left a question unanswered"));
      else {
        try {
          resolve(resultOf(answer));
        } catch (error) {
          reject(error);
        }
      }
    }
  }

  #parse(text: string): z.infer<typeof batchShape> {
    try {
      return batchShape.parse(JSON.parse(text));
    } catch {
      throw this.#failed(`what it says is no JSON-RPC: ${text.slice(0, 80)}`);
    }
  }

  #post(body: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const options = {
      method: "POST",
      agent: this.#agent,
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    };
    const fail = (error: Error) => reject(this.#failed(error.message));
    const request = this.#start(this.#url, options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > MOST_BYTES) response.destroy(new Error(`more than ${MOST_BYTES} bytes`));
      });
      response.once("error", fail);
      response.once("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200) resolve(Buffer.concat(chunks).toString());
        else reject(this.#failed(`status ${statusCode}`));
      });
    });
    request.once("error", (error) => {
      // A connection that was kept may just have been closed by the node: the next one is another.
      const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
      if (isStale && !this.#isClosed) this.#post(body).then(resolve, reject);
      else fail(error);
    });
    request.end(body);
    return promise;
  }

  #failed(why: string): RpcHttpError {
    const { protocol, host } = this.#url;
    return new RpcHttpError(`the node at ${protocol}//${host} does not answer: ${why}`);
  }
}

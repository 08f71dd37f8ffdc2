/** Asks an HTTP server for exactly what is given, and gives what it answers as it came: no redirects, no cookies, nothing added. */

import { Agent, request as begin, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

export type Ask = {
  readonly method: string;
  /** Path and query, as they are to stand in the request. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

export type Got = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All headers as they came, names in front of values. */
  readonly raw: readonly string[];
  readonly text: string;
};

/** Connections of one test, kept between requests. */
export class Connections {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  async ask(ask: Ask): Promise<Got> {
    const response = await this.#begin(ask);
    const chunks: Buffer[] = [];
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    return gotOf(response, Buffer.concat(chunks));
  }

  /** What a stream says until it contains something, ends, or the time is over. */
  async listen(ask: Ask, milliseconds: number, until: RegExp = /$^/): Promise<Got> {
    const response = await this.#begin(ask);
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => response.destroy(), milliseconds);
    try {
      for await (const chunk of response) {
        if (Buffer.isBuffer(chunk)) chunks.push(chunk);
        if (until.test(Buffer.concat(chunks).toString())) break;
      }
    } catch (error) {
      if (!response.destroyed) throw error;
    } finally {
      clearTimeout(timer);
    }
    return gotOf(response, Buffer.concat(chunks));
  }

  close(): void {
    this.#agent.destroy();
  }

  #begin({ method, path, headers = {}, body }: Ask): Promise<IncomingMessage> {
    const { hostname, port } = this.#url;
    return new Promise((resolve, reject) => {
      const asking = begin({ host: hostname, port, agent: this.#agent, method, path, headers }, resolve);
      asking.once("error", reject);
      if (body !== undefined) asking.setHeader("Content-Length", Buffer.byteLength(body));
      asking.end(body);
    });
  }
}

function gotOf({ statusCode = 0, headers, rawHeaders }: IncomingMessage, body: Buffer): Got {
  return { status: statusCode, headers, raw: rawHeaders, text: body.toString() };
}

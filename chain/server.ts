/** The embedded chain for other processes of this machine: JSON-RPC over HTTP, on the loopback address alone. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import type { EmbeddedChain } from "./embedded.ts";

const LOOPBACK = "127.0.0.1";
/** A transaction of 2²⁴ gas has at most 1.7 MB of calldata, twice that in hexadecimal digits. */
const MOST_BYTES = 4_000_000;

const INVALID_REQUEST = -32600;
const INTERNAL_ERROR = -32000;

const requestShape = z.object({
  id: z.union([z.number(), z.string(), z.null()]),
  method: z.string(),
  params: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
});
const bodyShape = z.union([requestShape, z.array(requestShape).max(100)]);

export type ChainServer = { readonly url: string; close(): Promise<void> };

/**
 * Serves until it is closed. The chain's clock follows this machine's.
 * @param port 0: any that is free
 */
export async function serveChain(chain: EmbeddedChain, port: number): Promise<ChainServer> {
  const server = createServer((request, response) => {
    answer(chain, request).then(
      (body) => respond(response, 200, body),
      (error: unknown) => respond(response, 400, failure(null, INVALID_REQUEST, String(error))),
    );
  });
  const bound = await listening(server, port);
  return {
    url: `http://${LOOPBACK}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(chain: EmbeddedChain, request: IncomingMessage): Promise<unknown> {
  // A page in a browser on this machine must not be able to talk to the chain, under whatever name it knows this machine.
  const host = request.headers.host?.replace(/:\d+$/, "");
  if (request.method !== "POST" || (host !== LOOPBACK && host !== "localhost")) throw new Error("POST to 127.0.0.1");
  if (request.headers["content-type"]?.startsWith("application/json") !== true) throw new Error("not JSON");
  const body = bodyShape.parse(JSON.parse(await textOf(request)));
  return Array.isArray(body) ? Promise.all(body.map((each) => answerOne(chain, each))) : answerOne(chain, body);
}

async function answerOne(chain: EmbeddedChain, { id, method, params }: z.infer<typeof requestShape>): Promise<unknown> {
  try {
    chain.advanceTo(Math.floor(Date.now() / 1000));
    return { jsonrpc: "2.0", id, result: (await chain.request({ method, params })) ?? null };
  } catch (error) {
    const { code, data } =
      z.object({ code: z.int().optional(), data: z.unknown().optional() }).safeParse(error).data ?? {};
    return failure(id, code ?? INTERNAL_ERROR, error instanceof Error ? error.message : String(error), data);
  }
}

function failure(id: number | string | null, code: number, message: string, data?: unknown): unknown {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

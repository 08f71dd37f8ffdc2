/** A node that serves a recorded chain over JSON-RPC, or what a test makes of it. */

import { createServer, type Server } from "node:http";
import { z } from "zod";
import type { RecordedChain } from "./recordedChain.ts";

const requestShape = z.object({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).default([]) });
const rangeShape = z.object({ fromBlock: z.string(), toBlock: z.string() });

/** How a node answers: a result, or an error by throwing. */
export type Answer = (method: string, params: readonly unknown[]) => unknown;

export type FakeNode = { readonly url: string; readonly asked: string[]; close(): Promise<void> };

/** Answers as a node does that has the chain up to a block, the last one by default. */
export function nodeWith(chain: RecordedChain, head = chain.blocks.length - 1): Answer {
  const numberOf = (tag: unknown) => (String(tag).startsWith("0x") ? Number(tag) : head);
  return (method, params) => {
    const [first] = params;
    if (method === "eth_chainId") return chain.chainId;
    if (method === "eth_blockNumber") return `0x${head.toString(16)}`;
    if (method === "eth_getCode") return chain.codes.get(String(first).toLowerCase()) ?? "0x";
    if (method === "eth_getBlockByNumber") {
      const number = numberOf(first);
      const { logs, ...block } = chain.blocks[number] ?? {};
      return number > head ? null : block;
    }
    if (method !== "eth_getLogs") throw new Error(`${method} is not offered here`);
    const { fromBlock, toBlock } = rangeShape.parse(first);
    return chain.blocks.slice(Number(fromBlock), Math.min(head, Number(toBlock)) + 1).flatMap(({ logs }) => logs);
  };
}

/**
 * Serves on the loopback address.
 * @param onRequest told before each request, in which there may be many questions
 */
export async function serveNode(answer: Answer, onRequest: () => void = () => undefined): Promise<FakeNode> {
  const asked: string[] = [];
  const one = (request: unknown) => {
    const { id, method, params } = requestShape.parse(request);
    asked.push(method);
    try {
      return { jsonrpc: "2.0", id, result: answer(method, params) };
    } catch (error) {
      return { jsonrpc: "2.0", id, error: { code: -32000, message: String(error) } };
    }
  };
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request, (chunk: Buffer) => chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    onRequest();
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(Array.isArray(body) ? body.map(one) : one(body)));
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

/** Clients of a chain, embedded or remote. */

import { createPublicClient, custom, defineChain, http, webSocket } from "viem";
import { EMBEDDED_CHAIN_ID, type EmbeddedChain } from "./embedded.ts";
import type { ChainClient } from "./send.ts";

const CURRENCY = { name: "none", symbol: "NONE", decimals: 18 } as const;

/** A client of the chain in this process. */
export function embeddedClient(chain: EmbeddedChain): ChainClient {
  return createPublicClient({
    chain: defineChain({
      id: EMBEDDED_CHAIN_ID,
      name: "Condivisa embedded",
      nativeCurrency: CURRENCY,
      rpcUrls: { default: { http: [] } },
    }),
    transport: custom({ request: (request) => chain.request(request) }, { retryCount: 0 }),
    cacheTime: 0,
  });
}

/** A client of a node at a URL. */
export async function remoteClient(url: string): Promise<ChainClient> {
  const transport = /^wss?:/.test(url) ? webSocket(url) : http(url);
  const id = await createPublicClient({ transport }).getChainId();
  return createPublicClient({
    chain: defineChain({ id, name: `chain ${id}`, nativeCurrency: CURRENCY, rpcUrls: { default: { http: [url] } } }),
    transport,
  });
}

/** Ends the connection of a client of a node, where it has one. */
export async function closeClient({ transport }: ChainClient): Promise<void> {
  if (transport.type !== "webSocket") return;
  const connection: unknown = await transport["getRpcClient"]?.();
  const isOne = typeof connection === "object" && connection !== null && "close" in connection;
  if (isOne && typeof connection.close === "function") connection.close();
}

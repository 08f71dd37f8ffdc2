/** Clients of a chain, embedded or remote. */

import { createPublicClient, custom, defineChain, http } from "viem";
import { EMBEDDED_CHAIN_ID, type EmbeddedChain } from "./embedded.ts";
import { RpcSocket } from "./rpcSocket.ts";
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
  const transport = transportTo(url);
  return clientOf(url, await createPublicClient({ transport }).getChainId());
}

/** A client of a node at an endpoint, http(s) or ws(s), whose chain's id is known: nothing is asked before it is used. */
export function clientOf(url: string, id: number): ChainClient {
  return createPublicClient({
    chain: defineChain({ id, name: `chain ${id}`, nativeCurrency: CURRENCY, rpcUrls: { default: { http: [url] } } }),
    transport: transportTo(url),
    cacheTime: 0,
  });
}

function transportTo(url: string) {
  return /^wss?:/.test(url) ? custom({ request: askOnce(url) }, { retryCount: 0 }) : http(url);
}

/** A connection for each question: none is left open, and none can be lost in between. */
function askOnce(url: string) {
  return async (asked: { method: string; params?: unknown }): Promise<unknown> => {
    const socket = new RpcSocket(url, () => undefined);
    try {
      return await socket.request(asked);
    } finally {
      socket.close();
    }
  };
}

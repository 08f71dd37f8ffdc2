/** Clients of a chain, embedded or remote. */

import { createPublicClient, custom, defineChain, http } from "viem";
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
  const transport = http(url);
  const id = await createPublicClient({ transport }).getChainId();
  return createPublicClient({
    chain: defineChain({ id, name: `chain ${id}`, nativeCurrency: CURRENCY, rpcUrls: { default: { http: [url] } } }),
    transport,
  });
}

/** Blocks as a node hands them over: what an index follows. */

import {
  type Address,
  createPublicClient,
  getAddress,
  type Hex,
  http,
  isAddress,
  isHex,
  type PublicClient,
  webSocket,
} from "viem";
import { z } from "zod";
import { closeClient } from "./client.ts";

const hex = z.custom<Hex>((value) => isHex(value), "not hexadecimal");
const number = hex.transform(Number);
const address = z
  .custom<Address>((value) => typeof value === "string" && isAddress(value, { strict: false }))
  .transform((value) => getAddress(value));

const headerShape = z.object({ number, hash: hex, parentHash: hex, timestamp: number });
const blockShape = z.object({
  ...headerShape.shape,
  transactions: z.array(z.object({ hash: hex, to: address.nullable().optional(), input: hex })),
});
const logShape = z.object({
  address,
  topics: z.union([z.tuple([hex]).rest(hex), z.tuple([])]),
  data: hex,
  blockNumber: number,
  blockHash: hex,
  logIndex: number,
  transactionHash: hex,
});

export type Header = z.infer<typeof headerShape>;
export type RawLog = z.infer<typeof logShape>;
export type Block = z.infer<typeof blockShape> & { readonly logs: readonly RawLog[] };

/** The node's blocks and its logs were not of one chain: a reorganisation came between the two questions. */
export class InconsistentBlocksError extends Error {
  override name = "InconsistentBlocksError";
}

/** Which of the node's blocks are taken for final: with QBFT every one is at once. */
export const FINALITIES = ["latest", "safe", "finalized"] as const;
export type Finality = (typeof FINALITIES)[number];

export class BlockSource {
  readonly #client: PublicClient;

  /** @param url http(s): is asked again and again; ws(s): says itself when there is a block */
  constructor(url: string) {
    const transport = /^wss?:/.test(url) ? webSocket(url) : http(url, { batch: { batchSize: 64 }, retryCount: 0 });
    this.#client = createPublicClient({ transport });
  }

  chainId(): Promise<number> {
    return this.#client.getChainId();
  }

  async head(finality: Finality): Promise<Header> {
    return headerShape.parse(await this.#client.request({ method: "eth_getBlockByNumber", params: [finality, false] }));
  }

  /** Undefined if the node has no such block. */
  async header(number: number): Promise<Header | undefined> {
    const params: [Hex, false] = [quantity(number), false];
    const header: unknown = await this.#client.request({ method: "eth_getBlockByNumber", params });
    return header === null ? undefined : headerShape.parse(header);
  }

  /**
   * Blocks with their transactions and logs, in order; fewer if the node does not have all.
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async blocks(first: number, last: number): Promise<Block[]> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const [logs, ...answers] = await Promise.all([
      this.#client.request({
        method: "eth_getLogs",
        params: [{ fromBlock: quantity(first), toBlock: quantity(last) }],
      }),
      ...numbers.map((each) =>
        this.#client.request({ method: "eth_getBlockByNumber", params: [quantity(each), true] }),
      ),
    ]);
    const logsOf = Map.groupBy(z.array(logShape).parse(logs), ({ blockNumber }) => blockNumber);
    const missing = answers.indexOf(null);
    const blocks = answers
      .slice(0, missing === -1 ? answers.length : missing)
      .map((answer) => blockShape.parse(answer));
    for (const [index, { hash, parentHash, number: own }] of blocks.entries()) {
      const isOther = logsOf.get(own)?.some(({ blockHash }) => blockHash !== hash) ?? false;
      const before = blocks[index - 1];
      if (isOther || (before !== undefined && before.hash !== parentHash)) {
        throw new InconsistentBlocksError(`block ${own} does not fit to what the node said before`);
      }
    }
    return blocks.map((block) => ({ ...block, logs: logsOf.get(block.number) ?? [] }));
  }

  async code(of: Address): Promise<Hex> {
    return (await this.#client.getCode({ address: of })) ?? "0x";
  }

  /** Calls back when there is a block, or when one should look. Returns how to stop. */
  watch(onBlock: () => void, pollingMilliseconds: number): () => void {
    return this.#client.watchBlockNumber({
      onBlockNumber: onBlock,
      onError: onBlock,
      pollingInterval: pollingMilliseconds,
    });
  }

  close(): Promise<void> {
    return closeClient(this.#client);
  }
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

/** Blocks as a node hands them over: what an index follows. */

import {
  type Address,
  BaseError,
  createPublicClient,
  custom,
  getAddress,
  type Hex,
  http,
  isAddress,
  isHex,
  type PublicClient,
} from "viem";
import { z } from "zod";
import { RpcSocket, RpcSocketError } from "./rpcSocket.ts";

const hex = z.custom<Hex>((value) => isHex(value), "not hexadecimal");
const number = hex.transform(Number);
const address = z
  .custom<Address>((value) => typeof value === "string" && isAddress(value, { strict: false }))
  .transform((value) => getAddress(value));

/** Takes a third of the time of a regular expression, and gives the bytes that everybody is after. */
const bytes = z.string().transform((text, context): Uint8Array => {
  const read = Buffer.from(text.slice(2), "hex");
  if (!text.startsWith("0x") || 2 + 2 * read.length !== text.length) context.addIssue("not hexadecimal");
  return read;
});

const headerShape = z.object({ number, hash: hex, parentHash: hex, timestamp: number });
const blockShape = z.object({
  ...headerShape.shape,
  logsBloom: hex,
  transactions: z.array(z.object({ hash: hex, to: address.nullable().optional(), input: bytes })),
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

/** What the node said at different moments is not of one chain, or not all there yet: ask again. */
export class InconsistentBlocksError extends Error {
  override name = "InconsistentBlocksError";
}

/** Which of the node's blocks are taken for final: with QBFT every one is at once. */
export const FINALITIES = ["latest", "safe", "finalized"] as const;
export type Finality = (typeof FINALITIES)[number];

const NO_LOGS = /^0x0*$/;

/** A node, over http(s) or ws(s). A connection that was lost is made anew with the next question. */
export class BlockSource {
  readonly #url: string;
  readonly #polled: PublicClient | undefined;
  #connection: { readonly socket: RpcSocket; readonly client: PublicClient } | undefined;
  #onBlock: (() => void) | undefined;

  constructor(url: string) {
    this.#url = url;
    const transport = http(url, { batch: { batchSize: 64 }, retryCount: 0 });
    this.#polled = /^wss?:/.test(url) ? undefined : createPublicClient({ transport });
  }

  chainId(): Promise<number> {
    return this.#ask((client) => client.getChainId());
  }

  /** @throws if the node has none that is so final yet */
  async head(finality: Finality): Promise<Header> {
    const params: [Finality, false] = [finality, false];
    return headerShape.parse(await this.#ask((client) => client.request({ method: "eth_getBlockByNumber", params })));
  }

  /** Undefined if the node has no such block. */
  async header(number: number): Promise<Header | undefined> {
    const params: [Hex, false] = [quantity(number), false];
    const header: unknown = await this.#ask((client) => client.request({ method: "eth_getBlockByNumber", params }));
    return header === null ? undefined : headerShape.parse(header);
  }

  /**
   * Blocks with their transactions and logs, in order; fewer if the node does not have all.
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async blocks(first: number, last: number): Promise<Block[]> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const range = { fromBlock: quantity(first), toBlock: quantity(last) };
    const [logs, ...answers] = await this.#ask((client) =>
      Promise.all([
        client.request({ method: "eth_getLogs", params: [range] }),
        ...numbers.map((each) => client.request({ method: "eth_getBlockByNumber", params: [quantity(each), true] })),
      ]),
    );
    const logsOf = Map.groupBy(z.array(logShape).parse(logs), ({ blockNumber }) => blockNumber);
    const missing = answers.indexOf(null);
    const blocks = answers
      .slice(0, missing === -1 ? answers.length : missing)
      .map((answer) => blockShape.parse(answer))
      .map((block) => ({ ...block, logs: logsOf.get(block.number) ?? [] }));
    for (const [index, block] of blocks.entries()) {
      if (!follows(block, blocks[index - 1]) || block.number !== first + index || !hasItsLogs(block)) {
        throw new InconsistentBlocksError(`block ${first + index} does not fit to what the node said before`);
      }
    }
    return blocks;
  }

  /** The code of a contract; 0x if there is none. */
  async code(of: Address): Promise<Hex> {
    return (await this.#ask((client) => client.getCode({ address: of }))) ?? "0x";
  }

  /** Calls back when a node that says so by itself, over ws(s), has a block. Over http(s) nothing is ever said. */
  watch(onBlock: () => void): void {
    this.#onBlock = onBlock;
  }

  close(): void {
    this.#connection?.socket.close();
    this.#connection = undefined;
  }

  async #ask<T>(question: (client: PublicClient) => Promise<T>): Promise<T> {
    if (this.#polled !== undefined) return question(this.#polled);
    this.#connection ??= this.#connect();
    const { client, socket } = this.#connection;
    try {
      return await question(client);
    } catch (error) {
      socket.close();
      if (this.#connection?.socket === socket) this.#connection = undefined;
      // viem knows only errors of HTTP.
      throw (error instanceof BaseError && error.walk((cause) => cause instanceof RpcSocketError)) || error;
    }
  }

  #connect() {
    const socket = new RpcSocket(this.#url, () => this.#onBlock?.());
    const request = (asked: { method: string; params?: unknown }) => socket.request(asked);
    // A node that tells of no blocks is polled all the same.
    request({ method: "eth_subscribe", params: ["newHeads"] }).catch(() => undefined);
    return { socket, client: createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) };
  }
}

function follows({ parentHash }: Block, before: Block | undefined): boolean {
  return before === undefined || before.hash === parentHash;
}

/** A node that is behind, or on another branch, tells other logs than those of the block, or none. */
function hasItsLogs({ hash, logsBloom, logs }: Block): boolean {
  return logs.length === 0 ? NO_LOGS.test(logsBloom) : logs.every(({ blockHash }) => blockHash === hash);
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

/** Blocks as a node hands them over: what an index follows. */

import type { Address, Hex } from "viem";
import { type Block, blockOf, type Header, headerOf, hexOf, logsOf, numberOf } from "./blockAnswers.ts";
import { RpcHttp } from "./rpcHttp.ts";
import { RpcSocket, RpcSocketError } from "./rpcSocket.ts";

/** What the node said at different moments is not of one chain, or not all there yet: ask again. */
export class InconsistentBlocksError extends Error {
  override name = "InconsistentBlocksError";
}

/** Which of the node's blocks are taken for final: with QBFT every one is at once. */
export const FINALITIES = ["latest", "safe", "finalized"] as const;
export type Finality = (typeof FINALITIES)[number];

type Rpc = RpcHttp | RpcSocket;

/** A node, over http(s) or ws(s). A connection that was lost is made anew with the next question. */
export class BlockSource {
  readonly #url: string;
  #rpc: Rpc | undefined;
  #onBlock: (() => void) | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  chainId(): Promise<number> {
    return this.#ask(async (rpc) => numberOf(await rpc.request({ method: "eth_chainId" })));
  }

  /** @throws if the node has none that is so final yet */
  head(finality: Finality): Promise<Header> {
    const question = { method: "eth_getBlockByNumber", params: [finality, false] };
    return this.#ask(async (rpc) => headerOf(await rpc.request(question)));
  }

  /** Undefined if the node has no such block. */
  async header(number: number): Promise<Header | undefined> {
    const question = { method: "eth_getBlockByNumber", params: [quantity(number), false] };
    const header = await this.#ask((rpc) => rpc.request(question));
    return header === null ? undefined : headerOf(header);
  }

  /**
   * Blocks with their transactions and logs, in order; fewer if the node does not have all.
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async blocks(first: number, last: number): Promise<Block[]> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const range = { fromBlock: quantity(first), toBlock: quantity(last) };
    const [logs, ...answers] = await this.#ask((rpc) =>
      Promise.all([
        rpc.request({ method: "eth_getLogs", params: [range] }),
        ...numbers.map((each) => rpc.request({ method: "eth_getBlockByNumber", params: [quantity(each), true] })),
      ]),
    );
    const logsIn = Map.groupBy(logsOf(logs), ({ blockNumber }) => blockNumber);
    const missing = answers.indexOf(null);
    const blocks: Block[] = [];
    for (const answer of answers.slice(0, missing === -1 ? answers.length : missing)) {
      const number = first + blocks.length;
      const { block, hasNone } = blockOf(answer, logsIn.get(number) ?? []);
      if (!follows(block, blocks.at(-1)) || block.number !== number || !hasItsLogs(block, hasNone)) {
        throw new InconsistentBlocksError(`block ${number} does not fit to what the node said before`);
      }
      blocks.push(block);
    }
    return blocks;
  }

  /** The code of a contract; 0x if there is none. */
  code(of: Address): Promise<Hex> {
    return this.#ask(async (rpc) => hexOf(await rpc.request({ method: "eth_getCode", params: [of, "latest"] })));
  }

  /** Calls back when a node that says so by itself, over ws(s), has a block. Over http(s) nothing is ever said. */
  watch(onBlock: () => void): void {
    this.#onBlock = onBlock;
  }

  close(): void {
    this.#rpc?.close();
    this.#rpc = undefined;
  }

  async #ask<T>(question: (rpc: Rpc) => Promise<T>): Promise<T> {
    this.#rpc ??= this.#connect();
    const rpc = this.#rpc;
    try {
      return await question(rpc);
    } catch (error) {
      if (error instanceof RpcSocketError) {
        rpc.close();
        if (this.#rpc === rpc) this.#rpc = undefined;
      }
      throw error;
    }
  }

  #connect(): Rpc {
    if (!/^wss?:/.test(this.#url)) return new RpcHttp(this.#url);
    const socket = new RpcSocket(this.#url, () => this.#onBlock?.());
    // A node that tells of no blocks is polled all the same.
    socket.request({ method: "eth_subscribe", params: ["newHeads"] }).catch(() => undefined);
    return socket;
  }
}

function follows({ parentHash }: Block, before: Block | undefined): boolean {
  return before === undefined || before.hash === parentHash;
}

/** A node that is behind, or on another branch, tells other logs than those of the block, or none. */
function hasItsLogs({ hash, logs }: Block, hasNone: boolean): boolean {
  return logs.length === 0 ? hasNone : logs.every(({ blockHash }) => blockHash === hash);
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

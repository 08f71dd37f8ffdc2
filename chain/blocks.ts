/** Blocks as a node hands them over: what an index follows. */

import type { Address, Hex } from "viem";
import { type Block, blockOf, type Header, headerOf, hexOf, logsOf, numberOf, type RawLog } from "./blockAnswers.ts";
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

/** Blocks that the node has in one go. */
export type Stretch = {
  /** Of its first block. */
  readonly parentHash: Hex;
  /** In order; the last one is the stretch's. */
  readonly blocks: readonly [Block, ...Block[]];
};

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
   * Blocks with their transactions and logs; fewer if the node does not have all, undefined if it has none of them.
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async blocks(first: number, last: number): Promise<Stretch | undefined> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const [logs, ...answers] = await this.#ask((rpc) =>
      Promise.all([askForLogs(rpc, first, last), ...numbers.map((each) => askForBlock(rpc, each, true))]),
    );
    const missing = answers.indexOf(null);
    const there = answers.slice(0, missing === -1 ? answers.length : missing);
    return stretchOf(readBlocks(numbers, there, logsByBlock(logs)));
  }

  /**
   * Of a stretch the blocks that logged something, and its last one, without its transactions if it logged nothing. That the others
   * logged nothing is the node's word. It ends sooner where more than `most` did.
   * @returns undefined if the node does not have all of it
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async loggedBlocks(first: number, last: number, most: number): Promise<Stretch | undefined> {
    const [logs, ...ends] = await this.#ask((rpc) =>
      Promise.all([askForLogs(rpc, first, last), askForBlock(rpc, first, false), askForBlock(rpc, last, false)]),
    );
    if (ends.includes(null)) return undefined;
    const [begin, end] = ends.map(headerOf);
    if (begin?.number !== first || end?.number !== last) throw unfit(first);
    const logged = logsByBlock(logs);
    const numbers = [...logged.keys()].toSorted((a, b) => a - b);
    const taken = numbers.slice(0, most);
    const answers = await this.#ask((rpc) => Promise.all(taken.map((each) => askForBlock(rpc, each, true))));
    const blocks = readBlocks(taken, answers, logged);
    if (taken.length === numbers.length && taken.at(-1) !== last) blocks.push({ ...end, transactions: [], logs: [] });
    return stretchOf(blocks, begin.parentHash);
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

function askForLogs(rpc: Rpc, first: number, last: number): Promise<unknown> {
  return rpc.request({ method: "eth_getLogs", params: [{ fromBlock: quantity(first), toBlock: quantity(last) }] });
}

function askForBlock(rpc: Rpc, number: number, withTransactions: boolean): Promise<unknown> {
  return rpc.request({ method: "eth_getBlockByNumber", params: [quantity(number), withTransactions] });
}

function logsByBlock(logs: unknown): ReadonlyMap<number, readonly RawLog[]> {
  return Map.groupBy(logsOf(logs), ({ blockNumber }) => blockNumber);
}

/** @param answers of what was asked for by these numbers, which increase */
function readBlocks(
  numbers: readonly number[],
  answers: readonly unknown[],
  logs: ReadonlyMap<number, readonly RawLog[]>,
): Block[] {
  const blocks: Block[] = [];
  for (const [index, answer] of answers.entries()) {
    const number = numbers[index] ?? -1;
    const { block, hasNone } = blockOf(answer, logs.get(number) ?? []);
    if (block.number !== number || !follows(block, blocks.at(-1)) || !hasItsLogs(block, hasNone)) throw unfit(number);
    blocks.push(block);
  }
  return blocks;
}

function stretchOf([first, ...others]: readonly Block[], parentHash = first?.parentHash): Stretch | undefined {
  return first === undefined || parentHash === undefined ? undefined : { parentHash, blocks: [first, ...others] };
}

function unfit(number: number): InconsistentBlocksError {
  return new InconsistentBlocksError(`block ${number} does not fit to what the node said before`);
}

/** Of blocks between which there are others nothing is known. */
function follows({ number, parentHash }: Block, before: Block | undefined): boolean {
  return before === undefined || before.number !== number - 1 || before.hash === parentHash;
}

/** A node that is behind, or on another branch, tells other logs than those of the block, or none. */
function hasItsLogs({ hash, logs }: Block, hasNone: boolean): boolean {
  return logs.length === 0 ? hasNone : logs.every(({ blockHash }) => blockHash === hash);
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

/** Blocks as a node hands them over: what an index follows. */

import type { Address, Hex } from "viem";
import { z } from "zod";
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

/** What there is of the blocks from one to another. */
export type Stretch = {
  /** Of the first, which need not be among `blocks`. */
  readonly parentHash: Hex;
  /** In order; the last one is the last of the stretch. */
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
    const header = await this.#ask((rpc) => rpc.request(forBlock(number, false)));
    return header === null ? undefined : headerOf(header);
  }

  /**
   * Blocks with their transactions and logs; fewer if the node does not have all, undefined if it has none of them.
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async blocks(first: number, last: number): Promise<Stretch | undefined> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const questions = [forLogs(first, last), ...numbers.map((each) => forBlock(each, true))];
    const [logs, ...answers] = await this.#ask((rpc) => rpc.requestAll(questions));
    const logged = logsByBlock(logs, first, last);
    const missing = answers.indexOf(null);
    const there = answers.slice(0, missing === -1 ? answers.length : missing);
    const blocks = there.map((answer, index) => readBlock(answer, first + index, logged));
    checkFit(blocks);
    return stretchOf(blocks);
  }

  /**
   * Of a stretch the blocks that logged something, and its last one, without its transactions if it logged nothing. That those
   * between logged nothing is the word of a node that has the last one. It ends sooner where more than `most` did.
   * @returns undefined if the node does not have all of it
   * @throws InconsistentBlocksError if they do not fit together: ask again
   */
  async loggedBlocks(first: number, last: number, most: number): Promise<Stretch | undefined> {
    const questions = [forLogs(first, last), forBlock(first, false), forBlock(last, false)];
    const [logs, ...ends] = await this.#ask((rpc) => rpc.requestAll(questions));
    if (ends.includes(null)) return undefined;
    const logged = logsByBlock(logs, first, last);
    const taken = [...logged.keys()].toSorted((a, b) => a - b).slice(0, most);
    const answers = await this.#ask((rpc) => rpc.requestAll(taken.map((each) => forBlock(each, true))));
    if (answers.includes(null)) return undefined;
    const blocks = answers.map((answer, index) => readBlock(answer, taken[index] ?? first, logged));
    const [begin, end] = ends.map((answer, index) => readEnd(answer, index === 0 ? first : last, logged));
    checkFit([begin, ...blocks, end]);
    const isWhole = taken.length === logged.size && taken.at(-1) !== last;
    return stretchOf(isWhole && end !== undefined ? [...blocks, end] : blocks, begin?.parentHash);
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

function forLogs(first: number, last: number) {
  return { method: "eth_getLogs", params: [{ fromBlock: quantity(first), toBlock: quantity(last) }] };
}

function forBlock(number: number, withTransactions: boolean) {
  return { method: "eth_getBlockByNumber", params: [quantity(number), withTransactions] };
}

type LogsByBlock = ReadonlyMap<number, readonly RawLog[]>;

function logsByBlock(answer: unknown, first: number, last: number): LogsByBlock {
  const logs = logsOf(answer);
  const stray = logs.find(({ blockNumber }) => blockNumber < first || blockNumber > last);
  if (stray !== undefined) throw unfit(stray.blockNumber);
  return Map.groupBy(logs, ({ blockNumber }) => blockNumber);
}

function readBlock(answer: unknown, number: number, logged: LogsByBlock): Block {
  const { block, hasNone } = blockOf(answer, logged.get(number) ?? []);
  if (block.number !== number || !hasItsLogs(block, hasNone)) throw unfit(number);
  return block;
}

/** A block that was asked for without its transactions, of which there are hashes then. */
function readEnd(answer: unknown, number: number, logged: LogsByBlock): Block {
  const bare = z.looseObject({}).safeParse(answer).data ?? {};
  return readBlock({ ...bare, transactions: [] }, number, logged);
}

/** Of blocks between which there are others nothing is known. */
function checkFit(blocks: readonly (Block | undefined)[]): void {
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    if (block === undefined || before === undefined) continue;
    const isSame = block.number === before.number;
    const isNext = block.number === before.number + 1;
    if (isSame ? block.hash !== before.hash : isNext && block.parentHash !== before.hash) throw unfit(block.number);
  }
}

function stretchOf([first, ...others]: readonly Block[], parentHash = first?.parentHash): Stretch | undefined {
  return first === undefined || parentHash === undefined ? undefined : { parentHash, blocks: [first, ...others] };
}

function unfit(number: number): InconsistentBlocksError {
  return new InconsistentBlocksError(`block ${number} does not fit to what the node said before`);
}

/** A node that is behind, or on another branch, tells other logs than those of the block, or none. */
function hasItsLogs({ hash, logs }: Block, hasNone: boolean): boolean {
  return logs.length === 0 ? hasNone : logs.every(({ blockHash }) => blockHash === hash);
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

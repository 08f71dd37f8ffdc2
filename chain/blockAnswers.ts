/** What a node says of its blocks and their logs, as an index takes it. */

import { type Address, getAddress, type Hex, isAddress, isHex } from "viem";
import { z } from "zod";

export type Header = {
  readonly number: number;
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly timestamp: number;
};

export type RawTransaction = {
  readonly hash: Hex;
  /** Undefined if it made a contract. */
  readonly to: Address | undefined;
  readonly input: Uint8Array;
};

export type RawLog = {
  readonly address: Address;
  readonly topics: [] | [Hex, ...Hex[]];
  readonly data: Uint8Array;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly logIndex: number;
  readonly transactionHash: Hex;
};

export type Block = Header & { readonly transactions: readonly RawTransaction[]; readonly logs: readonly RawLog[] };

/** The node's answer is no block, or no log. */
export class BlockAnswerError extends Error {
  override name = "BlockAnswerError";
}

// The shapes are plain and their strings are read afterwards: schemas that transform each of them take several times as long, which
// counts where there are tens of thousands of blocks.
const text = z.string();
const headerShape = z.object({ number: text, hash: text, parentHash: text, timestamp: text });
const blockShape = z.object({
  ...headerShape.shape,
  logsBloom: text,
  transactions: z.array(z.object({ hash: text, to: text.nullish(), input: text })),
});
const logsShape = z.array(
  z.object({
    address: text,
    topics: z.array(text),
    data: text,
    blockNumber: text,
    blockHash: text,
    logIndex: text,
    transactionHash: text,
  }),
);

/** @throws BlockAnswerError, as do all of these */
export function headerOf(answer: unknown): Header {
  return readHeader(shaped(headerShape, answer));
}

export function logsOf(answer: unknown): RawLog[] {
  return shaped(logsShape, answer).map((log) => ({
    address: addressOf(log.address),
    topics: topicsOf(log.topics),
    data: bytesOf(log.data),
    blockNumber: numberOf(log.blockNumber),
    blockHash: hexOf(log.blockHash),
    logIndex: numberOf(log.logIndex),
    transactionHash: hexOf(log.transactionHash),
  }));
}

/** @returns with it whether the node says that the block has no logs at all */
export function blockOf(
  answer: unknown,
  logs: readonly RawLog[],
): { readonly block: Block; readonly hasNone: boolean } {
  const { logsBloom, transactions, ...header } = shaped(blockShape, answer);
  const block = {
    ...readHeader(header),
    logs,
    transactions: transactions.map(({ hash, to, input }) => ({
      hash: hexOf(hash),
      to: to == null ? undefined : addressOf(to),
      input: bytesOf(input),
    })),
  };
  return { block, hasNone: NO_LOGS.test(logsBloom) };
}

const NO_LOGS = /^0x0*$/;

function readHeader({ number, hash, parentHash, timestamp }: z.infer<typeof headerShape>): Header {
  return {
    number: numberOf(number),
    hash: hexOf(hash),
    parentHash: hexOf(parentHash),
    timestamp: numberOf(timestamp),
  };
}

function shaped<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { data, error } = shape.safeParse(answer);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw new BlockAnswerError(`the node says what is no block or log: ${issue?.path.join(".")}: ${issue?.message}`);
}

export function hexOf(value: unknown): Hex {
  if (!isHex(value)) throw unreadable(value, "not hexadecimal");
  return value;
}

export function numberOf(value: unknown): number {
  const number = Number(hexOf(value));
  if (!Number.isSafeInteger(number)) throw unreadable(value, "no number of at most 53 bits");
  return number;
}

/** Takes half the time of Uint8Array.fromHex, which browsers have too; where the digits end, so do the bytes. */
function bytesOf(value: string): Uint8Array {
  const bytes = Buffer.from(value.slice(2), "hex");
  if (value.startsWith("0x") && 2 + 2 * bytes.length === value.length) return bytes;
  throw unreadable(value, "no bytes in hexadecimal digits");
}

function topicsOf([first, ...others]: readonly string[]): RawLog["topics"] {
  return first === undefined ? [] : [hexOf(first), ...others.map(hexOf)];
}

/** The few that come again and again: to make a checksum takes as long as to read a block. */
const known = new Map<string, Address>();
const KNOWN_AT_MOST = 10_000;

function addressOf(value: string): Address {
  const address = known.get(value);
  if (address !== undefined) return address;
  if (!isAddress(value, { strict: false })) throw unreadable(value, "no address");
  if (known.size === KNOWN_AT_MOST) known.clear();
  const checksummed = getAddress(value);
  known.set(value, checksummed);
  return checksummed;
}

function unreadable(value: unknown, what: string): BlockAnswerError {
  return new BlockAnswerError(`the node says ${JSON.stringify(value)?.slice(0, 80)}: ${what}`);
}

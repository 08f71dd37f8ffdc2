/**
 * The embedded chain: Hardhat's EDR in this process, with a journal that survives kill −9.
 *
 * A transaction is acknowledged only once the journal has it. There is one chain to a process (EDR has one context), and
 * sends are serialised, for the order in the journal is the order of the blocks.
 */

import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { type Hex, isHex, keccak256, toHex } from "viem";
import { z } from "zod";
import { Journal, type JournalEntry, JournalError } from "./journal.ts";

export const EMBEDDED_CHAIN_ID = 190_414;

/** Contracts that measure their own coverage are larger and dearer than they are: Hardhat sets this when it made them. */
const MEASURES_COVERAGE = process.env["HARDHAT_COVERAGE"] === "true";

/** Every transaction stays below this (EIP-7825). */
export const TRANSACTION_GAS_CAP = MEASURES_COVERAGE ? 500_000_000n : 16_777_216n;

const BLOCK_GAS = MEASURES_COVERAGE ? TRANSACTION_GAS_CAP : 60_000_000n;
const COINBASE = "0x0000000000000000000000000000000000000000";

export type RpcRequest = { readonly method: string; readonly params?: readonly unknown[] | object | undefined };

export type EmbeddedChain = {
  /** EIP-1193. `eth_sendRawTransaction` mines a block at the chain's time; other methods that change state are refused. */
  request(request: RpcRequest): Promise<unknown>;
  /** Lets the chain's time, which only moves forward, be at least this many seconds since the Unix epoch. */
  advanceTo(seconds: number): void;
  readonly time: () => number;
  close(): Promise<void>;
};

export type EmbeddedChainOptions = {
  /** File of the journal; without one the chain is gone with the process. */
  readonly journal?: string;
  /** When a new chain begins, in seconds since the Unix epoch. */
  readonly genesisTime: number;
};

export class MethodRefusedError extends Error {
  override name = "MethodRefusedError";
}

const ALLOWED = new Set([
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_estimateGas",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getCode",
  "eth_getLogs",
  "eth_getStorageAt",
  "eth_getTransactionByHash",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
  "net_version",
]);

/** Starts the chain and replays its journal. */
export async function openEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const journal = options.journal === undefined ? undefined : Journal.open(options.journal);
  const genesisTime = journal?.genesisTime(options.genesisTime) ?? options.genesisTime;
  const { runtime, connection } = await openEdr(genesisTime);
  const provider = connection.provider;
  let time = genesisTime;
  let height = 0;
  /** Set when a block was mined that the journal could not take: nothing more is accepted, and that block never shown. */
  let broken: JournalError | undefined;

  /** Mines one block. Returns the hashes of the transaction and of the block. */
  async function mine(transaction: Hex, blockTime: number, randomness: Hex): Promise<{ sent: unknown; block: Hex }> {
    const sent = await mineBlock(provider, { time: blockTime, randomness, transaction });
    time = blockTime;
    height++;
    const head = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    return { sent, block: z.object({ hash: z.custom<Hex>((value) => isHex(value)) }).parse(head).hash };
  }

  async function send(transaction: Hex): Promise<unknown> {
    const randomness = keccak256(toHex(`condivisa block ${height + 1}`));
    const blockTime = time;
    const { sent, block } = await mine(transaction, blockTime, randomness);
    try {
      journal?.append({ time: blockTime, randomness, transaction, hash: block });
    } catch (error) {
      // A later entry would stand on a block that the journal does not have.
      broken = new JournalError(`block ${height} could not be kept: ${String(error)}`, { cause: error });
      throw broken;
    }
    return sent;
  }

  async function replay({ time: blockTime, randomness, transaction, hash }: JournalEntry): Promise<void> {
    const number = height + 1;
    const block = await mine(transaction, blockTime, randomness).then(
      (mined) => mined.block,
      (error: unknown) => String(error),
    );
    if (block === hash) return;
    throw new JournalError(`${options.journal}: block ${number} is not the one that was acknowledged: it was changed`);
  }

  /** A call on the pending block must see the time at which that block would be mined. */
  async function read(method: string, params: unknown[]): Promise<unknown> {
    if (params.includes("pending")) {
      await provider.request({ method: "evm_setNextBlockTimestamp", params: [toHex(time)] });
    }
    return provider.request({ method, params });
  }

  try {
    for (const entry of journal?.entries() ?? []) await replay(entry);
  } catch (error) {
    await connection.close();
    journal?.close();
    throw error;
  }

  let queue: Promise<unknown> = Promise.resolve();
  return {
    async request({ method, params }) {
      if (broken !== undefined) throw broken;
      if (method === "eth_sendRawTransaction") {
        const [transaction] = z.tuple([z.string()]).parse(params);
        if (!isHex(transaction)) throw new MethodRefusedError("eth_sendRawTransaction takes a signed transaction");
        const sent = queue.then(() => {
          if (broken !== undefined) throw broken;
          return send(transaction);
        });
        queue = sent.catch(() => undefined);
        return sent;
      }
      if (!ALLOWED.has(method)) throw new MethodRefusedError(`${method} is not offered here`);
      return read(method, z.array(z.unknown()).parse(params ?? []));
    },
    advanceTo(seconds) {
      time = Math.max(time, seconds);
    },
    time: () => time,
    async close() {
      await queue;
      // Only the runtime that executed the contracts knows what they covered.
      if (MEASURES_COVERAGE) await runtime.hooks.runHandlerChain("test", "onTestWorkerDone", ["mocha"], async () => {});
      await connection.close();
      journal?.close();
    },
  };
}

/** What a journal's entry says of a block is all that makes it. Returns the hash of the transaction. */
export async function mineBlock(
  provider: Edr["connection"]["provider"],
  { time, randomness, transaction }: Omit<JournalEntry, "hash">,
): Promise<unknown> {
  await provider.request({ method: "evm_setNextBlockTimestamp", params: [toHex(time)] });
  await provider.request({ method: "hardhat_setPrevRandao", params: [randomness] });
  return provider.request({ method: "eth_sendRawTransaction", params: [transaction] });
}

export type Edr = Awaited<ReturnType<typeof openEdr>>;

/** EDR with nothing on it. */
export async function openEdr(genesisTime: number) {
  const runtime = await runtimeAt(genesisTime);
  return { runtime, connection: await runtime.network.create("embedded") };
}

function runtimeAt(genesisTime: number) {
  return createHardhatRuntimeEnvironment(
    {
      // Hardhat would read all that the compiler ever wrote, to explain reverts that nobody here asks it about.
      paths: { artifacts: "cache/no-artifacts" },
      networks: {
        embedded: {
          type: "edr-simulated",
          chainType: "l1",
          chainId: EMBEDDED_CHAIN_ID,
          hardfork: "osaka",
          initialDate: new Date(genesisTime * 1000).toISOString(),
          initialBaseFeePerGas: 0n,
          blockGasLimit: BLOCK_GAS,
          transactionGasCap: TRANSACTION_GAS_CAP,
          coinbase: COINBASE,
          accounts: [],
          allowBlocksWithSameTimestamp: true,
          throwOnTransactionFailures: false,
        },
      },
    },
    {},
    `${import.meta.dirname}/..`,
  );
}

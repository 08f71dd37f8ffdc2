/**
 * The embedded chain: Hardhat's EDR in this process, with a journal that survives kill −9.
 *
 * A transaction is acknowledged only once the journal has it. There is one chain to a process (EDR has one context), and
 * sends are serialised, for the order in the journal is the order of the blocks.
 */

import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { type Hex, isHex, keccak256, toHex } from "viem";
import { z } from "zod";
import { Journal } from "./journal.ts";

export const EMBEDDED_CHAIN_ID = 190_414;

/** Contracts that measure their own coverage are larger and dearer than they are: Hardhat sets this when it made them. */
const MEASURES_COVERAGE = process.env["HARDHAT_COVERAGE"] !== undefined;

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
  const runtime = await runtimeAt(genesisTime);
  const connection = await runtime.network.create("embedded");
  const provider = connection.provider;
  let time = genesisTime;
  let height = 0;

  async function mine(transaction: Hex, blockTime: number, randomness: Hex): Promise<unknown> {
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [toHex(blockTime)] });
    await provider.request({ method: "hardhat_setPrevRandao", params: [randomness] });
    const hash = await provider.request({ method: "eth_sendRawTransaction", params: [transaction] });
    time = blockTime;
    height++;
    return hash;
  }

  async function send(transaction: Hex): Promise<unknown> {
    const randomness = keccak256(toHex(`condivisa block ${height + 1}`));
    const blockTime = time;
    const hash = await mine(transaction, blockTime, randomness);
    journal?.append({ time: blockTime, randomness, transaction });
    return hash;
  }

  /** A call on the pending block must see the time at which that block would be mined. */
  async function read(method: string, params: unknown[]): Promise<unknown> {
    if (params.includes("pending")) {
      await provider.request({ method: "evm_setNextBlockTimestamp", params: [toHex(time)] });
    }
    return provider.request({ method, params });
  }

  for (const entry of journal?.entries() ?? []) await mine(entry.transaction, entry.time, entry.randomness);

  let queue: Promise<unknown> = Promise.resolve();
  return {
    async request({ method, params }) {
      if (method === "eth_sendRawTransaction") {
        const [transaction] = z.tuple([z.string()]).parse(params);
        if (!isHex(transaction)) throw new MethodRefusedError("eth_sendRawTransaction takes a signed transaction");
        const sent = queue.then(() => send(transaction));
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

function runtimeAt(genesisTime: number) {
  return createHardhatRuntimeEnvironment(
    {
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

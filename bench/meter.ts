/** What transactions cost: the gas of the blocks that they are in, one transaction to a block. */

import type { Hex } from "viem";
import type { ChainClient } from "../chain/send.ts";

export type Spent = {
  /** Of all transactions together. */
  readonly gas: number;
  /** Of the dearest of them. */
  readonly largest: number;
  readonly transactions: number;
  /** What they would have cost had they done nothing but carry their calldata (EIP-7623). */
  readonly calldataFloor: number;
};

/** What the transactions of an action cost. */
export async function spentBy(client: ChainClient, action: () => Promise<unknown>): Promise<Spent> {
  const before = await client.getBlockNumber();
  await action();
  const after = await client.getBlockNumber();
  const gas: number[] = [];
  let calldataFloor = 0;
  for (let blockNumber = before + 1n; blockNumber <= after; blockNumber++) {
    const block = await client.getBlock({ blockNumber, includeTransactions: true });
    gas.push(Number(block.gasUsed));
    for (const { input } of block.transactions) calldataFloor += floorOf(input);
  }
  return { gas: sum(gas), largest: Math.max(0, ...gas), transactions: gas.length, calldataFloor };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** To a tenth. */
export function perUnit(gas: number, units: number): number {
  return Math.round((gas * 10) / units) / 10;
}

/** 21,000 and ten for each token: a zero byte is one, any other four. */
function floorOf(calldata: Hex): number {
  let tokens = 0;
  for (let i = 2; i < calldata.length; i += 2) tokens += calldata.startsWith("00", i) ? 1 : 4;
  return 21_000 + 10 * tokens;
}

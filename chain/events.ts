/** Events of a contract, and where they stand on the chain. */

import {
  type Abi,
  type Address,
  type ContractEventName,
  type Hex,
  type Log,
  type ParseEventLogsReturnType,
  parseEventLogs,
  toEventSelector,
} from "viem";
import type { Place } from "../settlement/history.ts";
import type { ChainClient } from "./send.ts";

/** A block has fewer logs than this, so that a log's position is block × this + index. */
export const LOGS_PER_BLOCK = 1_000_000;

/** Logs that were read before and kept. In their order, of one contract and one kind. */
export type KeptLogs = { readonly keptLogs: (address: Address, topic: Hex) => readonly Log<bigint, number, false>[] };

/** Where events are read: a node, or what is kept of one. */
export type EventSource = ChainClient | KeptLogs;

export async function events<const TAbi extends Abi, TName extends ContractEventName<TAbi>>(
  source: EventSource,
  abi: TAbi,
  address: Address,
  eventName: TName,
): Promise<ParseEventLogsReturnType<TAbi, TName, true>> {
  const item = abi.find((entry) => entry.type === "event" && entry.name === eventName);
  if (item?.type !== "event") throw new TypeError(`no event ${eventName}`);
  const logs =
    "keptLogs" in source
      ? source.keptLogs(address, toEventSelector(item))
      : await source.getLogs({ address, event: item, fromBlock: "earliest", toBlock: "latest" });
  // viem hashes the signature of every event of the ABI before it looks at a log.
  return logs.length === 0 ? [] : parseEventLogs({ abi, eventName, logs: [...logs], strict: true });
}

export function placeOf(log: { blockNumber: bigint; logIndex: number; transactionHash: Hex }): Place {
  return {
    position: Number(log.blockNumber) * LOGS_PER_BLOCK + log.logIndex,
    block: log.blockNumber,
    transaction: log.transactionHash,
  };
}

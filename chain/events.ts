/** Events of a contract, and where they stand on the chain. */

import type { Abi, Address, ContractEventName, GetContractEventsReturnType, Hex } from "viem";
import type { Place } from "../settlement/history.ts";
import type { ChainClient } from "./send.ts";

/** A block has fewer logs than this, so that a log's position is block × this + index. */
const LOGS_PER_BLOCK = 1_000_000;

export async function events<const TAbi extends Abi, TName extends ContractEventName<TAbi>>(
  client: ChainClient,
  abi: TAbi,
  address: Address,
  eventName: TName,
): Promise<GetContractEventsReturnType<TAbi, TName, true, "earliest", "latest">> {
  return client.getContractEvents({
    abi,
    address,
    eventName,
    strict: true,
    fromBlock: "earliest",
    toBlock: "latest",
  });
}

export function placeOf(log: { blockNumber: bigint; logIndex: number; transactionHash: Hex }): Place {
  return {
    position: Number(log.blockNumber) * LOGS_PER_BLOCK + log.logIndex,
    block: log.blockNumber,
    transaction: log.transactionHash,
  };
}

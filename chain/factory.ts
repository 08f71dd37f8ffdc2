/** The factory that made a community. */

import { type Address, getAddress, isAddressEqual } from "viem";
import { communityFactoryAbi } from "./abi.ts";
import type { ChainClient } from "./send.ts";

export type Made = { readonly factory: Address; readonly number: number };

/**
 * Found by what factories told of their communities. Any contract can tell such a thing: whoever gives the address of the
 * community must have it from where it was made.
 * @param community the address of its Community contract
 * @returns undefined if no factory knows it
 */
export async function factoryOf(client: ChainClient, community: Address): Promise<Made | undefined> {
  const logs = await client.getContractEvents({
    abi: communityFactoryAbi,
    eventName: "CommunityCreated",
    strict: true,
    fromBlock: "earliest",
    toBlock: "latest",
  });
  const created = logs.find(({ args }) => isAddressEqual(args.deployment.community, community));
  return created && { factory: getAddress(created.address), number: created.args.number };
}

/** The factory that made a community, which is all that an index needs to know to follow a chain. */

import { type Address, getAbiItem, getAddress, isAddressEqual, parseEventLogs } from "viem";
import { communityFactoryAbi } from "./abi.ts";
import type { ChainClient } from "./send.ts";

/** No factory on the chain has told of a community. */
export class FactoryUnknownError extends Error {
  override name = "FactoryUnknownError";
}

/**
 * The factory of a community, and the number that it gave it.
 * @param community the address of its `Community` contract
 * @throws FactoryUnknownError if there is no such community on the chain
 */
export async function factoryOf(
  client: ChainClient,
  community: Address,
): Promise<{ readonly factory: Address; readonly number: number }> {
  const event = getAbiItem({ abi: communityFactoryAbi, name: "CommunityCreated" });
  const logs = await client.getLogs({ event, fromBlock: "earliest", toBlock: "latest" });
  const created = parseEventLogs({ abi: communityFactoryAbi, eventName: "CommunityCreated", logs });
  // Nobody can tell of it before it was made, and who made it tells in the same transaction.
  const own = created.find(({ args }) => isAddressEqual(args.deployment.community, community));
  if (own !== undefined) return { factory: getAddress(own.address), number: own.args.number };
  throw new FactoryUnknownError(
    `no factory on this chain made the community at ${community}: check that this is the chain on which it was settled`,
  );
}

/** The channels of an account: nothing is told of one that is another's. */

import { z } from "zod";
import { notFound } from "../http/problem.ts";
import type { IndexReader } from "../index/reader.ts";
import { accountParam, channelParam, communityParam, configurationParam, pageOf } from "./request.ts";

/** Of one account. */
const MOST_CHANNELS = 500;

export const ofChannel = z.strictObject({
  community: communityParam,
  account: accountParam,
  configuration: configurationParam,
  channel: channelParam,
});

export type OfChannel = z.infer<typeof ofChannel>;

/** @throws Problem 404 unless the channel is the account's */
export function ownChannel(reader: IndexReader, { community, account, configuration, channel }: OfChannel) {
  const ledger = reader.addresses(community)?.ledgers[configuration];
  const found = channelsOwned(reader, community, account).find(
    (each) => each.configuration === configuration && each.channel === channel,
  );
  if (ledger === undefined || found === undefined) throw notFound();
  return { ledger, direction: found.direction };
}

export function channelsOwned(reader: IndexReader, community: number, account: number) {
  const channels = reader.items(community, "channel", pageOf({ limit: MOST_CHANNELS }), { account });
  return channels.map(({ content }) => ownedChannel.parse(JSON.parse(content)));
}

const ownedChannel = z.object({
  configuration: z.number(),
  channel: z.number(),
  direction: z.enum(["injected", "withdrawn"]),
});

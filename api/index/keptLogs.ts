/** The events of a community, as they are kept, for whoever reads events. */

import type { DatabaseSync } from "node:sqlite";
import { bytesToHex, type Hex, isHex } from "viem";
import { z } from "zod";
import { type KeptLogs, LOGS_PER_BLOCK } from "../../chain/events.ts";

const hex = z.custom<Hex>((value) => isHex(value));
const topicsShape = z.union([z.tuple([hex]).rest(hex), z.tuple([])]);
const row = z.object({
  position: z.number(),
  transaction_hash: hex,
  topics: z.string().transform((text) => topicsShape.parse(JSON.parse(text))),
  data: z.instanceof(Uint8Array),
});

export function keptLogsOf(database: DatabaseSync): KeptLogs {
  const select = database.prepare(
    "SELECT position, transaction_hash, topics, data FROM event WHERE address = ? AND kind = ? ORDER BY position",
  );
  return {
    keptLogs: (address, topic) =>
      select
        .all(address, topic)
        .map((each) => row.parse(each))
        .map(({ position, transaction_hash: transactionHash, topics, data }) => ({
          address,
          topics,
          data: bytesToHex(data),
          blockNumber: BigInt(Math.floor(position / LOGS_PER_BLOCK)),
          logIndex: position % LOGS_PER_BLOCK,
          transactionHash,
          blockHash: transactionHash,
          transactionIndex: 0,
          removed: false,
        })),
  };
}

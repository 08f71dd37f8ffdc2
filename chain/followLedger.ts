/**
 * Reads a ledger again and again at a cost that does not grow with its history: what its events said is remembered, and only those of
 * later blocks are asked for.
 *
 * A chain of QBFT validators is final at once, and so is the embedded one: what was read stays true, also when a node or the chain
 * begins again. Were a block that was seen no longer there all the same, as after a backup was put in a chain's place, everything is
 * read anew.
 */

import { type Address, getAbiItem, type Hex, slice } from "viem";
import type { BatchInput, RosterRecord } from "../settlement/history.ts";
import type { Hour } from "../settlement/hours.ts";
import { energyLedgerAbi } from "./abi.ts";
import { readBatchInput } from "./ledgerHistory.ts";
import type { ChainClient } from "./send.ts";

/** Nodes answer for so many blocks at once: Besu's own limit. */
const BLOCKS_AT_ONCE = 5000n;

const FOLLOWED = [
  getAbiItem({ abi: energyLedgerAbi, name: "BatchRecorded" }),
  getAbiItem({ abi: energyLedgerAbi, name: "BatchAmended" }),
  getAbiItem({ abi: energyLedgerAbi, name: "RosterAdopted" }),
] as const;

export type FollowedLedger = {
  /** All roster versions, in the order of their adoption. */
  readonly rosters: () => Promise<readonly Pick<RosterRecord, "effectiveHour" | "blob">[]>;
  /** What stands recorded in the batch of an hour; undefined if there is none, or it cannot be read. */
  readonly batchOf: (hour: Hour) => Promise<BatchInput["batch"] | undefined>;
};

type Block = { readonly number: bigint; readonly hash: Hex };

/**
 * To be asked one thing at a time.
 * @param blocksAtOnce of so many blocks the node is asked for events in one call
 */
export function followLedger(client: ChainClient, ledger: Address, blocksAtOnce = BLOCKS_AT_ONCE): FollowedLedger {
  let rosters: { readonly effectiveHour: Hour; readonly blob: Hex }[] = [];
  const transactionOf = new Map<Hour, Hex>();
  let seen: Block | undefined;

  async function isStillThere(block: Block, height: bigint): Promise<boolean> {
    if (block.number > height) return false;
    const { hash } = await client.getBlock({ blockNumber: block.number });
    return hash === block.hash;
  }

  async function readEvents(fromBlock: bigint, toBlock: bigint): Promise<void> {
    const logs = await client.getLogs({ address: ledger, events: FOLLOWED, strict: true, fromBlock, toBlock });
    const adopted = [...rosters];
    for (const log of logs) {
      if (log.eventName !== "RosterAdopted") continue;
      const code = (await client.getCode({ address: log.args.pointer })) ?? "0x00";
      adopted[log.args.version - 1] = { effectiveHour: log.args.effectiveHour, blob: slice(code, 1) };
    }
    rosters = adopted;
    for (const log of logs) {
      if (log.eventName === "RosterAdopted") continue;
      const { firstHour, hourCount } = log.args;
      for (let hour = firstHour; hour < firstHour + hourCount; hour++) transactionOf.set(hour, log.transactionHash);
    }
  }

  async function catchUp(): Promise<void> {
    const head = await client.getBlock();
    if (head.hash === seen?.hash) return;
    if (seen !== undefined && !(await isStillThere(seen, head.number))) {
      rosters = [];
      transactionOf.clear();
      seen = undefined;
    }
    for (let from = (seen?.number ?? -1n) + 1n; from <= head.number; from += blocksAtOnce) {
      const end = from + blocksAtOnce - 1n;
      const last = end < head.number ? await client.getBlock({ blockNumber: end }) : head;
      await readEvents(from, last.number);
      seen = { number: last.number, hash: last.hash };
    }
  }

  return {
    async rosters() {
      await catchUp();
      return rosters;
    },
    async batchOf(hour) {
      await catchUp();
      const transaction = transactionOf.get(hour);
      return transaction && (await readBatchInput(client, ledger, transaction))?.batch;
    },
  };
}

/** What a block says of the communities: from raw logs and calldata to rows. No I/O. */

import { type Address, bytesToHex, getAbiItem, type Hex, parseEventLogs, toEventSelector } from "viem";
import { communityFactoryAbi, energyLedgerAbi } from "../../chain/abi.ts";
import { decodeCalldata } from "../../chain/batchCalldata.ts";
import { decodeBatchEvent, isBatchEvent } from "../../chain/batchEvent.ts";
import type { Block, RawLog } from "../../chain/blockAnswers.ts";
import { LOGS_PER_BLOCK } from "../../chain/events.ts";
import type { EncodedBatch } from "../../settlement/batch.ts";
import type { BatchEvent } from "../../settlement/history.ts";
import type { AdoptedRoster, RecomputedBatch } from "../../settlement/recomputeLedger.ts";
import { recomputeBatch } from "../../settlement/recomputeLedger.ts";
import type { Contract } from "./contracts.ts";

export type KeptEvent = {
  readonly position: number;
  readonly transaction: Hex;
  readonly contract: Contract;
  readonly topics: readonly Hex[];
  readonly data: Uint8Array;
};

export type KeptBatch = {
  readonly position: number;
  readonly transaction: Hex;
  readonly contract: Contract;
  readonly firstHour: number;
  readonly event: BatchEvent;
  /** Undefined if the transaction is no call of the ledger's `record` or `amend`. */
  readonly input: EncodedBatch<Uint8Array> | undefined;
  /** Undefined if what was brought cannot be read. */
  readonly recomputed: RecomputedBatch | undefined;
};

/** A roster that was adopted, whose content stands in the code of `pointer`. */
export type AdoptedPointer = {
  readonly position: number;
  readonly contract: Contract;
  readonly version: number;
  readonly effectiveHour: number;
  readonly pointer: Address;
};

const ROSTER_TOPIC = toEventSelector(getAbiItem({ abi: energyLedgerAbi, name: "RosterAdopted" }));

export function positionOf({ blockNumber, logIndex }: RawLog): number {
  return blockNumber * LOGS_PER_BLOCK + logIndex;
}

/** The contracts that the factory made in a block. A contract's own first events stand before the factory's word of it. */
export function contractsMade({ logs }: Block, factory: Address, ledgersOf: (community: number) => number): Contract[] {
  const own = logs.filter(({ address }) => address === factory);
  if (own.length === 0) return [];
  const made: Contract[] = [];
  const told = parseEventLogs({ abi: communityFactoryAbi, logs: own.map(toLog) });
  for (const log of told) {
    const community = log.args.number;
    const add = (kind: Contract["kind"], address: Address, configuration?: number) =>
      made.push({ address, community, kind, configuration });
    if (log.eventName === "CommunityCreated") {
      const { roles, community: own, ruleBook, receiptBook } = log.args.deployment;
      add("roles", roles);
      add("community", own);
      add("ruleBook", ruleBook);
      add("receiptBook", receiptBook);
    } else if (log.eventName === "TreasuryAdded") {
      add("treasury", log.args.treasury);
      add("token", log.args.token);
    } else if (log.eventName === "RedemptionsAdded") add("redemptions", log.args.redemptions);
    else if (log.eventName === "LedgerAdded") {
      const before = made.filter((each) => each.kind === "ledger" && each.community === community).length;
      add("ledger", log.args.ledger, ledgersOf(community) + before);
    }
  }
  return made;
}

/** The logs of known contracts, sorted by what becomes of them. */
export function sortLogs(
  { logs }: Block,
  contractAt: (address: Address) => Contract | undefined,
): { readonly events: KeptEvent[]; readonly rosters: AdoptedPointer[]; readonly batches: RawLog[] } {
  const events: KeptEvent[] = [];
  const rosters: AdoptedPointer[] = [];
  const batches: RawLog[] = [];
  for (const log of logs) {
    const contract = contractAt(log.address);
    const topic = log.topics[0];
    if (contract === undefined || topic === undefined) continue;
    if (contract.kind === "ledger" && isBatchEvent(topic)) {
      batches.push(log);
      continue;
    }
    const position = positionOf(log);
    events.push({ position, transaction: log.transactionHash, contract, topics: log.topics, data: log.data });
    if (contract.kind !== "ledger" || topic !== ROSTER_TOPIC) continue;
    for (const { args } of parseEventLogs({ abi: energyLedgerAbi, eventName: "RosterAdopted", logs: [toLog(log)] })) {
      rosters.push({ position, contract, ...args });
    }
  }
  return { events, rosters, batches };
}

/** A batch's event with what its transaction brought, tallied anew. */
export function keptBatch(
  log: RawLog,
  { transactions }: Block,
  contract: Contract,
  versions: readonly AdoptedRoster[],
  chainId: number,
): KeptBatch | undefined {
  const told = decodeBatchEvent(log.topics, log.data);
  if (told === undefined) return undefined;
  const transaction = transactions.find(({ hash }) => hash === log.transactionHash);
  const input = transaction?.to === contract.address ? decodeCalldata(transaction.input) : undefined;
  const place = { position: positionOf(log), block: BigInt(log.blockNumber), transaction: log.transactionHash };
  return {
    position: place.position,
    transaction: log.transactionHash,
    contract,
    ...told,
    input: input?.batch,
    recomputed: recomputeBatch({ place, input }, versions, { chainId, ledger: contract.address }),
  };
}

function toLog({ address, topics, data, blockNumber, blockHash, logIndex, transactionHash }: RawLog) {
  return {
    address,
    topics,
    data: bytesToHex(data),
    blockHash,
    blockNumber: BigInt(blockNumber),
    logIndex,
    transactionHash,
    transactionIndex: 0,
    removed: false,
  };
}

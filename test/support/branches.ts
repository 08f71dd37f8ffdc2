/** One chain and others into which it can turn: alike up to a block, then each with what the others do not have. */

import assert from "node:assert/strict";
import { communityFactoryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { readHistory } from "../../chain/history.ts";
import { decodeBatch } from "../../settlement/batch.ts";
import type { Roster } from "../../settlement/roster.ts";
import { adjustedHistory } from "./adjustedHistory.ts";
import { receiptOf } from "./communityCalls.ts";
import {
  adoptRoster,
  amend,
  batchOf,
  correctionOf,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "./communityOnChain.ts";
import { type RecordedChain, recordChain } from "./recordedChain.ts";
import { redeemedHistory } from "./redeemedHistory.ts";
import { book, LAST_DAY, settle, WHOLE_CELLS } from "./runsOnChain.ts";
import { correctedHistory, MEMBERS } from "./settledHistory.ts";

const NEXT_MONTH = LAST_DAY + 24;

export type Branches = {
  readonly factory: Stage["factory"];
  readonly one: RecordedChain;
  /** Has two communities in common with it, to which other things happen. */
  readonly other: RecordedChain;
  /** Has the factory in common with them. */
  readonly young: RecordedChain;
};

export async function recordBranches(): Promise<Branches> {
  const one = await recorded((stage) => grow(stage, 11_000_000n, 7));
  const other = await recorded((stage) => grow(stage, 22_000_000n, 3));
  const young = await recorded(async (stage) => {
    await adjustedHistory(stage);
    await correctedHistory(stage);
  });
  assert(one.factory === other.factory && other.factory === young.factory);
  return { factory: one.factory, one: one.chain, other: other.chain, young: young.chain };
}

async function recorded(work: (stage: Stage) => Promise<void>) {
  const stage = await openStage();
  try {
    await work(stage);
    return { factory: stage.factory, chain: await recordChain(stage.chain) };
  } finally {
    await stage.chain.close();
  }
}

/** Two communities; then a receipt, a roster, batches, a correction and a run of the first, and a third one. */
async function grow(stage: Stage, net: bigint, weight: number): Promise<void> {
  await correctedHistory(stage);
  await redeemedHistory(stage);
  const at = await firstCommunity(stage);
  const [ledger] = at.ledgers;
  assert(ledger);
  await book(stage, at, receiptOf(FIRST_MONTH, net, { document: "after the fork" }));
  const roster = weighted(smallRoster(MEMBERS), weight);
  await adoptRoster(stage, ledger, NEXT_MONTH, roster);
  for (let day = 0; day < 14; day++) {
    const batch = batchOf(roster, NEXT_MONTH + 24 * day, 24, (row, hour) => weight * (row + 1) + hour);
    await record(stage, ledger, { ...batch, rosterVersion: 2 }, roster);
  }
  const [first] = (await readHistory(stage.client, at)).ledgers[0]?.batches ?? [];
  const standing = first?.revisions.at(-1)?.input?.batch;
  assert(standing);
  const old = decodeBatch(standing);
  const injected = old.injected.map((row) => row.map((energy) => energy + (energy > 0 ? weight : 0)));
  await amend(stage, ledger, old, correctionOf(old, smallRoster(MEMBERS), ledger, { injected }), smallRoster(MEMBERS));
  await settle(stage, at, FIRST_MONTH, FIRST_MONTH, WHOLE_CELLS, "a meter was silent");
  await redeemedHistory(stage);
}

async function firstCommunity(stage: Stage): Promise<CommunityAddresses> {
  const factory = { abi: communityFactoryAbi, address: stage.factory } as const;
  const told = await stage.client.readContract({ ...factory, functionName: "deployment", args: [1] });
  const range = { fromBlock: "earliest", toBlock: "latest", strict: true } as const;
  const added = await stage.client.getContractEvents({ ...factory, ...range, eventName: "LedgerAdded" });
  const ledgers = added.filter(({ args }) => args.number === 1).map(({ args }) => args.ledger);
  return { ...told, ledgers };
}

function weighted(roster: Roster, weight: number): Roster {
  return { ...roster, withdrawal: roster.withdrawal.map((channel) => ({ ...channel, weight })) };
}

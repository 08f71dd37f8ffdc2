/** Reads what a ledger says: batches with their calldata, rosters, oracles and the sums of its months. */

import { type Address, type Hex, hexToString, slice, zeroHash } from "viem";
import { GRADES } from "../settlement/grade.ts";
import type {
  BatchInput,
  BatchRecord,
  BatchRevision,
  LedgerHistory,
  MonthRecord,
  Place,
  RosterRecord,
} from "../settlement/history.ts";
import { type Month, monthOf } from "../settlement/hours.ts";
import { communityAbi, energyLedgerAbi } from "./abi.ts";
import { decodeInput } from "./batchCalldata.ts";
import type { CommunityAddresses } from "./deploy.ts";
import { events, placeOf } from "./events.ts";
import type { ChainClient } from "./send.ts";

const MONTH_SUM_LANES = 6;

const MONTH_SUM_BITS = 42n;

/** Called with what is being read, and how far, for a progress display. */
export type Progress = (what: string, done: number, total: number) => void;

export async function readLedger(
  client: ChainClient,
  at: CommunityAddresses,
  address: Address,
  index: number,
  progress: Progress,
): Promise<LedgerHistory> {
  const ledger = { abi: energyLedgerAbi, address } as const;
  const added = await events(client, communityAbi, at.community, "ConfigurationAdded");
  const area = hexToString(added.find((log) => log.args.configuration === index)?.args.area ?? "0x", { size: 32 });
  const nextHour = await client.readContract({ ...ledger, functionName: "nextHour" });
  const firstMonth = await client.readContract({ ...ledger, functionName: "firstMonth" });
  const oracleSets = await events(client, energyLedgerAbi, address, "OraclesSet");
  const batches = await readBatches(client, address, area, progress);
  const months: MonthRecord[] = [];
  for (const month of new Set(batches.map(({ firstHour }) => monthOf(firstHour)))) {
    months.push(await readMonth(client, address, month));
  }
  return {
    address,
    area,
    firstMonth,
    nextHour,
    rosters: await readRosters(client, address),
    oracles: oracleSets.map((log) => ({ place: placeOf(log), oracles: log.args.oracles, quorum: log.args.quorum })),
    batches,
    months,
  };
}

/** All roster versions of a ledger, in the order of their adoption. */
export async function readRosters(client: ChainClient, address: Address): Promise<RosterRecord[]> {
  const logs = await events(client, energyLedgerAbi, address, "RosterAdopted");
  return Promise.all(
    logs.map(async (log) => {
      const code = (await client.getCode({ address: log.args.pointer })) ?? "0x00";
      const { version, effectiveHour } = log.args;
      return { place: placeOf(log), version, effectiveHour, blob: slice(code, 1) };
    }),
  );
}

async function readBatches(
  client: ChainClient,
  address: Address,
  area: string,
  progress: Progress,
): Promise<BatchRecord[]> {
  const ledger = { abi: energyLedgerAbi, address } as const;
  const recorded = await events(client, energyLedgerAbi, address, "BatchRecorded");
  const amended = await events(client, energyLedgerAbi, address, "BatchAmended");
  const total = recorded.length + amended.length;
  let done = 0;
  const revisionsOf = new Map<number, BatchRevision[]>();
  for (const log of [...recorded, ...amended]) {
    const { firstHour, injected, withdrawn, shared, ...event } = log.args;
    const revisions = revisionsOf.get(firstHour) ?? [];
    const energies = { injected: lanes(injected), withdrawn: lanes(withdrawn), shared: lanes(shared) };
    revisions.push({
      place: placeOf(log),
      input: await readBatchInput(client, address, log.transactionHash),
      event: { revision: 0, replaced: zeroHash, ...event, ...energies },
    });
    revisionsOf.set(firstHour, revisions);
    progress(`reading batches of ${area}`, ++done, total);
  }
  return Promise.all(
    [...revisionsOf].map(async ([firstHour, revisions]) => {
      const storedDigest = await client.readContract({ ...ledger, functionName: "digestOf", args: [firstHour] });
      return { firstHour, revisions, storedDigest };
    }),
  );
}

/** Where recorded months were corrected, or got another roster from some hour on. */
export async function readMonthChanges(
  client: ChainClient,
  ledger: Address,
): Promise<{ place: Place; month: Month }[]> {
  const amended = await events(client, energyLedgerAbi, ledger, "BatchAmended");
  const rosters = await events(client, energyLedgerAbi, ledger, "RosterAdopted");
  return [
    ...amended.map((log) => ({ place: placeOf(log), month: log.args.month })),
    ...rosters.map((log) => ({ place: placeOf(log), month: monthOf(log.args.effectiveHour) })),
  ];
}

/** What a transaction recorded or corrected; undefined if it is none to the ledger, or cannot be read. */
export async function readBatchInput(client: ChainClient, ledger: Address, hash: Hex): Promise<BatchInput | undefined> {
  const transaction = await client.getTransaction({ hash });
  if (transaction.to?.toLowerCase() !== ledger.toLowerCase()) return undefined;
  const input = decodeInput(transaction.input);
  const batches = [input?.batch, input?.replaced].flatMap((batch) => batch ?? []);
  return batches.every(({ grade }) => grade < GRADES.length) ? input : undefined;
}

async function readMonth(client: ChainClient, address: Address, month: Month): Promise<MonthRecord> {
  const ledger = { abi: energyLedgerAbi, address, args: [month] } as const;
  const state = await client.readContract({ ...ledger, functionName: "monthState" });
  const [coincident, attributed] = await client.readContract({ ...ledger, functionName: "monthSums" });
  const [, withoutGrant, withGrant] = await client.readContract({
    ...ledger,
    functionName: "premiumSums",
    args: [month, month],
  });
  return {
    month,
    ...state,
    plantSets: { withoutGrant, withGrant },
    coincident: unpackSums(coincident),
    attributed: unpackSums(attributed),
  };
}

/** Hours of a Day: word 2j+p has hours 8j+p, 8j+p+2, 8j+p+4 and 8j+p+6, the first in the top bits. */
function lanes(day: { w0: bigint; w1: bigint; w2: bigint; w3: bigint; w4: bigint; w5: bigint }): bigint[] {
  const words = [day.w0, day.w1, day.w2, day.w3, day.w4, day.w5];
  return Array.from({ length: 24 }, (_, hour) => {
    const word = words[Math.floor(hour / 8) * 2 + (hour % 2)] ?? 0n;
    const lane = Math.floor((hour % 8) / 2);
    return BigInt.asUintN(64, word >> BigInt(192 - 64 * lane));
  });
}

function unpackSums(words: readonly bigint[]): Map<number, bigint> {
  const sums = new Map<number, bigint>();
  for (const [index, word] of words.entries()) {
    for (let lane = 0; lane < MONTH_SUM_LANES; lane++) {
      const value = BigInt.asUintN(Number(MONTH_SUM_BITS), word >> (MONTH_SUM_BITS * BigInt(lane)));
      if (value !== 0n) sums.set(index * MONTH_SUM_LANES + lane, value);
    }
  }
  return sums;
}

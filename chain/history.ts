/** Reads everything a chain says about one community: events, calldata, code and state. */

import {
  type Abi,
  type Address,
  type ContractEventName,
  decodeFunctionData,
  type GetContractEventsReturnType,
  type Hex,
  hexToString,
  slice,
} from "viem";
import { GRADES } from "../settlement/grade.ts";
import {
  ACCOUNT_KINDS,
  type AccountRecord,
  type BatchRecord,
  type ForeignCode,
  type History,
  type LedgerHistory,
  type MonthRecord,
  type Place,
  RECEIPT_KINDS,
  type ReceiptRecord,
  type RosterRecord,
  type RunRecord,
  type TreasuryState,
} from "../settlement/history.ts";
import { type Month, monthOf } from "../settlement/hours.ts";
import { communityAbi, creditTokenAbi, energyLedgerAbi, ruleBookAbi, treasuryAbi } from "./abi.ts";
import { artifactOf, type ContractName, withoutImmutables } from "./artifacts.ts";
import type { CommunityAddresses } from "./deploy.ts";
import type { ChainClient } from "./send.ts";

const MONTH_SUM_LANES = 6;
const MONTH_SUM_BITS = 42n;
const PHASE_DROPPED = 7;
/** A block has fewer logs than this, so that a log's position is block × this + index. */
const LOGS_PER_BLOCK = 1_000_000;

/** Called with what is being read, and how far, for a progress display. */
export type Progress = (what: string, done: number, total: number) => void;

/** Reads a community's history up to the newest block. */
export async function readHistory(
  client: ChainClient,
  at: CommunityAddresses,
  progress: Progress = () => undefined,
): Promise<History> {
  const accounts = await readAccounts(client, at);
  const ledgers: LedgerHistory[] = [];
  for (const [index, ledger] of at.ledgers.entries())
    ledgers.push(await readLedger(client, at, ledger, index, progress));
  const receipts = await readReceipts(client, at);
  const runs = await readRuns(client, at);
  return {
    chainId: client.chain.id,
    foreignCode: await foreignCode(client, at),
    accounts,
    ledgers,
    ruleSets: await readRuleSets(client, at),
    receipts,
    runs,
    treasury: await readTreasury(client, at, accounts, ledgers, receipts),
  };
}

async function events<const TAbi extends Abi, TName extends ContractEventName<TAbi>>(
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

function placeOf(log: { blockNumber: bigint; logIndex: number; transactionHash: Hex }): Place {
  return {
    position: Number(log.blockNumber) * LOGS_PER_BLOCK + log.logIndex,
    block: log.blockNumber,
    transaction: log.transactionHash,
  };
}

async function foreignCode(client: ChainClient, at: CommunityAddresses): Promise<ForeignCode[]> {
  const parts: [ContractName, Address][] = [
    ["CommunityRoles", at.roles],
    ["Community", at.community],
    ["RuleBook", at.ruleBook],
    ["Treasury", at.treasury],
    ["CreditToken", at.token],
    ...at.ledgers.map((ledger): [ContractName, Address] => ["EnergyLedger", ledger]),
  ];
  const foreign: ForeignCode[] = [];
  for (const [contract, address] of parts) {
    const artifact = artifactOf(contract);
    const code = await client.getCode({ address });
    const same =
      code !== undefined &&
      withoutImmutables(code, artifact) === withoutImmutables(artifact.deployedBytecode, artifact);
    if (!same) foreign.push({ contract, address });
  }
  return foreign;
}

async function readAccounts(client: ChainClient, at: CommunityAddresses): Promise<AccountRecord[]> {
  const logs = await events(client, communityAbi, at.community, "AccountEnrolled");
  return logs.map((log) => ({
    place: placeOf(log),
    number: log.args.number,
    kind: ACCOUNT_KINDS[log.args.kind] ?? "none",
    social: log.args.social,
    payee: log.args.payee,
  }));
}

async function readLedger(
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

async function readRosters(client: ChainClient, address: Address): Promise<RosterRecord[]> {
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
  const logs = await events(client, energyLedgerAbi, address, "BatchRecorded");
  const batches: BatchRecord[] = [];
  for (const [index, log] of logs.entries()) {
    const { firstHour, injected, withdrawn, shared, ...event } = log.args;
    const storedDigest = await client.readContract({
      abi: energyLedgerAbi,
      address,
      functionName: "digestOf",
      args: [firstHour],
    });
    batches.push({
      place: placeOf(log),
      firstHour,
      input: await readBatchInput(client, address, log.transactionHash),
      event: { ...event, injected: lanes(injected), withdrawn: lanes(withdrawn), shared: lanes(shared) },
      storedDigest,
    });
    progress(`reading batches of ${area}`, index + 1, logs.length);
  }
  return batches;
}

async function readBatchInput(client: ChainClient, ledger: Address, hash: Hex): Promise<BatchRecord["input"]> {
  const transaction = await client.getTransaction({ hash });
  if (transaction.to?.toLowerCase() !== ledger.toLowerCase()) return undefined;
  try {
    const call = decodeFunctionData({ abi: energyLedgerAbi, data: transaction.input });
    if (call.functionName !== "record") return undefined;
    const [batch, signatures] = call.args;
    return batch.grade < GRADES.length ? { batch, signatures } : undefined;
  } catch {
    return undefined;
  }
}

async function readMonth(client: ChainClient, address: Address, month: Month): Promise<MonthRecord> {
  const ledger = { abi: energyLedgerAbi, address, args: [month] } as const;
  const state = await client.readContract({ ...ledger, functionName: "monthState" });
  const [coincident, attributed] = await client.readContract({ ...ledger, functionName: "monthSums" });
  return { month, ...state, coincident: unpackSums(coincident), attributed: unpackSums(attributed) };
}

async function readRuleSets(client: ChainClient, at: CommunityAddresses): Promise<History["ruleSets"]> {
  const logs = await events(client, ruleBookAbi, at.ruleBook, "RuleSetAdopted");
  return Promise.all(
    logs.map(async (log) => ({
      place: placeOf(log),
      version: log.args.version,
      encoded: await client.readContract({
        abi: ruleBookAbi,
        address: at.ruleBook,
        functionName: "ruleSet",
        args: [log.args.version],
      }),
    })),
  );
}

async function readReceipts(client: ChainClient, at: CommunityAddresses): Promise<ReceiptRecord[]> {
  const logs = await events(client, treasuryAbi, at.treasury, "ReceiptBooked");
  return logs.map((log) => ({
    place: placeOf(log),
    number: log.args.number,
    ...log.args.receipt,
    kind: RECEIPT_KINDS[log.args.receipt.kind] ?? "none",
  }));
}

async function readRuns(client: ChainClient, at: CommunityAddresses): Promise<RunRecord[]> {
  const { treasury } = at;
  const opened = await events(client, treasuryAbi, treasury, "RunOpened");
  const weighed = await events(client, treasuryAbi, treasury, "Weighed");
  const apportioned = await events(client, treasuryAbi, treasury, "Apportioned");
  const dust = await events(client, treasuryAbi, treasury, "DustApportioned");
  const proposed = await events(client, treasuryAbi, treasury, "RunProposed");
  const approved = await events(client, treasuryAbi, treasury, "RunApproved");
  const payouts = await events(client, treasuryAbi, treasury, "Payout");
  const paid = await events(client, treasuryAbi, treasury, "RunPaid");
  return Promise.all(
    opened.map(async (open): Promise<RunRecord> => {
      const number = open.args.run;
      const run = await client.readContract({
        abi: treasuryAbi,
        address: treasury,
        functionName: "run",
        args: [number],
      });
      const ofRun = (log: { args: { run: number } }) => log.args.run === number;
      const ofAttempt = (log: { args: { run: number; attempt: number } }) =>
        ofRun(log) && log.args.attempt === run.attempt;
      const proposal = proposed.find(ofRun);
      const approval = approved.find(ofRun);
      const payment = paid.find(ofRun);
      return {
        number,
        opened: placeOf(open),
        fromMonth: open.args.fromMonth,
        toMonth: open.args.toMonth,
        weighed: weighed.filter(ofAttempt).map((log) => ({ place: placeOf(log), ...log.args })),
        apportioned: apportioned.filter(ofAttempt).map((log) => log.args),
        dust: dust.filter(ofAttempt).map((log) => log.args),
        proposed: proposal?.args,
        approved: approval && {
          place: placeOf(approval),
          by: approval.args.by,
          payable: approval.args.payable_,
          overrideReason: approval.args.overrideReason,
        },
        payouts: payouts.filter(ofRun).map((log) => ({ place: placeOf(log), ...log.args })),
        paid: payment && { place: placeOf(payment), paidInAll: payment.args.paidInAll },
        dropped: run.phase === PHASE_DROPPED,
      };
    }),
  );
}

async function readTreasury(
  client: ChainClient,
  at: CommunityAddresses,
  accounts: readonly AccountRecord[],
  ledgers: readonly LedgerHistory[],
  receipts: readonly ReceiptRecord[],
): Promise<TreasuryState> {
  const treasury = { abi: treasuryAbi, address: at.treasury } as const;
  const token = { abi: creditTokenAbi, address: at.token } as const;
  const cells = cellsOf(ledgers, receipts);
  return {
    received: await client.readContract({ ...treasury, functionName: "received" }),
    paid: await client.readContract({ ...treasury, functionName: "paid" }),
    supply: await client.readContract({ ...token, functionName: "totalSupply" }),
    accounts: await Promise.all(
      accounts.map(async ({ number, payee }) => {
        const balance = await client.readContract({ ...treasury, functionName: "balanceOf", args: [number] });
        const tokens = await client.readContract({ ...token, functionName: "balanceOf", args: [payee] });
        return { number, owed: balance.owed, paid: balance.paid, balance: tokens };
      }),
    ),
    pools: await Promise.all(
      cells.map(async ([configuration, month]) => ({
        configuration,
        month,
        amount: await client.readContract({ ...treasury, functionName: "poolOf", args: [configuration, month] }),
      })),
    ),
    settled: await Promise.all(
      cells.flatMap(([configuration, month]) =>
        accounts.map(async ({ number: account }) => ({
          configuration,
          month,
          account,
          amount: await client.readContract({
            ...treasury,
            functionName: "settledOf",
            args: [configuration, month, account],
          }),
        })),
      ),
    ),
  };
}

/** Every month of every configuration that has readings or receipts. */
function cellsOf(ledgers: readonly LedgerHistory[], receipts: readonly ReceiptRecord[]): [number, Month][] {
  return ledgers.flatMap(({ months }, configuration) => {
    const numbers = new Set([
      ...months.map(({ month }) => month),
      ...receipts.filter((receipt) => receipt.configuration === configuration).map(({ month }) => month),
    ]);
    return [...numbers].map((month): [number, Month] => [configuration, month]);
  });
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

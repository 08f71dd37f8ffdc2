/** Receipts, and a run from opening to payout: the treasurer's and the president's work. */

import { type Address, zeroHash } from "viem";
import { RECEIPT_KINDS, type ReceiptKind } from "../settlement/history.ts";
import type { Month } from "../settlement/hours.ts";
import { receiptBookAbi, treasuryAbi } from "./abi.ts";
import type { ChainClient, Sender } from "./send.ts";

/** Amounts in micro-euro, whole cents; negative where GSE took money back. */
export type Receipt = {
  readonly configuration: number;
  readonly month: Month;
  readonly kind: ReceiptKind;
  /** Whom an energy sale or a reserve is passed through to; 0 for other kinds. */
  readonly account: number;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly vat: bigint;
  readonly net: bigint;
  readonly documentHash: `0x${string}`;
};

export async function bookReceipt(treasurer: Sender, receiptBook: Address, receipt: Receipt): Promise<void> {
  const { configuration, month, account, gross, fee, vat, net, documentHash } = receipt;
  const kind = RECEIPT_KINDS.indexOf(receipt.kind);
  const args = [{ configuration, month, kind, account, gross, fee, vat, net, documentHash }] as const;
  await treasurer.send({ abi: receiptBookAbi, address: receiptBook, functionName: "bookReceipt", args });
}

/** Says that GSE's adjustment of a year is booked, so that the next run releases what was held of it. */
export async function adjustYear(
  treasurer: Sender,
  receiptBook: Address,
  configuration: number,
  year: number,
): Promise<void> {
  const args = [configuration, year, zeroHash] as const;
  await treasurer.send({ abi: receiptBookAbi, address: receiptBook, functionName: "adjustYear", args });
}

/** In the order of `ITreasury.Phase`. */
export const PHASES = ["none", "weigh", "apportion", "apportioned", "proposed", "approved", "paid", "dropped"] as const;
export type Phase = (typeof PHASES)[number];

/** Accounts of a run stand four to a word; phases go through words. */
const ACCOUNTS_PER_WORD = 4;
/** Gas that one chunk may take: well below the cap of a transaction. */
const CHUNK_GAS = 10_000_000;
/**
 * The dearest case, a first run: in weighing and apportioning the keys of twelve rules, in paying four new token balances
 * and standings; and in paying one new slot in each month.
 */
const WORD_GAS = { weigh: 70_000, apportion: 110_000, pay: 200_000 } as const;
const MONTH_WORD_GAS = 25_000;

/** Configurations × months of one run: `Runs.MAX_CELLS`. */
export const MAX_CELLS = 256;

export type RunState = {
  readonly number: number;
  readonly phase: Phase;
  readonly fromMonth: Month;
  readonly toMonth: Month;
  readonly provisional: boolean;
  readonly payableFrom: number;
  readonly cell: number;
  readonly word: number;
  readonly cells: number;
  readonly words: number;
  readonly totalOwed: bigint;
};

/** The newest run; undefined if there was none yet. */
export async function newestRun(client: ChainClient, treasury: Address): Promise<RunState | undefined> {
  const call = { abi: treasuryAbi, address: treasury } as const;
  const number = await client.readContract({ ...call, functionName: "runCount" });
  if (number === 0) return undefined;
  const run = await client.readContract({ ...call, functionName: "run", args: [number] });
  const phase = PHASES[run.phase];
  if (phase === undefined) throw new RangeError(`run ${number}: phase ${run.phase}`);
  return {
    ...run,
    number,
    phase,
    cells: (run.toMonth - run.fromMonth + 1) * run.configurations,
    words: Math.ceil(run.accounts / ACCOUNTS_PER_WORD),
  };
}

/** Whether a run has begun and is neither paid nor dropped. */
export function isLive(run: RunState): boolean {
  return run.phase !== "paid" && run.phase !== "dropped";
}

export async function openRun(treasurer: Sender, treasury: Address, from: Month, to: Month): Promise<void> {
  await treasurer.send({ abi: treasuryAbi, address: treasury, functionName: "open", args: [from, to] });
}

/** Takes the run one transaction further in a phase that goes by chunks. */
export async function advanceRun(
  treasurer: Sender,
  treasury: Address,
  run: RunState,
  phase: "weigh" | "apportion" | "pay",
): Promise<void> {
  const months = phase === "pay" ? run.cells : 0;
  const words = Math.max(1, Math.floor(CHUNK_GAS / (WORD_GAS[phase] + months * MONTH_WORD_GAS)));
  const args = [run.number, BigInt(words)] as const;
  await treasurer.send({ abi: treasuryAbi, address: treasury, functionName: phase, args });
}

export async function proposeRun(treasurer: Sender, treasury: Address, run: RunState): Promise<void> {
  await treasurer.send({ abi: treasuryAbi, address: treasury, functionName: "propose", args: [run.number] });
}

/** Approves the very content that the president's client sees now. */
export async function approveRun(
  client: ChainClient,
  president: Sender,
  treasury: Address,
  run: RunState,
  overrideReason: string,
): Promise<void> {
  const call = { abi: treasuryAbi, address: treasury } as const;
  const content = await client.readContract({ ...call, functionName: "contentHash", args: [run.number] });
  await president.send({ ...call, functionName: "approve", args: [run.number, content, overrideReason] });
}

/** Receipts, and a run from opening to payout: the treasurer's and the president's work. */

import { type Address, type Hex, zeroHash } from "viem";
import { RECEIPT_KINDS, type ReceiptKind } from "../settlement/history.ts";
import type { Month } from "../settlement/hours.ts";
import { receiptBookAbi, treasuryAbi } from "./abi.ts";
import { type Call, callOf } from "./call.ts";
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

export function receiptCall(receiptBook: Address, receipt: Receipt): Call {
  const { configuration, month, account, gross, fee, vat, net, documentHash } = receipt;
  const kind = RECEIPT_KINDS.indexOf(receipt.kind);
  const args = [{ configuration, month, kind, account, gross, fee, vat, net, documentHash }] as const;
  return callOf({ abi: receiptBookAbi, address: receiptBook, functionName: "bookReceipt", args });
}

export async function bookReceipt(treasurer: Sender, receiptBook: Address, receipt: Receipt): Promise<void> {
  await treasurer.send(receiptCall(receiptBook, receipt));
}

/** Says that GSE's adjustment of a year is booked, so that the next run releases what was held of it. */
export function adjustYearCall(receiptBook: Address, configuration: number, year: number, documentHash: Hex): Call {
  const args = [configuration, year, documentHash] as const;
  return callOf({ abi: receiptBookAbi, address: receiptBook, functionName: "adjustYear", args });
}

export async function adjustYear(
  treasurer: Sender,
  receiptBook: Address,
  configuration: number,
  year: number,
): Promise<void> {
  await treasurer.send(adjustYearCall(receiptBook, configuration, year, zeroHash));
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
  readonly objected: boolean;
  readonly fromMonth: Month;
  readonly toMonth: Month;
  readonly provisional: boolean;
  readonly payableFrom: number;
  readonly configurations: number;
  readonly cell: number;
  readonly word: number;
  readonly cells: number;
  readonly words: number;
  readonly totalOwed: bigint;
};

/** The newest run; undefined if there was none yet. */
export async function newestRun(client: ChainClient, treasury: Address): Promise<RunState | undefined> {
  const number = await client.readContract({ abi: treasuryAbi, address: treasury, functionName: "runCount" });
  return number === 0 ? undefined : readRun(client, treasury, number);
}

/** A run as it stands; of phase `none` if there is none of this number. */
export async function readRun(client: ChainClient, treasury: Address, number: number): Promise<RunState> {
  const call = { abi: treasuryAbi, address: treasury, functionName: "run", args: [number] } as const;
  const run = await client.readContract(call);
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

export function openRunCall(treasury: Address, from: Month, to: Month): Call {
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "open", args: [from, to] });
}

export async function openRun(treasurer: Sender, treasury: Address, from: Month, to: Month): Promise<void> {
  await treasurer.send(openRunCall(treasury, from, to));
}

export type ChunkedPhase = "weigh" | "apportion" | "pay";

/** Words of accounts that one transaction goes through in a phase that goes by chunks. */
export function chunkWords({ cells }: Pick<RunState, "cells">, phase: ChunkedPhase): number {
  const months = phase === "pay" ? cells : 0;
  return Math.max(1, Math.floor(CHUNK_GAS / (WORD_GAS[phase] + months * MONTH_WORD_GAS)));
}

/** Takes the run one transaction further in a phase that goes by chunks. */
export function advanceRunCall(treasury: Address, run: RunState, phase: ChunkedPhase): Call {
  const args = [run.number, BigInt(chunkWords(run, phase))] as const;
  return callOf({ abi: treasuryAbi, address: treasury, functionName: phase, args });
}

export async function advanceRun(
  treasurer: Sender,
  treasury: Address,
  run: RunState,
  phase: ChunkedPhase,
): Promise<void> {
  await treasurer.send(advanceRunCall(treasury, run, phase));
}

export function proposeRunCall(treasury: Address, run: number): Call {
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "propose", args: [run] });
}

export async function proposeRun(treasurer: Sender, treasury: Address, run: RunState): Promise<void> {
  await treasurer.send(proposeRunCall(treasury, run.number));
}

/** What the president approves of a run, as it stands now. */
export function runContent(client: ChainClient, treasury: Address, run: number): Promise<Hex> {
  return client.readContract({ abi: treasuryAbi, address: treasury, functionName: "contentHash", args: [run] });
}

export function approveRunCall(treasury: Address, run: number, content: Hex, overrideReason: string): Call {
  const args = [run, content, overrideReason] as const;
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "approve", args });
}

/** Approves the very content that the president's client sees now. */
export async function approveRun(
  client: ChainClient,
  president: Sender,
  treasury: Address,
  run: RunState,
  overrideReason: string,
): Promise<void> {
  const content = await runContent(client, treasury, run.number);
  await president.send(approveRunCall(treasury, run.number, content, overrideReason));
}

export function objectToRunCall(treasury: Address, run: number, reason: string): Call {
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "object", args: [run, reason] });
}

export function withdrawRunObjectionCall(treasury: Address, run: number): Call {
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "withdrawObjection", args: [run] });
}

export function dropRunCall(treasury: Address, run: number): Call {
  return callOf({ abi: treasuryAbi, address: treasury, functionName: "drop", args: [run] });
}

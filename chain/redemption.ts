/** Files of payments for the bank, and what became of them: the treasurer's and the president's work. */

import { type Address, bytesToString, type Hex, hexToBytes, parseEventLogs, stringToHex } from "viem";
import { FILE_STATES, type FileState, PAYMENT_STATES, type PaymentState } from "../settlement/history.ts";
import { redemptionsAbi } from "./abi.ts";
import type { ChainClient, Sender } from "./send.ts";

/** What goes into a file. Micro-euro in whole cents; the end-to-end id is ASCII of at most 32 characters. */
export type BankTransfer = { readonly account: number; readonly amount: bigint; readonly endToEndId: string };

export type Outcome = "executed" | "returned";
const OUTCOMES = ["executed", "returned"] as const;

/** A payment takes 60,000 gas where everything is new: so many stay below two thirds of the gas of a transaction. */
export const PAYMENTS_AT_ONCE = 150;

export type FileOnChain = {
  readonly number: number;
  readonly state: FileState;
  readonly objected: boolean;
  readonly count: number;
  readonly added: number;
  readonly total: bigint;
  readonly documentHash: Hex;
};

/** An end-to-end id as the contract keeps it. */
export function idOf(endToEndId: string): Hex {
  return stringToHex(endToEndId, { size: 32 });
}

/** The text of an id. */
export function endToEndIdOf(id: Hex): string {
  return bytesToString(hexToBytes(id)).replace(/\0+$/, "");
}

export async function fileCount(client: ChainClient, redemptions: Address): Promise<number> {
  return client.readContract({ abi: redemptionsAbi, address: redemptions, functionName: "fileCount" });
}

export async function readFile(client: ChainClient, redemptions: Address, number: number): Promise<FileOnChain> {
  const call = { abi: redemptionsAbi, address: redemptions } as const;
  const file = await client.readContract({ ...call, functionName: "file", args: [number] });
  const state = FILE_STATES[file.state];
  if (state === undefined) throw new RangeError(`redemption file ${number}: state ${file.state}`);
  return { ...file, number, state };
}

export async function paymentState(client: ChainClient, redemptions: Address, id: string): Promise<PaymentState> {
  const call = { abi: redemptionsAbi, address: redemptions } as const;
  const payment = await client.readContract({ ...call, functionName: "payment", args: [idOf(id)] });
  const state = PAYMENT_STATES[payment.state];
  if (state === undefined) throw new RangeError(`payment ${id}: state ${payment.state}`);
  return state;
}

/** Begins a file; returns its number. */
export async function openFile(
  treasurer: Sender,
  redemptions: Address,
  documentHash: Hex,
  transfers: readonly BankTransfer[],
): Promise<number> {
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0n);
  const args = [documentHash, transfers.length, total] as const;
  const opened = await treasurer.send({ abi: redemptionsAbi, address: redemptions, functionName: "open", args });
  const [event] = parseEventLogs({ abi: redemptionsAbi, eventName: "FileOpened", logs: opened.logs });
  if (event === undefined) throw new Error("opening the redemption file: the contract did not say which it is");
  return event.args.file;
}

/** Adds the payments that a file lacks; the last one proposes it. */
export async function addPayments(
  treasurer: Sender,
  redemptions: Address,
  file: FileOnChain,
  transfers: readonly BankTransfer[],
): Promise<void> {
  for (const chunk of chunks(transfers.slice(file.added))) {
    const given = chunk.map(({ account, amount, endToEndId }) => ({ account, amount, id: idOf(endToEndId) }));
    const call = { abi: redemptionsAbi, address: redemptions, functionName: "add" } as const;
    await treasurer.send({ ...call, args: [file.number, given] });
  }
}

/** Approves the very content that the president's client sees now. */
export async function approveFile(
  client: ChainClient,
  president: Sender,
  redemptions: Address,
  number: number,
): Promise<void> {
  const call = { abi: redemptionsAbi, address: redemptions } as const;
  const content = await client.readContract({ ...call, functionName: "contentHash", args: [number] });
  await president.send({ ...call, functionName: "approve", args: [number, content] });
}

/** Gives up a file that is not approved; what is in escrow goes back. */
export async function dropFile(
  officer: Sender,
  redemptions: Address,
  number: number,
  ids: readonly string[],
): Promise<void> {
  for (const chunk of ids.length === 0 ? [[]] : chunks(ids)) {
    const args = [number, chunk.map(idOf)] as const;
    await officer.send({ abi: redemptionsAbi, address: redemptions, functionName: "drop", args });
  }
}

/** Books what became of payments at the bank: the treasurer proposes, the president approves, chunk by chunk. */
export async function bookOutcomes(
  treasurer: Sender,
  president: Sender,
  redemptions: Address,
  outcome: Outcome,
  ids: readonly string[],
): Promise<void> {
  const call = { abi: redemptionsAbi, address: redemptions } as const;
  const kind = OUTCOMES.indexOf(outcome);
  for (const chunk of chunks(ids)) {
    const given = chunk.map(idOf);
    const proposed = await treasurer.send({ ...call, functionName: "proposeOutcomes", args: [kind, given] });
    const [event] = parseEventLogs({ abi: redemptionsAbi, eventName: "OutcomesProposed", logs: proposed.logs });
    if (event === undefined) throw new Error("proposing outcomes: the contract did not say which they are");
    await president.send({ ...call, functionName: "approveOutcomes", args: [event.args.number, kind, given] });
  }
}

function chunks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / PAYMENTS_AT_ONCE) }, (_, i) =>
    list.slice(i * PAYMENTS_AT_ONCE, (i + 1) * PAYMENTS_AT_ONCE),
  );
}

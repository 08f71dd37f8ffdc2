/** Files of payments for the bank, and what became of them: the treasurer's and the president's work. */

import { type Address, bytesToString, type Hex, hexToBytes, parseEventLogs, stringToHex } from "viem";
import { FILE_STATES, type FileState } from "../settlement/tokenHistory.ts";
import { redemptionsAbi } from "./abi.ts";
import { type Call, callOf } from "./call.ts";
import type { ChainClient, Sender } from "./send.ts";

/** What goes into a file. Micro-euro in whole cents; the end-to-end id is ASCII of at most 32 characters. */
export type BankTransfer = { readonly account: number; readonly amount: bigint; readonly endToEndId: string };

/** In the order of `IRedemptions.Outcome`. */
export const OUTCOMES = ["executed", "returned"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A payment takes 62,000 gas where everything is new: so many stay below two thirds of the gas of a transaction. */
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

export async function readFile(client: ChainClient, redemptions: Address, number: number): Promise<FileOnChain> {
  const call = { abi: redemptionsAbi, address: redemptions } as const;
  const file = await client.readContract({ ...call, functionName: "file", args: [number] });
  const state = FILE_STATES[file.state];
  if (state === undefined) throw new RangeError(`redemption file ${number}: state ${file.state}`);
  return { ...file, number, state };
}

/** The number that the next file gets. */
export async function nextFile(client: ChainClient, redemptions: Address): Promise<number> {
  return 1 + (await client.readContract({ abi: redemptionsAbi, address: redemptions, functionName: "fileCount" }));
}

export function openFileCall(redemptions: Address, documentHash: Hex, transfers: readonly BankTransfer[]): Call {
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0n);
  const args = [documentHash, transfers.length, total] as const;
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "open", args });
}

/** Begins a file; returns its number. */
export async function openFile(
  treasurer: Sender,
  redemptions: Address,
  documentHash: Hex,
  transfers: readonly BankTransfer[],
): Promise<number> {
  const opened = await treasurer.send(openFileCall(redemptions, documentHash, transfers));
  const [event] = parseEventLogs({ abi: redemptionsAbi, eventName: "FileOpened", logs: opened.logs });
  if (event === undefined) throw new Error("opening the redemption file: the contract did not say which it is");
  return event.args.file;
}

/** What adds the payments that a file lacks, by chunks; the last one proposes it. */
export function addPaymentsCalls(
  redemptions: Address,
  { number, added }: Pick<FileOnChain, "number" | "added">,
  transfers: readonly BankTransfer[],
): Call[] {
  return chunks(transfers.slice(added)).map((chunk) => {
    const given = chunk.map(({ account, amount, endToEndId }) => ({ account, amount, id: idOf(endToEndId) }));
    return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "add", args: [number, given] });
  });
}

export async function addPayments(
  treasurer: Sender,
  redemptions: Address,
  file: FileOnChain,
  transfers: readonly BankTransfer[],
): Promise<void> {
  for (const call of addPaymentsCalls(redemptions, file, transfers)) await treasurer.send(call);
}

/** What the president approves of a file, as it stands now. */
export function fileContent(client: ChainClient, redemptions: Address, file: number): Promise<Hex> {
  return client.readContract({
    abi: redemptionsAbi,
    address: redemptions,
    functionName: "contentHash",
    args: [file],
  });
}

export function approveFileCall(redemptions: Address, file: number, content: Hex): Call {
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "approve", args: [file, content] });
}

/** Approves a file if its content is what the president expects. */
export async function approveFile(
  president: Sender,
  redemptions: Address,
  number: number,
  content: Hex,
): Promise<void> {
  await president.send(approveFileCall(redemptions, number, content));
}

export function objectToFileCall(redemptions: Address, file: number, reason: string): Call {
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "object", args: [file, reason] });
}

export function withdrawFileObjectionCall(redemptions: Address, file: number): Call {
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "withdrawObjection", args: [file] });
}

/** What gives up a file that is not approved, by chunks of its payments that are in escrow: they go back. */
export function dropFileCalls(redemptions: Address, number: number, ids: readonly string[]): Call[] {
  return (ids.length === 0 ? [[]] : chunks(ids)).map((chunk) => {
    const args = [number, chunk.map(idOf)] as const;
    return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "drop", args });
  });
}

export async function dropFile(
  officer: Sender,
  redemptions: Address,
  number: number,
  ids: readonly string[],
): Promise<void> {
  for (const call of dropFileCalls(redemptions, number, ids)) await officer.send(call);
}

/** Proposes what became of payments at the bank: of at most `PAYMENTS_AT_ONCE`. */
export function proposeOutcomesCall(redemptions: Address, outcome: Outcome, ids: readonly string[]): Call {
  const args = [OUTCOMES.indexOf(outcome), ids.map(idOf)] as const;
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "proposeOutcomes", args });
}

/** Approves outcomes that were proposed under a number, if they are these. */
export function approveOutcomesCall(
  redemptions: Address,
  number: number,
  outcome: Outcome,
  ids: readonly string[],
): Call {
  const args = [number, OUTCOMES.indexOf(outcome), ids.map(idOf)] as const;
  return callOf({ abi: redemptionsAbi, address: redemptions, functionName: "approveOutcomes", args });
}

/** Books what became of payments at the bank: the treasurer proposes, the president approves, chunk by chunk. */
export async function bookOutcomes(
  treasurer: Sender,
  president: Sender,
  redemptions: Address,
  outcome: Outcome,
  ids: readonly string[],
): Promise<void> {
  for (const chunk of chunks(ids)) {
    const proposed = await treasurer.send(proposeOutcomesCall(redemptions, outcome, chunk));
    const [event] = parseEventLogs({ abi: redemptionsAbi, eventName: "OutcomesProposed", logs: proposed.logs });
    if (event === undefined) throw new Error("proposing outcomes: the contract did not say which they are");
    await president.send(approveOutcomesCall(redemptions, event.args.number, outcome, chunk));
  }
}

/** Parts of a list that one transaction takes. */
export function chunks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / PAYMENTS_AT_ONCE) }, (_, i) =>
    list.slice(i * PAYMENTS_AT_ONCE, (i + 1) * PAYMENTS_AT_ONCE),
  );
}

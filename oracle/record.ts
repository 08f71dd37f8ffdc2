/** Signs batches and their corrections and brings them to the ledger, in order. */

import type { Address, Hex, TransactionReceipt } from "viem";
import type { LocalAccount } from "viem/accounts";
import { energyLedgerAbi } from "../chain/abi.ts";
import type { Sender } from "../chain/send.ts";
import { type Batch, encodeBatch } from "../settlement/batch.ts";
import { batchTypedData } from "../settlement/batchDigest.ts";
import type { Roster } from "../settlement/roster.ts";
import type { Correction } from "./corrections.ts";

/** Signs batches: a key of this machine, or a signer elsewhere. */
export type BatchSigner = {
  readonly address: Address;
  readonly sign: (batch: ReturnType<typeof batchTypedData>) => Promise<Hex>;
};

/** A key of this machine. */
export function localSigner(account: LocalAccount): BatchSigner {
  return { address: account.address, sign: (batch) => account.signTypedData(batch) };
}

/** Records one batch with the signature of the sender's key, the ledger's only oracle. */
export async function recordBatch(
  oracle: Sender,
  ledger: Address,
  chainId: number,
  roster: Roster,
  batch: Batch,
): Promise<TransactionReceipt> {
  const signature = await oracle.account.signTypedData(batchTypedData(batch, roster, { chainId, ledger }));
  return sendBatch(oracle, ledger, batch, [signature]);
}

/** Puts a corrected batch in the place of the one that stands recorded, likewise. */
export async function amendBatch(
  oracle: Sender,
  ledger: Address,
  chainId: number,
  { old, corrected, roster }: Pick<Correction, "old" | "corrected" | "roster">,
): Promise<TransactionReceipt> {
  const signature = await oracle.account.signTypedData(batchTypedData(corrected, roster, { chainId, ledger }));
  return sendCorrection(oracle, ledger, old, corrected, [signature]);
}

/** @param signatures of as many oracles as the ledger's quorum asks for, by ascending address; the sender needs no role */
export function sendBatch(
  sender: Sender,
  ledger: Address,
  batch: Batch,
  signatures: readonly Hex[],
): Promise<TransactionReceipt> {
  const args = [encodeBatch(batch), signatures] as const;
  return sender.send({ abi: energyLedgerAbi, address: ledger, functionName: "record", args });
}

/** @param signatures of `corrected`, as above */
export function sendCorrection(
  sender: Sender,
  ledger: Address,
  old: Batch,
  corrected: Batch,
  signatures: readonly Hex[],
): Promise<TransactionReceipt> {
  const args = [encodeBatch(old), encodeBatch(corrected), signatures] as const;
  return sender.send({ abi: energyLedgerAbi, address: ledger, functionName: "amend", args });
}

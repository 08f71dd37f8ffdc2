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

/**
 * Records one batch with one signature.
 * @param sender needs no role
 * @param signer the ledger's oracle; by default the sender
 */
export async function recordBatch(
  sender: Sender,
  ledger: Address,
  chainId: number,
  roster: Roster,
  batch: Batch,
  signer: BatchSigner = localSigner(sender.account),
): Promise<TransactionReceipt> {
  const signature = await signer.sign(batchTypedData(batch, roster, { chainId, ledger }));
  const args = [encodeBatch(batch), [signature]] as const;
  return sender.send({ abi: energyLedgerAbi, address: ledger, functionName: "record", args });
}

/** Puts a corrected batch in the place of the one that stands recorded. */
export async function amendBatch(
  sender: Sender,
  ledger: Address,
  chainId: number,
  { old, corrected, roster }: Pick<Correction, "old" | "corrected" | "roster">,
  signer: BatchSigner = localSigner(sender.account),
): Promise<TransactionReceipt> {
  const signature = await signer.sign(batchTypedData(corrected, roster, { chainId, ledger }));
  const args = [encodeBatch(old), encodeBatch(corrected), [signature]] as const;
  return sender.send({ abi: energyLedgerAbi, address: ledger, functionName: "amend", args });
}

/** Signs batches and their corrections and brings them to the ledger, in order. */

import type { Address, TransactionReceipt } from "viem";
import { energyLedgerAbi } from "../chain/abi.ts";
import type { Sender } from "../chain/send.ts";
import { type Batch, encodeBatch } from "../settlement/batch.ts";
import { batchTypedData } from "../settlement/batchDigest.ts";
import type { Roster } from "../settlement/roster.ts";
import type { Correction } from "./corrections.ts";

/** Records one batch with the signature of the sender's key, the ledger's only oracle. */
export async function recordBatch(
  oracle: Sender,
  ledger: Address,
  chainId: number,
  roster: Roster,
  batch: Batch,
): Promise<TransactionReceipt> {
  const signature = await oracle.account.signTypedData(batchTypedData(batch, roster, { chainId, ledger }));
  const args = [encodeBatch(batch), [signature]] as const;
  return oracle.send({ abi: energyLedgerAbi, address: ledger, functionName: "record", args });
}

/** Puts a corrected batch in the place of the one that stands recorded. */
export async function amendBatch(
  oracle: Sender,
  ledger: Address,
  chainId: number,
  { old, corrected, roster }: Pick<Correction, "old" | "corrected" | "roster">,
): Promise<TransactionReceipt> {
  const signature = await oracle.account.signTypedData(batchTypedData(corrected, roster, { chainId, ledger }));
  const args = [encodeBatch(old), encodeBatch(corrected), [signature]] as const;
  return oracle.send({ abi: energyLedgerAbi, address: ledger, functionName: "amend", args });
}

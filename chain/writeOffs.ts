/** Debts that a fund takes over: the treasurer proposes, the president approves. */

import { type Address, encodeAbiParameters, getAbiItem, keccak256 } from "viem";
import { treasuryAbi } from "./abi.ts";
import type { Sender } from "./send.ts";

export type WriteOff = {
  readonly account: number;
  readonly fund: number;
  /** Micro-euro, of which the account owes at least as many. */
  readonly amount: bigint;
  /** For all who see the chain. */
  readonly reason: string;
};

/** Proposes a write-off in the place of one that was proposed before and not approved. */
export async function proposeWriteOff(treasurer: Sender, treasury: Address, writeOff: WriteOff): Promise<void> {
  const call = { abi: treasuryAbi, address: treasury, functionName: "proposeWriteOff" } as const;
  await treasurer.send({ ...call, args: [writeOff] });
}

/** Approves this very write-off, if it is the one that was proposed. */
export async function approveWriteOff(president: Sender, treasury: Address, writeOff: WriteOff): Promise<void> {
  const call = { abi: treasuryAbi, address: treasury, functionName: "approveWriteOff" } as const;
  await president.send({ ...call, args: [writeOffHash(writeOff)] });
}

/** keccak256(abi.encode(writeOff)) */
export function writeOffHash(writeOff: WriteOff): `0x${string}` {
  return keccak256(encodeAbiParameters(getAbiItem({ abi: treasuryAbi, name: "proposeWriteOff" }).inputs, [writeOff]));
}

/** Takes redemptions through their steps on the chain. */

import { type Hex, keccak256, toHex } from "viem";
import { creditTokenAbi, redemptionsAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { idOf } from "../../chain/redemption.ts";
import { PAYMENT_STATES } from "../../settlement/history.ts";
import { type RedemptionTransfer, receiptOf, redemptionCalls } from "./communityCalls.ts";
import { FIRST_MONTH, type Stage } from "./communityOnChain.ts";
import { send } from "./refusals.ts";
import { book, closedMonthCommunity, settle } from "./runsOnChain.ts";

export const DOCUMENT = keccak256(toHex("a document"));

/** A community whose members have been paid. */
export async function paidCommunity(stage: Stage, members = 5): Promise<CommunityAddresses> {
  const at = await closedMonthCommunity(stage, members);
  await book(stage, at, receiptOf(FIRST_MONTH, 50_000_000n));
  await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
  return at;
}

export function transferOf(account: number, amount: bigint, id: string): RedemptionTransfer {
  return { account, amount, id: idOf(id) };
}

/** Opens and fills a file; returns its number. */
export async function proposedFile(
  stage: Stage,
  at: CommunityAddresses,
  transfers: readonly RedemptionTransfer[],
): Promise<number> {
  const calls = redemptionCalls(at);
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0n);
  await send(stage, "treasurer", calls.open(DOCUMENT, transfers.length, total));
  const file = await countOf(stage, at, "fileCount");
  await send(stage, "treasurer", calls.add(file, transfers));
  return file;
}

export async function approvedFile(
  stage: Stage,
  at: CommunityAddresses,
  transfers: readonly RedemptionTransfer[],
): Promise<number> {
  const file = await proposedFile(stage, at, transfers);
  await send(stage, "president", redemptionCalls(at).approve(file, await fileContent(stage, at, file)));
  return file;
}

/** Books what became of payments. */
export async function settleOutcomes(
  stage: Stage,
  at: CommunityAddresses,
  outcome: number,
  ids: readonly Hex[],
): Promise<void> {
  const calls = redemptionCalls(at);
  await send(stage, "treasurer", calls.proposeOutcomes(outcome, ids));
  const number = await countOf(stage, at, "outcomesCount");
  await send(stage, "president", calls.approveOutcomes(number, outcome, ids));
}

function countOf(stage: Stage, at: CommunityAddresses, functionName: "fileCount" | "outcomesCount"): Promise<number> {
  return stage.client.readContract({ abi: redemptionsAbi, address: at.redemptions, functionName });
}

export function fileContent(stage: Stage, at: CommunityAddresses, file: number): Promise<Hex> {
  const call = { abi: redemptionsAbi, address: at.redemptions, functionName: "contentHash" } as const;
  return stage.client.readContract({ ...call, args: [file] });
}

export async function stateOf(stage: Stage, at: CommunityAddresses, id: Hex) {
  const call = { abi: redemptionsAbi, address: at.redemptions, functionName: "payment", args: [id] } as const;
  const { state } = await stage.client.readContract(call);
  return PAYMENT_STATES[state];
}

/** Supply, what is in escrow, redeemed and reversed in all. */
export async function totalsOf(stage: Stage, at: CommunityAddresses) {
  const token = { abi: creditTokenAbi, address: at.token } as const;
  const redemptions = { abi: redemptionsAbi, address: at.redemptions } as const;
  return {
    supply: await stage.client.readContract({ ...token, functionName: "totalSupply" }),
    escrow: await stage.client.readContract({ ...token, functionName: "balanceOf", args: [at.redemptions] }),
    redeemed: await stage.client.readContract({ ...redemptions, functionName: "redeemed" }),
    reversed: await stage.client.readContract({ ...redemptions, functionName: "reversed" }),
  };
}

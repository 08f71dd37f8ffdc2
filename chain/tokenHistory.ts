/** Reads what became of tokens after they were paid: changes of payee, transfers, redemptions. */

import type { EnrolledAccount } from "../settlement/history.ts";
import {
  type AccountTransferRecord,
  type FileState,
  PAYMENT_STATES,
  type PayeeChangeRecord,
  type RedemptionFileRecord,
  type TokenEvents,
  type TokenHistory,
} from "../settlement/tokenHistory.ts";
import { communityAbi, creditTokenAbi, redemptionsAbi } from "./abi.ts";
import type { CommunityAddresses } from "./deploy.ts";
import { type EventSource, events, placeOf } from "./events.ts";
import { endToEndIdOf } from "./redemption.ts";
import type { ChainClient } from "./send.ts";

const OUTCOMES = ["executed", "returned"] as const;

export async function readPayeeChanges(source: EventSource, at: CommunityAddresses): Promise<PayeeChangeRecord[]> {
  const proposed = await events(source, communityAbi, at.community, "PayeeChangeProposed");
  const approved = await events(source, communityAbi, at.community, "PayeeChangeApproved");
  const changed = await events(source, communityAbi, at.community, "PayeeChanged");
  return changed.map((log) => {
    const ofChange = (other: { args: { change: number } }) => other.args.change === log.args.change;
    return {
      place: placeOf(log),
      ...log.args,
      proposedBy: proposed.find(ofChange)?.args.by,
      approvedBy: approved.find(ofChange)?.args.by,
    };
  });
}

/** What became of tokens, as the contracts told it step by step. */
export async function readTokenEvents(source: EventSource, at: CommunityAddresses): Promise<TokenEvents> {
  const proposed = await events(source, redemptionsAbi, at.redemptions, "OutcomesProposed");
  const approved = await events(source, redemptionsAbi, at.redemptions, "OutcomesApproved");
  const settled = await events(source, redemptionsAbi, at.redemptions, "PaymentSettled");
  const payments = await events(source, redemptionsAbi, at.redemptions, "PaymentProposed");
  return {
    payeeChanges: await readPayeeChanges(source, at),
    transfers: await readTransfers(source, at),
    files: await readFiles(source, at),
    payments: payments.map((log) => ({ place: placeOf(log), ...log.args, endToEndId: endToEndIdOf(log.args.id) })),
    settled: settled.map((log) => ({
      place: placeOf(log),
      ...log.args,
      endToEndId: endToEndIdOf(log.args.id),
      state: PAYMENT_STATES[log.args.state] ?? "none",
    })),
    outcomes: proposed.map((log) => {
      const approval = approved.find(({ args }) => args.number === log.args.number);
      return {
        number: log.args.number,
        outcome: OUTCOMES[log.args.outcome] ?? "executed",
        endToEndIds: log.args.ids.map(endToEndIdOf),
        proposedBy: log.args.by,
        approved: approval && { place: placeOf(approval), by: approval.args.by },
      };
    }),
  };
}

/** The same, with the sums that the contracts keep. */
export async function readTokens(
  client: ChainClient,
  at: CommunityAddresses,
  accounts: readonly EnrolledAccount[],
): Promise<TokenHistory> {
  const redemptions = { abi: redemptionsAbi, address: at.redemptions } as const;
  const token = { abi: creditTokenAbi, address: at.token } as const;
  return {
    ...(await readTokenEvents(client, at)),
    redeemed: await client.readContract({ ...redemptions, functionName: "redeemed" }),
    reversed: await client.readContract({ ...redemptions, functionName: "reversed" }),
    escrow: await client.readContract({ ...token, functionName: "balanceOf", args: [at.redemptions] }),
    sums: await Promise.all(
      accounts.map(async ({ number }) => ({
        number,
        ...(await client.readContract({ ...redemptions, functionName: "sumsOf", args: [number] })),
      })),
    ),
  };
}

async function readTransfers(source: EventSource, at: CommunityAddresses): Promise<AccountTransferRecord[]> {
  const logs = await events(source, creditTokenAbi, at.token, "AccountTransfer");
  return logs.map((log) => ({ place: placeOf(log), ...log.args }));
}

async function readFiles(source: EventSource, at: CommunityAddresses): Promise<RedemptionFileRecord[]> {
  const opened = await events(source, redemptionsAbi, at.redemptions, "FileOpened");
  const proposed = await events(source, redemptionsAbi, at.redemptions, "FileProposed");
  const approved = await events(source, redemptionsAbi, at.redemptions, "FileApproved");
  const dropped = await events(source, redemptionsAbi, at.redemptions, "FileDropped");
  return opened.map((log) => {
    const { file: number, count, total, documentHash, by } = log.args;
    const ofFile = (other: { args: { file: number } }) => other.args.file === number;
    const approval = approved.find(ofFile);
    const contentHash = proposed.find(ofFile)?.args.contentHash;
    const isDropped = dropped.some(ofFile);
    return {
      place: placeOf(log),
      number,
      count,
      total,
      documentHash,
      openedBy: by,
      contentHash,
      approved: approval && { by: approval.args.by, contentHash: approval.args.contentHash },
      dropped: isDropped,
      state: fileState(isDropped, approval !== undefined, contentHash !== undefined),
    };
  });
}

function fileState(isDropped: boolean, isApproved: boolean, isProposed: boolean): FileState {
  if (isDropped) return "dropped";
  if (isApproved) return "approved";
  return isProposed ? "proposed" : "open";
}

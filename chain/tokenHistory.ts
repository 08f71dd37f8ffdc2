/** Reads what became of tokens after they were paid: changes of payee, transfers, redemptions. */

import {
  type AccountTransferRecord,
  type EnrolledAccount,
  FILE_STATES,
  PAYMENT_STATES,
  type PayeeChangeRecord,
  type RedemptionFileRecord,
  type TokenHistory,
} from "../settlement/history.ts";
import { communityAbi, creditTokenAbi, redemptionsAbi } from "./abi.ts";
import type { CommunityAddresses } from "./deploy.ts";
import { events, placeOf } from "./events.ts";
import { endToEndIdOf } from "./redemption.ts";
import type { ChainClient } from "./send.ts";

const OUTCOMES = ["executed", "returned"] as const;

export async function readPayeeChanges(client: ChainClient, at: CommunityAddresses): Promise<PayeeChangeRecord[]> {
  const proposed = await events(client, communityAbi, at.community, "PayeeChangeProposed");
  const approved = await events(client, communityAbi, at.community, "PayeeChangeApproved");
  const changed = await events(client, communityAbi, at.community, "PayeeChanged");
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

export async function readTokens(
  client: ChainClient,
  at: CommunityAddresses,
  accounts: readonly EnrolledAccount[],
): Promise<TokenHistory> {
  const redemptions = { abi: redemptionsAbi, address: at.redemptions } as const;
  const token = { abi: creditTokenAbi, address: at.token } as const;
  const proposed = await events(client, redemptionsAbi, at.redemptions, "OutcomesProposed");
  const approved = await events(client, redemptionsAbi, at.redemptions, "OutcomesApproved");
  const settled = await events(client, redemptionsAbi, at.redemptions, "PaymentSettled");
  const payments = await events(client, redemptionsAbi, at.redemptions, "PaymentProposed");
  return {
    payeeChanges: await readPayeeChanges(client, at),
    transfers: await readTransfers(client, at),
    files: await readFiles(client, at),
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

async function readTransfers(client: ChainClient, at: CommunityAddresses): Promise<AccountTransferRecord[]> {
  const logs = await events(client, creditTokenAbi, at.token, "AccountTransfer");
  return logs.map((log) => ({ place: placeOf(log), ...log.args }));
}

async function readFiles(client: ChainClient, at: CommunityAddresses): Promise<RedemptionFileRecord[]> {
  const opened = await events(client, redemptionsAbi, at.redemptions, "FileOpened");
  const proposed = await events(client, redemptionsAbi, at.redemptions, "FileProposed");
  const approved = await events(client, redemptionsAbi, at.redemptions, "FileApproved");
  const dropped = await events(client, redemptionsAbi, at.redemptions, "FileDropped");
  return Promise.all(
    opened.map(async (log) => {
      const { file: number, count, total, documentHash, by } = log.args;
      const ofFile = (other: { args: { file: number } }) => other.args.file === number;
      const approval = approved.find(ofFile);
      const call = { abi: redemptionsAbi, address: at.redemptions, functionName: "file", args: [number] } as const;
      const { state } = await client.readContract(call);
      return {
        place: placeOf(log),
        number,
        count,
        total,
        documentHash,
        openedBy: by,
        contentHash: proposed.find(ofFile)?.args.contentHash,
        approved: approval && { by: approval.args.by, contentHash: approval.args.contentHash },
        dropped: dropped.some(ofFile),
        state: FILE_STATES[state] ?? "none",
      };
    }),
  );
}

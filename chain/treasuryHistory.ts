/** Reads what the treasury says: receipts, runs with the events of their last attempt, and where everybody stands. */

import {
  type AccountRecord,
  type AdjustmentRecord,
  type LedgerHistory,
  RECEIPT_KINDS,
  type ReceiptRecord,
  type RunRecord,
  type TreasuryState,
  type WriteOffRecord,
} from "../settlement/history.ts";
import type { Month } from "../settlement/hours.ts";
import { creditTokenAbi, receiptBookAbi, treasuryAbi } from "./abi.ts";
import type { CommunityAddresses } from "./deploy.ts";
import { type EventSource, events, placeOf } from "./events.ts";
import type { ChainClient } from "./send.ts";
import type { WriteOff } from "./writeOffs.ts";

export async function readReceipts(source: EventSource, at: CommunityAddresses): Promise<ReceiptRecord[]> {
  const logs = await events(source, receiptBookAbi, at.receiptBook, "ReceiptBooked");
  return logs.map((log) => ({
    place: placeOf(log),
    number: log.args.number,
    ...log.args.receipt,
    kind: RECEIPT_KINDS[log.args.receipt.kind] ?? "none",
  }));
}

export async function readAdjustments(source: EventSource, at: CommunityAddresses): Promise<AdjustmentRecord[]> {
  const logs = await events(source, receiptBookAbi, at.receiptBook, "YearAdjusted");
  return logs.map((log) => ({ place: placeOf(log), ...log.args }));
}

export async function readWriteOffs(source: EventSource, at: CommunityAddresses): Promise<WriteOffRecord[]> {
  const proposed = await events(source, treasuryAbi, at.treasury, "WriteOffProposed");
  const approved = await events(source, treasuryAbi, at.treasury, "DebtWrittenOff");
  return approved.map((log) => {
    const { by: approvedBy, ...writeOff } = log.args;
    const place = placeOf(log);
    // Only the last proposal before it can have been approved.
    const proposal = proposed.findLast((other) => placeOf(other).position < place.position)?.args;
    const isSame = proposal !== undefined && isSameWriteOff(proposal.writeOff, writeOff);
    return { place, ...writeOff, proposedBy: isSame ? proposal.by : undefined, approvedBy };
  });
}

function isSameWriteOff(a: WriteOff, b: WriteOff): boolean {
  return a.account === b.account && a.fund === b.fund && a.amount === b.amount && a.reason === b.reason;
}

export async function readRuns(source: EventSource, at: CommunityAddresses): Promise<RunRecord[]> {
  const { treasury } = at;
  const opened = await events(source, treasuryAbi, treasury, "RunOpened");
  const restarted = await events(source, treasuryAbi, treasury, "RunRestarted");
  const dropped = await events(source, treasuryAbi, treasury, "RunDropped");
  const weighed = await events(source, treasuryAbi, treasury, "Weighed");
  const apportioned = await events(source, treasuryAbi, treasury, "Apportioned");
  const dust = await events(source, treasuryAbi, treasury, "DustApportioned");
  const proposed = await events(source, treasuryAbi, treasury, "RunProposed");
  const approved = await events(source, treasuryAbi, treasury, "RunApproved");
  const payouts = await events(source, treasuryAbi, treasury, "Payout");
  const paid = await events(source, treasuryAbi, treasury, "RunPaid");
  return opened.map((open): RunRecord => {
    const number = open.args.run;
    const ofRun = (log: { args: { run: number } }) => log.args.run === number;
    const { attempt } = restarted.findLast(ofRun)?.args ?? open.args;
    const ofAttempt = (log: { args: { run: number; attempt: number } }) => ofRun(log) && log.args.attempt === attempt;
    const proposal = proposed.find(ofRun);
    const approval = approved.find(ofRun);
    const payment = paid.find(ofRun);
    return {
      number,
      opened: placeOf(open),
      fromMonth: open.args.fromMonth,
      toMonth: open.args.toMonth,
      weighed: weighed.filter(ofAttempt).map((log) => ({ place: placeOf(log), ...log.args })),
      apportioned: apportioned.filter(ofAttempt).map((log) => log.args),
      dust: dust.filter(ofAttempt).map((log) => log.args),
      proposed: proposal?.args,
      approved: approval && {
        place: placeOf(approval),
        by: approval.args.by,
        payable: approval.args.payable_,
        overrideReason: approval.args.overrideReason,
      },
      payouts: payouts.filter(ofRun).map((log) => ({ place: placeOf(log), ...log.args })),
      paid: payment && { place: placeOf(payment), paidInAll: payment.args.paidInAll },
      dropped: dropped.some(ofRun),
    };
  });
}

export async function readTreasury(
  client: ChainClient,
  at: CommunityAddresses,
  accounts: readonly AccountRecord[],
  ledgers: readonly LedgerHistory[],
  receipts: readonly ReceiptRecord[],
): Promise<TreasuryState> {
  const treasury = { abi: treasuryAbi, address: at.treasury } as const;
  const receiptBook = { abi: receiptBookAbi, address: at.receiptBook } as const;
  const token = { abi: creditTokenAbi, address: at.token } as const;
  const cells = cellsOf(ledgers, receipts);
  return {
    received: await client.readContract({ ...receiptBook, functionName: "received" }),
    paid: await client.readContract({ ...treasury, functionName: "paid" }),
    supply: await client.readContract({ ...token, functionName: "totalSupply" }),
    accounts: await Promise.all(
      accounts.map(async ({ number, payee }) => {
        const balance = await client.readContract({ ...treasury, functionName: "balanceOf", args: [number] });
        const tokens = await client.readContract({ ...token, functionName: "balanceOf", args: [payee] });
        return { number, owed: balance.owed, paid: balance.paid, balance: tokens };
      }),
    ),
    amounts: await Promise.all(
      cells.map(async ([configuration, month]) => ({
        configuration,
        month,
        ...(await client.readContract({ ...receiptBook, functionName: "amountsOf", args: [configuration, month] })),
      })),
    ),
    settled: await Promise.all(
      cells.flatMap(([configuration, month]) =>
        accounts.map(async ({ number: account }) => ({
          configuration,
          month,
          account,
          amount: await client.readContract({
            ...treasury,
            functionName: "settledOf",
            args: [configuration, month, account],
          }),
        })),
      ),
    ),
  };
}

/** Every month of every configuration that has readings or receipts. */
function cellsOf(ledgers: readonly LedgerHistory[], receipts: readonly ReceiptRecord[]): [number, Month][] {
  return ledgers.flatMap(({ months }, configuration) => {
    const numbers = new Set([
      ...months.map(({ month }) => month),
      ...receipts.filter((receipt) => receipt.configuration === configuration).map(({ month }) => month),
    ]);
    return [...numbers].map((month): [number, Month] => [configuration, month]);
  });
}

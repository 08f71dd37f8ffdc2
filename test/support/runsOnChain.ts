/** Takes a community through runs on the chain, in chunks of any size. */

import assert from "node:assert/strict";
import { type Address, type Hex, type TransactionReceipt, zeroHash } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { endOfMonth, type Hour, type Month } from "../../settlement/hours.ts";
import { CLASSES, type Roster } from "../../settlement/roster.ts";
import { PAY_ALL, type Rule, type RuleSet } from "../../settlement/rules.ts";
import { type Receipt, receiptBookCalls, treasuryCalls } from "./communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  record,
  remaindersOf,
  type Stage,
  smallRoster,
} from "./communityOnChain.ts";

export const PHASES = ["none", "weigh", "apportion", "apportioned", "proposed", "approved", "paid", "dropped"] as const;
export type Phase = (typeof PHASES)[number];
export const phase = (name: Phase): number => PHASES.indexOf(name);

/** Words of four accounts that one call may go through. */
export type ChunkSizes = { readonly weigh: bigint; readonly apportion: bigint; readonly pay: bigint };
export const WHOLE_CELLS: ChunkSizes = { weigh: 1000n, apportion: 1000n, pay: 1000n };

/** The last hours of the first month: a ledger that begins there closes its first month with one batch. */
export const LAST_DAY = endOfMonth(FIRST_MONTH) - 24;

/** A rule set of three keys over all classes, with the given fund as fallback. */
export function threeRules(fund: number, fromMonth: Month = FIRST_MONTH): RuleSet {
  const rule = (share: number, key: Rule["key"]): Rule => ({
    pool: "ordinary",
    share,
    key,
    classes: [...CLASSES],
    fund: 0,
  });
  return {
    fromMonth,
    remainders: remaindersOf(fund),
    policy: PAY_ALL,
    documentHash: zeroHash,
    rules: [
      { pool: "ordinary", share: 1000, key: "fund", classes: [], fund },
      rule(4000, "attributed-injection"),
      rule(3000, "coincident-withdrawal"),
      rule(2000, "equal"),
    ],
  };
}

/** A community whose first month is closed: `members` members with a channel each, a fund, rules and one batch. */
export async function closedMonthCommunity(
  stage: Stage,
  members = 9,
  roster: Roster = smallRoster(members),
): Promise<CommunityAddresses> {
  const at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
  await enrol(stage, at, members);
  const ledger = ledgerAt(at, 0);
  await adoptRoster(stage, ledger, LAST_DAY, roster);
  await adoptRuleSet(stage, at, threeRules(members + 1));
  await record(stage, ledger, batchOf(roster, LAST_DAY, 24), roster);
  return at;
}

/** A new community's ledger whose first roster, of `members` accounts, is in force from its first hour on. */
export async function ledgerInForce(
  stage: Stage,
  members: number,
  roster: Roster,
  firstHour: Hour,
  firstMonth: Month,
): Promise<Address> {
  const at = await deployCommunity(stage, [{ firstHour, firstMonth }]);
  const ledger = ledgerAt(at, 0);
  await enrol(stage, at, members);
  await adoptRoster(stage, ledger, firstHour, roster);
  return ledger;
}

export function ledgerAt(at: CommunityAddresses, configuration: number) {
  const ledger = at.ledgers[configuration];
  assert(ledger !== undefined, `configuration ${configuration} has no ledger`);
  return ledger;
}

export async function book(stage: Stage, at: CommunityAddresses, receipt: Receipt): Promise<TransactionReceipt> {
  return stage.people.treasurer.send(receiptBookCalls(at).bookReceipt(receipt));
}

export async function openRun(stage: Stage, at: CommunityAddresses, from: Month, to: Month): Promise<number> {
  await stage.people.treasurer.send(treasuryCalls(at).open(from, to));
  return stage.client.readContract({ abi: treasuryAbi, address: at.treasury, functionName: "runCount" });
}

export function runOf(stage: Stage, at: CommunityAddresses, run: number) {
  return stage.client.readContract({ abi: treasuryAbi, address: at.treasury, functionName: "run", args: [run] });
}

export function balanceOf(stage: Stage, at: CommunityAddresses, account: number) {
  return stage.client.readContract({
    abi: treasuryAbi,
    address: at.treasury,
    functionName: "balanceOf",
    args: [account],
  });
}

export function contentOf(stage: Stage, at: CommunityAddresses, run: number): Promise<Hex> {
  return stage.client.readContract({
    abi: treasuryAbi,
    address: at.treasury,
    functionName: "contentHash",
    args: [run],
  });
}

/** Repeats a chunk until the run has left the phase. */
async function untilPast(
  stage: Stage,
  at: CommunityAddresses,
  run: number,
  while_: Phase,
  step: () => Promise<TransactionReceipt>,
): Promise<TransactionReceipt[]> {
  const receipts: TransactionReceipt[] = [];
  while ((await runOf(stage, at, run)).phase === phase(while_)) receipts.push(await step());
  return receipts;
}

export function weighAll(stage: Stage, at: CommunityAddresses, run: number, words = 1000n) {
  const { treasurer } = stage.people;
  return untilPast(stage, at, run, "weigh", () => treasurer.send(treasuryCalls(at).weigh(run, words)));
}

export function apportionAll(stage: Stage, at: CommunityAddresses, run: number, words = 1000n) {
  const { treasurer } = stage.people;
  return untilPast(stage, at, run, "apportion", () => treasurer.send(treasuryCalls(at).apportion(run, words)));
}

export async function approveRun(stage: Stage, at: CommunityAddresses, run: number, reason = "") {
  const calls = treasuryCalls(at);
  await stage.people.treasurer.send(calls.propose(run));
  return stage.people.president.send(calls.approve(run, await contentOf(stage, at, run), reason));
}

/** Pays out an approved run once the auditor can no longer object. */
export async function payAll(stage: Stage, at: CommunityAddresses, run: number, words = 1000n) {
  stage.chain.advanceTo((await runOf(stage, at, run)).payableFrom);
  const { treasurer } = stage.people;
  return untilPast(stage, at, run, "approved", () => treasurer.send(treasuryCalls(at).pay(run, words)));
}

/** Opens a run and takes it to the end of apportioning. */
export async function computeRun(
  stage: Stage,
  at: CommunityAddresses,
  from: Month,
  to: Month,
  sizes: ChunkSizes = WHOLE_CELLS,
): Promise<number> {
  const run = await openRun(stage, at, from, to);
  await weighAll(stage, at, run, sizes.weigh);
  await apportionAll(stage, at, run, sizes.apportion);
  return run;
}

/** A whole run, from opening it to its last payout. */
export async function settle(
  stage: Stage,
  at: CommunityAddresses,
  from: Month,
  to: Month,
  sizes: ChunkSizes = WHOLE_CELLS,
  reason = "",
): Promise<number> {
  const run = await computeRun(stage, at, from, to, sizes);
  await approveRun(stage, at, run, reason);
  await payAll(stage, at, run, sizes.pay);
  return run;
}

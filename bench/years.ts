/** A chain with a year of many communities: a batch a day, a receipt a month, runs; made once and kept in a journal. */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Address, encodeFunctionData, type Hex, keccak256, toHex } from "viem";
import { energyLedgerAbi } from "../chain/abi.ts";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID, TRANSACTION_GAS_CAP } from "../chain/embedded.ts";
import {
  advanceRun,
  approveRun,
  bookReceipt,
  isLive,
  newestRun,
  openRun,
  proposeRun,
  type RunState,
} from "../chain/payout.ts";
import type { ChainClient } from "../chain/send.ts";
import { encodeBatch } from "../settlement/batch.ts";
import { batchTypedData } from "../settlement/batchDigest.ts";
import {
  batchSpans,
  type HourSpan,
  type Month,
  monthOf,
  parseMonth,
  secondsOf,
  startOfMonth,
} from "../settlement/hours.ts";
import type { Roster } from "../settlement/roster.ts";
import {
  batchOf,
  deployCommunity,
  enrolMembers,
  openStage,
  rosterOf,
  type Stage,
  useRoster,
  useRules,
} from "./community.ts";
import { typicalReadings } from "./readings.ts";

export type Years = {
  readonly communities: number;
  /** Members of each, with a channel each. */
  readonly members: number;
  readonly months: number;
  /** A run after so many months, over these. */
  readonly monthsOfRun: number;
};

export const FIRST_MONTH: Month = parseMonth("2025-01") ?? 0;

const EURO_A_MEMBER = 12n;

/** The journal of a chain with these years, which is made if it is not there yet. */
export async function yearsJournal(
  file: string,
  years: Years,
  show: (done: number, total: number) => void,
): Promise<string> {
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const begun = `${file}.begun`;
  forget(begun);
  const stage = await openStage(startOfMonth(FIRST_MONTH), begun);
  await liveThrough(stage, years, show);
  await stage.chain.close();
  for (const suffix of ["-wal", "-shm"]) rmSync(`${begun}${suffix}`, { force: true });
  renameSync(begun, file);
  return file;
}

/** The factory is what the stage's creator deploys last before anything else: the same on every such chain. */
export async function liveThrough(
  stage: Stage,
  { communities, members, months, monthsOfRun }: Years,
  show: (done: number, total: number) => void,
): Promise<void> {
  const roster = rosterOf(members);
  const all: CommunityAddresses[] = [];
  for (let number = 0; number < communities; number++) {
    const at = await deployCommunity(stage, startOfMonth(FIRST_MONTH));
    await enrolMembers(stage, at, members);
    await useRules(stage, at, members + 1, FIRST_MONTH);
    await useRoster(stage, ledgerOf(at), startOfMonth(FIRST_MONTH), roster);
    all.push(at);
  }
  const record = recorder(stage, roster);
  const days = batchSpans(startOfMonth(FIRST_MONTH), startOfMonth(FIRST_MONTH + months));
  for (const [day, span] of days.entries()) {
    for (const at of all) await record(ledgerOf(at), span, day);
    show(day + 1, days.length);
    const month = monthOf(span.firstHour);
    if (month === monthOf(span.firstHour + span.hourCount)) continue;
    for (const at of all) await bookMonth(stage, at, month, members);
    if ((month - FIRST_MONTH + 1) % monthsOfRun === 0) await payMonths(stage, all, month - monthsOfRun + 1, month);
  }
}

export function ledgerOf({ ledgers: [ledger] }: CommunityAddresses): Address {
  if (ledger === undefined) throw new Error("no ledger was deployed");
  return ledger;
}

/** Signs and sends without asking before or waiting after: a hundred years take their time as it is. */
function recorder({ chain, people: { oracle } }: Stage, roster: Roster) {
  let nonce: number | undefined;
  const send = async (to: Address, data: Hex) => {
    nonce ??= Number(await chain.request({ method: "eth_getTransactionCount", params: [oracle.address, "latest"] }));
    const transaction = await oracle.account.signTransaction({
      to,
      data,
      nonce: nonce++,
      type: "eip1559",
      chainId: EMBEDDED_CHAIN_ID,
      gas: TRANSACTION_GAS_CAP,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    await chain.request({ method: "eth_sendRawTransaction", params: [transaction] });
  };
  return async (ledger: Address, span: HourSpan, day: number) => {
    chain.advanceTo(secondsOf(span.firstHour + span.hourCount));
    const batch = batchOf(roster, span, typicalReadings(roster, day));
    const typed = batchTypedData(batch, roster, { chainId: EMBEDDED_CHAIN_ID, ledger });
    const args = [encodeBatch(batch), [await oracle.account.signTypedData(typed)]] as const;
    await send(ledger, encodeFunctionData({ abi: energyLedgerAbi, functionName: "record", args }));
  };
}

async function bookMonth(stage: Stage, at: CommunityAddresses, month: Month, members: number): Promise<void> {
  const net = EURO_A_MEMBER * 1_000_000n * BigInt(members);
  const document = keccak256(toHex(`bench receipt of ${month}`));
  const amounts = { gross: net, fee: 0n, vat: 0n, net, documentHash: document };
  const receipt = { configuration: 0, month, kind: "premium", account: 0, ...amounts } as const;
  await bookReceipt(stage.people.treasurer, at.receiptBook, receipt);
}

/** All wait for objections at the same time: one after the other, a hundred communities would wait for most of a year. */
async function payMonths(stage: Stage, all: readonly CommunityAddresses[], from: Month, to: Month): Promise<void> {
  for (const { treasury } of all) {
    await openRun(stage.people.treasurer, treasury, from, to);
    await prepareRun(stage, treasury);
  }
  for (const { treasury } of all) await payRun(stage, treasury);
}

async function prepareRun({ client, people: { treasurer, president } }: Stage, treasury: Address): Promise<void> {
  for (;;) {
    const run = await runOf(client, treasury);
    if (run.phase === "weigh" || run.phase === "apportion") await advanceRun(treasurer, treasury, run, run.phase);
    else if (run.phase === "apportioned") await proposeRun(treasurer, treasury, run);
    else if (run.phase === "proposed") await approveRun(client, president, treasury, run, "");
    else return;
  }
}

async function payRun({ chain, client, people: { treasurer } }: Stage, treasury: Address): Promise<void> {
  for (;;) {
    const run = await runOf(client, treasury);
    if (!isLive(run)) return;
    chain.advanceTo(run.payableFrom);
    await advanceRun(treasurer, treasury, run, "pay");
  }
}

async function runOf(client: ChainClient, treasury: Address): Promise<RunState> {
  const run = await newestRun(client, treasury);
  if (run === undefined) throw new Error("the run that was opened is not on the chain");
  return run;
}

function forget(file: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
}

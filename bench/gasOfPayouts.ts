/** What a member costs in a run with its payout, and in the alternatives. */

import { keccak256, toHex } from "viem";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { advanceRun, approveRun, bookReceipt, isLive, newestRun, openRun, proposeRun } from "../chain/payout.ts";
import { batchSpans, endOfMonth, type Hour, type Month, parseMonth } from "../settlement/hours.ts";
import {
  batchOf,
  deployCommunity,
  enrolMembers,
  record,
  rosterOf,
  type Stage,
  useRoster,
  useRules,
} from "./community.ts";
import { perUnit, type Spent, spentBy, sum } from "./meter.ts";
import { merkleClaims, mintLoop } from "./payoutBaselines.ts";
import { typicalReadings } from "./readings.ts";

/** The ledger begins with the last day of this month, so that it and the next can soon be paid. */
const FIRST_MONTH: Month = parseMonth("2026-01") ?? 0;

/** The first hour that is recorded. */
export const PAYOUTS_BEGIN: Hour = endOfMonth(FIRST_MONTH) - 24;

/** Steps of a run, each with all its transactions. */
const STEPS = ["open", "weigh", "apportion", "propose", "approve", "pay"] as const;
type Step = (typeof STEPS)[number];

/** Gas per member unless said otherwise. */
export type PayoutsGas = {
  readonly members: number;
  /** The second run, each member paid before: from opening to payout. */
  readonly gasPerMember: number;
  /** Of that, by step. */
  readonly steps: Readonly<Record<Step, number>>;
  /** The dearest of its transactions, whole. */
  readonly largestTransaction: number;
  readonly transactions: number;
  /** The first run, in which every member is new. */
  readonly firstRun: number;
  /** A claim of Uniswap's MerkleDistributor by someone who holds the token already. */
  readonly merkleClaim: number;
  /** Deploying and filling that distributor, which every payment needs anew. */
  readonly merkleSetUp: number;
  /** A plain ERC-20 minted in a loop to those who hold it already. */
  readonly mintLoop: number;
  readonly merkleClaimRatio: number;
  readonly mintLoopRatio: number;
};

type RunSpent = { readonly steps: Readonly<Record<Step, Spent>>; readonly gas: number };

/** A community that was paid once and can be paid again. */
export type PaidCommunity = {
  readonly members: number;
  readonly firstRun: RunSpent;
  secondRun(): Promise<RunSpent>;
};

/** Records two months of a community, of the first only the last day, and pays the first. */
export async function openPaidCommunity(
  stage: Stage,
  members: number,
  show: (done: number, total: number) => void,
): Promise<PaidCommunity> {
  const at = await deployCommunity(stage, PAYOUTS_BEGIN);
  const [ledger] = at.ledgers;
  if (ledger === undefined) throw new Error("no ledger was deployed");
  await enrolMembers(stage, at, members);
  await useRules(stage, at, members + 1, FIRST_MONTH);
  const roster = rosterOf(members);
  await useRoster(stage, ledger, PAYOUTS_BEGIN, roster);
  const days = batchSpans(PAYOUTS_BEGIN, endOfMonth(FIRST_MONTH + 1));
  for (const [day, span] of days.entries()) {
    await record(stage, ledger, roster, batchOf(roster, span, typicalReadings(roster, day)));
    show(day + 1, days.length);
  }
  return {
    members,
    firstRun: await bookAndRun(stage, at, FIRST_MONTH, members),
    secondRun: () => bookAndRun(stage, at, FIRST_MONTH + 1, members),
  };
}

/** Measures the second run of a community, and the alternatives for as many holders. */
export async function gasOfPayouts(
  stage: Stage,
  community: PaidCommunity,
  show: (done: number, total: number) => void,
): Promise<PayoutsGas> {
  const { members } = community;
  const run = await community.secondRun();
  const merkle = await merkleClaims(stage, members, show);
  const mints = await mintLoop(stage, members);
  const per = (gas: number) => perUnit(gas, members);
  return {
    members,
    gasPerMember: per(run.gas),
    steps: {
      open: per(run.steps.open.gas),
      weigh: per(run.steps.weigh.gas),
      apportion: per(run.steps.apportion.gas),
      propose: per(run.steps.propose.gas),
      approve: per(run.steps.approve.gas),
      pay: per(run.steps.pay.gas),
    },
    largestTransaction: Math.max(...STEPS.map((step) => run.steps[step].largest)),
    transactions: sum(STEPS.map((step) => run.steps[step].transactions)),
    firstRun: per(community.firstRun.gas),
    merkleClaim: per(merkle.claims.gas),
    merkleSetUp: per(merkle.setUp.gas),
    mintLoop: per(mints.gas),
    merkleClaimRatio: perUnit(merkle.claims.gas, run.gas),
    mintLoopRatio: perUnit(mints.gas, run.gas),
  };
}

/** Books what GSE paid for a month, 12 € a member, and runs it to its payout. The receipt is not in the measure. */
async function bookAndRun(stage: Stage, at: CommunityAddresses, month: Month, members: number): Promise<RunSpent> {
  const { treasurer, president } = stage.people;
  const treasury = at.treasury;
  const net = 12_340_000n * BigInt(members);
  const money = { gross: net, fee: 0n, vat: 0n, net, documentHash: keccak256(toHex(`bench receipt of ${month}`)) };
  await bookReceipt(treasurer, at.receiptBook, { configuration: 0, month, kind: "premium", account: 0, ...money });

  const state = async () => {
    const run = await newestRun(stage.client, treasury);
    if (run === undefined) throw new Error("the run that was opened is not on the chain");
    return run;
  };
  const spend = (action: () => Promise<unknown>) => spentBy(stage.client, action);
  const advance = (phase: "weigh" | "apportion" | "pay", here: string) =>
    spend(async () => {
      for (let run = await state(); run.phase === here && isLive(run); run = await state()) {
        await advanceRun(treasurer, treasury, run, phase);
      }
    });

  const steps = {
    open: await spend(() => openRun(treasurer, treasury, month, month)),
    weigh: await advance("weigh", "weigh"),
    apportion: await advance("apportion", "apportion"),
    propose: await spend(async () => proposeRun(treasurer, treasury, await state())),
    approve: await spend(async () => approveRun(stage.client, president, treasury, await state(), "")),
    pay: await waitAndPay(),
  };
  return { steps, gas: sum(STEPS.map((step) => steps[step].gas)) };

  async function waitAndPay(): Promise<Spent> {
    stage.chain.advanceTo((await state()).payableFrom);
    return advance("pay", "approved");
  }
}

/** Takes a random community through its runs on the chain, and keeps its books beside as settlement/ has them. */

import assert from "node:assert/strict";
import { divide } from "../../settlement/entitlements.ts";
import { RECEIPT_KINDS } from "../../settlement/history.ts";
import { type Month, startOfMonth } from "../../settlement/hours.ts";
import { keysOfMonth } from "../../settlement/keys.ts";
import { type Amounts, NO_SUMS, poolsOf, type YearToDate } from "../../settlement/pools.ts";
import { ruleSetOf } from "../../settlement/rules.ts";
import { type Books, bookRun, EMPTY_BOOKS, type Payout } from "../../settlement/run.ts";
import { type Receipt, receiptBookCalls, receiptOf, treasuryCalls } from "./communityCalls.ts";
import type { Stage } from "./communityOnChain.ts";
import { FUNDS, noise, type WorldReceipt, type WorldRun } from "./randomWorld.ts";
import { approveRun, book, openRun, payAll, phase, runOf } from "./runsOnChain.ts";

import { AS_GIVEN, type Built, type Order } from "./worldOnChain.ts";

/** The books as settlement/ keeps them beside the chain. */
export type Model = {
  books: Books;
  received: bigint;
  paid: bigint;
  readonly receipts: Receipt[];
  /** `configuration/year`. */
  readonly adjusted: Set<string>;
  /** Payouts of each paid run. */
  readonly payouts: Map<number, readonly Payout[]>;
};

export function emptyModel(): Model {
  return { books: EMPTY_BOOKS, received: 0n, paid: 0n, receipts: [], adjusted: new Set(), payouts: new Map() };
}

async function bookWorldReceipt(stage: Stage, built: Built, model: Model, given: WorldReceipt): Promise<void> {
  const configuration = given.configuration % built.configurations.length;
  const { firstMonth } = built.configurations[configuration] ?? { firstMonth: built.base };
  const members = built.accountOf.length;
  const accountOf = { "energy-sale": built.accountOf[given.of % members], reserve: members + 1 + (given.of % FUNDS) };
  const { kind } = given;
  const receipt: Receipt = receiptOf(given.later ? built.lastMonth : firstMonth, BigInt(given.cents) * 10_000n, {
    configuration,
    kind,
    account: kind === "energy-sale" || kind === "reserve" ? (accountOf[kind] ?? 0) : 0,
    document: `receipt ${model.receipts.length}`,
  });
  await book(stage, built.at, receipt);
  model.received += receipt.net;
  model.receipts.push(receipt);
}

/** Books the adjustment of the year of the last month in every configuration, once and if that year is over. */
async function adjust(stage: Stage, built: Built, model: Model): Promise<void> {
  const year = Math.floor(built.lastMonth / 12);
  if (built.lastMonth % 12 !== 11) return;
  for (const configuration of built.configurations.keys()) {
    if (model.adjusted.has(`${configuration}/${year}`)) continue;
    await stage.people.treasurer.send(receiptBookCalls(built.at).adjustYear(configuration, year));
    model.adjusted.add(`${configuration}/${year}`);
  }
}

/** One run with all that happens around it, on the chain and in the model. */
export async function goThrough(
  stage: Stage,
  built: Built,
  model: Model,
  given: WorldRun,
  order: Order = AS_GIVEN,
): Promise<void> {
  const { at, base, lastMonth } = built;
  for (const index of order("receipts", given.before.length)) {
    const receipt = given.before[index];
    if (receipt !== undefined) await bookWorldReceipt(stage, built, model, receipt);
  }
  const [from = base, to = base] = [
    Math.min(base + given.from, lastMonth),
    Math.min(base + given.to, lastMonth),
  ].toSorted();
  const run = await openRun(stage, at, from, to);
  const { treasurer, president } = stage.people;
  for (let chunks = 0; ; chunks++) {
    if (given.within?.after === chunks && (await isComputing(stage, built, run))) {
      await bookWorldReceipt(stage, built, model, given.within.receipt);
    }
    const state = await runOf(stage, at, run);
    const words = BigInt(1 + (noise(given.chunkSeed, chunks) % 6));
    if (state.phase === phase("weigh")) await treasurer.send(treasuryCalls(at).weigh(run, words));
    else if (state.phase === phase("apportion")) await treasurer.send(treasuryCalls(at).apportion(run, words));
    else break;
  }
  const entitlements = entitlementsOf(built, model, from, to);
  const minimum = ruleSetOf(built.ruleSets, to)?.policy.minimumPayment ?? 0n;
  const members = built.accountOf.length;
  const payees = built.accounts.map((account) => ({
    account,
    minimum: account > members + FUNDS ? undefined : minimum,
  }));
  for (const receipt of given.afterApportioning) await bookWorldReceipt(stage, built, model, receipt);
  if (given.dropped) {
    await president.send(treasuryCalls(at).drop(run));
    return;
  }
  if (given.adjusts) await adjust(stage, built, model);
  await approveRun(stage, at, run, "random readings");
  const booking = bookRun(model.books, entitlements, model.received - model.paid, payees);
  await payAll(stage, at, run, BigInt(1 + (noise(given.chunkSeed, 99) % 4)));
  model.books = booking.books;
  model.paid += booking.payouts.reduce((total, { amount }) => total + amount, 0n);
  model.payouts.set(run, booking.payouts);
}

async function isComputing(stage: Stage, { at }: Built, run: number): Promise<boolean> {
  const { phase: now } = await runOf(stage, at, run);
  return now === phase("weigh") || now === phase("apportion");
}

function entitlementsOf(built: Built, model: Model, from: Month, to: Month) {
  return built.configurations.flatMap(({ firstMonth, versions, months }, configuration) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
      .filter((month) => month >= firstMonth)
      .map((month) => {
        const ruleSet = ruleSetOf(built.ruleSets, month);
        const sums = months.get(month);
        assert(ruleSet && sums, `month from ${startOfMonth(month)} on`);
        const keys = ruleSet.rules.map((rule) => keysOfMonth(rule, month, versions, sums));
        const december = Math.floor(month / 12) * 12 + 11;
        const isAdjusted = model.adjusted.has(`${configuration}/${Math.floor(month / 12)}`);
        const year = yearToDate(months, isAdjusted ? december : Math.min(to, december));
        const amounts = amountsOf(model.receipts, configuration, month);
        const pools = poolsOf(amounts, year, ruleSet.policy, isAdjusted);
        const { entitlements } = divide(pools, ruleSet, keys, amounts.passedThrough);
        return { cell: { configuration, month }, byAccount: entitlements };
      }),
  );
}

function amountsOf(receipts: readonly Receipt[], configuration: number, month: Month): Amounts {
  const passedThrough = new Map<number, bigint>();
  let [premium, shared] = [0n, 0n];
  for (const receipt of receipts) {
    if (receipt.configuration !== configuration || receipt.month !== month) continue;
    const { account, net } = receipt;
    if (account !== 0) passedThrough.set(account, (passedThrough.get(account) ?? 0n) + net);
    else if (RECEIPT_KINDS[receipt.kind] === "premium") premium += net;
    else shared += net;
  }
  return { premium, shared, passedThrough };
}

function yearToDate(months: Built["configurations"][number]["months"], through: Month): YearToDate {
  const january = Math.floor(through / 12) * 12;
  let accrued = 0n;
  for (const [month, sums] of months) if (month >= january && month <= through) accrued += sums.accrued;
  return { accrued, withoutGrant: NO_SUMS, withGrant: NO_SUMS };
}

/** Takes a random community through its runs on the chain, and keeps its books beside as settlement/ has them. */

import assert from "node:assert/strict";
import { divide } from "../../settlement/entitlements.ts";
import { type Month, startOfMonth } from "../../settlement/hours.ts";
import { keysOfMonth } from "../../settlement/keys.ts";
import { ruleSetOf } from "../../settlement/rules.ts";
import { type Books, bookRun, EMPTY_BOOKS, type Payout } from "../../settlement/run.ts";
import { type Receipt, receiptOf, treasuryCalls } from "./communityCalls.ts";
import type { Stage } from "./communityOnChain.ts";
import { noise, type WorldReceipt, type WorldRun } from "./randomWorld.ts";
import { approveRun, book, openRun, payAll, phase, runOf } from "./runsOnChain.ts";

import { AS_GIVEN, type Built, type Order } from "./worldOnChain.ts";

/** The books as settlement/ keeps them beside the chain. */
export type Model = {
  books: Books;
  received: bigint;
  paid: bigint;
  receipts: number;
  readonly pools: Map<string, bigint>;
  /** Payouts of each paid run. */
  readonly payouts: Map<number, readonly Payout[]>;
};

export function emptyModel(): Model {
  return { books: EMPTY_BOOKS, received: 0n, paid: 0n, receipts: 0, pools: new Map(), payouts: new Map() };
}

async function bookWorldReceipt(stage: Stage, built: Built, model: Model, given: WorldReceipt): Promise<void> {
  const configuration = given.configuration % built.configurations.length;
  const { firstMonth } = built.configurations[configuration] ?? { firstMonth: built.base };
  const month = given.later ? built.lastMonth : firstMonth;
  const receipt: Receipt = {
    ...receiptOf(month, BigInt(given.cents) * 10_000n, { configuration, document: `receipt ${model.receipts++}` }),
    kind: given.kind,
  };
  await book(stage, built.at, receipt);
  const cell = `${configuration}/${month}`;
  model.received += receipt.net;
  model.pools.set(cell, (model.pools.get(cell) ?? 0n) + receipt.net);
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
  for (const receipt of given.afterApportioning) await bookWorldReceipt(stage, built, model, receipt);
  if (given.dropped) {
    await president.send(treasuryCalls(at).drop(run));
    return;
  }
  await approveRun(stage, at, run, "random readings");
  const booking = bookRun(model.books, entitlements, model.received - model.paid, built.accounts);
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
        const pool = model.pools.get(`${configuration}/${month}`) ?? 0n;
        return { cell: { configuration, month }, byAccount: divide(pool, ruleSet, keys).entitlements };
      }),
  );
}

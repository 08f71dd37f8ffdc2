/** Builds a random community on the chain, and keeps beside it what settlement/ says of the same inputs. */

import assert from "node:assert/strict";
import { type Address, keccak256, toHex, zeroHash } from "viem";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { type Batch, FIRST_REVISION, LANES, maskBit, withoutPrices } from "../../settlement/batch.ts";
import { divide } from "../../settlement/entitlements.ts";
import {
  batchSpans,
  endOfMonth,
  type Hour,
  type HourSpan,
  type Month,
  monthOf,
  startOfMonth,
} from "../../settlement/hours.ts";
import { keysOfMonth, type RosterVersion } from "../../settlement/keys.ts";
import { type Channel, type Plant, type Roster, waterfallOrder } from "../../settlement/roster.ts";
import { type RuleSet, ruleSetOf } from "../../settlement/rules.ts";
import { type Books, bookRun, EMPTY_BOOKS, type Payout } from "../../settlement/run.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { communityCalls, enrolment, type Receipt, receiptOf, treasuryCalls } from "./communityCalls.ts";
import { adoptRoster, adoptRuleSet, deployCommunity, keyOf, record, type Stage } from "./communityOnChain.ts";
import {
  FUNDS,
  meterReading,
  noise,
  type World,
  type WorldConfiguration,
  type WorldReceipt,
  type WorldRun,
  withShares,
} from "./randomWorld.ts";
import { approveRun, book, ledgerAt, openRun, payAll, phase, runOf } from "./runsOnChain.ts";

/** Orders in which members, injection rows, withdrawal rows and receipts are taken: identity or any other. */
export type Order = (kind: "members" | "injection" | "withdrawal" | "receipts", length: number) => number[];
export const AS_GIVEN: Order = (_, length) => Array.from({ length }, (_unused, index) => index);

/** A configuration as it stands on the chain, with the sums that settlement/ expects of it. */
export type BuiltConfiguration = {
  readonly ledger: Address;
  readonly firstMonth: Month;
  readonly versions: readonly RosterVersion[];
  readonly months: ReadonlyMap<
    Month,
    { readonly coincident: Map<number, bigint>; readonly attributed: Map<number, bigint> }
  >;
};

export type Built = {
  readonly at: CommunityAddresses;
  readonly base: Month;
  readonly lastMonth: Month;
  /** Account number by position of the member; funds follow. */
  readonly accountOf: readonly number[];
  readonly accounts: readonly number[];
  readonly configurations: readonly BuiltConfiguration[];
  readonly ruleSets: readonly RuleSet[];
};

/** Enrols, adopts and records everything; what comes after is money. */
export async function build(stage: Stage, world: World, order: Order = AS_GIVEN): Promise<Built> {
  const base = monthOf(Math.ceil(stage.chain.time() / 3600)) + 1;
  const lastMonth = base + world.months - 1;
  const starts = world.configurations.map((configuration) => {
    const firstMonth = configuration.beginsLater ? lastMonth : base;
    return { firstMonth, firstHour: endOfMonth(firstMonth) - configuration.firstHours };
  });
  const at = await deployCommunity(stage, starts);

  const memberOrder = order("members", world.members);
  const accountOf = memberOrder.map((_, member) => memberOrder.indexOf(member) + 1);
  const enrolments = memberOrder.map((member) => {
    const wallet = member % 3 === 0 ? keyOf(`wallet ${at.community} ${member}`).address : undefined;
    return member % 5 === 4 ? enrolment("producer", wallet) : enrolment("member", wallet);
  });
  const funds = Array.from({ length: FUNDS }, () => enrolment("fund"));
  await stage.people.secretary.send(communityCalls(at).enrol([...enrolments, ...funds]));

  const firstFund = world.members + 1;
  const ruleSets = world.ruleSets.slice(0, world.months).map((rules, index) => ({
    fromMonth: base + index,
    fallbackFund: firstFund + 1,
    documentHash: zeroHash,
    rules: withShares(rules, firstFund),
  }));
  for (const ruleSet of ruleSets) await adoptRuleSet(stage, at, ruleSet);

  const configurations: BuiltConfiguration[] = [];
  for (const [index, configuration] of world.configurations.entries()) {
    const start = starts[index];
    assert(start);
    configurations.push(
      await buildConfiguration(
        stage,
        ledgerAt(at, index),
        configuration,
        start,
        endOfMonth(lastMonth),
        accountOf,
        order,
      ),
    );
  }
  const accounts = Array.from({ length: world.members + FUNDS }, (_, i) => i + 1);
  return { at, base, lastMonth, accountOf, accounts, configurations, ruleSets };
}

async function buildConfiguration(
  stage: Stage,
  ledger: Address,
  world: WorldConfiguration,
  { firstMonth, firstHour }: { firstMonth: Month; firstHour: Hour },
  end: Hour,
  accountOf: readonly number[],
  order: Order,
): Promise<BuiltConfiguration> {
  const spans = [...batchSpans(firstHour, endOfMonth(firstMonth)), ...batchSpans(endOfMonth(firstMonth), end)];
  const rows = {
    injection: order("injection", world.injection.length),
    withdrawal: order("withdrawal", world.withdrawal.length),
  };
  const first = rosterOf(world, rows, accountOf);
  const versions: RosterVersion[] = [{ effectiveHour: firstHour, roster: first }];
  await adoptRoster(stage, ledger, firstHour, first);
  const change = spans[world.changesAt];
  if (change !== undefined) {
    versions.push({ effectiveHour: change.firstHour, roster: changed(first, world.seed) });
    await adoptRoster(stage, ledger, change.firstHour, versions[1]?.roster ?? first);
  }

  const meters = new Map([
    ...rows.injection.map((meter, row): [number, [number, number]] => [row + 1, [0, meter]]),
    ...rows.withdrawal.map((meter, row): [number, [number, number]] => [rows.injection.length + row + 1, [1, meter]]),
  ]);
  const months = new Map<Month, { coincident: Map<number, bigint>; attributed: Map<number, bigint> }>();
  for (const span of spans) {
    const version = versions.findLastIndex(({ effectiveHour }) => effectiveHour <= span.firstHour);
    const roster = versions[version]?.roster ?? first;
    const batch = batchOfMeters(roster, version + 1, span, firstHour, world.seed, meters);
    await record(stage, ledger, batch, roster);
    const month = monthOf(span.firstHour);
    const sums = months.get(month) ?? { coincident: new Map<number, bigint>(), attributed: new Map<number, bigint>() };
    const tally = tallyBatch(batch, roster);
    for (const side of ["coincident", "attributed"] as const) {
      for (const [number, energy] of tally[side]) sums[side].set(number, (sums[side].get(number) ?? 0n) + energy);
    }
    months.set(month, sums);
  }
  return { ledger, firstMonth, versions, months };
}

function rosterOf(
  world: WorldConfiguration,
  rows: { readonly injection: readonly number[]; readonly withdrawal: readonly number[] },
  accountOf: readonly number[],
): Roster {
  const side = (channels: WorldConfiguration["withdrawal"], meters: readonly number[], before: number): Channel[] =>
    meters.map((meter, row) => {
      const given = channels[meter];
      assert(given);
      const { owner, class: memberClass, exempt, weight } = given;
      return { number: before + row + 1, account: accountOf[owner] ?? 0, class: memberClass, exempt, weight };
    });
  const injection = side(world.injection, rows.injection, 0);
  const plants = rows.injection.map((meter, row): Plant => {
    const { commissioned, tariff } = world.injection[meter] ?? { commissioned: "", tariff: 0 };
    return { number: row + 1, channel: row + 1, commissioned, power: 20_000, regime: "42-bis", tariff };
  });
  return {
    injection,
    withdrawal: side(world.withdrawal, rows.withdrawal, injection.length),
    plants: waterfallOrder(plants),
  };
}

/** The next version: some withdrawal channels closed, one opened, weights and a tariff changed. */
function changed(roster: Roster, seed: number): Roster {
  const highest = roster.injection.length + roster.withdrawal.length;
  const kept = roster.withdrawal.filter(({ number }) => noise(seed, number) % 4 !== 0);
  const owner = roster.withdrawal[0] ?? roster.injection[0];
  assert(owner);
  return {
    injection: roster.injection.map((channel) => ({ ...channel, weight: noise(seed, 7, channel.number) % 10 })),
    withdrawal: [...kept, { ...owner, number: highest + 1, class: "impresa", weight: 3 }],
    plants: roster.plants.map((plant) => ({ ...plant, tariff: plant.number === 1 ? 1_000_000 : plant.tariff })),
  };
}

function batchOfMeters(
  roster: Roster,
  rosterVersion: number,
  { firstHour, hourCount }: HourSpan,
  begin: Hour,
  seed: number,
  meters: ReadonlyMap<number, readonly [number, number]>,
): Batch {
  const missing: number[] = [];
  const rowOf = ({ number }: Channel) => {
    const [side, meter] = meters.get(number) ?? [2, number];
    let mask = 0;
    const row = Array.from({ length: LANES }, (_, hour) => {
      if (hour >= hourCount) return 0;
      const reading = meterReading(seed, side, meter, firstHour - begin + hour);
      if (reading === undefined) mask |= maskBit(hour);
      return reading ?? 0;
    });
    missing.push(mask);
    return row;
  };
  return {
    firstHour,
    hourCount,
    rosterVersion,
    grade: noise(seed, firstHour - begin) % 3 === 0 ? "estimated" : "distributor",
    ...FIRST_REVISION,
    seed: keccak256(toHex(`${seed} ${firstHour}`)),
    injected: roster.injection.map(rowOf),
    withdrawn: roster.withdrawal.map(rowOf),
    missing,
    ...withoutPrices(hourCount),
  };
}

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

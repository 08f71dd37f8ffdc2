/** Builds a random community on the chain, and sums its tallies beside it as settlement/ has them. */

import assert from "node:assert/strict";
import { type Address, keccak256, toHex, zeroHash } from "viem";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { type Batch, FIRST_REVISION, LANES, maskBit, withoutPrices } from "../../settlement/batch.ts";
import { batchSpans, endOfMonth, type Hour, type HourSpan, type Month, monthOf } from "../../settlement/hours.ts";
import type { RosterVersion } from "../../settlement/keys.ts";
import { type Channel, type Plant, type Roster, waterfallOrder } from "../../settlement/roster.ts";
import type { RuleSet } from "../../settlement/rules.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { communityCalls, enrolment } from "./communityCalls.ts";
import { adoptRoster, adoptRuleSet, deployCommunity, keyOf, record, type Stage } from "./communityOnChain.ts";
import {
  FUNDS,
  meterReading,
  noise,
  RESERVES,
  type World,
  type WorldConfiguration,
  withShares,
} from "./randomWorld.ts";
import { ledgerAt } from "./runsOnChain.ts";

/** Orders in which members, injection rows, withdrawal rows and receipts are taken: identity or any other. */
export type Order = (kind: "members" | "injection" | "withdrawal" | "receipts", length: number) => number[];
export const AS_GIVEN: Order = (_, length) => Array.from({ length }, (_unused, index) => index);

/** A month's sums as settlement/ has them. */
export type BuiltMonth = {
  readonly coincident: Map<number, bigint>;
  readonly attributed: Map<number, bigint>;
  accrued: bigint;
};

/** A configuration as it stands on the chain, with the sums that settlement/ expects of it. */
export type BuiltConfiguration = {
  readonly ledger: Address;
  readonly firstMonth: Month;
  readonly versions: readonly RosterVersion[];
  readonly months: ReadonlyMap<Month, BuiltMonth>;
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
  const next = monthOf(Math.ceil(stage.chain.time() / 3600)) + 1;
  const toDecember = 12 - 1 - ((next + world.months - 1) % 12);
  const base = world.endsInDecember ? next + toDecember : next;
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
  // The first fund is social.
  const funds = Array.from({ length: FUNDS }, (_, fund) => enrolment("fund", undefined, fund === 0));
  const reserves = [enrolment("reserve"), enrolment("reserve")];
  await stage.people.secretary.send(communityCalls(at).enrol([...enrolments, ...funds, ...reserves]));

  const firstFund = world.members + 1;
  const ruleSets = world.ruleSets.slice(0, world.months).map(({ ordinary, excess, policy }, index) => ({
    fromMonth: base + index,
    remainders: {
      fallbackFund: firstFund + 1,
      excessFallbackFund: firstFund,
      excessReserve: firstFund + FUNDS,
      advanceReserve: firstFund + FUNDS + 1,
    },
    policy,
    documentHash: zeroHash,
    rules: [...withShares(ordinary, firstFund), ...withShares(excess, firstFund)],
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
  const accounts = Array.from({ length: world.members + FUNDS + RESERVES }, (_, i) => i + 1);
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
  const months = new Map<Month, BuiltMonth>();
  for (const span of spans) {
    const version = versions.findLastIndex(({ effectiveHour }) => effectiveHour <= span.firstHour);
    const roster = versions[version]?.roster ?? first;
    const batch = batchOfMeters(roster, version + 1, span, firstHour, world.seed, meters);
    await record(stage, ledger, batch, roster);
    const month = monthOf(span.firstHour);
    const sums = months.get(month) ?? { coincident: new Map(), attributed: new Map(), accrued: 0n };
    const tally = tallyBatch(batch, roster);
    for (const side of ["coincident", "attributed"] as const) {
      for (const [number, energy] of tally[side]) sums[side].set(number, (sums[side].get(number) ?? 0n) + energy);
    }
    sums.accrued += tally.accrued;
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

/** One scenario's money: who gets what, how far that is from the Shapley value, what the next kW of a plant would bring. */

import type { Alternative } from "../settlement/alternatives.ts";
import { sum } from "../settlement/amounts.ts";
import type { Batch, Row } from "../settlement/batch.ts";
import { type Fairness, fairnessOf } from "../settlement/fairness.ts";
import type { RuleSet } from "../settlement/rules.ts";
import { valuesOfMoney } from "../settlement/shapleyValues.ts";
import {
  divideMonths,
  type MonthMoney,
  rosterOf,
  type SimulatedMonth,
  simulateMonths,
  withPlantsEnlarged,
} from "../settlement/simulation.ts";
import type { World } from "./simulatedWorld.ts";

/** Rules applied to a world; the community's own if it has neither a name nor an alternative. */
export type PlannedScenario = {
  readonly name: string | undefined;
  readonly alternative: Alternative | undefined;
  readonly world: World;
  readonly ruleSets: readonly RuleSet[];
  /** The meters whose plants are larger, smaller or new; of the community as it is, all with a plant. */
  readonly plants: readonly string[];
};

export type SimulatedMember = Fairness["members"][number] & {
  readonly id: string;
  readonly name: string;
  /** Wh. */
  readonly injected: bigint;
  readonly withdrawn: bigint;
  /** What the member adds to the shared energy, Wh, and to what there is to divide, micro-euro; rounded toward zero. */
  readonly shapleyEnergy: bigint;
  readonly shapleyMoney: bigint;
  /** Over the scenario's denominators: exactly what the member adds to the shared energy, Wh, and to the premium, 10⁻¹⁰ €. */
  readonly energyNumerator: bigint;
  readonly premiumNumerator: bigint;
};

/** What the next kW of a plant would add over the simulated hours. Energy in Wh, premium in 10⁻¹⁰ €. */
export type NextKilowatt = {
  readonly meter: string;
  /** W; the last, if it changed. */
  readonly power: number;
  readonly injected: bigint;
  readonly attributed: bigint;
  readonly moreInjected: bigint;
  readonly moreShared: bigint;
  readonly moreAccrued: bigint;
};

export type SimulatedScenario = Omit<Fairness, "members" | "total" | "largestOf"> & {
  readonly name: string | undefined;
  readonly alternative: Alternative | undefined;
  /** Wh. */
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
  /** 10⁻¹⁰ €. */
  readonly accrued: bigint;
  /** Readings that are missing and count as zero; hours in which CACER plants accrue nothing for want of a price. */
  readonly missing: number;
  readonly hoursWithoutPrice: number;
  /** Micro-euro, as are the next two. */
  readonly pool: bigint;
  readonly toFunds: bigint;
  readonly toMembers: bigint;
  /** Id of the member farthest from the Shapley value. */
  readonly largestOf: string;
  readonly members: readonly SimulatedMember[];
  readonly energyDenominator: bigint;
  readonly premiumDenominator: bigint;
  /** How many orders were tried; undefined if the values are exact. */
  readonly sampledOrders: number | undefined;
  readonly nextKilowatts: readonly NextKilowatt[];
};

const WATTS_PER_KILOWATT = 1000;

export function outcomeOf(
  { name, alternative, world, ruleSets, plants }: PlannedScenario,
  moneyOf: (month: SimulatedMonth) => MonthMoney,
): SimulatedScenario {
  const { months, players, values, plan } = world;
  const amounts = divideMonths(months, ruleSets, moneyOf);
  const money = months.map(moneyOf);
  const inMoney = valuesOfMoney(
    { amount: sum(money.map(({ premium }) => premium)), values: values.premium },
    { amount: sum(money.map(({ valorisation, other }) => valorisation + other)), values: values.energy },
  );
  const { members, total, largestOf, ...distances } = fairnessOf(players, amounts, inMoney);
  const pool = sum(amounts.values());
  const account = (number: number) => plan.accounts.find((candidate) => candidate.number === number);
  const energy = energyByAccount(world);
  return {
    name,
    alternative,
    injected: sum(months.map(({ injected }) => injected)),
    withdrawn: sum(months.map(({ withdrawn }) => withdrawn)),
    shared: sum(months.map(({ shared }) => shared)),
    accrued: sum(months.map(({ accrued }) => accrued)),
    missing: months.reduce((total, { missing }) => total + missing, 0),
    hoursWithoutPrice: months.reduce((total, month) => total + month.hoursWithoutPrice, 0),
    pool,
    toFunds: pool - total,
    toMembers: total,
    ...distances,
    largestOf: account(largestOf)?.id ?? "",
    members: members.map((member, player) => ({
      ...member,
      id: account(member.account)?.id ?? "",
      name: account(member.account)?.name ?? "",
      ...(energy.get(member.account) ?? { injected: 0n, withdrawn: 0n }),
      shapleyEnergy: (values.energy.numerators[player] ?? 0n) / values.energy.denominator,
      shapleyMoney: (inMoney.numerators[player] ?? 0n) / inMoney.denominator,
      energyNumerator: values.energy.numerators[player] ?? 0n,
      premiumNumerator: values.premium.numerators[player] ?? 0n,
    })),
    energyDenominator: values.energy.denominator,
    premiumDenominator: values.premium.denominator,
    sampledOrders: inMoney.sample?.orders,
    nextKilowatts: plants.flatMap((meter) => nextKilowatt(world, meter)),
  };
}

function energyByAccount({ plan, batches }: World): Map<number, { injected: bigint; withdrawn: bigint }> {
  const byAccount = new Map<number, { injected: bigint; withdrawn: bigint }>();
  for (const [index, { rosters }] of plan.configurations.entries()) {
    for (const batch of batches[index] ?? []) {
      const { injection, withdrawal } = rosterOf(batch, rosters);
      for (const [direction, channels] of [["injected", injection] as const, ["withdrawn", withdrawal] as const]) {
        for (const [row, { account }] of channels.entries()) {
          const known = byAccount.get(account) ?? { injected: 0n, withdrawn: 0n };
          known[direction] += wattHoursOf(batch[direction][row]);
          byAccount.set(account, known);
        }
      }
    }
  }
  return byAccount;
}

/** A meter's plant enlarged by 1 kW that injects in proportion; nothing if the meter has no plant in the hours simulated. */
function nextKilowatt({ plan, batches: all, months }: World, meter: string): NextKilowatt[] {
  const planned = plan.meters.filter(({ id, injection }) => id === meter && injection !== undefined);
  const configuration = planned[0]?.configuration ?? 0;
  const versions = plan.configurations[configuration]?.rosters ?? [];
  const batches = all[configuration] ?? [];
  const channels = new Set(planned.flatMap(({ injection }) => injection ?? []));
  const plants = batches.map((batch) =>
    rosterOf(batch, versions).plants.filter(({ channel }) => channels.has(channel)),
  );
  const last = plants.flat().at(-1);
  if (last === undefined) return [];
  const numbers = new Set(plants.flat().map(({ number }) => number));
  const before = months.filter((month) => month.configuration === configuration);
  const larger = withPlantsEnlarged(batches, versions, channels, WATTS_PER_KILOWATT);
  const after = simulateMonths(configuration, versions, larger);
  const more = (quantity: "injected" | "shared" | "accrued") =>
    sum(after.map((month) => month[quantity])) - sum(before.map((month) => month[quantity]));
  const injectedBy = (batch: Batch) => {
    const { injection } = rosterOf(batch, versions);
    return sum(batch.injected.filter((_, row) => channels.has(injection[row]?.number ?? 0)).map(wattHoursOf));
  };
  return [
    {
      meter,
      power: last.power,
      injected: sum(batches.map(injectedBy)),
      attributed: sum(before.flatMap(({ attributed }) => [...numbers].map((number) => attributed.get(number) ?? 0n))),
      moreInjected: more("injected"),
      moreShared: more("shared"),
      moreAccrued: more("accrued"),
    },
  ];
}

function wattHoursOf(row: Row | undefined): bigint {
  return BigInt((row ?? []).reduce((total, wattHours) => total + wattHours, 0));
}

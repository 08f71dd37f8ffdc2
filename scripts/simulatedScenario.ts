/** One scenario's money: who gets what, how far that is from the Shapley value, what the next kW of a plant would bring. */

import type { Alternative } from "../settlement/alternatives.ts";
import { sum } from "../settlement/amounts.ts";
import { type Fairness, fairnessOf } from "../settlement/fairness.ts";
import type { RuleSet } from "../settlement/rules.ts";
import {
  divideMonths,
  type MonthMoney,
  type SimulatedMonth,
  simulateMonths,
  withPlantScaled,
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
  /** Wh, rounded toward zero; exactly it is the numerator over the scenario's denominator. */
  readonly shapley: bigint;
  readonly shapleyNumerator: bigint;
};

/** What the next kW of a plant would add over the simulated hours. Energy in Wh, premium in 10⁻¹⁰ €. */
export type NextKilowatt = {
  readonly meter: string;
  /** W. */
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
  /** Micro-euro, as are the next two. */
  readonly pool: bigint;
  readonly toFunds: bigint;
  readonly toMembers: bigint;
  /** Id of the member farthest from the Shapley value. */
  readonly largestOf: string;
  readonly members: readonly SimulatedMember[];
  readonly shapleyDenominator: bigint;
  readonly sample: World["values"]["sample"];
  readonly nextKilowatts: readonly NextKilowatt[];
};

const WATTS_PER_KILOWATT = 1000;

export function outcomeOf(
  { name, alternative, world, ruleSets, plants }: PlannedScenario,
  moneyOf: (month: SimulatedMonth) => MonthMoney,
): SimulatedScenario {
  const { months, players, values, plan } = world;
  const amounts = divideMonths(months, ruleSets, moneyOf);
  const { members, total, largestOf, ...distances } = fairnessOf(players, amounts, values);
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
      shapley: (values.numerators[player] ?? 0n) / values.denominator,
      shapleyNumerator: values.numerators[player] ?? 0n,
    })),
    shapleyDenominator: values.denominator,
    sample: values.sample,
    nextKilowatts: plants.flatMap((meter) => nextKilowatt(world, meter)),
  };
}

function energyByAccount({ plan, batches }: World): Map<number, { injected: bigint; withdrawn: bigint }> {
  const byAccount = new Map<number, { injected: bigint; withdrawn: bigint }>();
  for (const [index, { rosters }] of plan.configurations.entries()) {
    const roster = rosters[0]?.roster;
    if (roster === undefined) continue;
    for (const direction of ["injected", "withdrawn"] as const) {
      const channels = direction === "injected" ? roster.injection : roster.withdrawal;
      for (const [row, { account }] of channels.entries()) {
        const known = byAccount.get(account) ?? { injected: 0n, withdrawn: 0n };
        known[direction] += sum((batches[index] ?? []).map((batch) => wattHoursOf(batch[direction][row])));
        byAccount.set(account, known);
      }
    }
  }
  return byAccount;
}

/** A meter's plant enlarged by 1 kW that injects in proportion; nothing if the meter has no plant. */
function nextKilowatt({ plan, batches, months }: World, meter: string): NextKilowatt[] {
  const planned = plan.meters.find(({ id }) => id === meter);
  const configuration = planned?.configuration ?? 0;
  const roster = plan.configurations[configuration]?.rosters[0]?.roster;
  const plant = roster?.plants.find(({ channel }) => channel === planned?.injection);
  if (roster === undefined || plant === undefined) return [];
  const row = roster.injection.findIndex(({ number }) => number === plant.channel);
  const before = months.filter((month) => month.configuration === configuration);
  const larger = withPlantScaled(
    batches[configuration] ?? [],
    row,
    BigInt(plant.power + WATTS_PER_KILOWATT),
    BigInt(plant.power),
  );
  const after = simulateMonths(configuration, roster, larger);
  const more = (quantity: "injected" | "shared" | "accrued") =>
    sum(after.map((month) => month[quantity])) - sum(before.map((month) => month[quantity]));
  return [
    {
      meter,
      power: plant.power,
      injected: sum((batches[configuration] ?? []).map(({ injected }) => wattHoursOf(injected[row]))),
      attributed: sum(before.map(({ attributed }) => attributed.get(plant.number) ?? 0n)),
      moreInjected: more("injected"),
      moreShared: more("shared"),
      moreAccrued: more("accrued"),
    },
  ];
}

function wattHoursOf(row: readonly number[] | undefined): bigint {
  return BigInt((row ?? []).reduce((total, wattHours) => total + wattHours, 0));
}

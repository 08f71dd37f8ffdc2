/** `condivisa simulate`: what each member would get under other rules or with other plants, and how fair that is. */

import { type CommunityFile, readCommunityFile } from "../oracle/communityFile.ts";
import { planCommunity } from "../oracle/communityPlan.ts";
import type { HourRange } from "../oracle/dayBatches.ts";
import { type Readings, readReadings } from "../oracle/readingsFile.ts";
import { ALTERNATIVES, alternativeTo } from "../settlement/alternatives.ts";
import { sum } from "../settlement/amounts.ts";
import {
  endOfMonth,
  formatMonth,
  type Hour,
  hoursOfMarketDay,
  type Month,
  monthOf,
  startOfMonth,
} from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { channelsOf } from "../settlement/roster.ts";
import type { Sampling } from "../settlement/shapleyValues.ts";
import { expectedMoney, type MonthMoney, type SimulatedMonth, scaledMoney } from "../settlement/simulation.ts";
import type { ShowProgress } from "./progress.ts";
import { type ReceiptLine, readReceipts } from "./receiptsFile.ts";
import { applyScenario, changesEnergy, readingsOf } from "./scenarioCommunity.ts";
import { readScenarios, type Scenario } from "./scenariosFile.ts";
import { rangeOf, readPricesOf } from "./settleInputs.ts";
import { ruleSetsOf } from "./settleRules.ts";
import { outcomeOf, type PlannedScenario, type SimulatedScenario } from "./simulatedScenario.ts";
import { meteredWorld, valuesOf, type World } from "./simulatedWorld.ts";

export type SimulateOptions = Sampling & {
  readonly community: string;
  readonly readings: string;
  /** What GSE paid; without it, what is expected. */
  readonly receipts: string | undefined;
  /** Needed if a plant is paid by the zonal price. */
  readonly prices: string | undefined;
  readonly scenarios: string | undefined;
  /** Of the valorisation that is expected, 10⁻⁴ €/MWh. */
  readonly valorisationRate: bigint;
  /** The first and the last month; undefined: as far as the readings go. */
  readonly from: Month | undefined;
  readonly to: Month | undefined;
};

export type Simulation = {
  readonly community: string;
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly money: "received" | "expected";
  /** 10⁻⁴ €/MWh. */
  readonly valorisationRate: bigint;
  readonly seed: number;
  /** The community's own rules first. */
  readonly scenarios: readonly RankedScenario[];
};

/** 1 is the nearest to the Shapley value, by the part of members' money that would have to move; equals share a rank. */
export type RankedScenario = SimulatedScenario & { readonly rank: number };

/** The community as it is, which scenarios start from. */
type Basis = {
  readonly options: SimulateOptions;
  readonly file: CommunityFile;
  readonly readings: Readings;
  readonly ranges: readonly HourRange[];
  readonly firstMonths: readonly Month[];
  readonly own: PlannedScenario;
  readonly show: ShowProgress;
};

/**
 * Simulates the community's own rules and the scenarios, or without a file of them the plain keys. Writes nothing.
 * @throws InputError if a file is wrong
 */
export function simulate(options: SimulateOptions, show: ShowProgress): Simulation {
  const file = readCommunityFile(options.community);
  const plan = planCommunity(file, options.community);
  const scenarios = options.scenarios === undefined ? undefined : readScenarios(options.scenarios, file);
  const starts = plan.configurations.map(({ start }): Hour | undefined =>
    start === undefined ? undefined : hoursOfMarketDay(start).firstHour,
  );
  const readings = readReadings(options.readings, plan.meters, Math.floor(Date.now() / 1000), starts);
  const covered = plan.configurations.map((_, index) => rangeOf(options.readings, plan, undefined, readings, index));
  const firstMonths = covered.map(({ first }) => monthOf(first));
  const months = covered.map(({ end }, index) => ({
    firstMonth: firstMonths[index] ?? monthOf(end),
    lastMonth: monthOf(end),
  }));
  const receipts =
    options.receipts === undefined
      ? undefined
      : readReceipts(options.receipts, plan.configurations, plan.accounts, months);
  const ruleSets = ruleSetsOf(options.community, plan, firstMonths);
  const ranges = covered.map((range) => clipped(range, options));

  const metered = meteredWorld(plan, readings, ranges, readPricesOf(options, plan));
  const values = valuesOf(metered, options, options.readings, (game, done, total) =>
    show(`${plan.name}, ${game}`, done, total),
  );
  const world = { ...metered, values };
  const meters = plan.meters.filter(({ injection }) => injection !== undefined).map(({ id }) => id);
  const plants = [...new Set(meters)];
  const own: PlannedScenario = { name: undefined, alternative: undefined, world, ruleSets, plants };
  const basis: Basis = { options, file, readings, ranges, firstMonths, own, show };
  const others = scenarios?.map((scenario) => planScenario(basis, scenario)) ?? plainKeys(own);
  const money = moneyBy(receipts, world, options.valorisationRate);
  return {
    community: plan.name,
    from: formatMonth(Math.min(...ranges.map(({ first }) => monthOf(first)))),
    to: formatMonth(Math.max(...ranges.map(({ end }) => monthOf(end - 1)))),
    hours: Math.max(...ranges.map(({ end }) => end)) - Math.min(...ranges.map(({ first }) => first)),
    money: receipts === undefined ? "expected" : "received",
    valorisationRate: options.valorisationRate,
    seed: options.seed,
    scenarios: ranked([own, ...others].map((planned) => outcomeOf(planned, money))),
  };
}

/** The hours of a range that lie in the months asked for. Throws InputError if none do. */
function clipped({ first, end }: HourRange, { from, to, readings }: SimulateOptions): HourRange {
  const range = {
    first: from === undefined ? first : Math.max(first, startOfMonth(from)),
    end: to === undefined ? end : Math.min(end, endOfMonth(to)),
  };
  if (range.first < range.end) return range;
  const value = [from ?? monthOf(first), to ?? monthOf(end - 1)].map(formatMonth).join(" – ");
  const remedy = `The readings reach from ${formatMonth(monthOf(first))} to ${formatMonth(monthOf(end - 1))}`;
  throw new InputError([
    { file: readings, field: "--from, --to", value, problem: "no readings in these months", remedy },
  ]);
}

/** Each key for itself, with the funds of the rules that are in force at the end. */
function plainKeys(own: PlannedScenario): PlannedScenario[] {
  const last = own.ruleSets.at(-1);
  if (last === undefined) return [];
  const channels = own.world.plan.configurations.flatMap(({ rosters }) =>
    rosters.flatMap(({ roster }) => channelsOf(roster)),
  );
  const hasWeights = channels.some(({ weight }) => weight > 0);
  return ALTERNATIVES.filter((alternative) => hasWeights || alternative !== "static-weight").map((alternative) => ({
    ...own,
    alternative,
    ruleSets: [alternativeTo(last, alternative)],
    plants: [],
  }));
}

/** Values that a scenario does not change are not computed again. */
function planScenario(basis: Basis, scenario: Scenario): PlannedScenario {
  const { options, file, readings, ranges, firstMonths, own, show } = basis;
  const source = options.scenarios ?? "";
  const changed = applyScenario(file, scenario);
  const plan = planCommunity(changed.community, source);
  const metered = meteredWorld(
    plan,
    readingsOf(readings, changed, { file: source, name: scenario.name }),
    ranges,
    readPricesOf({ community: source, prices: options.prices }, plan),
  );
  const values = changesEnergy(scenario)
    ? valuesOf(metered, options, source, (game, done, total) => show(`${scenario.name}, ${game}`, done, total))
    : own.world.values;
  return {
    name: scenario.name,
    alternative: undefined,
    world: { ...metered, values },
    ruleSets: ruleSetsOf(scenario.rules === undefined ? options.community : source, plan, firstMonths),
    plants: [...changed.profiles.keys()],
  };
}

/** What a month of any scenario brings in: what is expected, or what was received in proportion. */
function moneyBy(
  receipts: readonly ReceiptLine[] | undefined,
  real: World,
  valorisationRate: bigint,
): (month: SimulatedMonth) => MonthMoney {
  if (receipts === undefined) return (month) => expectedMoney(month, valorisationRate);
  return (month) => {
    const own = receipts.filter((line) => line.configuration === month.configuration && line.month === month.month);
    const total = (kind: ReceiptLine["kind"]) => sum(own.filter((line) => line.kind === kind).map(({ net }) => net));
    const received = { premium: total("premium"), valorisation: total("valorisation"), other: total("other") };
    const realMonth = real.months.find(
      (candidate) => candidate.configuration === month.configuration && candidate.month === month.month,
    );
    return scaledMoney(received, realMonth ?? month, month);
  };
}

function ranked(scenarios: readonly SimulatedScenario[]): RankedScenario[] {
  return scenarios.map((scenario) => ({
    ...scenario,
    rank: 1 + scenarios.filter((other) => other.relative.moved < scenario.relative.moved).length,
  }));
}

/** A simulation as a report that members and treasurers can read. */

import { ACCRUAL_PER_MICRO, formatDecimal, formatEuro, formatKwh, maximum, sum } from "../settlement/amounts.ts";
import { millionths } from "../settlement/fairness.ts";
import { type Language, localNumber } from "../settlement/terms.ts";
import type { Block, Report } from "./document.ts";
import type { RankedScenario, Simulation } from "./simulate.ts";
import { SIMULATE_WORDS, type SimulateWords } from "./simulateWords.ts";
import { WORDS } from "./words.ts";

/** Formats of one language. */
type Style = {
  readonly words: SimulateWords;
  readonly number: (decimal: string) => string;
};

/** Scenarios go by letters in the tables: A, B, … Z, A2, … */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** So many scenarios stand side by side in a table of members. */
const COLUMNS = 3;

export function simulationReport(simulation: Simulation, language: Language): Report {
  const style: Style = {
    words: SIMULATE_WORDS[language],
    number: (decimal) => localNumber(decimal, WORDS[language]),
  };
  const { words } = style;
  return {
    title: `${words.title}: ${simulation.community}`,
    language,
    blocks: [
      paragraph([`${words.period}: ${simulation.from} – ${simulation.to}`, ...gaps(simulation, language)].join("; ")),
      paragraph(moneyText(simulation, style)),
      heading(words.scenarios),
      scenarioTable(simulation, style),
      paragraph(words.fairness),
      paragraph(words.ranking),
      paragraph(words.differences),
      ...sameEnergy(simulation.scenarios).flatMap((indices) => memberBlocks(simulation, indices, style)),
      ...plantBlocks(simulation, style),
    ],
  };
}

/** What the readings and prices lack of the period, as far as they lack anything. */
function gaps({ hours, scenarios: [own] }: Simulation, language: Language): string[] {
  const { missingHours, hoursWithoutPrice } = WORDS[language];
  const lacking = ([text, count]: readonly [string, number]) => (count === 0 ? [] : [`${text}: ${count}`]);
  return [
    `${hours} ${SIMULATE_WORDS[language].hours}`,
    ...lacking([missingHours, own?.missing ?? 0]),
    ...lacking([hoursWithoutPrice, own?.hoursWithoutPrice ?? 0]),
  ];
}

function moneyText({ money, valorisationRate }: Simulation, { words, number }: Style): string {
  if (money === "received") return words.money.received;
  const rate = `${words.valorisation} ${number(formatDecimal(valorisationRate, 4, 2))} €/MWh`;
  return `${words.money.expected} ${valorisationRate === 0n ? words.noValorisation : rate}.`;
}

function scenarioTable({ scenarios }: Simulation, style: Style): Block {
  const { words, number } = style;
  const columns = [words.shared, words.accrued, words.pool, words.toFunds, words.toMembers, words.moved, words.mean];
  return {
    kind: "table",
    headings: ["", words.scenario, ...[...columns, words.largest].map((column) => ` ${column}`), "", ` ${words.rank}`],
    rows: scenarios.map((scenario, index) => [
      letter(index),
      nameOf(scenario, words),
      number(formatDecimal(scenario.shared, 3, 0)),
      accrued(scenario.accrued, style),
      ...[scenario.pool, scenario.toFunds, scenario.toMembers].map((amount) => number(formatEuro(amount))),
      percent(scenario.relative.moved, style),
      `${number(formatEuro(scenario.meanDistance))} (${percent(scenario.relative.meanDistance, style)})`,
      `${number(formatEuro(scenario.largestDistance))} (${percent(scenario.relative.largestDistance, style)})`,
      scenario.largestOf,
      String(scenario.rank),
    ]),
  };
}

/** What each member gets in the scenarios that share their energy, and with it the Shapley value. */
function memberBlocks({ scenarios, seed }: Simulation, indices: readonly number[], style: Style): Block[] {
  const { words, number } = style;
  const first = scenarios[indices[0] ?? 0];
  if (first === undefined) return [];
  const whole = sum(first.members.map(({ shapleyMoney }) => shapleyMoney));
  const chunks = Array.from({ length: Math.ceil(indices.length / COLUMNS) }, (_, chunk) =>
    indices.slice(chunk * COLUMNS, (chunk + 1) * COLUMNS),
  );
  const columns = [words.injected, words.withdrawn, words.shapleyEnergy, words.shapleyMoney, words.shapleyShare];
  const tables = chunks.map((chunk, position): Block => {
    const described = position === 0 ? columns : [words.shapleyShare];
    return {
      kind: "table",
      headings: [
        words.member,
        ...described.map((column) => ` ${column}`),
        ...chunk.flatMap((index) => [` ${letter(index)} €`, ` ${letter(index)} ±`]),
      ],
      rows: first.members.map((member, row) => {
        const share = percent(millionths(member.shapleyMoney, whole), style);
        const { injected, withdrawn, shapleyEnergy } = member;
        const energies = [injected, withdrawn, shapleyEnergy].map((energy) =>
          energy === 0n ? "–" : number(formatKwh(energy)),
        );
        const money = number(formatEuro(member.shapleyMoney));
        return [
          member.name,
          ...(position === 0 ? [...energies, money, share] : [share]),
          ...chunk.flatMap((index) => {
            const { amount = 0n, difference = 0n } = scenarios[index]?.members[row] ?? {};
            return [number(formatEuro(amount)), `(${signed(difference, style)})`];
          }),
        ];
      }),
    };
  });
  const names = indices.map((index) => letter(index)).join(", ");
  return [heading(`${words.members}: ${names}`), paragraph(sampleText(first, seed, style)), ...tables];
}

function sampleText({ sampledOrders, members }: RankedScenario, seed: number, { words, number }: Style): string {
  if (sampledOrders === undefined) return words.exact;
  const [from, orders, seedWord] = words.sampled;
  const widest = members.map(({ uncertainty }) => uncertainty).reduce(maximum, 0n);
  return `${from} ${sampledOrders} ${orders} ${number(formatEuro(widest))} € (${seedWord} ${seed}).`;
}

function plantBlocks({ scenarios }: Simulation, style: Style): Block[] {
  const { words, number } = style;
  const own = scenarios[0];
  const rows = scenarios.flatMap((scenario, index) =>
    scenario.nextKilowatts.map((next) => [
      letter(index),
      next.meter,
      number(formatDecimal(BigInt(next.power), 3, 1)),
      ...[next.injected, next.attributed, next.moreInjected, next.moreShared].map((energy) =>
        number(formatDecimal(energy, 3, 0)),
      ),
      accrued(next.moreAccrued, style),
      index === 0 || own === undefined
        ? ""
        : `${signedEnergy(scenario.shared - own.shared, style)} kWh, ${signed((scenario.accrued - own.accrued) / ACCRUAL_PER_MICRO, style)} €`,
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [
    words.power,
    words.injected,
    words.attributed,
    words.moreInjected,
    words.moreShared,
    words.moreAccrued,
  ];
  const headings = ["", words.plant, ...[...columns, words.compared].map((column) => ` ${column}`)];
  return [heading(words.plants), paragraph(words.plantsExplained), { kind: "table", headings, rows }];
}

/** Scenarios by the game they are measured with, in order: the same members with the same values. */
function sameEnergy(scenarios: readonly RankedScenario[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, { members, energyDenominator }] of scenarios.entries()) {
    const values = members.flatMap(({ id, energyNumerator, shapleyMoney }) => [id, energyNumerator, shapleyMoney]);
    const game = [energyDenominator, ...values].join(" ");
    groups.set(game, [...(groups.get(game) ?? []), index]);
  }
  return [...groups.values()];
}

function nameOf({ name, alternative }: RankedScenario, words: SimulateWords): string {
  return name ?? (alternative === undefined ? words.ownRules : words.alternatives[alternative]);
}

function letter(index: number): string {
  const round = Math.floor(index / LETTERS.length);
  return `${LETTERS[index % LETTERS.length]}${round === 0 ? "" : round + 1}`;
}

function accrued(accrual: bigint, { number }: Style): string {
  return number(formatEuro(accrual / ACCRUAL_PER_MICRO));
}

/** Millionths as percent. */
function percent(parts: bigint, { number }: Style): string {
  return `${number(formatDecimal(parts, 4, 2))}%`;
}

/** Less than half a cent has no sign. */
function signed(micro: bigint, { number }: Style): string {
  const euro = formatEuro(micro);
  return `${micro > 0n && euro !== formatEuro(0n) ? "+" : ""}${number(euro)}`;
}

function signedEnergy(wattHours: bigint, { number }: Style): string {
  return `${wattHours > 0n ? "+" : ""}${number(formatDecimal(wattHours, 3, 0))}`;
}

function heading(text: string): Block {
  return { kind: "heading", text };
}

function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

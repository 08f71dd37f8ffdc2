/** The rule sets of a settlement against those that are in force. */

import type { CommunityPlan } from "../oracle/communityPlan.ts";
import type { HourRange } from "../oracle/dayBatches.ts";
import type { History } from "../settlement/history.ts";
import { formatHour, formatMonth, type Month, startOfMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { encodeRuleSet, type RuleSet } from "../settlement/rules.ts";
import { toJson } from "./table.ts";

/** A chain begins so long before its first hour, so that everything can be set up before. */
export const HOURS_BEFORE = 24;

/** `RuleBook.MAX_AHEAD`. */
const MOST_HOURS_AHEAD = 5 * 365 * 24;

export function ruleSetsOf(file: string, plan: CommunityPlan, firstMonths: readonly Month[]): RuleSet[] {
  const first = Math.min(...firstMonths);
  const ruleSets = plan.ruleSets.map((ruleSet) => ({ ...ruleSet, fromMonth: ruleSet.fromMonth ?? first }));
  const from = ruleSets[0]?.fromMonth ?? first;
  if (from > first) {
    throw new InputError([
      {
        file,
        field: "rules[0].from",
        value: formatMonth(from),
        problem: `no rules for ${formatMonth(first)}, the first month of the readings`,
        remedy: "Leave `from` out of the first rules, or write that month",
      },
    ]);
  }
  return ruleSets;
}

/** Rules after the first are adopted for a month that has not begun on the chain, at most five years ahead. */
export function checkComingRules(
  file: string,
  ruleSets: readonly RuleSet[],
  history: History | undefined,
  ranges: readonly HourRange[],
): void {
  const adopted = history?.ruleSets.length ?? 0;
  const reached = ranges.map(({ first }) => first);
  const now = history === undefined ? Math.min(...reached) - HOURS_BEFORE : Math.max(...reached);
  const problems = ruleSets.flatMap(({ fromMonth }, index) => {
    const begins = startOfMonth(fromMonth);
    if (index === 0 || index < adopted || (begins > now && begins <= now + MOST_HOURS_AHEAD)) return [];
    return [
      {
        file,
        field: `rules[${index}].from`,
        value: formatMonth(fromMonth),
        problem: begins <= now ? "this month has begun already" : "more than five years ahead",
        remedy: `Rules are never retroactive: write a month that begins after ${formatHour(now)}`,
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

export function checkAdopted(file: string, history: History, ruleSets: readonly RuleSet[]): void {
  for (const [index, { encoded }] of history.ruleSets.entries()) {
    const planned = ruleSets[index];
    if (planned !== undefined && toJson(encodeRuleSet(planned)) === toJson(encoded)) continue;
    throw new InputError([
      {
        file,
        field: `rules[${index}]`,
        problem: `not the rules that are in force from ${formatMonth(encoded.fromMonth)}`,
        remedy: "Adopted rules stand: put them back as they were, and add new ones below with a later month in `from`",
      },
    ]);
  }
}

/** The plain keys as rule sets, to compare a community's own rules with. */

import { CLASSES } from "./roster.ts";
import { type Key, type Rule, type RuleSet, WHOLE } from "./rules.ts";

export const ALTERNATIVES = [
  "attributed-injection",
  "coincident-injection",
  "coincident-withdrawal",
  "equal",
  "static-weight",
  "half-and-half",
] as const;
export type Alternative = (typeof ALTERNATIVES)[number];

/**
 * A rule set that gives funds what the given one gives them and divides the rest of the ordinary pool by one key, or half to
 * the producers by attributed and half to the consumers by coincident energy. Every class is served. If the given one
 * leaves nothing to members, the alternative leaves all.
 */
export function alternativeTo(ruleSet: RuleSet, alternative: Alternative): RuleSet {
  const ordinary = ruleSet.rules.filter(({ pool }) => pool === "ordinary");
  const ofFunds = ordinary.filter(({ key }) => key === "fund");
  const rest = WHOLE - ofFunds.reduce((total, { share }) => total + share, 0);
  const [funds, share] = rest === 0 ? [[], WHOLE] : [ofFunds, rest];
  return {
    ...ruleSet,
    fromMonth: 0,
    rules: [...funds, ...rulesOf(alternative, share), ...ruleSet.rules.filter(({ pool }) => pool === "excess")],
  };
}

function rulesOf(alternative: Alternative, share: number): Rule[] {
  if (alternative !== "half-and-half") return [ruleOf(alternative, share)];
  const half = Math.floor(share / 2);
  return [ruleOf("attributed-injection", half), ruleOf("coincident-withdrawal", share - half)];
}

function ruleOf(key: Key, share: number): Rule {
  return { pool: "ordinary", share, key, classes: CLASSES, fund: 0 };
}

/** The community's rules: rule sets, each in force for whole months. */

import type { Hex } from "viem";
import type { Month } from "./hours.ts";
import { CLASSES, type MemberClass } from "./roster.ts";

/** By what a rule divides its part of the pool; the position is one less than the key's number on the chain. */
export const KEYS = [
  "attributed-injection",
  "coincident-injection",
  "coincident-withdrawal",
  "equal",
  "static-weight",
  "fund",
] as const;
export type Key = (typeof KEYS)[number];

export type Rule = {
  /** Basis points of the pool. */
  readonly share: number;
  readonly key: Key;
  /** The classes that it serves; none with key `fund`. */
  readonly classes: readonly MemberClass[];
  /** The fund's account number with key `fund`, else 0. */
  readonly fund: number;
};

export type RuleSet = {
  /** The first month in force. */
  readonly fromMonth: Month;
  /** Gets what rules without an eligible key would have paid, and the rounding dust. */
  readonly fallbackFund: number;
  readonly documentHash: Hex;
  readonly rules: readonly Rule[];
};

/** Basis points in the whole. */
export const WHOLE = 10_000;
export const MAX_RULES = 12;

/** The rule set in force in a month: the last that begins in it or before. */
export function ruleSetOf(ruleSets: readonly RuleSet[], month: Month): RuleSet | undefined {
  return ruleSets.filter(({ fromMonth }) => fromMonth <= month).at(-1);
}

/** Classes as the chain's bit mask: class c is bit c, counted from 1. */
export function encodeClasses(classes: readonly MemberClass[]): number {
  return classes.reduce((mask, name) => mask | (1 << (CLASSES.indexOf(name) + 1)), 0);
}

export function decodeClasses(mask: number): MemberClass[] {
  return CLASSES.filter((_, index) => ((mask >> (index + 1)) & 1) === 1);
}

/** A rule set as `RuleBook.propose` takes it. */
export function encodeRuleSet(ruleSet: RuleSet) {
  return {
    fromMonth: ruleSet.fromMonth,
    fallbackFund: ruleSet.fallbackFund,
    documentHash: ruleSet.documentHash,
    rules: ruleSet.rules.map((rule) => ({
      share: rule.share,
      key: KEYS.indexOf(rule.key) + 1,
      classes: encodeClasses(rule.classes),
      fund: rule.fund,
    })),
  };
}

/** Reads what `encodeRuleSet` wrote. Throws RangeError on an unknown key. */
export function decodeRuleSet(encoded: {
  readonly fromMonth: number;
  readonly fallbackFund: number;
  readonly documentHash: Hex;
  readonly rules: readonly { share: number; key: number; classes: number; fund: number }[];
}): RuleSet {
  return {
    fromMonth: encoded.fromMonth,
    fallbackFund: encoded.fallbackFund,
    documentHash: encoded.documentHash,
    rules: encoded.rules.map((rule) => {
      const key = KEYS[rule.key - 1];
      if (key === undefined) throw new RangeError(`key ${rule.key}`);
      return { share: rule.share, key, classes: decodeClasses(rule.classes), fund: rule.fund };
    }),
  };
}

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

/** What a rule divides; the position is the pool's number on the chain. */
export const POOLS = ["ordinary", "excess"] as const;
export type Pool = (typeof POOLS)[number];

export type Rule = {
  /** Of the excess pool, equal and static-weight keys count withdrawal channels alone. */
  readonly pool: Pool;
  /** Basis points of the pool. */
  readonly share: number;
  readonly key: Key;
  /** The classes that it serves; none with key `fund`. */
  readonly classes: readonly MemberClass[];
  /** The fund's account number with key `fund`, else 0. */
  readonly fund: number;
};

/** When and how much is paid of what an account is entitled to. */
export type PayoutPolicy = {
  /** Basis points of each month's premium that are held until the year is adjusted. */
  readonly holdBack: number;
  /** Everything is held until the year is adjusted. */
  readonly isYearly: boolean;
  /** Micro-euro: smaller payouts wait until they have grown to this, except those of closed accounts. */
  readonly minimumPayment: bigint;
};

/** The accounts that get what no rule gives to anyone. */
export type Remainders = {
  /** The fund that gets what rules of the ordinary pool without an eligible key would have paid, and its rounding dust. */
  readonly fallbackFund: number;
  /** Likewise of the excess pool, or all of it if no rule divides it; a social fund. */
  readonly excessFallbackFund: number;
  /** Keeps the excess until the year is adjusted. */
  readonly excessReserve: number;
  /** Keeps what is held back of advances until the year is adjusted. */
  readonly advanceReserve: number;
};

export type RuleSet = {
  /** The first month in force. */
  readonly fromMonth: Month;
  readonly remainders: Remainders;
  readonly policy: PayoutPolicy;
  readonly documentHash: Hex;
  readonly rules: readonly Rule[];
};

/** A rule set as the contract keeps it. */
export type EncodedRuleSet = Omit<RuleSet, "rules"> & {
  readonly rules: readonly { pool: number; share: number; key: number; classes: number; fund: number }[];
};

/** Pays every month whatever there is. */
export const PAY_ALL: PayoutPolicy = { holdBack: 0, isYearly: false, minimumPayment: 0n };

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
export function encodeRuleSet({ fromMonth, remainders, policy, documentHash, rules }: RuleSet): EncodedRuleSet {
  return {
    fromMonth,
    remainders,
    policy,
    documentHash,
    rules: rules.map((rule) => ({
      pool: POOLS.indexOf(rule.pool),
      share: rule.share,
      key: KEYS.indexOf(rule.key) + 1,
      classes: encodeClasses(rule.classes),
      fund: rule.fund,
    })),
  };
}

/** Reads what `encodeRuleSet` wrote. Throws RangeError on an unknown key or pool. */
export function decodeRuleSet({ fromMonth, remainders, policy, documentHash, rules }: EncodedRuleSet): RuleSet {
  return {
    fromMonth,
    remainders,
    policy,
    documentHash,
    rules: rules.map((rule) => {
      const key = KEYS[rule.key - 1];
      const pool = POOLS[rule.pool];
      if (key === undefined || pool === undefined) throw new RangeError(`key ${rule.key}, pool ${rule.pool}`);
      return { pool, share: rule.share, key, classes: decodeClasses(rule.classes), fund: rule.fund };
    }),
  };
}

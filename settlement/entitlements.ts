/** How a month's pools are divided: exactly, with a reason for every part. */

import { sum } from "./amounts.ts";
import type { Pools } from "./pools.ts";
import { type RuleSet, WHOLE } from "./rules.ts";

/** What one rule gives one account: pool × share × key / total, rounded toward zero. */
export type Part = {
  /** Position of the rule in its rule set. */
  readonly rule: number;
  readonly account: number;
  /** The account's key and Σ keys; both 0 with key `fund`. */
  readonly key: bigint;
  readonly total: bigint;
  /** Micro-euro. */
  readonly amount: bigint;
};

/** What an account gets beside the parts of rules. */
export type Remainder = {
  readonly kind: "dust" | "excess-dust" | "held-excess" | "held-advance" | "passed-through";
  readonly account: number;
  /** Micro-euro. */
  readonly amount: bigint;
};

export type Division = {
  readonly parts: readonly Part[];
  /** Without those of nothing, except the ordinary pool's dust. */
  readonly remainders: readonly Remainder[];
  /** Micro-euro by account; they add up to the pools and what is passed through. */
  readonly entitlements: ReadonlyMap<number, bigint>;
};

/**
 * Divides a month's pools.
 * @param keys by rule, then by account
 * @param passedThrough micro-euro by account: energy sales and reserves
 */
export function divide(
  pools: Pools,
  ruleSet: RuleSet,
  keys: readonly ReadonlyMap<number, bigint>[],
  passedThrough: ReadonlyMap<number, bigint>,
): Division {
  const parts = ruleSet.rules.flatMap((rule, index): Part[] => {
    const share = pools[rule.pool] * BigInt(rule.share);
    if (rule.key === "fund") {
      return [{ rule: index, account: rule.fund, key: 0n, total: 0n, amount: share / BigInt(WHOLE) }];
    }
    const keyOf = keys[index] ?? new Map<number, bigint>();
    const total = sum(keyOf.values());
    return [...keyOf]
      .filter(([, key]) => key !== 0n)
      .map(([account, key]) => ({
        rule: index,
        account,
        key,
        total,
        amount: (share * key) / (BigInt(WHOLE) * total),
      }));
  });

  const dustOf = (pool: "ordinary" | "excess") =>
    pools[pool] - sum(parts.filter((part) => ruleSet.rules[part.rule]?.pool === pool).map(({ amount }) => amount));
  const to = ruleSet.remainders;
  const beside: Remainder[] = [
    { kind: "excess-dust", account: to.excessFallbackFund, amount: dustOf("excess") },
    { kind: "held-excess", account: to.excessReserve, amount: pools.heldExcess },
    { kind: "held-advance", account: to.advanceReserve, amount: pools.heldAdvance },
    ...[...passedThrough].map(([account, amount]) => ({ kind: "passed-through" as const, account, amount })),
  ];
  const remainders: Remainder[] = [
    { kind: "dust", account: to.fallbackFund, amount: dustOf("ordinary") },
    ...beside.filter(({ amount }) => amount !== 0n),
  ];
  const entitlements = new Map<number, bigint>();
  for (const { account, amount } of [...parts, ...remainders]) {
    entitlements.set(account, (entitlements.get(account) ?? 0n) + amount);
  }
  return { parts, remainders, entitlements };
}

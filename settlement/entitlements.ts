/** How a month's pool is divided: exactly, with a reason for every part. */

import { sum } from "./amounts.ts";
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

export type Division = {
  readonly parts: readonly Part[];
  /** What no rule could pay and what rounding left: the fallback fund's, on top of its parts. Micro-euro. */
  readonly dust: bigint;
  /** Micro-euro by account; they add up to the pool. */
  readonly entitlements: ReadonlyMap<number, bigint>;
};

/**
 * Divides a month's pool.
 * @param pool Σ net receipts in micro-euro; negative after a claw-back
 * @param keys by rule, then by account
 */
export function divide(pool: bigint, ruleSet: RuleSet, keys: readonly ReadonlyMap<number, bigint>[]): Division {
  const parts = ruleSet.rules.flatMap((rule, index): Part[] => {
    const share = pool * BigInt(rule.share);
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

  const dust = pool - sum(parts.map(({ amount }) => amount));
  const entitlements = new Map<number, bigint>();
  for (const { account, amount } of [...parts, { account: ruleSet.fallbackFund, amount: dust }]) {
    entitlements.set(account, (entitlements.get(account) ?? 0n) + amount);
  }
  return { parts, dust, entitlements };
}

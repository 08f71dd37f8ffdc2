/** Random communities: who is metered, what the meters say, by what rules and receipts the money goes. */

import fc from "fast-check";
import type { ReceiptKind } from "../../settlement/history.ts";
import { CLASSES, type MemberClass } from "../../settlement/roster.ts";
import { KEYS, type PayoutPolicy, type Rule, WHOLE } from "../../settlement/rules.ts";

/** A channel before it has a number. */
export type WorldChannel = {
  /** Position of its member. */
  readonly owner: number;
  readonly class: MemberClass;
  readonly exempt: boolean;
  readonly weight: number;
};

export type WorldPlant = WorldChannel & { readonly commissioned: string; readonly tariff: number };

export type WorldConfiguration = {
  /** Hours that it records of its first month: the month's last ones. */
  readonly firstHours: number;
  readonly beginsLater: boolean;
  readonly injection: readonly WorldPlant[];
  readonly withdrawal: readonly WorldChannel[];
  /** A second roster version from this batch on, where there are so many. */
  readonly changesAt: number;
  readonly seed: number;
};

/** A rule whose fund is the position of a fund. */
export type WorldRule = Omit<Rule, "share"> & { readonly part: number };

export type WorldReceipt = {
  readonly configuration: number;
  readonly later: boolean;
  readonly cents: number;
  readonly kind: ReceiptKind;
  /** Position of the member whose sale it is, or of the fund. */
  readonly of: number;
};

export type WorldRuleSet = {
  readonly ordinary: readonly WorldRule[];
  readonly excess: readonly WorldRule[];
  readonly policy: PayoutPolicy;
};

/** A run over some months, what is booked around it, and how it ends. */
export type WorldRun = {
  readonly from: number;
  readonly to: number;
  readonly chunkSeed: number;
  readonly before: readonly WorldReceipt[];
  /** Booked after this many chunks of weighing and apportioning. */
  readonly within: { readonly after: number; readonly receipt: WorldReceipt } | null;
  readonly afterApportioning: readonly WorldReceipt[];
  /** GSE's adjustment of the year of the last month is booked after this run, if it can be. */
  readonly adjusts: boolean;
  readonly dropped: boolean;
};

export type World = {
  readonly members: number;
  readonly months: number;
  /** The last month is a December, so that its year can be adjusted. */
  readonly endsInDecember: boolean;
  readonly configurations: readonly WorldConfiguration[];
  readonly ruleSets: readonly WorldRuleSet[];
  readonly runs: readonly WorldRun[];
};

export const FUNDS = 2;
export const RESERVES = 2;

const channel = (members: number) =>
  fc.record({
    owner: fc.nat(members - 1),
    class: fc.constantFrom(...CLASSES),
    exempt: fc.boolean(),
    weight: fc.oneof(fc.nat(5), fc.constant(0xffffffff)),
  });

const plant = (members: number) =>
  fc.tuple(channel(members), fc.integer({ min: 0, max: 4 }), fc.constantFrom(1_100_000, 1_000_000, 1, 0xffffffff)).map(
    // Some days are the same, so that plant numbers decide.
    ([base, day, tariff]): WorldPlant => ({ ...base, commissioned: `2021-05-0${day + 1}`, tariff }),
  );

const configuration = (members: number) =>
  fc
    .record({
      firstHours: fc.integer({ min: 1, max: 24 }),
      beginsLater: fc.boolean(),
      injection: fc.array(plant(members), { maxLength: 5 }),
      withdrawal: fc.array(channel(members), { maxLength: 55 }),
      changesAt: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(),
    })
    .filter(({ injection, withdrawal }) => injection.length + withdrawal.length > 0);

const rule: fc.Arbitrary<WorldRule> = fc
  .tuple(
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom(...KEYS),
    fc.subarray([...CLASSES], { minLength: 1 }),
    fc.nat(FUNDS - 1),
  )
  .map(([part, key, classes, fund]) =>
    key === "fund"
      ? { pool: "ordinary", part, key, classes: [], fund }
      : { pool: "ordinary", part, key, classes, fund: 0 },
  );

/** Of the excess pool: withdrawal-side keys, no enterprises, the social fund. */
const excessRule: fc.Arbitrary<WorldRule> = fc
  .tuple(
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom("coincident-withdrawal", "equal", "static-weight", "fund"),
    fc.subarray(
      CLASSES.filter((name) => name !== "impresa"),
      { minLength: 1 },
    ),
  )
  .map(([part, key, classes]) => ({ pool: "excess", part, key, classes: key === "fund" ? [] : classes, fund: 0 }));

const ruleSet: fc.Arbitrary<WorldRuleSet> = fc.record({
  ordinary: fc.array(rule, { minLength: 1, maxLength: 6 }),
  excess: fc.array(excessRule, { maxLength: 3 }),
  policy: fc.record({
    holdBack: fc.constantFrom(0, 0, 1, 2500, 10_000),
    isYearly: fc.nat(7).map((n) => n === 0),
    minimumPayment: fc.constantFrom(0n, 0n, 1n, 5_000_000n, 900_000_000n),
  }),
});

const receipt: fc.Arbitrary<WorldReceipt> = fc.record({
  configuration: fc.nat(1),
  later: fc.boolean(),
  cents: fc.oneof(fc.integer({ min: -50_000, max: 100_000 }), fc.integer({ min: -9, max: 9 }), fc.integer()),
  kind: fc.constantFrom("premium", "premium", "premium", "valorisation", "energy-sale", "reserve", "other"),
  of: fc.nat(),
});

const run: fc.Arbitrary<WorldRun> = fc.record({
  from: fc.nat(1),
  to: fc.nat(1),
  chunkSeed: fc.nat(),
  before: fc.array(receipt, { maxLength: 3 }),
  within: fc.option(fc.record({ after: fc.nat(12), receipt })),
  afterApportioning: fc.array(receipt, { maxLength: 1 }),
  adjusts: fc.boolean(),
  dropped: fc.nat(5).map((n) => n === 0),
});

/** @param mostMonths months that the communities have recorded, at most */
export function worlds(mostMonths: number): fc.Arbitrary<World> {
  return fc.integer({ min: 1, max: 18 }).chain((members) =>
    fc.record({
      members: fc.constant(members),
      months: fc.integer({ min: 1, max: mostMonths }),
      configurations: fc.array(configuration(members), { minLength: 1, maxLength: 2 }),
      ruleSets: fc.array(ruleSet, { minLength: 1, maxLength: 2 }),
      endsInDecember: fc.nat(3).map((n) => n === 0),
      runs: fc.array(run, { minLength: 1, maxLength: 4 }),
    }),
  );
}

/** The rules with shares that add up to the whole. */
export function withShares(rules: readonly WorldRule[], firstFund: number): Rule[] {
  const parts = rules.reduce((total, { part }) => total + part, 0);
  let left = WHOLE;
  return rules.map(({ pool, part, key, classes, fund }, index) => {
    const share = index === rules.length - 1 ? left : 1 + Math.floor((part * (WHOLE - rules.length)) / parts);
    left -= share;
    return { pool, share, key, classes, fund: key === "fund" ? firstFund + fund : 0 };
  });
}

/** A number below 2³² that depends on all the parts and looks random. */
export function noise(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** What a meter says in an hour, Wh; undefined where its reading is missing. Zeros and the largest value are frequent. */
export function meterReading(seed: number, side: number, index: number, hour: number): number | undefined {
  const kind = noise(seed, side, index, hour) % 24;
  const amount = noise(seed + 1, side, index, hour);
  if (kind === 0) return undefined;
  if (kind < 5) return 0;
  if (kind === 5) return amount;
  if (kind === 6) return 0xffffffff;
  return amount % 3000;
}

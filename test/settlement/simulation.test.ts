import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { ALTERNATIVES, alternativeTo } from "../../settlement/alternatives.ts";
import { sum } from "../../settlement/amounts.ts";
import { type Batch, FIRST_REVISION, LANES, withoutPrices } from "../../settlement/batch.ts";
import { gameHours } from "../../settlement/coalitionGame.ts";
import { startOfMonth } from "../../settlement/hours.ts";
import { type Channel, CLASSES, type Roster } from "../../settlement/roster.ts";
import { PAY_ALL, type Rule, type RuleSet } from "../../settlement/rules.ts";
import {
  divideMonths,
  expectedMoney,
  type SimulatedMonth,
  scaledMoney,
  simulateMonths,
  withPlantsEnlarged,
} from "../../settlement/simulation.ts";

const MARCH = 2026 * 12 + 2;
const FUND = 9;
const channel = (number: number, account: number): Channel => ({
  number,
  account,
  class: "persona_fisica",
  exempt: false,
  weight: 1,
});
/** Account 1 has the plant and a load, account 2 a load. */
const ROSTER: Roster = {
  injection: [channel(1, 1)],
  withdrawal: [channel(2, 1), channel(3, 2)],
  plants: [{ number: 1, channel: 1, commissioned: "2021-05-01", power: 5000, regime: "42-bis", tariff: 1_100_000 }],
};
const VERSIONS = [{ effectiveHour: 0, roster: ROSTER }];
const row = (...wattHours: readonly number[]) => [...wattHours, ...new Array<number>(LANES - wattHours.length).fill(0)];
const batchAt = (firstHour: number): Batch => ({
  firstHour,
  hourCount: 2,
  rosterVersion: 1,
  grade: "distributor",
  ...FIRST_REVISION,
  seed: zeroHash,
  injected: [row(1000, 4000)],
  withdrawn: [row(500, 0), row(1500, 3000)],
  missing: [0, 0, 0],
  ...withoutPrices(2),
});
const BATCHES = [batchAt(startOfMonth(MARCH)), batchAt(startOfMonth(MARCH) + 2), batchAt(startOfMonth(MARCH + 1))];
const rule = (share: number, key: Rule["key"], fund = 0): Rule => ({
  pool: "ordinary",
  share,
  key,
  classes: key === "fund" ? [] : CLASSES,
  fund,
});
const rulesFrom = (fromMonth: number, ...rules: readonly Rule[]): RuleSet => ({
  fromMonth,
  remainders: { fallbackFund: FUND, excessFallbackFund: FUND, excessReserve: 10, advanceReserve: 11 },
  // A simulation divides as if every year were adjusted: nothing is held back.
  policy: { ...PAY_ALL, holdBack: 5000 },
  documentHash: zeroHash,
  rules,
});
const MONTHS = simulateMonths(0, VERSIONS, BATCHES);
const money = (premium: bigint) => ({ premium, valorisation: 0n, other: 0n });

describe("a simulated community", () => {
  it("has the sums of its months", () => {
    assert.deepEqual(
      MONTHS.map(({ month, injected, withdrawn, shared, accrued }) => [month, injected, withdrawn, shared, accrued]),
      [
        [MARCH, 10_000n, 10_000n, 8000n, 8000n * 1_100_000n],
        [MARCH + 1, 5000n, 5000n, 4000n, 4000n * 1_100_000n],
      ],
    );
    assert.equal(MONTHS[0]?.attributed.get(1), 8000n);
    assert.equal(MONTHS[0]?.coincident.get(3), 2n * (750n + 3000n));
  });

  it("counts the readings that are missing and the hours without a price that a plant needs", () => {
    const cacer = { regime: "CACER", base: 800_000, cap: 1_200_000, correction: 0 } as const;
    const plants = ROSTER.plants.map(({ number, channel, commissioned, power }) => {
      return { number, channel, commissioned, power, ...cacer, reduction: { numerator: 0, denominator: 1 } };
    });
    const [first = assert.fail(), ...others] = BATCHES;
    const batches = [{ ...first, missing: [0x80_0000, 0, 0xc0_0000] }, ...others];
    assert.deepEqual(
      simulateMonths(0, [{ effectiveHour: 0, roster: { ...ROSTER, plants } }], batches).map(
        ({ missing, hoursWithoutPrice }) => [missing, hoursWithoutPrice],
      ),
      [
        [3, 4],
        [0, 2],
      ],
    );
  });

  it("expects the accrued premium and the valorisation of what it shares", () => {
    assert.deepEqual(expectedMoney(MONTHS[1] ?? assert.fail(), 105_700n), {
      premium: 440_000n,
      valorisation: 42_280n,
      other: 0n,
    });
  });

  it("is paid in proportion to what was received, toward zero", () => {
    const [march = assert.fail(), april = assert.fail()] = MONTHS;
    const received = { premium: -7n, valorisation: 9n, other: 5n };
    assert.deepEqual(scaledMoney(received, march, april), { premium: -3n, valorisation: 4n, other: 5n });
    assert.deepEqual(scaledMoney(received, { ...march, accrued: 0n, shared: 0n }, april), received);
  });

  it("divides each month by the rules in force, everything to someone", () => {
    const ruleSets = [
      rulesFrom(MARCH, rule(1000, "fund", FUND), rule(9000, "attributed-injection")),
      rulesFrom(MARCH + 1, rule(10_000, "equal")),
    ];
    const amounts = divideMonths(MONTHS, ruleSets, () => money(1001n));
    assert.deepEqual(
      amounts,
      new Map([
        [FUND, 100n + 1n + 1n],
        [1, 900n + 500n],
        [2, 500n],
      ]),
    );
  });

  it("divides nothing of months without rules", () => {
    assert.equal(
      sum(divideMonths(MONTHS, [rulesFrom(MARCH + 1, rule(10_000, "equal"))], () => money(10n)).values()),
      10n,
    );
  });

  it("takes the excess of the calendar year out of each month's premium", () => {
    const set = { injected: 1000n, attributed: 800n, accrued: 100n };
    const [march = assert.fail(), april = assert.fail()] = MONTHS;
    const months: SimulatedMonth[] = [march, april].map((month) => ({ ...month, accrued: 100n, withoutGrant: set }));
    const excess: Rule = { ...rule(10_000, "coincident-withdrawal"), pool: "excess", classes: ["persona_fisica"] };
    const ruleSet = rulesFrom(MARCH, rule(10_000, "fund", FUND), excess);
    // 80% attributed is 25 points beyond 55%: a quarter of the premium goes by the excess rule.
    const amounts = divideMonths(months, [ruleSet], () => money(1000n));
    // By 250 : 3750 Wh of coincident withdrawal, ⌊15.6⌋ and ⌊234.4⌋ a month; the micro-euro left over is the fund's.
    assert.deepEqual(
      [1, 2, FUND].map((account) => amounts.get(account)),
      [30n, 468n, 1502n],
    );
  });

  it("takes the excess of its own configuration and calendar year", () => {
    const [march = assert.fail()] = MONTHS;
    const set = (attributed: bigint) => ({ injected: 1000n, attributed, accrued: 100n });
    const month = (change: Partial<SimulatedMonth>) => ({
      ...march,
      accrued: 100n,
      withoutGrant: set(550n),
      ...change,
    });
    const beyond = { withoutGrant: set(800n) };
    const months = [
      month({}),
      month({ ...beyond, configuration: 1 }),
      month({ ...beyond, month: MARCH + 10 }),
      month({ ...beyond, month: MARCH - 3 }),
    ];
    const excess: Rule = { ...rule(10_000, "fund", 7), pool: "excess" };
    const ruleSet = rulesFrom(MARCH - 3, rule(10_000, "fund", FUND), excess);
    const onlyFirst = (of: SimulatedMonth) => money(of === months[0] ? 1000n : 0n);
    assert.equal(divideMonths(months, [ruleSet], onlyFirst).get(7), 0n);
    assert.equal(divideMonths(months, [ruleSet], () => money(1000n)).get(7), 3n * 250n);
  });

  it("divides valorisation and other receipts with the ordinary pool", () => {
    const ruleSet = rulesFrom(MARCH, rule(10_000, "fund", FUND));
    const divided = divideMonths(MONTHS.slice(0, 1), [ruleSet], () => ({
      premium: 1n,
      valorisation: 20n,
      other: 300n,
    }));
    assert.deepEqual(divided, new Map([[FUND, 321n]]));
  });

  it("injects more with a larger plant, rounded down", () => {
    const [larger] = withPlantsEnlarged(BATCHES, VERSIONS, new Set([1]), 1);
    assert.deepEqual(larger?.injected[0]?.slice(0, 3), [1000, 4000, 0]);
    const [more] = withPlantsEnlarged(BATCHES, VERSIONS, new Set([1]), 6);
    assert.deepEqual(more?.injected[0]?.slice(0, 3), [1001, 4004, 0]);
    assert.deepEqual(withPlantsEnlarged(BATCHES, VERSIONS, new Set([2]), 5000), BATCHES);
  });

  it("injects more from the plant that is larger, and from no other", () => {
    const [plant = assert.fail()] = ROSTER.plants;
    const two: Roster = {
      ...ROSTER,
      injection: [channel(1, 1), channel(4, 2)],
      plants: [{ ...plant, number: 2, channel: 4, power: 1000 }, plant],
    };
    const batch = { ...batchAt(0), injected: [row(10), row(30)] };
    const enlarged = (...channels: number[]) =>
      withPlantsEnlarged([batch], [{ effectiveHour: 0, roster: two }], new Set(channels), 1000)[0]?.injected.map(
        ([first]) => first,
      );
    assert.deepEqual(
      [enlarged(1), enlarged(4), enlarged(1, 4)],
      [
        [12, 30],
        [10, 60],
        [12, 60],
      ],
    );
  });

  it("counts each batch on its own roster", () => {
    const [first = assert.fail(), second = assert.fail(), third = assert.fail()] = BATCHES;
    // Account 2 leaves before the second batch.
    const left: Roster = { ...ROSTER, withdrawal: ROSTER.withdrawal.slice(0, 1) };
    const versions = [...VERSIONS, { effectiveHour: second.firstHour, roster: left }];
    const without = (batch: Batch): Batch => ({ ...batch, rosterVersion: 2, withdrawn: batch.withdrawn.slice(0, 1) });
    const months = simulateMonths(0, versions, [first, without(second), without(third)]);
    assert.deepEqual(
      months.map(({ shared, withdrawn }) => [shared, withdrawn]),
      [
        [4500n, 5500n],
        [500n, 500n],
      ],
    );
    const april = divideMonths(months, [rulesFrom(MARCH + 1, rule(10_000, "equal"))], () => money(10n));
    assert.deepEqual(
      [1, 2].map((account) => april.get(account)),
      [10n, undefined],
    );
    assert.throws(() => simulateMonths(0, VERSIONS, [without(first)]), /no roster version 2/);
  });

  it("is a game of the accounts that have meters in it, hour by hour", () => {
    const hours = [...gameHours(BATCHES.slice(0, 1), ROSTER, [1, 2, 7])];
    assert.deepEqual(
      hours.map(({ injected, withdrawn }) => [[...injected], [...withdrawn]]),
      [
        [
          [1000, 0, 0],
          [500, 1500, 0],
        ],
        [
          [4000, 0, 0],
          [0, 3000, 0],
        ],
      ],
    );
  });
});

describe("the hours of a game", () => {
  it("add up the meters of an account, and leave out those of accounts that do not play", () => {
    const roster: Roster = { ...ROSTER, withdrawal: [channel(2, 1), channel(3, 1), channel(4, 2)] };
    const batch = { ...batchAt(0), hourCount: 1, withdrawn: [row(500), row(70), row(9)] };
    const hours = [...gameHours([batch], roster, [1])];
    assert.deepEqual(
      hours.map(({ injected, withdrawn }) => [[...injected], [...withdrawn]]),
      [[[1000], [570]]],
    );
  });
});

describe("plain keys as alternatives", () => {
  const own = rulesFrom(MARCH, rule(1000, "fund", FUND), rule(4001, "equal"), rule(4999, "static-weight"));
  it("give funds the same and the rest to one key, or half and half", () => {
    for (const alternative of ALTERNATIVES) {
      const { rules } = alternativeTo(own, alternative);
      assert.equal(
        rules.reduce((total, { share }) => total + share, 0),
        10_000,
      );
      assert.deepEqual(rules[0], own.rules[0]);
    }
    const shares = alternativeTo(own, "half-and-half").rules.map(({ key, share }) => [key, share]);
    assert.deepEqual(shares.slice(1), [
      ["attributed-injection", 4500],
      ["coincident-withdrawal", 4500],
    ]);
  });

  it("keep the rules of the excess", () => {
    const excess: Rule = { ...rule(10_000, "equal"), pool: "excess" };
    assert.deepEqual(alternativeTo({ ...own, rules: [...own.rules, excess] }, "equal").rules.at(-1), excess);
    const toFund: Rule = { ...rule(10_000, "fund", FUND), pool: "excess" };
    const { rules } = alternativeTo({ ...own, rules: [...own.rules, toFund] }, "equal");
    assert.deepEqual(
      rules.map(({ pool, key, share }) => [pool, key, share]),
      [
        ["ordinary", "fund", 1000],
        ["ordinary", "equal", 9000],
        ["excess", "fund", 10_000],
      ],
    );
  });

  it("leave all to members where funds had it all", () => {
    const funds = rulesFrom(MARCH, rule(10_000, "fund", FUND));
    assert.deepEqual(
      alternativeTo(funds, "equal").rules.map(({ key, share }) => [key, share]),
      [["equal", 10_000]],
    );
  });
});

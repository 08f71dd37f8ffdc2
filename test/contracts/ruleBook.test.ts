/*
 * RuleBook
 *   propose
 *     not the secretary's → refused
 *     no rules, more than 12, shares that are zero or do not add up to 10,000 → refused
 *     a key missing; a fund where none belongs or none is; classes where none belong, none or unknown → refused
 *     a fallback that is no fund → refused
 *     more than five years ahead → refused; not after the version before, or a month that has begun → refused
 *     the first may reach back
 *   adopt
 *     not the president's, another version or hash, twice, the proposer, too late by now → refused
 *     else in force from its month on
 *   ruleSetOf: the last that begins in the month or before; before the first → refused
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, getAbiItem, keccak256, parseEventLogs, zeroAddress, zeroHash } from "viem";
import { ruleBookAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { parseMonth, secondsOf, startOfMonth } from "../../settlement/hours.ts";
import { type EncodedRuleSet, PAY_ALL } from "../../settlement/rules.ts";
import { communityCalls, enrolment, ROLE_IDS, rolesCalls, ruleBookCalls } from "../support/communityCalls.ts";
import { deployCommunity, FIRST_MONTH, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, read, send } from "../support/refusals.ts";

/** Keys as the chain numbers them. */
const KEY = { none: 0, attributed: 1, coincidentInjection: 2, coincidentWithdrawal: 3, equal: 4, weight: 5, fund: 6 };
const ALL_CLASSES = 0xfe;
/** Accounts: 1 a member, 2 a social fund, 3 a producer, 4 a closed fund that is not social, 5 and 6 reserves. */
const FUND = 2;
const REMAINDERS = { fallbackFund: FUND, excessFallbackFund: FUND, excessReserve: 5, advanceReserve: 6 };

type EncodedRule = EncodedRuleSet["rules"][number];
const rule = (change: Partial<EncodedRule> = {}): EncodedRule => ({
  pool: 0,
  share: 10_000,
  key: KEY.equal,
  classes: ALL_CLASSES,
  fund: 0,
  ...change,
});
const NOT_ENTERPRISES = ALL_CLASSES & ~4;
const excess = (change: Partial<EncodedRule> = {}): EncodedRule =>
  rule({ pool: 1, key: KEY.coincidentWithdrawal, classes: NOT_ENTERPRISES, ...change });
const ruleSet = (rules: readonly EncodedRule[], change: Partial<EncodedRuleSet> = {}): EncodedRuleSet => ({
  fromMonth: FIRST_MONTH,
  remainders: REMAINDERS,
  policy: PAY_ALL,
  documentHash: zeroHash,
  rules,
  ...change,
});

describe("RuleBook", () => {
  let stage: Stage;
  let at: CommunityAddresses;

  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await deployCommunity(stage);
    const { enrol, closeAccount } = communityCalls(at);
    const kinds = ["member", "fund", "producer", "fund", "reserve", "reserve"] as const;
    await send(stage, "secretary", enrol(kinds.map((kind, index) => enrolment(kind, zeroAddress, index === FUND - 1))));
    await send(stage, "secretary", closeAccount(4));
  });
  after(() => stage.chain.close());

  const propose = (given: EncodedRuleSet) => send(stage, "secretary", ruleBookCalls(at).propose(given));
  const adopt = (version: number, given: EncodedRuleSet) =>
    send(stage, "president", ruleBookCalls(at).adopt(version, hashOf(given)));
  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: ruleBookAbi, address: at.ruleBook, functionName, args });
  const month = (name: string) => parseMonth(name) ?? 0;

  const names = ["propose", "adopt"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "secretary", call: () => ruleBookCalls(at).propose(ruleSet([rule()])) },
      { allowed: "president", call: () => ruleBookCalls(at).adopt(1, zeroHash) },
    ],
    (index) => `${names[index]}`,
  );

  it("takes excess rules of withdrawal-side keys and social funds, or none", async () => {
    const split = [KEY.coincidentWithdrawal, KEY.equal, KEY.weight].map((key) => excess({ key, share: 2500 }));
    await propose(ruleSet([rule(), ...split, excess({ key: KEY.fund, classes: 0, fund: FUND, share: 2500 })]));
    await propose(ruleSet([rule()], { policy: { holdBack: 10_000, isYearly: true, minimumPayment: 1_000_000_000n } }));
  });

  const fund = rule({ key: KEY.fund, classes: 0, fund: FUND, share: 4000 });
  const rest = rule({ share: 6000 });
  for (const { what, given, error, values } of [
    { what: "no rules", given: ruleSet([]), error: "NoRules", values: [] },
    { what: "13 rules", given: ruleSet(new Array(13).fill(rest)), error: "TooManyRules", values: [13n, 12n] },
    {
      what: "no fallback",
      given: ruleSet([rule()], { remainders: { ...REMAINDERS, fallbackFund: 0 } }),
      error: "FallbackNotAFund",
      values: [0],
    },
    {
      what: "a member as fallback",
      given: ruleSet([rule()], { remainders: { ...REMAINDERS, fallbackFund: 1 } }),
      error: "FallbackNotAFund",
      values: [1],
    },
    {
      what: "an unknown fallback",
      given: ruleSet([rule()], { remainders: { ...REMAINDERS, fallbackFund: 7 } }),
      error: "FallbackNotAFund",
      values: [7],
    },
    {
      what: "a producer as fallback of the excess",
      given: ruleSet([rule()], { remainders: { ...REMAINDERS, excessFallbackFund: 3 } }),
      error: "FallbackNotAFund",
      values: [3],
    },
    {
      what: "a fallback of the excess that is not social",
      given: ruleSet([rule()], { remainders: { ...REMAINDERS, excessFallbackFund: 4 } }),
      error: "FundNotSocial",
      values: [4],
    },
    ...[
      { excessReserve: FUND },
      { advanceReserve: FUND },
      { excessReserve: 0 },
      { advanceReserve: 7 },
      { excessReserve: 6 },
    ].map((change) => {
      const remainders = { ...REMAINDERS, ...change };
      return {
        what: `reserves ${remainders.excessReserve} and ${remainders.advanceReserve}`,
        given: ruleSet([rule()], { remainders }),
        error: "ReservesInvalid",
        values: [remainders.excessReserve, remainders.advanceReserve],
      };
    }),
    {
      what: "more than all held back",
      given: ruleSet([rule()], { policy: { ...PAY_ALL, holdBack: 10_001 } }),
      error: "HoldBackTooLarge",
      values: [10_001, 10_000n],
    },
    {
      what: "a minimum above 1,000 €",
      given: ruleSet([rule()], { policy: { ...PAY_ALL, minimumPayment: 1_000_000_001n } }),
      error: "MinimumPaymentTooLarge",
      values: [1_000_000_001n, 1_000_000_000n],
    },
    ...[KEY.attributed, KEY.coincidentInjection].map((key) => ({
      what: `injection key ${key} on the excess`,
      given: ruleSet([rule(), excess({ key })]),
      error: "ExcessKeyInvalid",
      values: [1n, key],
    })),
    ...[KEY.coincidentWithdrawal, KEY.equal, KEY.weight].map((key) => ({
      what: `the excess to enterprises by key ${key}`,
      given: ruleSet([rule(), excess({ key, classes: NOT_ENTERPRISES | 4 })]),
      error: "ExcessToEnterprises",
      values: [1n],
    })),
    {
      what: "the excess to a fund that is not social",
      given: ruleSet([rule(), excess({ key: KEY.fund, classes: 0, fund: 4 })]),
      error: "FundNotSocial",
      values: [4],
    },
    {
      what: "shares of the excess that do not add up",
      given: ruleSet([rule(), excess({ share: 9_999 })]),
      error: "SharesNotWhole",
      values: [1, 9_999n, 10_000n],
    },
    {
      what: "an excess pool alone",
      given: ruleSet([excess()]),
      error: "SharesNotWhole",
      values: [0, 0n, 10_000n],
    },
    { what: "a zero share", given: ruleSet([rest, rule({ share: 0 }), fund]), error: "ShareZero", values: [1n] },
    { what: "no key", given: ruleSet([fund, rule({ key: KEY.none, share: 6000 })]), error: "KeyMissing", values: [1n] },
    {
      what: "a fund rule without a fund",
      given: ruleSet([rest, { ...fund, fund: 0 }]),
      error: "FundInvalid",
      values: [1n, 0],
    },
    {
      what: "a fund rule for a producer",
      given: ruleSet([rest, { ...fund, fund: 3 }]),
      error: "FundInvalid",
      values: [1n, 3],
    },
    {
      what: "a fund rule for nobody",
      given: ruleSet([{ ...fund, fund: 5 }, rest]),
      error: "FundInvalid",
      values: [0n, 5],
    },
    {
      what: "a fund rule with classes",
      given: ruleSet([{ ...fund, classes: 2 }, rest]),
      error: "ClassesInvalid",
      values: [0n, 2],
    },
    {
      what: "a fund with another key",
      given: ruleSet([fund, { ...rest, fund: FUND }]),
      error: "FundInvalid",
      values: [1n, FUND],
    },
    { what: "no classes", given: ruleSet([{ ...rest, classes: 0 }, fund]), error: "ClassesInvalid", values: [0n, 0] },
    { what: "class 0", given: ruleSet([{ ...rest, classes: 3 }, fund]), error: "ClassesInvalid", values: [0n, 3] },
    {
      what: "class 8",
      given: ruleSet([{ ...rest, classes: 0x1fe }, fund]),
      error: "ClassesInvalid",
      values: [0n, 0x1fe],
    },
    {
      what: "too small shares",
      given: ruleSet([rule({ share: 5999 }), fund]),
      error: "SharesNotWhole",
      values: [0, 9999n, 10_000n],
    },
    {
      what: "too great shares",
      given: ruleSet([rule({ share: 65_535 }), fund]),
      error: "SharesNotWhole",
      values: [0, 69_535n, 10_000n],
    },
  ]) {
    it(`refuses ${what}: ${error}`, () => assertRefused(propose(given), error, values));
  }

  it("takes every key with every class, twelve rules and a closed fund", async () => {
    const keys = [KEY.attributed, KEY.coincidentInjection, KEY.coincidentWithdrawal, KEY.equal, KEY.weight];
    const rules = [
      ...keys.map((key) => rule({ key, share: 500 })),
      ...[1, 2, 3, 4, 5, 6].map((bit) => rule({ classes: 1 << bit, share: 1000 })),
      { ...fund, fund: 4, share: 1500 },
    ];
    assert.equal(rules.length, 12);
    const given = ruleSet(rules, { documentHash: `0x${"ab".repeat(32)}` });
    const { secretary, president } = stage.people;
    const [proposed] = parseEventLogs({
      abi: ruleBookAbi,
      logs: (await propose(given)).logs,
      eventName: "RuleSetProposed",
    });
    assert.deepEqual(proposed?.args, {
      version: 1,
      ruleSet: given,
      ruleSetHash: hashOf(given),
      proposer: secretary.address,
    });
    const [adopted] = parseEventLogs({
      abi: ruleBookAbi,
      logs: (await adopt(1, given)).logs,
      eventName: "RuleSetAdopted",
    });
    const fromMonth = FIRST_MONTH;
    assert.deepEqual(adopted?.args, { version: 1, fromMonth, ruleSetHash: hashOf(given), adopter: president.address });
    assert.deepEqual(await view("ruleSet", 1), given);
    assert.equal(await view("ruleSetCount"), 1);
  });

  it("refuses a month more than five years ahead: RuleSetTooLate", async () => {
    const latestHour = Math.floor((stage.chain.time() + 5 * 365 * 86_400) / 3600);
    let latest = FIRST_MONTH;
    while (startOfMonth(latest + 1) <= latestHour) latest++;
    await propose(ruleSet([rule()], { fromMonth: latest }));
    const given = ruleSet([rule()], { fromMonth: latest + 1 });
    await assertRefused(propose(given), "RuleSetTooLate", [latest + 1, BigInt(latestHour)]);
  });

  it("lets only the first reach back; a later one begins after it, with a month that has not begun: RuleSetTooEarly", async () => {
    const first = ruleSet([rule()], { fromMonth: month("2025-01") });
    await propose(first);
    await adopt(1, first);
    stage.chain.advanceTo(secondsOf(startOfMonth(month("2026-06"))) - 1);
    const tooEarly = (fromMonth: number) => propose(ruleSet([rule()], { fromMonth }));
    await assertRefused(tooEarly(month("2026-05")), "RuleSetTooEarly", [month("2026-05"), month("2026-06")]);
    await assertRefused(tooEarly(month("2025-01")), "RuleSetTooEarly", [month("2025-01"), month("2026-06")]);
    const second = ruleSet([rule()], { fromMonth: month("2026-06") });
    await propose(second);
    await adopt(2, second);
    await assertRefused(tooEarly(month("2026-06")), "RuleSetTooEarly", [month("2026-06"), month("2026-07")]);
    // A month begins at its first second.
    stage.chain.advanceTo(secondsOf(startOfMonth(month("2026-07"))));
    await assertRefused(tooEarly(month("2026-07")), "RuleSetTooEarly", [month("2026-07"), month("2026-08")]);
  });

  it("refuses to adopt what has become too early since it was proposed: RuleSetTooEarly", async () => {
    const first = ruleSet([rule()]);
    await propose(first);
    await adopt(1, first);
    const [next, after] = [month("2026-09"), month("2026-10")];
    const second = ruleSet([rule()], { fromMonth: next });
    await propose(second);
    stage.chain.advanceTo(secondsOf(startOfMonth(next)));
    await assertRefused(adopt(2, second), "RuleSetTooEarly", [next, after]);
  });

  it("adopts the very proposal that the second person saw, once: RuleSetNotProposed", async () => {
    const [first, second] = [ruleSet([rule()]), ruleSet([rule()], { documentHash: `0x${"01".repeat(32)}` })];
    await assertRefused(adopt(1, ruleSet([])), "RuleSetNotProposed", [1, hashOf(ruleSet([]))]);
    await propose(first);
    await propose(second);
    await assertRefused(adopt(1, first), "RuleSetNotProposed", [1, hashOf(first)]);
    await assertRefused(adopt(2, second), "RuleSetNotProposed", [2, hashOf(second)]);
    await assertRefused(adopt(0, second), "RuleSetNotProposed", [0, hashOf(second)]);
    await adopt(1, second);
    await assertRefused(adopt(2, second), "RuleSetNotProposed", [2, hashOf(second)]);
    assert.deepEqual(await view("ruleSet", 1), second);
  });

  it("knows no empty proposal, though its hash can be named: RuleSetNotProposed", async () => {
    const none = { fallbackFund: 0, excessFallbackFund: 0, excessReserve: 0, advanceReserve: 0 };
    const empty = { fromMonth: 0, remainders: none, policy: PAY_ALL, documentHash: zeroHash, rules: [] };
    await assertRefused(adopt(1, empty), "RuleSetNotProposed", [1, hashOf(empty)]);
  });

  it("refuses the proposer as the second person: SamePerson", async () => {
    const { president } = stage.people;
    await send(stage, "council", rolesCalls(at).grantRole(ROLE_IDS.secretary, president.address));
    await send(stage, "president", ruleBookCalls(at).propose(ruleSet([rule()])));
    await assertRefused(adopt(1, ruleSet([rule()])), "SamePerson", [president.address]);
    await propose(ruleSet([rule()]));
    await adopt(1, ruleSet([rule()]));
  });

  it("says which rule set is in force in a month: NoRuleSetInForce before the first", async () => {
    await assertRefused(view("ruleSetOf", FIRST_MONTH), "NoRuleSetInForce", [FIRST_MONTH]);
    const later = month("2027-03");
    const [first, second] = [ruleSet([rule()]), ruleSet([rest, fund], { fromMonth: later })];
    await propose(first);
    await adopt(1, first);
    await propose(second);
    await adopt(2, second);
    await assertRefused(view("ruleSetOf", FIRST_MONTH - 1), "NoRuleSetInForce", [FIRST_MONTH - 1]);
    for (const [of, version, given] of [
      [FIRST_MONTH, 1, first],
      [later - 1, 1, first],
      [later, 2, second],
      [65_535, 2, second],
    ] as const) {
      assert.deepEqual(await view("ruleSetOf", of), [version, given]);
    }
  });
});

/** keccak256(abi.encode(ruleSet)). */
function hashOf(given: EncodedRuleSet) {
  return keccak256(encodeAbiParameters(getAbiItem({ abi: ruleBookAbi, name: "propose" }).inputs, [given]));
}

/**
 * The history of a community of two areas in the December of a year that was adjusted: plants of all regimes, an excess,
 * receipts of all kinds, a roster that reaches back, an account closed, a debt written off, runs paid, dropped and approved.
 */

import { readHistory } from "../../chain/history.ts";
import { approveWriteOff, proposeWriteOff } from "../../chain/writeOffs.ts";
import { type Batch, maskBit } from "../../settlement/batch.ts";
import type { History } from "../../settlement/history.ts";
import { endOfMonth, parseMonth } from "../../settlement/hours.ts";
import { powerClassOf, reductionOfGrant } from "../../settlement/premium.ts";
import { type CacerPlant, type Channel, CLASSES, type MemberClass, type Roster } from "../../settlement/roster.ts";
import type { Rule, RuleSet } from "../../settlement/rules.ts";
import { communityCalls, enrolment, receiptBookCalls, receiptOf, treasuryCalls } from "./communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  amend,
  batchOf,
  correctionOf,
  deployCommunity,
  record,
  type Stage,
} from "./communityOnChain.ts";
import { send } from "./refusals.ts";
import { approveRun, balanceOf, book, computeRun, ledgerAt, settle, WHOLE_CELLS } from "./runsOnChain.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const END = endOfMonth(DECEMBER);
const LAST_DAY = END - 24;
const NOON = END - 12;
const LAST_HOURS = END - 3;

/** Accounts: a town hall, a household, a shop, the owner of a plant, a household; then funds and reserves. */
const [TOWN, HOME, SHOP, OWNER, NEIGHBOUR, SOCIAL_FUND, FUND, EXCESS_RESERVE, ADVANCE_RESERVE] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9,
];

const channel = (number: number, account: number, name: MemberClass, weight: number, exempt = false): Channel => ({
  number,
  account,
  class: name,
  exempt,
  weight,
});

function cacer(number: number, on: number, commissioned: string, power: number, grant: number): CacerPlant {
  const found = powerClassOf(power);
  if (found === undefined) throw new RangeError(`${power} W`);
  const terms = { ...found, correction: 40_000, reduction: reductionOfGrant(grant) };
  return { number, channel: on, commissioned, power, regime: "CACER", ...terms };
}

const FIRST: Roster = {
  injection: [
    channel(1, OWNER, "impresa", 1),
    channel(2, TOWN, "ente_territoriale", 2),
    channel(3, HOME, "persona_fisica", 3),
    channel(4, SHOP, "impresa", 4),
  ],
  withdrawal: [
    channel(5, TOWN, "ente_territoriale", 5, true),
    channel(6, HOME, "persona_fisica", 6),
    channel(7, SHOP, "impresa", 7),
    channel(8, NEIGHBOUR, "persona_fisica", 8),
  ],
  plants: [
    { number: 4, channel: 4, commissioned: "2010-01-01", power: 3000, regime: "none" },
    { number: 1, channel: 1, commissioned: "2021-05-01", power: 20_000, regime: "42-bis", tariff: 1_100_000 },
    cacer(2, 2, "2024-06-01", 150_000, 0),
    cacer(3, 3, "2025-06-01", 300_000, 3000),
  ],
};
/** From noon on: the household's meter is the shop's, under a new number. */
const SECOND: Roster = {
  ...FIRST,
  withdrawal: [
    channel(5, TOWN, "ente_territoriale", 5, true),
    channel(7, SHOP, "impresa", 9),
    channel(8, NEIGHBOUR, "persona_fisica", 8),
    channel(9, SHOP, "impresa", 1),
  ],
};
/** From noon on as well, adopted later: the new meter was the household's after all, and a household's. */
const THIRD: Roster = {
  ...SECOND,
  withdrawal: [...SECOND.withdrawal.slice(0, 3), channel(10, HOME, "persona_fisica", 2)],
};
const OTHER_AREA: Roster = {
  injection: [channel(1, HOME, "persona_fisica", 1)],
  withdrawal: [channel(2, NEIGHBOUR, "persona_fisica", 2), channel(3, SHOP, "impresa", 3)],
  plants: [cacer(1, 1, "2025-01-01", 5000, 0)],
};

const rule = (
  pool: Rule["pool"],
  share: number,
  key: Rule["key"],
  classes: readonly MemberClass[] = CLASSES,
): Rule => ({
  pool,
  share,
  key,
  classes,
  fund: 0,
});
const RULES: RuleSet = {
  fromMonth: DECEMBER,
  remainders: {
    fallbackFund: FUND,
    excessFallbackFund: SOCIAL_FUND,
    excessReserve: EXCESS_RESERVE,
    advanceReserve: ADVANCE_RESERVE,
  },
  policy: { holdBack: 2500, isYearly: false, minimumPayment: 12_000_000n },
  documentHash: `0x${"d1".repeat(32)}`,
  rules: [
    { ...rule("ordinary", 1000, "fund", []), fund: FUND },
    rule("ordinary", 3000, "attributed-injection"),
    rule("ordinary", 1500, "coincident-injection"),
    rule("ordinary", 2500, "coincident-withdrawal"),
    rule("ordinary", 1000, "equal", ["persona_fisica", "ente_territoriale"]),
    rule("ordinary", 1000, "static-weight"),
    rule("excess", 6000, "coincident-withdrawal", ["persona_fisica"]),
    rule("excess", 2000, "equal", ["persona_fisica", "ente_territoriale"]),
    rule("excess", 1000, "static-weight", ["ente_territoriale"]),
    { ...rule("excess", 1000, "fund", []), fund: SOCIAL_FUND },
  ],
};

/** Wh by row, a little more each hour; prices on both sides of where tariffs change, none in the third hour. */
function batch(roster: Roster, firstHour: number, hours: number, readings: readonly number[]): Batch {
  const made = batchOf(roster, firstHour, hours, (row, hour) => (readings[row] ?? 0) + 7 * hour);
  const prices = Array.from({ length: 24 }, (_, hour) => (hour < hours && hour !== 2 ? 1_300_000 + 60_000 * hour : 0));
  return { ...made, grade: "estimated", priceMask: maskBit(2), prices };
}

export async function adjustedHistory(stage: Stage): Promise<History> {
  stage.chain.advanceTo(3600 * (LAST_DAY - 24));
  const at = await deployCommunity(stage, [
    { firstHour: LAST_DAY, firstMonth: DECEMBER },
    { firstHour: LAST_HOURS, firstMonth: DECEMBER },
  ]);
  const { treasurer, president, secretary } = stage.people;
  const members = Array.from({ length: 5 }, (_, i) => enrolment(i + 1 === OWNER ? "producer" : "member"));
  const others = [enrolment("fund", undefined, true), enrolment("fund"), enrolment("reserve"), enrolment("reserve")];
  await secretary.send(communityCalls(at).enrol([...members, ...others]));
  const [first, second] = [ledgerAt(at, 0), ledgerAt(at, 1)];
  await adoptRuleSet(stage, at, RULES);
  await adoptRuleSet(stage, at, { ...RULES, fromMonth: DECEMBER + 1, rules: [rule("ordinary", 10_000, "equal")] });
  await adoptRoster(stage, first, LAST_DAY, FIRST);
  await adoptRoster(stage, first, NOON, SECOND);
  await adoptRoster(stage, second, LAST_HOURS, OTHER_AREA);
  await record(stage, first, batch(FIRST, LAST_DAY, 12, [900, 500, 400, 300, 800, 700, 600, 500]), FIRST);
  const afternoon = { ...batch(SECOND, NOON, 12, [300, 900, 800, 100, 900, 800, 0, 600]), rosterVersion: 2 };
  const silent = { ...afternoon, missing: afternoon.missing.map((_, row) => (row === 6 ? maskBit(0) : 0)) };
  const withdrawn = silent.withdrawn.map((row, i) => (i === 2 ? [0, ...row.slice(1)] : row));
  const recorded = { ...silent, withdrawn };
  await record(stage, first, recorded, SECOND);
  await record(stage, second, batch(OTHER_AREA, LAST_HOURS, 3, [2000, 1500, 400]), OTHER_AREA);

  const take = (net: bigint, more: Parameters<typeof receiptOf>[2] = {}) =>
    book(stage, at, receiptOf(DECEMBER, net, { document: String(net), ...more }));
  const advance = receiptOf(DECEMBER, 300_000_000n);
  await book(stage, at, { ...advance, gross: 310_000_000n, fee: 8_000_000n, vat: 2_000_000n });
  await take(20_010_000n, { kind: "valorisation" });
  await take(50_000_000n, { kind: "energy-sale", account: OWNER });
  await take(40_000_000n, { configuration: 1 });
  const run = () => settle(stage, at, DECEMBER, DECEMBER, WHOLE_CELLS, "readings are estimated");
  await run();

  await send(stage, "secretary", communityCalls(at).closeAccount(SHOP));
  await adoptRoster(stage, first, NOON, THIRD);
  const readings = { ...batch(THIRD, NOON, 12, [300, 900, 800, 100, 900, 800, 550, 650]), rosterVersion: 3 };
  const corrected = correctionOf(recorded, SECOND, first, { ...readings, grade: "distributor" });
  await amend(stage, first, recorded, corrected, THIRD);
  await take(-30_000_000n);
  await take(4_000_000n, { kind: "reserve", account: SOCIAL_FUND });
  await take(5_000_000n, { kind: "other", configuration: 1 });
  const dropped = await computeRun(stage, at, DECEMBER, DECEMBER);
  await president.send(treasuryCalls(at).drop(dropped));

  await treasurer.send(receiptBookCalls(at).adjustYear(0, 2026));
  await run();
  await take(-80_000_000n, { kind: "energy-sale", account: OWNER });
  await take(60_000_000n);
  await run();
  const { owed } = await balanceOf(stage, at, OWNER);
  const writeOff = { account: OWNER, fund: FUND, amount: -owed / 2n, reason: "the plant was sold" };
  await proposeWriteOff(treasurer, at.treasury, writeOff);
  await approveWriteOff(president, at.treasury, writeOff);
  await take(9_000_000n, { document: "the last" });
  await approveRun(stage, at, await computeRun(stage, at, DECEMBER, DECEMBER), "readings are estimated");
  return readHistory(stage.client, at);
}

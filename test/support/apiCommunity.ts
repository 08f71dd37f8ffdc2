/**
 * A community in which everything happened that an API can tell of: two configurations, a second roster, a correction, receipts of
 * all kinds, runs paid and dropped, a debt written off, redemptions, a new wallet. No two figures of its members are the same.
 */

import type { CommunityAddresses } from "../../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { approvePayee, executePayee, nextWalletLink, proposePayee, signWalletLink } from "../../chain/payees.ts";
import { idOf } from "../../chain/redemption.ts";
import { approveWriteOff, proposeWriteOff } from "../../chain/writeOffs.ts";
import { type Batch, maskBit } from "../../settlement/batch.ts";
import { type Channel, CLASSES, type Roster } from "../../settlement/roster.ts";
import type { Rule } from "../../settlement/rules.ts";
import { communityCalls, EXECUTED, enrolment, RETURNED, receiptOf, treasuryCalls } from "./communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  amend,
  batchOf,
  correctionOf,
  deployCommunity,
  FIRST_MONTH,
  keyOf,
  record,
  type Stage,
} from "./communityOnChain.ts";
import { approvedFile, proposedFile, settleOutcomes, transferOf } from "./redemptionsOnChain.ts";
import { send } from "./refusals.ts";
import { balanceOf, book, computeRun, LAST_DAY, ledgerAt, settle, threeRules, WHOLE_CELLS } from "./runsOnChain.ts";

/** Accounts: two members who are told apart, another, a producer; then a fund and two reserves. */
export const ANNA = 1;
export const BRUNO = 2;
export const CARLA = 3;
export const DARIO = 4;
const FUND = 5;
/** Channels of the first configuration. */
export const CHANNELS = {
  [ANNA]: { injection: 1, withdrawal: 4 },
  [BRUNO]: { injection: 2, withdrawal: 5 },
} as const;

/** Wh of each channel of the first configuration in the first hour; they grow by 1009 an hour. */
export const READINGS = [3_141_592, 2_718_281, 1_618_033, 4_669_201, 5_772_156, 2_302_585];
const HOURLY = 1009;
export const LAST_HOURS = LAST_DAY + 21;
const NOON = LAST_DAY + 12;

const channel = (number: number, account: number): Channel => ({
  number,
  account,
  class: "persona_fisica",
  exempt: false,
  weight: 100 + 7 * number,
});

const ROSTER: Roster = {
  injection: [channel(1, ANNA), channel(2, BRUNO), channel(3, DARIO)],
  withdrawal: [channel(4, ANNA), channel(5, BRUNO), channel(6, CARLA)],
  plants: [1, 2, 3].map((number) => ({
    number,
    channel: number,
    commissioned: `2021-05-0${number}`,
    power: 20_000,
    regime: "42-bis" as const,
    tariff: 1_100_000,
  })),
};
/** From noon on. */
const SECOND_ROSTER: Roster = { ...ROSTER, withdrawal: [...ROSTER.withdrawal, channel(7, DARIO)] };
const OTHER_AREA: Roster = {
  injection: [channel(1, CARLA)],
  withdrawal: [channel(2, ANNA), channel(3, BRUNO), channel(4, DARIO)],
  plants: ROSTER.plants.slice(0, 1),
};

/** What Bruno's channels of the first configuration say in an hour, Wh. */
export function readingsOfBruno(hour: number): number[] {
  return [1, 4].map((row) => (READINGS[row] ?? 0) + HOURLY * (hour - LAST_DAY));
}

function batch(roster: Roster, firstHour: number, hours: number, readings: readonly number[]): Batch {
  return batchOf(
    roster,
    firstHour,
    hours,
    (row, hour) => (readings[row] ?? 0) + HOURLY * (firstHour - LAST_DAY + hour),
  );
}

export type TestCommunity = {
  readonly at: CommunityAddresses;
  /** What Bruno alone is told: ids of payments, a reason, wallets, amounts in micro-euro. */
  readonly secrets: readonly string[];
  /** Records one more batch, as the next day brings it. */
  readonly recordNext: (stage: Stage) => Promise<void>;
};

export async function richCommunity(stage: Stage): Promise<TestCommunity> {
  const at = await deployCommunity(stage, [
    { firstHour: LAST_DAY, firstMonth: FIRST_MONTH },
    { firstHour: LAST_HOURS, firstMonth: FIRST_MONTH },
  ]);
  const members = [ANNA, BRUNO, CARLA].map((account) => enrolment("member", keyOf(`wallet of ${account}`).address));
  const others = [enrolment("fund", undefined, true), enrolment("reserve"), enrolment("reserve")];
  await send(stage, "secretary", communityCalls(at).enrol([...members, enrolment("producer"), ...others]));
  await adoptRuleSet(stage, at, rules());
  await recordMonth(stage, at);
  const reason = "il contatore di Bruno era rotto";
  await payTwice(stage, at, reason);
  await redeem(stage, at);
  const wallet = await changeWallet(stage, at);
  const hours = Array.from({ length: 12 }, (_, hour) => readingsOfBruno(LAST_DAY + hour)).flat();
  let firstHour = LAST_DAY + 24;
  return {
    at,
    secrets: [
      keyOf(`wallet of ${BRUNO}`).address,
      wallet,
      "BRUNO-1",
      "BRUNO-2",
      reason,
      PASSED_ON,
      ...hours.map(String),
    ],
    recordNext: async (on) => {
      const next = batch(SECOND_ROSTER, firstHour, 24, [...READINGS, 1_234_567]);
      firstHour += 24;
      await record(on, ledgerAt(at, 0), { ...next, rosterVersion: 2 }, SECOND_ROSTER);
    },
  };
}

function rules() {
  const rule = (share: number, key: Rule["key"]): Rule => ({
    pool: "ordinary",
    share,
    key,
    classes: [...CLASSES],
    fund: 0,
  });
  const fund: Rule = { pool: "ordinary", share: 1000, key: "fund", classes: [], fund: FUND };
  return {
    ...threeRules(FUND),
    rules: [fund, rule(4000, "attributed-injection"), rule(3000, "coincident-withdrawal"), rule(2000, "static-weight")],
  };
}

async function recordMonth(stage: Stage, at: CommunityAddresses): Promise<void> {
  const [first, second] = [ledgerAt(at, 0), ledgerAt(at, 1)];
  await adoptRoster(stage, first, LAST_DAY, ROSTER);
  await adoptRoster(stage, first, NOON, SECOND_ROSTER);
  await adoptRoster(stage, second, LAST_HOURS, OTHER_AREA);
  await record(stage, first, batch(ROSTER, LAST_DAY, 12, READINGS), ROSTER);
  const afternoon = { ...batch(SECOND_ROSTER, NOON, 12, [...READINGS, 1_234_567]), rosterVersion: 2 };
  const silent = {
    ...afternoon,
    missing: afternoon.missing.map((_, row) => (row === 6 ? maskBit(0) : 0)),
    withdrawn: afternoon.withdrawn.map((row, index) => (index === 3 ? [0, ...row.slice(1)] : row)),
  };
  await record(stage, first, silent, SECOND_ROSTER);
  await record(
    stage,
    second,
    batch(OTHER_AREA, LAST_HOURS, 3, [6_283_185, 1_414_213, 1_732_050, 2_236_067]),
    OTHER_AREA,
  );
  await amend(stage, first, silent, correctionOf(silent, SECOND_ROSTER, first, afternoon), SECOND_ROSTER);
}

/** What is passed on to Bruno for energy sold, micro-euro. */
const PASSED_ON = "50070000";
const REASON = "a reading was missing";

async function payTwice(stage: Stage, at: CommunityAddresses, reason: string): Promise<void> {
  const take = (net: bigint, more: Parameters<typeof receiptOf>[2] = {}) =>
    book(stage, at, receiptOf(FIRST_MONTH, net, { document: String(net), ...more }));
  await take(987_650_000n);
  await take(20_010_000n, { kind: "valorisation" });
  await take(BigInt(PASSED_ON), { kind: "energy-sale", account: BRUNO });
  await take(40_030_000n, { configuration: 1 });
  await take(5_170_000n, { kind: "other", configuration: 1 });
  await settle(stage, at, FIRST_MONTH, FIRST_MONTH, WHOLE_CELLS, REASON);
  const dropped = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
  await send(stage, "president", treasuryCalls(at).drop(dropped));
  await take(-900_130_000n, { kind: "energy-sale", account: BRUNO });
  await take(30_190_000n);
  await settle(stage, at, FIRST_MONTH, FIRST_MONTH, WHOLE_CELLS, REASON);
  const { owed } = await balanceOf(stage, at, BRUNO);
  const writeOff = { account: BRUNO, fund: FUND, amount: -owed / 3n, reason };
  await proposeWriteOff(stage.people.treasurer, at.treasury, writeOff);
  await approveWriteOff(stage.people.president, at.treasury, writeOff);
}

async function redeem(stage: Stage, at: CommunityAddresses): Promise<void> {
  await approvedFile(stage, at, [
    transferOf(ANNA, 1_510_000n, "ANNA-1"),
    transferOf(BRUNO, 1_230_000n, "BRUNO-1"),
    transferOf(BRUNO, 4_560_000n, "BRUNO-2"),
  ]);
  await settleOutcomes(stage, at, EXECUTED, [idOf("BRUNO-1")]);
  await settleOutcomes(stage, at, RETURNED, [idOf("BRUNO-2")]);
  await proposedFile(stage, at, [transferOf(BRUNO, 7_890_000n, "BRUNO-3")]);
}

async function changeWallet(stage: Stage, at: CommunityAddresses): Promise<string> {
  const wallet = keyOf("another wallet of Bruno");
  const link = await nextWalletLink(stage.client, at.community, BRUNO, wallet.address);
  const signature = await signWalletLink(wallet, EMBEDDED_CHAIN_ID, at.community, link);
  const change = await proposePayee(stage.people.secretary, at.community, BRUNO, { to: wallet.address, signature });
  stage.chain.advanceTo(await approvePayee(stage.people.president, at.community, BRUNO, change));
  await executePayee(stage.people.stranger, at.community, BRUNO);
  return wallet.address;
}

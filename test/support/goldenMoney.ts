/**
 * The community of the worked example of three hours, on a chain, its receipts booked and nothing settled. The three hours stand
 * for a year: they are the last of one.
 *
 * Its 16.184 € of premium are no whole cents, which receipts are: everything is a hundred thousand times as much here, so that a
 * micro-euro is that much less of it.
 */

import assert from "node:assert/strict";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { endOfMonth, parseMonth } from "../../settlement/hours.ts";
import { powerClassOf, reductionOfGrant } from "../../settlement/premium.ts";
import { CLASSES, type MemberClass, type Roster } from "../../settlement/roster.ts";
import { PAY_ALL, type Rule } from "../../settlement/rules.ts";
import { communityCalls, enrolment, receiptOf } from "./communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  openStage,
  record,
  type Stage,
} from "./communityOnChain.ts";
import { book, ledgerAt } from "./runsOnChain.ts";

/** Accounts by number, in the order of the example, then the two reserves. */
export const GOLDEN_NAMES = ["P1", "P2", "C1", "C2", "C3", "C4", "FUND_MGMT", "FUND_SOCIAL"] as const;
const [MANAGEMENT, SOCIAL, EXCESS_RESERVE, ADVANCE_RESERVE] = [7, 8, 9, 10];

const KWH = [
  [55, 60, 10],
  [20, 65, 15],
  [5, 8, 10],
  [3, 4, 6],
  [12, 40, 0],
  [10, 48, 24],
];
const PRICES = [60, 150, 190];
const CLASS_OF: readonly MemberClass[] = ["persona_fisica", "persona_fisica", "ente_territoriale", "impresa"];

export const GOLDEN_MONTH = parseMonth("2025-12") ?? 0;
const FIRST = endOfMonth(GOLDEN_MONTH) - 3;

function roster(): Roster {
  const channel = (number: number, memberClass: MemberClass) => ({
    number,
    account: number,
    class: memberClass,
    exempt: memberClass !== "impresa",
    weight: 0,
  });
  const plant = (number: number, commissioned: string, power: number, grant: number) => {
    const powerClass = powerClassOf(power);
    assert(powerClass);
    const terms = { regime: "CACER", ...powerClass, correction: 100_000, reduction: reductionOfGrant(grant) } as const;
    return { number, channel: number, commissioned, power, ...terms };
  };
  return {
    injection: [channel(1, "impresa"), channel(2, "impresa")],
    withdrawal: CLASS_OF.map((memberClass, i) => channel(i + 3, memberClass)),
    plants: [plant(1, "2024-05-01", 180_000, 0), plant(2, "2025-03-01", 300_000, 4000)],
  };
}

const rule = (share: number, key: Rule["key"], change: Partial<Rule> = {}): Rule => ({
  pool: "ordinary",
  share,
  key,
  classes: key === "fund" ? [] : CLASSES,
  fund: 0,
  ...change,
});

/** A stage at the beginning of the example's last hours. */
export function openGoldenStage(): Promise<Stage> {
  return openStage(FIRST - 48);
}

/** Micro-euro, a hundred thousand times the example's. */
export async function goldenCommunity(
  stage: Stage,
  received: { readonly premium: bigint; readonly valorisation: bigint },
): Promise<CommunityAddresses> {
  const at = await deployCommunity(stage, [{ firstHour: FIRST, firstMonth: GOLDEN_MONTH }]);
  const kinds = [
    "producer",
    "producer",
    "member",
    "member",
    "member",
    "member",
    "fund",
    "fund",
    "reserve",
    "reserve",
  ] as const;
  const enrolments = kinds.map((kind, index) => enrolment(kind, undefined, index === SOCIAL - 1));
  await stage.people.secretary.send(communityCalls(at).enrol(enrolments));
  await adoptRoster(stage, ledgerAt(at, 0), FIRST, roster());
  await adoptRuleSet(stage, at, {
    fromMonth: GOLDEN_MONTH,
    remainders: {
      fallbackFund: SOCIAL,
      excessFallbackFund: SOCIAL,
      excessReserve: EXCESS_RESERVE,
      advanceReserve: ADVANCE_RESERVE,
    },
    policy: PAY_ALL,
    documentHash: `0x${"00".repeat(32)}`,
    rules: [
      rule(1000, "fund", { fund: MANAGEMENT }),
      rule(1000, "fund", { fund: SOCIAL }),
      rule(4000, "attributed-injection"),
      rule(4000, "coincident-withdrawal"),
      rule(10_000, "coincident-withdrawal", {
        pool: "excess",
        classes: CLASSES.filter((name) => name !== "impresa"),
      }),
    ],
  });
  for (const hour of [0, 1, 2]) {
    const batch = {
      ...batchOf(roster(), FIRST + hour, 1, (row) => (KWH[row]?.[hour] ?? 0) * 1000),
      priceMask: 0,
      prices: [(PRICES[hour] ?? 0) * 10_000, ...new Array<number>(23).fill(0)],
    };
    await record(stage, ledgerAt(at, 0), batch, roster());
  }
  await book(stage, at, receiptOf(GOLDEN_MONTH, received.premium));
  await book(stage, at, receiptOf(GOLDEN_MONTH, received.valorisation, { kind: "valorisation" }));
  return at;
}

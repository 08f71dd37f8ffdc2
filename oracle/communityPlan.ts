/** Numbers for everything in a community file: what goes onto the chain instead of names, meters and PODs. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Address, type Hex, keccak256, zeroHash } from "viem";
import { MICRO_PER_CENT } from "../settlement/amounts.ts";
import type { AccountKind } from "../settlement/history.ts";
import { type Month, parseMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import {
  type Channel,
  CLASSES,
  type MemberClass,
  type Plant,
  type Roster,
  waterfallOrder,
} from "../settlement/roster.ts";
import type { Pool, Rule, RuleSet } from "../settlement/rules.ts";
import { type CommunityFile, type MemberEntry, type MeterEntry, RESERVES } from "./communityFile.ts";
import { termsOf } from "./plantEntry.ts";

export type PlannedAccount = {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly kind: Extract<AccountKind, "member" | "producer" | "fund" | "reserve">;
  readonly social: boolean;
  /** Undefined for a payee without a wallet. */
  readonly wallet: Address | undefined;
};

/** Which channels of a configuration measure a meter. */
export type PlannedMeter = {
  readonly id: string;
  readonly configuration: number;
  readonly injection: number | undefined;
  readonly withdrawal: number | undefined;
};

export type PlannedConfiguration = {
  readonly area: string;
  /** First market day; undefined: that of the first reading. */
  readonly start: string | undefined;
  /** Whether plants that earn no premium stand behind all others in the waterfall. */
  readonly nonIncentivisedLast: boolean;
  readonly roster: Roster;
};

export type CommunityPlan = {
  readonly name: string;
  readonly objectionSeconds: number;
  /** By number, from 1. */
  readonly accounts: readonly PlannedAccount[];
  readonly meters: readonly PlannedMeter[];
  readonly configurations: readonly PlannedConfiguration[];
  /** `fromMonth` of the first is undefined if the file does not say it: it holds from the start. */
  readonly ruleSets: readonly (Omit<RuleSet, "fromMonth"> & { readonly fromMonth: Month | undefined })[];
};

/**
 * Numbers accounts (members in the order of the file, then funds, then the two reserves), channels and plants (in the order of the meters, by
 * configuration). The same file always gives the same numbers.
 */
export function planCommunity(community: CommunityFile, file: string): CommunityPlan {
  const accounts: PlannedAccount[] = [
    ...community.members.map((member) => ({
      id: member.id,
      name: member.name,
      kind: member.producer ? ("producer" as const) : ("member" as const),
      social: false,
      wallet: member.wallet,
    })),
    ...community.funds.map((fund) => ({ ...fund, wallet: fund.wallet, kind: "fund" as const })),
    ...[
      { id: RESERVES.excess, name: "Accantonamento della tariffa eccedentaria" },
      { id: RESERVES.advance, name: "Accantonamento sugli acconti" },
    ].map((reserve) => ({ ...reserve, kind: "reserve" as const, social: false, wallet: undefined })),
  ].map((account, index) => ({ ...account, number: index + 1 }));
  const numberOf = new Map(accounts.map(({ id, number }) => [id, number]));

  const configurations = community.configurations.map((entry, configuration) => {
    const { area, start, non_incentivised_last: nonIncentivisedLast } = entry;
    const metered = community.members.flatMap((member, index) =>
      member.meters
        .filter((meter) => (meter.area ?? community.configurations[0]?.area) === area)
        .map((meter) => ({ member, account: index + 1, meter })),
    );
    return { area, start, nonIncentivisedLast, ...planConfiguration(configuration, metered, nonIncentivisedLast) };
  });

  return {
    name: community.name,
    objectionSeconds: community.objection_hours * 3600,
    accounts,
    meters: configurations.flatMap(({ meters }) => meters),
    configurations: configurations.map(({ meters: _, ...planned }) => planned),
    ruleSets: community.rules.map((ruleSet) => ({
      fromMonth: ruleSet.from === undefined ? undefined : parseMonth(ruleSet.from),
      remainders: {
        fallbackFund: numberOf.get(ruleSet.fallback) ?? 0,
        excessFallbackFund: numberOf.get(ruleSet.excess.fallback ?? socialFund(community)) ?? 0,
        excessReserve: numberOf.get(RESERVES.excess) ?? 0,
        advanceReserve: numberOf.get(RESERVES.advance) ?? 0,
      },
      policy: {
        holdBack: Math.round(ruleSet.payout.hold_back_percent * 100),
        isYearly: ruleSet.payout.calendar === "yearly",
        minimumPayment: BigInt(Math.round(ruleSet.payout.minimum_eur * 100)) * MICRO_PER_CENT,
      },
      documentHash: documentHash(ruleSet.document, file),
      rules: [
        ...ruleSet.split.map((rule) => planRule("ordinary", rule, CLASSES, numberOf)),
        ...ruleSet.excess.split.map((rule) => planRule("excess", rule, NOT_ENTERPRISES, numberOf)),
      ],
    })),
  };
}

const NOT_ENTERPRISES = CLASSES.filter((name) => name !== "impresa");

function planRule(
  pool: Pool,
  rule: CommunityFile["rules"][number]["split"][number],
  everyClass: readonly MemberClass[],
  numberOf: ReadonlyMap<string, number>,
): Rule {
  return {
    pool,
    share: rule.share,
    key: rule.key,
    classes: rule.key === "fund" ? [] : (rule.classes ?? everyClass),
    fund: numberOf.get(rule.fund ?? "") ?? 0,
  };
}

/** The first one; a community file has at least one. */
function socialFund({ funds }: CommunityFile): string {
  return funds.find(({ social }) => social)?.id ?? "";
}

type Metered = { readonly member: MemberEntry; readonly account: number; readonly meter: MeterEntry };

function planConfiguration(configuration: number, metered: readonly Metered[], nonIncentivisedLast: boolean) {
  const injection: Channel[] = [];
  const withdrawal: Channel[] = [];
  const plants: Plant[] = [];
  const meters: PlannedMeter[] = [];
  let number = 0;
  for (const { member, account, meter } of metered) {
    const channel = () => ({
      number: ++number,
      account,
      class: member.class,
      exempt: meter.exempt,
      weight: meter.weight,
    });
    let injects: number | undefined;
    let withdraws: number | undefined;
    if (meter.plant !== undefined) {
      injection.push(channel());
      injects = number;
      plants.push({ number: plants.length + 1, channel: injects, ...termsOf(meter.plant) });
    }
    if (meter.withdraws) {
      // The static weight of a meter counts once, with its withdrawal if it has both directions.
      withdrawal.push(channel());
      withdraws = number;
    }
    meters.push({ id: meter.id, configuration, injection: injects, withdrawal: withdraws });
  }
  const both = new Set(meters.filter((meter) => meter.withdrawal !== undefined).map((meter) => meter.injection));
  const roster: Roster = {
    injection: injection.map((channel) => (both.has(channel.number) ? { ...channel, weight: 0 } : channel)),
    withdrawal,
    plants: waterfallOrder(plants, nonIncentivisedLast),
  };
  return { meters, roster };
}

function documentHash(document: string | undefined, file: string): Hex {
  if (document === undefined) return zeroHash;
  const path = resolve(dirname(file), document);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new InputError([
      {
        file,
        field: "document",
        value: document,
        problem: "no such file beside the community file",
        remedy: "Put the regolamento there, or leave `document` out",
      },
    ]);
  }
  return keccak256(readFileSync(path));
}

/** Numbers for everything in a community file: what goes onto the chain instead of names, meters and PODs. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Address, type Hex, keccak256, zeroHash } from "viem";
import { MICRO_PER_CENT } from "../settlement/amounts.ts";
import type { AccountKind } from "../settlement/history.ts";
import { type Month, parseMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { CLASSES, type MemberClass } from "../settlement/roster.ts";
import type { Pool, Rule, RuleSet } from "../settlement/rules.ts";
import type { CommunityFile } from "./communityFile.ts";
import { meteredOf, type NumberedMeter, numberMeters, type PlannedMeter, rostersOf } from "./plannedRosters.ts";
import { RESERVES } from "./reserves.ts";

export type PlannedAccount = {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly kind: Extract<AccountKind, "member" | "producer" | "fund" | "reserve">;
  readonly social: boolean;
  /** Undefined for a payee without a wallet. */
  readonly wallet: Address | undefined;
};

/** Numbers that are on a chain already: they go on meaning what they mean. */
export type KnownNumbers = {
  readonly accounts: readonly { readonly id: string; readonly number: number }[];
  readonly meters: readonly NumberedMeter[];
};

const NONE_KNOWN: KnownNumbers = { accounts: [], meters: [] };

export type PlannedConfiguration = {
  readonly area: string;
  /** First market day; undefined: that of the first reading. */
  readonly start: string | undefined;
  /** Whether plants that earn no premium stand behind all others in the waterfall. */
  readonly nonIncentivisedLast: boolean;
  /** Who is metered from which hour on, in the order of the hours; the first from the beginning. */
  readonly rosters: readonly RosterVersion[];
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
 * Numbers accounts (members in the order of the file, then funds, then the two reserves), channels and plants (by
 * configuration, in the order of their first days, then of the file). What is known keeps its number, what is new takes the
 * next ones: the same file always gives the same numbers.
 * @throws InputError if the regolamento is not there, or a known account is no longer in the file
 */
export function planCommunity(community: CommunityFile, file: string, known: KnownNumbers = NONE_KNOWN): CommunityPlan {
  const accounts = numberAccounts(community, file, known);
  const numberOf = new Map(accounts.map(({ id, number }) => [id, number]));

  const configurations = community.configurations.map((entry, configuration) => {
    const { area, start, non_incentivised_last: nonIncentivisedLast } = entry;
    const metered = community.members.flatMap((member) =>
      member.meters
        .filter((meter) => (meter.area ?? community.configurations[0]?.area) === area)
        .map((meter) => meteredOf(member, numberOf.get(member.id) ?? 0, meter)),
    );
    const numbered = known.meters.filter((meter) => meter.configuration === configuration);
    const meters = numberMeters(configuration, metered, numbered);
    return { area, start, nonIncentivisedLast, meters, rosters: rostersOf(meters, nonIncentivisedLast) };
  });

  return {
    name: community.name,
    objectionSeconds: community.objection_hours * 3600,
    accounts,
    meters: configurations.flatMap(({ meters }) => meters.map(({ planned }) => planned)),
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

function numberAccounts(community: CommunityFile, file: string, known: KnownNumbers): PlannedAccount[] {
  const entries = [
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
  ];
  const ids = new Set(entries.map(({ id }) => id));
  const gone = known.accounts.filter(({ id }) => !ids.has(id));
  if (gone.length > 0) {
    const remedy = "Put it back; who has left stays in the file, with the last day in `until`";
    const problem = "its account exists, but it is no longer in the file";
    throw new InputError(gone.map(({ id }) => ({ file, field: "members or funds", value: id, problem, remedy })));
  }
  const numberOf = new Map(known.accounts.map(({ id, number }) => [id, number]));
  let next = numberOf.size + 1;
  return entries
    .map((entry) => ({ ...entry, number: numberOf.get(entry.id) ?? next++ }))
    .toSorted((a, b) => a.number - b.number);
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

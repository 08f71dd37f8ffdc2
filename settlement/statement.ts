/** What one account gets to see: its own energy, what each rule gave it and why, what was paid. */

import { sum } from "./amounts.ts";
import { type Change, changesOf } from "./changes.ts";
import type { Division, Remainder } from "./entitlements.ts";
import type { AccountKind, AccountRecord, SettledHistory } from "./history.ts";
import { endOfMonth, type Month } from "./hours.ts";
import { type RosterVersion, rostersOfMonth } from "./keys.ts";
import { perObject } from "./perObject.ts";
import type { Pools } from "./pools.ts";
import type { Recomputed, RecomputedCell } from "./recompute.ts";
import { settledCell } from "./recompute.ts";
import type { RecomputedMonth } from "./recomputeLedger.ts";
import { redeemedPayments } from "./redemptions.ts";
import { channelsOf, type Roster } from "./roster.ts";
import type { Key, Pool } from "./rules.ts";
import type { Cell } from "./run.ts";
import type { PaymentState } from "./tokenHistory.ts";

/** One direction of one of the account's meters in a month. Wh. */
export type StatementChannel = {
  readonly channel: number;
  readonly direction: "injected" | "withdrawn";
  readonly energy: bigint;
  /** The part that coincided in the same hour with the other side of the community. */
  readonly coincident: bigint;
  /** Of an injection channel: what the waterfall attributed to its plant. */
  readonly attributed: bigint | undefined;
  /** Hours without a reading, counted as zero. */
  readonly missing: number;
};

/** What one rule gave: pool × share × ownKey / totalKey, rounded toward zero. */
export type StatementPart = {
  /** Counted from 1. */
  readonly rule: number;
  readonly pool: Pool;
  readonly key: Key;
  /** Basis points. */
  readonly share: number;
  /** Wh, hours, or weight × hours; both 0 with key `fund`. */
  readonly ownKey: bigint;
  readonly totalKey: bigint;
  /** Micro-euro, as are all amounts here. */
  readonly amount: bigint;
};

export type StatementMonth = {
  readonly configuration: number;
  readonly area: string;
  readonly month: Month;
  /** Its last hour is not recorded yet: nothing of it can be paid. */
  readonly isOpen: boolean;
  /** Wh of the whole configuration. */
  readonly shared: bigint;
  /** 10⁻¹⁰ € of the whole configuration. */
  readonly accrued: bigint;
  readonly channels: readonly StatementChannel[];
  /** What the month's receipts were divided as; undefined until a run has paid on it. */
  readonly pools: Pools | undefined;
  readonly ruleSet: number;
  /** The month from which these rules are in force; undefined until a run has paid on the month. */
  readonly rulesFrom: Month | undefined;
  readonly parts: readonly StatementPart[];
  /** What the account got beside the parts of rules: rounding, what is held, what is passed through. */
  readonly remainders: readonly Omit<Remainder, "account">[];
  readonly entitlement: bigint;
};

export type StatementPayout = {
  readonly run: number;
  readonly fromMonth: Month;
  readonly toMonth: Month;
  /** Entitlements of these months less what was settled for them before. */
  readonly delta: bigint;
  /** The delta by month, with what brought it about. */
  readonly changes: readonly Change[];
  readonly amount: bigint;
  /** Still owed after the payout. */
  readonly owed: bigint;
  /** Less waits until it has grown to this; undefined for a reserve, which is never paid. */
  readonly minimum: bigint | undefined;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
};

/** A debt is netted with what comes; a reserve keeps; small amounts wait; money is short, and all get the same fraction. */
export type OwedBecause = "netted" | "kept" | "belowMinimum" | "short";

/** A bank transfer of the account's credit. */
export type StatementRedemption = {
  readonly file: number;
  readonly endToEndId: string;
  readonly amount: bigint;
  readonly state: PaymentState;
};

/** A debt that a fund took over: of the debtor's statement, or of the fund's. */
export type StatementWriteOff = {
  readonly role: "debtor" | "fund";
  readonly amount: bigint;
  readonly reason: string;
  readonly block: bigint;
  readonly transaction: `0x${string}`;
};

export type Statement = {
  readonly account: AccountRecord;
  readonly months: readonly StatementMonth[];
  readonly payouts: readonly StatementPayout[];
  readonly entitled: bigint;
  readonly paid: bigint;
  readonly writeOffs: readonly StatementWriteOff[];
  /** Entitled less paid, and what was written off: added for the debtor, taken off for the fund. */
  readonly owed: bigint;
  readonly redemptions: readonly StatementRedemption[];
  /** Balance of the payee's address in the token. */
  readonly tokens: bigint;
};

/** The statement of an account from everything recorded and settled so far. */
export function statementOf(history: SettledHistory, recomputed: Recomputed, account: AccountRecord): Statement {
  const months = history.ledgers.flatMap((recorded, configuration) =>
    recorded.months.map(({ month }) => statementMonth(recorded, recomputed, account.number, { configuration, month })),
  );
  const standing = history.treasury.accounts.find(({ number }) => number === account.number);
  return {
    account,
    // Of one month they stay in the order of their configurations.
    months: months.toSorted((a, b) => a.month - b.month),
    payouts: recomputed.runs.flatMap(({ run, payees }) =>
      run.payouts
        .filter((payout) => payout.account === account.number)
        .map(({ delta, amount, owed, place }) => ({
          run: run.number,
          fromMonth: run.fromMonth,
          toMonth: run.toMonth,
          delta,
          changes: changesOf(recomputed, run.number, account.number),
          amount,
          owed,
          minimum: payees.find((payee) => payee.account === account.number)?.minimum,
          block: place.block,
          transaction: place.transaction,
        })),
    ),
    entitled: sum(months.map(({ entitlement }) => entitlement)),
    paid: standing?.paid ?? 0n,
    writeOffs: writeOffsOf(history, account.number),
    owed: standing?.owed ?? 0n,
    redemptions: redeemedPayments(history.tokens)
      .filter((payment) => payment.account === account.number)
      .map(({ file, endToEndId, amount, state }) => ({ file, endToEndId, amount, state })),
    tokens: standing?.balance ?? 0n,
  };
}

/** Why something stays owed after a payout; undefined where nothing does. */
export function owedBecause(
  { amount, owed, minimum }: Pick<StatementPayout, "amount" | "owed" | "minimum">,
  kind: AccountKind,
): OwedBecause | undefined {
  if (owed === 0n) return undefined;
  if (owed < 0n) return "netted";
  if (kind === "reserve") return "kept";
  return amount === 0n && minimum !== undefined && owed < minimum ? "belowMinimum" : "short";
}

function writeOffsOf({ writeOffs }: SettledHistory, account: number): StatementWriteOff[] {
  return writeOffs.flatMap(({ account: debtor, fund, amount, reason, place: { block, transaction } }) => {
    const entry = (role: StatementWriteOff["role"]) => ({ role, amount, reason, block, transaction });
    return [...(debtor === account ? [entry("debtor")] : []), ...(fund === account ? [entry("fund")] : [])];
  });
}

/** What an account gets to see of one month of a configuration, as it stands now. */
export function statementMonth(
  { area, nextHour }: SettledHistory["ledgers"][number],
  recomputed: Recomputed,
  account: number,
  { configuration, month }: Cell,
): StatementMonth {
  const ledger = recomputed.ledgers[configuration];
  const sums = ledger?.months.get(month);
  const cell = settledCell(recomputed, { configuration, month });
  return {
    configuration,
    area,
    month,
    isOpen: nextHour < endOfMonth(month),
    shared: sums?.shared ?? 0n,
    accrued: sums?.accrued ?? 0n,
    channels: channelsOfAccount(account, month, ledger?.versions ?? [], sums),
    pools: cell?.pools,
    ruleSet: cell?.ruleSetVersion ?? 0,
    rulesFrom: cell?.ruleSet.fromMonth,
    parts: partsOf(cell, account),
    remainders: remaindersOf(cell, account),
    entitlement: cell?.division.entitlements.get(account) ?? 0n,
  };
}

/** What an account got of a division beside the parts of rules. */
export function remaindersOf(cell: RecomputedCell | undefined, account: number): StatementMonth["remainders"] {
  return (cell?.division.remainders ?? [])
    .filter((remainder) => remainder.account === account && remainder.amount !== 0n)
    .map(({ kind, amount }) => ({ kind, amount }));
}

/** What the rules of a division gave an account. */
export function partsOf(cell: RecomputedCell | undefined, account: number): StatementPart[] {
  const parts = cell === undefined ? [] : (partsByAccount(cell.division).get(account) ?? []);
  return parts.map((part) => {
    const rule = cell?.ruleSet.rules[part.rule];
    return {
      rule: part.rule + 1,
      pool: rule?.pool ?? "ordinary",
      key: rule?.key ?? "fund",
      share: rule?.share ?? 0,
      ownKey: part.key,
      totalKey: part.total,
      amount: part.amount,
    };
  });
}

const partsByAccount = perObject(({ parts }: Division) => Map.groupBy(parts, ({ account }) => account));

function channelsOfAccount(
  account: number,
  month: Month,
  versions: readonly RosterVersion[],
  sums: RecomputedMonth | undefined,
): StatementChannel[] {
  const channels = new Map<number, StatementChannel>();
  for (const { roster } of rostersOfMonth(month, versions)) {
    for (const { number, direction, plant } of meteredByAccount(roster).get(account) ?? []) {
      const known = sums?.channels.get(number);
      channels.set(number, {
        channel: number,
        direction,
        energy: known?.energy ?? 0n,
        coincident: known?.coincident ?? 0n,
        attributed: plant === undefined ? undefined : (sums?.attributed.get(plant) ?? 0n),
        missing: known?.missing ?? 0,
      });
    }
  }
  return [...channels.values()].toSorted((a, b) => a.channel - b.channel);
}

type Metered = {
  readonly account: number;
  readonly number: number;
  readonly direction: StatementChannel["direction"];
  /** The plant of an injection channel. */
  readonly plant: number | undefined;
};

const meteredByAccount = perObject((roster: Roster) => {
  const plantOf = new Map(roster.plants.map((plant) => [plant.channel, plant.number]));
  const injection = new Set(roster.injection);
  const metered = channelsOf(roster).map((channel): Metered => {
    const { account, number } = channel;
    return {
      account,
      number,
      direction: injection.has(channel) ? "injected" : "withdrawn",
      plant: plantOf.get(number),
    };
  });
  return Map.groupBy(metered, ({ account }) => account);
});

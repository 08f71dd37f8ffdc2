/** The tables of a settlement: for the treasurer on a terminal, for programs as JSON. */

import { ACCRUAL_PER_MICRO, formatEuro, formatKwh, formatMicro, sum } from "../settlement/amounts.ts";
import type { Difference } from "../settlement/comparison.ts";
import { GRADES } from "../settlement/grade.ts";
import type { AccountKind, History } from "../settlement/history.ts";
import { endOfMonth, formatMonth } from "../settlement/hours.ts";
import type { Statement } from "../settlement/statement.ts";
import { localNumber } from "../settlement/terms.ts";
import type { Register } from "./settlementFolder.ts";
import { table } from "./table.ts";
import type { Words } from "./words.ts";

export type MonthSummary = {
  readonly month: string;
  readonly area: string;
  readonly state: "open" | "closed" | "provisional";
  readonly grade: string;
  /** Wh. */
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
  readonly missing: number;
  /** Hours without a zonal price in which a CACER plant accrued nothing. */
  readonly hoursWithoutPrice: number;
  /** Micro-euro; the accrued premium rounded down. */
  readonly accrued: bigint;
  readonly received: bigint;
};

export type AccountSummary = {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** Wh over all months. */
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly coincident: bigint;
  /** Micro-euro. */
  readonly entitled: bigint;
  readonly paid: bigint;
  readonly owed: bigint;
};

export type Settlement = {
  readonly community: string;
  readonly months: readonly MonthSummary[];
  readonly accounts: readonly AccountSummary[];
  readonly totals: {
    readonly received: bigint;
    readonly entitled: bigint;
    readonly paid: bigint;
    readonly owed: bigint;
  };
};

/** What a settlement came to. */
export function summarise(history: History, statements: readonly Statement[], register: Register): Settlement {
  const accounts = statements.map((statement) => summariseAccount(statement, register));
  return {
    community: register.community,
    months: history.ledgers.flatMap((_, configuration) => summariseMonths(history, configuration)),
    accounts,
    totals: {
      received: history.treasury.received,
      entitled: sum(accounts.map(({ entitled }) => entitled)),
      paid: history.treasury.paid,
      owed: sum(accounts.map(({ owed }) => owed)),
    },
  };
}

/** Every month of a configuration that has readings or receipts. */
function summariseMonths(history: History, configuration: number): MonthSummary[] {
  const ledger = history.ledgers[configuration];
  const receipts = history.receipts.filter((receipt) => receipt.configuration === configuration);
  const numbers = new Set([...(ledger?.months ?? []), ...receipts].map(({ month }) => month));
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => {
      const month = ledger?.months.find((candidate) => candidate.month === number);
      const isOpen = ledger === undefined || ledger.nextHour < endOfMonth(number);
      const isProvisional =
        month !== undefined &&
        (month.missing > 0 || month.hoursWithoutPrice > 0 || month.grade < GRADES.indexOf("distributor"));
      return {
        month: formatMonth(number),
        area: ledger?.area ?? "",
        state: isOpen ? "open" : isProvisional ? "provisional" : "closed",
        grade: GRADES[month?.grade ?? -1] ?? "",
        injected: month?.injected ?? 0n,
        withdrawn: month?.withdrawn ?? 0n,
        shared: month?.shared ?? 0n,
        missing: month?.missing ?? 0,
        hoursWithoutPrice: month?.hoursWithoutPrice ?? 0,
        accrued: (month?.accrued ?? 0n) / ACCRUAL_PER_MICRO,
        received: sum(receipts.filter((receipt) => receipt.month === number).map(({ net }) => net)),
      };
    });
}

function summariseAccount(statement: Statement, register: Register): AccountSummary {
  const { number } = statement.account;
  const entry = register.accounts.find((account) => account.number === number);
  const channels = statement.months.flatMap((month) => month.channels);
  const energy = (direction: string) =>
    sum(channels.filter((channel) => channel.direction === direction).map((channel) => channel.energy));
  return {
    number,
    id: entry?.id ?? String(number),
    name: entry?.name ?? "",
    kind: statement.account.kind,
    injected: energy("injected"),
    withdrawn: energy("withdrawn"),
    coincident: sum(channels.map(({ coincident }) => coincident)),
    entitled: statement.entitled,
    paid: statement.paid,
    owed: statement.owed,
  };
}

/** The months and the accounts as tables. */
export function settlementText(settlement: Settlement, words: Words): string {
  const months = table(
    [words.month, words.configuration, ` ${words.injected}`, ` ${words.withdrawn}`, ` ${words.shared}`].concat([
      ` ${words.accrued}`,
      ` ${words.received}`,
      words.state,
    ]),
    settlement.months.map((month) => [
      month.month,
      month.area,
      localNumber(formatKwh(month.injected), words),
      localNumber(formatKwh(month.withdrawn), words),
      localNumber(formatKwh(month.shared), words),
      localNumber(formatEuro(month.accrued), words),
      localNumber(formatEuro(month.received), words),
      stateOf(month, words),
    ]),
  );
  const { totals } = settlement;
  const accounts = table(
    ["#", words.account, "", ` ${words.injected}`, ` ${words.withdrawn}`, ` ${words.coincident}`].concat([
      ` ${words.entitled}`,
      ` ${words.paid}`,
      ` ${words.owed}`,
    ]),
    [
      ...settlement.accounts.map((account) => [
        String(account.number),
        account.name,
        words.kinds[account.kind],
        energyOf(account.injected, words),
        energyOf(account.withdrawn, words),
        energyOf(account.coincident, words),
        localNumber(formatMicro(account.entitled), words),
        localNumber(formatMicro(account.paid), words),
        localNumber(formatMicro(account.owed), words),
      ]),
      [
        "",
        words.total,
        "",
        "",
        "",
        "",
        ...[totals.entitled, totals.paid, totals.owed].map((amount) => localNumber(formatMicro(amount), words)),
      ],
    ],
  );
  return `${months}\n\n${accounts}`;
}

/** One difference as a sentence. */
export function differenceText({ place, subject, chain, recomputed }: Difference): string {
  return `${place}: ${subject} is ${chain} on the chain, ${recomputed} recomputed`;
}

/** The state of a month, and what of it is missing. */
function stateOf({ state, missing, hoursWithoutPrice }: MonthSummary, words: Words): string {
  return [
    words[state],
    ...(missing === 0 ? [] : [`${words.missingHours}: ${missing}`]),
    ...(hoursWithoutPrice === 0 ? [] : [`${words.hoursWithoutPrice}: ${hoursWithoutPrice}`]),
  ].join("; ");
}

function energyOf(wattHours: bigint, words: Words): string {
  return wattHours === 0n ? "–" : localNumber(formatKwh(wattHours), words);
}

/** A statement as a person reads it. */

import { formatDecimal, formatKwh, formatMicro } from "../settlement/amounts.ts";
import type { Change } from "../settlement/changes.ts";
import { formatMonth, type Month } from "../settlement/hours.ts";
import { isKeyless } from "../settlement/keyless.ts";
import { yearOf } from "../settlement/monthExpected.ts";
import type { Pools } from "../settlement/pools.ts";
import {
  owedBecause,
  type Statement,
  type StatementChannel,
  type StatementMonth,
  type StatementPart,
  type StatementPayout,
} from "../settlement/statement.ts";
import { localNumber } from "../settlement/terms.ts";
import type { Register } from "./settlementFolder.ts";
import type { Words } from "./words.ts";

const POOLS = ["ordinary", "excess", "heldAdvance", "heldExcess"] as const satisfies readonly (keyof Pools)[];

/** The text of a statement. Energy in kWh, money in euro with six decimals: nothing is rounded away. */
export function statementText(statement: Statement, register: Register, words: Words): string {
  const { number } = statement.account;
  const entry = register.accounts.find((account) => account.number === number);
  const closed = statement.account.closed === undefined ? "" : `, ${words.closed}`;
  const tokens = `${words.tokens}: ${localNumber(formatMicro(statement.tokens), words)} (${statement.account.payee})`;
  return [
    `${register.community} — ${words.statement}`,
    `${words.account} ${number}: ${entry?.name ?? ""} (${words.kinds[statement.account.kind]}${closed})`,
    "",
    `${words.entitledInAll}: ${euro(statement.entitled, words)}`,
    inWords(words.paid, formatMicro(statement.paid), words),
    inWords(words.owed, formatMicro(statement.owed), words) + standingText(statement, words),
    ...(isKeyless(statement.account.payee) ? [] : [tokens]),
    "",
    ...statement.months.flatMap((month) => [...monthLines(month, register, words), ""]),
    `${words.payouts}:`,
    ...payoutLines(statement, words),
    ...writeOffLines(statement, words),
    ...redemptionLines(statement, words),
    "",
    words.proof,
  ].join("\n");
}

function monthLines(month: StatementMonth, register: Register, words: Words): string[] {
  const state = month.isOpen ? ` (${words.open})` : "";
  return [
    `${words.month} ${formatMonth(month.month)}, ${words.configuration.toLowerCase()} ${month.area}${state}`,
    ...month.channels.map((channel) => `  ${channelLine(channel, month, register, words)}`),
    ...heldLines(month, words),
    ...(month.parts.length + month.remainders.length > 0 ? [`  ${whyText(month, words)}:`] : []),
    ...month.parts
      .filter(({ pool }) => month.pools?.[pool] !== 0n)
      .map((part) => `    ${partLine(part, month, words)}`),
    ...month.remainders.map(({ kind, amount }) => `    ${words.remainders[kind]}: ${euro(amount, words)}`),
    `  ${inWords(words.entitled, formatMicro(month.entitlement), words)}`,
  ];
}

/** Once rules have changed, a month says which of them it went by. */
function whyText({ ruleSet, rulesFrom }: StatementMonth, words: Words): string {
  return ruleSet > 1 && rulesFrom !== undefined
    ? `${words.why} (${words.rulesFrom} ${formatMonth(rulesFrom)})`
    : words.why;
}

/** While something of a month is held, what the rules divide is not all that came in. */
function heldLines({ pools }: StatementMonth, words: Words): string[] {
  if (pools === undefined || (pools.heldAdvance === 0n && pools.heldExcess === 0n)) return [];
  const held = POOLS.filter((pool) => pools[pool] !== 0n).map((pool) =>
    inWords(words.pools[pool], formatMicro(pools[pool]), words),
  );
  return [`  ${words.community} — ${held.join("; ")}`];
}

function channelLine(channel: StatementChannel, month: StatementMonth, register: Register, words: Words): string {
  const meter = register.meters.find(
    ({ configuration, injection, withdrawal }) =>
      configuration === month.configuration && [injection, withdrawal].includes(channel.channel),
  );
  const direction = channel.direction === "injected" ? words.injected : words.withdrawn;
  const quantities: [string, bigint][] = [
    [direction, channel.energy],
    [words.coincident, channel.coincident],
  ];
  if (channel.attributed !== undefined) quantities.push([words.attributed, channel.attributed]);
  const parts = quantities.map(([label, wattHours]) => inWords(label, formatKwh(wattHours), words));
  if (channel.missing > 0) parts.push(`${words.missingHours}: ${channel.missing}`);
  return `${meter?.id ?? `${words.channel} ${channel.channel}`} — ${parts.join("; ")}`;
}

/** `Rule 3: 120.000000 € × 45.00% × 31200 / 240050 (coincident withdrawal, Wh) = 7.018954 €` */
function partLine(
  { rule, pool, key, share, ownKey, totalKey, amount }: StatementPart,
  month: StatementMonth,
  words: Words,
): string {
  const fraction = key === "fund" ? "" : ` × ${ownKey} / ${totalKey}`;
  const percent = localNumber(formatDecimal(BigInt(share), 2), words);
  const of = pool === "excess" ? ` (${words.ofExcess})` : "";
  const from = `${euro(month.pools?.[pool] ?? 0n, words)}${of} × ${percent}%${fraction}`;
  return `${words.rule} ${rule}: ${from} (${words.keys[key]}) = ${euro(amount, words)}`;
}

function payoutLines(statement: Statement, words: Words): string[] {
  if (statement.payouts.length === 0) return [`  ${words.nothingPaid}`];
  return statement.payouts.flatMap((payout) => {
    const amounts = [
      `${words.difference} ${euro(payout.delta, words)}`,
      inWords(words.paid, formatMicro(payout.amount), words),
      inWords(words.owed, formatMicro(payout.owed), words),
    ];
    const place = `${words.block} ${payout.block}, ${words.transaction} ${payout.transaction}`;
    const months = monthsText(payout.fromMonth, payout.toMonth);
    const sentence = amounts.join("; ").toLowerCase() + remark(payout, statement, words);
    return [
      `  ${words.run} ${payout.run} (${months}): ${sentence} [${place}]`,
      ...summedUp(payout.changes).map((change) => `    ${changeLine(change, words)}`),
    ];
  });
}

/** Why what is owed now is owed: a fund that took over a debt may owe without a payout. */
function standingText(statement: Statement, words: Words): string {
  const { amount, minimum } = statement.payouts.at(-1) ?? { amount: 0n, minimum: 0n };
  return remark({ amount, minimum, owed: statement.owed }, statement, words);
}

/** ` (…)`: why something stays owed after a payout. */
function remark(
  { amount, owed, minimum }: Pick<StatementPayout, "amount" | "owed" | "minimum">,
  { account }: Statement,
  words: Words,
): string {
  const because = owedBecause({ amount, owed, minimum }, account.kind);
  if (because === undefined) return "";
  const least = because === "belowMinimum" ? ` ${euro(minimum ?? 0n, words)}` : "";
  return ` (${words.owedBecause[because]}${least})`;
}

type ChangeOfMonths = Change & { readonly toMonth: Month };

/** Months in a row of a year whose entitlements follow only what its other months did, as one. */
function summedUp(changes: readonly Change[]): ChangeOfMonths[] {
  const sums: ChangeOfMonths[] = [];
  for (const change of changes) {
    const last = sums.at(-1);
    const goesOn = last?.configuration === change.configuration && last.toMonth + 1 === change.month;
    if (goesOn && yearOf(last.month) === yearOf(change.month) && [last, change].every(followsTheYear)) {
      sums[sums.length - 1] = { ...last, toMonth: change.month, delta: last.delta + change.delta };
    } else {
      sums.push({ ...change, toMonth: change.month });
    }
  }
  return sums;
}

function followsTheYear({ reasons }: Change): boolean {
  return reasons.every((reason) => reason === "excess");
}

/** `2026-03: −12.50 € (new receipts)` */
function changeLine({ month, toMonth, delta, reasons }: ChangeOfMonths, words: Words): string {
  const because = reasons.map((reason) => words.reasons[reason]).join(", ");
  return `${monthsText(month, toMonth)}: ${euro(delta, words)} (${because})`;
}

function monthsText(from: Month, to: Month): string {
  return from === to ? formatMonth(from) : `${formatMonth(from)} – ${formatMonth(to)}`;
}

/** What a fund took over changes what is owed, but nothing was paid. */
function writeOffLines(statement: Statement, words: Words): string[] {
  if (statement.writeOffs.length === 0) return [];
  return [
    "",
    `${words.writeOffs}:`,
    ...statement.writeOffs.map(({ role, amount, reason, block, transaction }) => {
      const place = `${words.block} ${block}, ${words.transaction} ${transaction}`;
      return `  ${words.writtenOff[role]}: ${euro(amount, words)} — ${reason} [${place}]`;
    }),
  ];
}

function redemptionLines(statement: Statement, words: Words): string[] {
  if (statement.redemptions.length === 0) return [];
  return [
    "",
    `${words.redemptions}:`,
    ...statement.redemptions.map(
      ({ endToEndId, amount, state }) => `  ${endToEndId}: ${euro(amount, words)} — ${words.paymentStates[state]}`,
    ),
    `  ${words.creditLeft}: ${euro(statement.tokens, words)}`,
  ];
}

/** `Paid €` and a number as `Paid: 1.00 €`. */
function inWords(label: string, decimal: string, words: Words): string {
  const [, text = label, unit = ""] = /^(.*) (\S+)$/.exec(label) ?? [];
  return `${text}: ${localNumber(decimal, words)} ${unit}`;
}

function euro(micro: bigint, words: Words): string {
  return `${localNumber(formatMicro(micro), words)} €`;
}

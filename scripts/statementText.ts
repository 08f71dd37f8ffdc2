/** A statement as a person reads it. */

import { formatDecimal, formatKwh, formatMicro } from "../settlement/amounts.ts";
import type { Change } from "../settlement/changes.ts";
import { formatMonth } from "../settlement/hours.ts";
import { isKeyless } from "../settlement/keyless.ts";
import type { Statement, StatementChannel, StatementMonth, StatementPart } from "../settlement/statement.ts";
import type { Register } from "./settlementFolder.ts";
import { localNumber, type Words } from "./words.ts";

/** The text of a statement. Energy in kWh, money in euro with six decimals: nothing is rounded away. */
export function statementText(statement: Statement, register: Register, words: Words): string {
  const { number } = statement.account;
  const entry = register.accounts.find((account) => account.number === number);
  const closed = statement.account.closed === undefined ? "" : `, ${words.closed}`;
  const netted = statement.owed < 0n ? ` (${words.netted})` : "";
  const tokens = `${words.tokens}: ${localNumber(formatMicro(statement.tokens), words)} (${statement.account.payee})`;
  return [
    `${register.community} — ${words.statement}`,
    `${words.account} ${number}: ${entry?.name ?? ""} (${words.kinds[statement.account.kind]}${closed})`,
    "",
    ...statement.months.flatMap((month) => [...monthLines(month, register, words), ""]),
    `${words.entitledInAll}: ${euro(statement.entitled, words)}`,
    inWords(words.paid, formatMicro(statement.paid), words),
    `${inWords(words.owed, formatMicro(statement.owed), words)}${netted}`,
    ...(isKeyless(statement.account.payee) ? [] : [tokens]),
    "",
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
    ...(month.parts.length + month.remainders.length > 0 ? [`  ${words.why}:`] : []),
    ...month.parts.map((part) => `    ${partLine(part, month, words)}`),
    ...month.remainders.map(({ kind, amount }) => `    ${words.remainders[kind]}: ${euro(amount, words)}`),
    `  ${inWords(words.entitled, formatMicro(month.entitlement), words)}`,
  ];
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
  return statement.payouts.flatMap(({ run, changes, fromMonth, toMonth, delta, amount, owed, block, transaction }) => {
    const amounts = [
      `${words.difference} ${euro(delta, words)}`,
      inWords(words.paid, formatMicro(amount), words),
      inWords(words.owed, formatMicro(owed), words),
    ];
    const place = `${words.block} ${block}, ${words.transaction} ${transaction}`;
    const months = `${formatMonth(fromMonth)} – ${formatMonth(toMonth)}`;
    return [
      `  ${words.run} ${run} (${months}): ${amounts.join("; ").toLowerCase()} (${place})`,
      ...changes.map((change) => `    ${changeLine(change, words)}`),
    ];
  });
}

/** `2026-03: −12.50 € (new receipts)` */
function changeLine({ month, delta, reasons }: Change, words: Words): string {
  return `${formatMonth(month)}: ${euro(delta, words)} (${reasons.map((reason) => words.reasons[reason]).join(", ")})`;
}

/** What a fund took over changes what is owed, but nothing was paid. */
function writeOffLines(statement: Statement, words: Words): string[] {
  if (statement.writeOffs.length === 0) return [];
  return [
    "",
    `${words.writeOffs}:`,
    ...statement.writeOffs.map(({ role, amount, reason, block, transaction }) => {
      const place = `${words.block} ${block}, ${words.transaction} ${transaction}`;
      return `  ${words.writtenOff[role]}: ${euro(amount, words)} — ${reason} (${place})`;
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

/** A statement as a person reads it. */

import { formatDecimal, formatKwh, formatMicro } from "../settlement/amounts.ts";
import { formatMonth } from "../settlement/hours.ts";
import type { Statement, StatementChannel, StatementMonth, StatementPart } from "../settlement/statement.ts";
import type { Register } from "./settlementFolder.ts";
import type { Words } from "./words.ts";

/** The text of a statement. Energy in kWh, money in euro with six decimals: nothing is rounded away. */
export function statementText(statement: Statement, register: Register, words: Words): string {
  const { number } = statement.account;
  const entry = register.accounts.find((account) => account.number === number);
  return [
    `${register.community} — ${words.statement}`,
    `${words.account} ${number}: ${entry?.name ?? ""} (${words.kinds[statement.account.kind]})`,
    "",
    ...statement.months.flatMap((month) => [...monthLines(month, register, words), ""]),
    `${words.entitledInAll}: ${formatMicro(statement.entitled)} €`,
    `${words.paid.replace(" €", "")}: ${formatMicro(statement.paid)} €`,
    `${words.owed.replace(" €", "")}: ${formatMicro(statement.owed)} €`,
    `${words.tokens}: ${formatMicro(statement.tokens)} (${statement.account.payee})`,
    "",
    `${words.payouts}:`,
    ...payoutLines(statement, words),
    "",
    words.proof,
  ].join("\n");
}

function monthLines(month: StatementMonth, register: Register, words: Words): string[] {
  return [
    `${words.month} ${formatMonth(month.month)}, ${words.configuration.toLowerCase()} ${month.area}`,
    ...month.channels.map((channel) => `  ${channelLine(channel, month, register, words)}`),
    ...(month.parts.length > 0 || month.dust !== 0n ? [`  ${words.why}:`] : []),
    ...month.parts.map((part) => `    ${partLine(part, month, words)}`),
    ...(month.dust === 0n ? [] : [`    ${words.dust}: ${formatMicro(month.dust)} €`]),
    `  ${words.entitled.replace(" €", "")}: ${formatMicro(month.entitlement)} €`,
  ];
}

function channelLine(channel: StatementChannel, month: StatementMonth, register: Register, words: Words): string {
  const meter = register.meters.find(
    ({ configuration, injection, withdrawal }) =>
      configuration === month.configuration && [injection, withdrawal].includes(channel.channel),
  );
  const direction = channel.direction === "injected" ? words.injected : words.withdrawn;
  const parts = [
    `${meter?.id ?? `${words.channel} ${channel.channel}`}: ${direction} ${formatKwh(channel.energy)}`,
    `${words.coincident} ${formatKwh(channel.coincident)}`,
  ];
  if (channel.attributed !== undefined) parts.push(`${words.attributed} ${formatKwh(channel.attributed)}`);
  if (channel.missing > 0) parts.push(`${channel.missing} ${words.missingHours}`);
  return parts.join(", ");
}

/** `rule 3: 120.000000 € × 45.00% × 31200 / 240050 (coincident withdrawal, Wh) = 7.018954 €` */
function partLine(
  { rule, key, share, ownKey, totalKey, amount }: StatementPart,
  month: StatementMonth,
  words: Words,
): string {
  const fraction = key === "fund" ? "" : ` × ${ownKey} / ${totalKey}`;
  const percent = formatDecimal(BigInt(share), 2);
  return `${words.rule} ${rule}: ${formatMicro(month.pool)} € × ${percent}%${fraction} (${words.keys[key]}) = ${formatMicro(amount)} €`;
}

function payoutLines(statement: Statement, words: Words): string[] {
  if (statement.payouts.length === 0) return [`  ${words.nothingPaid}`];
  return statement.payouts.map(
    ({ run, fromMonth, toMonth, delta, amount, owed, block, transaction }) =>
      `  ${words.run} ${run} (${formatMonth(fromMonth)} – ${formatMonth(toMonth)}): ${words.difference.toLowerCase()} ` +
      `${formatMicro(delta)} €, ${words.paid.toLowerCase()} ${formatMicro(amount)}, ${words.owed.toLowerCase()} ` +
      `${formatMicro(owed)} (${words.block} ${block}, ${words.transaction} ${transaction})`,
  );
}

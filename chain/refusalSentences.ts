/** What a contract's refusal means, and what to do about it. */

import { hexToString, isHex } from "viem";
import { formatMicro } from "../settlement/amounts.ts";
import { RECEIPT_KINDS } from "../settlement/history.ts";
import { formatHour, formatMonth } from "../settlement/hours.ts";
import { FILE_STATES, PAYMENT_STATES } from "../settlement/tokenHistory.ts";
import { PHASES } from "./payout.ts";

/** Sentences for the errors that people meet; the others are shown by name and values. */
export const SENTENCES: Readonly<Record<string, (values: readonly unknown[]) => string>> = {
  AccountCannotMeter: ([channel, account]) =>
    `account ${account} is closed, or neither a member nor a producer: it gets no new meter (channel ${channel})`,
  AccessManagedUnauthorized: ([caller]) => `${caller} does not have the role for this`,
  AmountInvalid: ([amount]) =>
    `${euro(amount)} € is not above zero in whole cents, or more than a bank transfer may be`,
  ContentDiffers: () => "what stands on the chain is no longer what was shown; look at it again before approving",
  ERC20InsufficientBalance: ([holder, has, needed]) =>
    `${holder} has ${euro(has)} € of credit, not ${euro(needed)} €: make the file anew`,
  FileInOtherState: ([file, state]) =>
    `redemption file ${file} is ${FILE_STATES[Number(state)]}: look at it again and go on from there`,
  IdUsed: ([id]) => `the end-to-end id ${asciiOf(id)} was used before`,
  IsPaused: ([until]) => `paused until ${instant(until)}; the president can end the pause`,
  LastHourNotEnded: ([endsAt, now]) => `the last hour ends at ${instant(endsAt)}, and it is ${instant(now)}`,
  MonthOpen: ([configuration, month]) =>
    `${monthName(month)} of configuration ${configuration} is open: its last hour is not recorded yet`,
  MonthBeforeStart: ([month, first]) => `${monthName(month)} is before ${monthName(first)}, the first month: mend it`,
  MonthNotBegun: ([month]) => `${monthName(month)} has not begun: mend the month`,
  MonthsReversed: ([from, to]) => `${monthName(from)} is after ${monthName(to)}: exchange the two`,
  NetDiffers: ([net, expected]) => `net ${euro(net)} € is not gross − fee − VAT, which is ${euro(expected)} €`,
  NoAccounts: () => "nobody is enrolled yet: the secretary enrols members first",
  NotAnOracle: ([signer]) => `${signer} signed but is not an oracle of this ledger`,
  NotNextHour: ([expected, given]) =>
    `the next hour is ${hourName(expected)}, not ${hourName(given)}: repeated, skipped or reordered`,
  NotObjected: ([number]) => `there is no objection to number ${number}`,
  NotTreasurerOrPresident: ([caller]) => `${caller} is neither treasurer nor president: one of these can drop it`,
  NotWholeCents: ([amount]) => `${euro(amount)} € is not in whole cents: mend the amount`,
  NotYetPayable: ([from]) => `the auditor can object until ${instant(from)}; pay after that`,
  Objected: ([number]) => `the auditor objects to number ${number}: have the objection withdrawn, or drop it`,
  OutcomesUnknown: ([number]) =>
    `under number ${number} other outcomes are proposed, or none any more: give the payments in the order proposed`,
  OverrideReasonMissing: ([run]) =>
    `run ${run} covers months with missing or provisional readings: approving takes a reason`,
  PaymentInOtherState: ([id, state]) =>
    `payment ${asciiOf(id)} is ${PAYMENT_STATES[Number(state)]}: its outcome may be booked already`,
  PaymentOfAnotherFile: ([id, file]) => `payment ${asciiOf(id)} is of file ${file}: mend the id`,
  PayoutBegun: ([run]) => `the payout of run ${run} has begun: it cannot be stopped any more, only paid to its end`,
  ReasonMissing: () => "say why: a reason is missing",
  ReceiptAccountInvalid: ([kind, account]) => receiptAccount(RECEIPT_KINDS[Number(kind)], account),
  ReceiptRepeated: () => "this receipt is booked already",
  RuleSetTooEarly: ([from, earliest]) =>
    `rules from ${monthName(from)} would be retroactive: the earliest month is ${monthName(earliest)}`,
  RuleSetTooLate: ([from]) => `rules from ${monthName(from)} are more than five years ahead`,
  RunLive: ([run]) => `run ${run} is not finished: pay or drop it first`,
  SamePerson: ([person]) => `${person} cannot be both the first and the second person`,
  SharesNotWhole: ([pool, sum, expected]) =>
    `the shares of the ${pool === 0 ? "ordinary" : "excess"} pool add up to ${sum}, not ${expected} basis points`,
  TooManyMonths: ([given, most]) =>
    `${given} months of configurations are more than the ${most} of one run: take fewer months`,
  TransfersOff: () => "credit is not transferable",
  WrongPhase: ([run, phase, expected]) =>
    `run ${run} is ${PHASES[Number(phase)]}, not ${PHASES[Number(expected)]}: look at it again and go on from there`,
  YearAlreadyAdjusted: ([configuration, year]) =>
    `the adjustment of ${year} is booked already for configuration ${configuration}`,
  YearOpen: ([configuration, year]) =>
    `${year} of configuration ${configuration} is open: its last hour is not recorded yet`,
};

function receiptAccount(kind: string | undefined, account: unknown): string {
  const whom =
    kind === "energy-sale"
      ? "an energy sale names the member or producer who owns the plant"
      : kind === "reserve"
        ? "a reserve names its fund"
        : `a receipt of kind ${kind} names nobody`;
  return `account ${account} is wrong: ${whom}`;
}

function monthName(month: unknown): string {
  return formatMonth(Number(month));
}

function hourName(hour: unknown): string {
  return formatHour(Number(hour));
}

function euro(micro: unknown): string {
  return typeof micro === "bigint" ? formatMicro(micro) : String(micro);
}

/** An end-to-end id as people know it. */
function asciiOf(id: unknown): string {
  return isHex(id) ? hexToString(id).replace(/\0+$/, "") : String(id);
}

function instant(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

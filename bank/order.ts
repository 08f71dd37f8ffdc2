/** A payment order: what the bank is asked to do, and what must hold of it whatever the format. */

import { isSEPACountry, isValidBIC, isValidIBAN } from "ibantools";
import { MICRO_PER_CENT } from "../settlement/amounts.ts";
import { isBusinessDay, parseDay } from "./businessDay.ts";
import { hasBadSlashes, toSepaText } from "./text.ts";

export type Debtor = {
  readonly name: string;
  readonly iban: string;
  readonly bic?: string | undefined;
  /** Codice Univoco CBI, of whoever sends files through the Italian corporate banking network. */
  readonly cuc?: string | undefined;
};

export type OrderedPayment = {
  readonly endToEndId: string;
  /** Micro-euro, whole cents. */
  readonly amount: bigint;
  readonly name: string;
  readonly iban: string;
  readonly remittance: string;
};

export type PaymentOrder = {
  /** Tells this order from all others of the debtor. */
  readonly messageId: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly createdAt: string;
  /** ISO 8601 day, a business day. */
  readonly executionDate: string;
  readonly debtor: Debtor;
  readonly payments: readonly OrderedPayment[];
};

export type OrderProblem = {
  /** Undefined for the order as a whole. */
  readonly payment: number | undefined;
  readonly field: string;
  readonly value: string;
  readonly problem: string;
};

/** Of the SEPA credit transfer scheme (EPC125-05, EPC130-08). Micro-euro. */
export const MOST_AMOUNT = 999_999_999_990_000n;
export const MOST_NAME = 70;
export const MOST_ID = 35;
export const MOST_REMITTANCE = 140;

/** Everything in an order that a bank would refuse. */
export function orderProblems(order: PaymentOrder): OrderProblem[] {
  const problems: OrderProblem[] = [];
  const report = (payment: number | undefined, field: string, value: string, problem: string | undefined) => {
    if (problem !== undefined) problems.push({ payment, field, value, problem });
  };
  const { debtor, payments } = order;
  report(undefined, "messageId", order.messageId, idProblem(order.messageId));
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(order.createdAt) && Date.parse(order.createdAt) > 0;
  report(undefined, "createdAt", order.createdAt, isInstant ? undefined : "not an instant in UTC");
  const day = parseDay(order.executionDate);
  const isOpen = day !== undefined && isBusinessDay(day);
  report(undefined, "executionDate", order.executionDate, isOpen ? undefined : "not a business day");
  report(undefined, "debtor.name", debtor.name, nameProblem(debtor.name));
  report(undefined, "debtor.iban", debtor.iban, ibanProblem(debtor.iban));
  if (debtor.bic !== undefined) report(undefined, "debtor.bic", debtor.bic, bicProblem(debtor.bic));
  if (debtor.cuc !== undefined) report(undefined, "debtor.cuc", debtor.cuc, cucProblem(debtor.cuc));
  if (payments.length === 0) report(undefined, "payments", "", "none");

  const seen = new Set<string>();
  for (const [index, payment] of payments.entries()) {
    const { endToEndId, amount, name, iban, remittance } = payment;
    report(index, "endToEndId", endToEndId, idProblem(endToEndId) ?? (seen.has(endToEndId) ? "used twice" : undefined));
    seen.add(endToEndId);
    report(index, "amount", String(amount), amountProblem(amount));
    report(index, "name", name, nameProblem(name));
    report(index, "iban", iban, ibanProblem(iban));
    report(index, "remittance", remittance, remittanceProblem(remittance));
  }
  return problems;
}

export function amountProblem(amount: bigint): string | undefined {
  if (amount <= 0n) return "not more than zero";
  if (amount % MICRO_PER_CENT !== 0n) return "not in whole cents";
  return amount > MOST_AMOUNT ? "more than 999999999.99 euro" : undefined;
}

/** Electronic format: no blanks, capital letters. */
export function ibanProblem(iban: string): string | undefined {
  if (!isValidIBAN(iban)) return "not an IBAN: a character is missing, too many or mistyped";
  return isSEPACountry(iban.slice(0, 2)) ? undefined : "of a country outside SEPA";
}

export function bicProblem(bic: string): string | undefined {
  return isValidBIC(bic) ? undefined : "not a BIC";
}

export function cucProblem(cuc: string): string | undefined {
  return /^[A-Z0-9]{8}$/.test(cuc) ? undefined : "not a CUC: eight capital letters and digits";
}

export function nameProblem(name: string): string | undefined {
  return textProblem(name, MOST_NAME);
}

function remittanceProblem(text: string): string | undefined {
  return textProblem(text, MOST_REMITTANCE) ?? slashProblem(text);
}

function idProblem(id: string): string | undefined {
  return textProblem(id, MOST_ID) ?? slashProblem(id);
}

function slashProblem(text: string): string | undefined {
  return hasBadSlashes(text) ? "begins or ends with a slash, or has two in a row" : undefined;
}

function textProblem(text: string, most: number): string | undefined {
  const converted = toSepaText(text);
  if ("refused" in converted) return `has «${converted.refused}», which is outside the SEPA character set`;
  if (converted.text !== text) return "not in the SEPA character set, or with needless blanks";
  if (text === "") return "empty";
  return text.length > most ? `longer than ${most} characters` : undefined;
}

/** What `condivisa redeem` is asked for, and what it prints. */

import type { Format } from "../bank/document.ts";
import { formatEuro, sum } from "../settlement/amounts.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { type Language, localNumber } from "../settlement/terms.ts";
import type { ShowProgress } from "./progress.ts";
import { redeem } from "./redeem.ts";
import type { DebtorFlags } from "./redeemInputs.ts";
import { confirmRedemptions, type RedemptionStatus, redemptionStatus } from "./redeemOutcomes.ts";
import { table } from "./table.ts";
import { WORDS, type Words } from "./words.ts";

export type RedeemFlags = DebtorFlags & {
  readonly ibanFile?: string;
  readonly format: Format;
  readonly account?: readonly string[];
  readonly minimum: bigint;
  readonly executionDate?: string;
  readonly out?: string;
  readonly confirm?: string;
  readonly status: boolean;
  readonly language: Language;
  readonly json: boolean;
  readonly quiet: boolean;
};

export type RedeemOutput = {
  /** The audit found no difference. */
  readonly ok: boolean;
  readonly result: unknown;
  readonly text: string;
};

export async function runRedeem(dir: string, flags: RedeemFlags, show: ShowProgress): Promise<RedeemOutput> {
  const words = WORDS[flags.language];
  if (flags.status) {
    const result = await redemptionStatus(dir, show);
    return { ok: true, result, text: statusText(result, words) };
  }
  if (flags.confirm !== undefined) {
    const result = await confirmRedemptions(dir, flags.confirm, flags.language, show);
    const { executed, returned, known, audit } = result;
    const text = `Executed: ${executed}; returned: ${returned}; booked before: ${known}. ${auditText(audit.ok)}`;
    return { ok: audit.ok, result, text };
  }
  const { ibanFile, account: accounts = [] } = flags;
  if (ibanFile === undefined) {
    const remedy = "Name the file of bank accounts (id,iban,holder), or use --confirm or --status";
    throw new InputError([{ file: "--iban-file", problem: "missing", remedy }]);
  }
  const { executionDate, out, ...rest } = flags;
  const result = await redeem(dir, { ...rest, ibanFile, accounts, executionDate, out }, Date.now(), show);
  if (result === undefined) {
    return { ok: true, result: null, text: "Nothing to redeem: no account with an IBAN has a balance of the minimum." };
  }
  const total = localNumber(formatEuro(sum(result.payments.map(({ amount }) => amount))), words);
  const lines = [
    result.isEarlier ? `File ${result.file} was begun before; it is as it was:` : `File ${result.file}:`,
    `${result.payments.length} payments, ${total} €, proposed and approved.`,
    `For the bank: ${result.document}`,
    auditText(result.audit.ok),
  ];
  return { ok: result.audit.ok, result, text: lines.join("\n") };
}

function statusText({ payments, redeemed, reversed, inEscrow }: RedemptionStatus, words: Words): string {
  const euro = (amount: bigint) => localNumber(formatEuro(amount), words);
  const rows = payments.map(({ file, endToEndId, name, amount, state }) => [
    String(file),
    endToEndId,
    name,
    euro(amount),
    words.paymentStates[state],
  ]);
  return [
    table([words.file, "Id", words.account, ` ${words.amount}`, words.state], rows),
    "",
    `${words.paymentStates.escrowed}: ${euro(inEscrow)} €; ${words.paymentStates.executed}: ${euro(redeemed)} €; ${words.returned}: ${euro(reversed)} €`,
  ].join("\n");
}

function auditText(ok: boolean): string {
  return ok ? "Audit OK." : "Audit NOT OK: see audit.json.";
}

/** What became of payments at the bank, booked from a file of outcomes; and where all payments stand. */

import { readHistory } from "../chain/history.ts";
import { bookOutcomes } from "../chain/redemption.ts";
import type { History } from "../settlement/history.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { sortOutcomes } from "../settlement/outcomes.ts";
import { type RedeemedPayment, redeemedPayments } from "../settlement/redemptions.ts";
import type { Language } from "../settlement/terms.ts";
import type { AuditReport } from "./auditReport.ts";
import type { ShowProgress } from "./progress.ts";
import { type OutcomeLine, readOutcomes } from "./redeemInputs.ts";
import { auditedHistory } from "./settleLine.ts";
import { openSettlement } from "./settlementFolder.ts";
import { withBench, writeResults } from "./settlementResults.ts";

export type ConfirmResult = {
  readonly executed: number;
  readonly returned: number;
  /** Lines whose outcome was booked before. */
  readonly known: number;
  readonly audit: AuditReport;
};

/** Books what the bank executed and returned. Lines that are booked already are passed over. */
export async function confirmRedemptions(
  path: string,
  file: string,
  language: Language,
  show: ShowProgress,
): Promise<ConfirmResult> {
  const { folder, at } = openSettlement(path);
  const lines = readOutcomes(file);
  return withBench(folder, show, async (bench) => {
    const history = await auditedHistory(bench, at);
    const { executed, returned, known } = outcomesToBook(file, lines, history);
    const { treasurer, president } = bench.officers;
    await bookOutcomes(treasurer, president, at.redemptions, "executed", executed);
    show("booking what the bank did", executed.length, executed.length + returned.length);
    await bookOutcomes(treasurer, president, at.redemptions, "returned", returned);
    const { report } = await writeResults(bench.client, await readHistory(bench.client, at), folder, language);
    return { executed: executed.length, returned: returned.length, known, audit: report };
  });
}

export type RedemptionStatus = {
  readonly payments: readonly (RedeemedPayment & { readonly id: string; readonly name: string })[];
  readonly redeemed: bigint;
  readonly reversed: bigint;
  readonly inEscrow: bigint;
};

/** All payments of all files, and where they stand. */
export async function redemptionStatus(path: string, show: ShowProgress): Promise<RedemptionStatus> {
  const { folder, register, at } = openSettlement(path);
  return withBench(folder, show, async ({ client }) => {
    const { tokens } = await readHistory(client, at, show);
    const payments = redeemedPayments(tokens).map((payment) => {
      const entry = register.accounts.find(({ number }) => number === payment.account);
      return { ...payment, id: entry?.id ?? "", name: entry?.name ?? "" };
    });
    return { payments, redeemed: tokens.redeemed, reversed: tokens.reversed, inEscrow: tokens.escrow };
  });
}

/** What of the lines is not booked yet. */
function outcomesToBook(
  file: string,
  lines: readonly OutcomeLine[],
  { tokens }: History,
): { executed: string[]; returned: string[]; known: number } {
  const { problems, ...toBook } = sortOutcomes(tokens, lines);
  if (problems.length === 0) return toBook;
  throw new InputError(
    problems.map(({ given: { line, endToEndId: value }, problem, remedy }) => {
      return { file, line, field: "id", value, problem, remedy };
    }),
  );
}

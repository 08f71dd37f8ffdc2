/** What became of payments at the bank, booked from a file of outcomes; and where all payments stand. */

import { readHistory } from "../chain/history.ts";
import { bookOutcomes } from "../chain/redemption.ts";
import type { History } from "../settlement/history.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { type RedeemedPayment, redeemedPayments } from "../settlement/redemptions.ts";
import type { Language } from "../settlement/terms.ts";
import type { PaymentState } from "../settlement/tokenHistory.ts";
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
  const approved = new Set(tokens.files.filter(({ state }) => state === "approved").map(({ number }) => number));
  const payments = new Map(redeemedPayments(tokens).map((payment) => [payment.endToEndId, payment]));
  const states = new Map<string, PaymentState>([...payments].map(([id, { state }]) => [id, state]));
  const problems: InputProblem[] = [];
  const executed: string[] = [];
  const returned: string[] = [];
  let known = 0;
  // What came back was executed before, whatever the order of the lines.
  const inOrder = lines.toSorted((a, b) => Number(a.outcome === "returned") - Number(b.outcome === "returned"));
  for (const { line, endToEndId, outcome } of inOrder) {
    const report = (problem: string, remedy: string) =>
      problems.push({ file, line, field: "id", value: endToEndId, problem, remedy });
    const payment = payments.get(endToEndId);
    const state = states.get(endToEndId);
    if (payment === undefined || state === undefined) {
      report("no such payment", "Write the end-to-end id as it stands in the bank's file");
    } else if (!approved.has(payment.file)) {
      report("its file is not approved, so the bank cannot have it", "Run `./condivisa redeem` again to finish it");
    } else if (outcome === "executed" && state === "escrowed") {
      executed.push(endToEndId);
      states.set(endToEndId, "executed");
    } else if (outcome === "returned" && (state === "escrowed" || state === "executed")) {
      returned.push(endToEndId);
      states.set(endToEndId, state === "escrowed" ? "refused" : "reversed");
    } else if (outcome === "executed" && state === "refused") {
      report("booked as not executed before, and credited again", "Ask the bank; the account may redeem anew");
    } else known++;
  }
  if (problems.length > 0) throw new InputError(problems);
  return { executed, returned, known };
}

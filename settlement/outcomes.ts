/** What the bank did with payments, sorted into what is still to be booked. */

import { redeemedPayments } from "./redemptions.ts";
import type { PaymentState, TokenEvents } from "./tokenHistory.ts";

export type GivenOutcome = { readonly endToEndId: string; readonly outcome: "executed" | "returned" };

export type SortedOutcomes<Given> = {
  readonly executed: string[];
  readonly returned: string[];
  /** Whose outcome was booked before. */
  readonly known: number;
  readonly problems: { readonly given: Given; readonly problem: string; readonly remedy: string }[];
};

/** What came back was executed before, whatever the order in which it is given. */
export function sortOutcomes<Given extends GivenOutcome>(
  tokens: TokenEvents,
  outcomes: readonly Given[],
): SortedOutcomes<Given> {
  const approved = new Set(tokens.files.filter(({ state }) => state === "approved").map(({ number }) => number));
  const payments = new Map(redeemedPayments(tokens).map((payment) => [payment.endToEndId, payment]));
  const states = new Map<string, PaymentState>([...payments].map(([id, { state }]) => [id, state]));
  const executed: string[] = [];
  const returned: string[] = [];
  const problems: SortedOutcomes<Given>["problems"] = [];
  let known = 0;
  const inOrder = outcomes.toSorted((a, b) => Number(a.outcome === "returned") - Number(b.outcome === "returned"));
  for (const given of inOrder) {
    const { endToEndId, outcome } = given;
    const report = (problem: string, remedy: string) => problems.push({ given, problem, remedy });
    const payment = payments.get(endToEndId);
    const state = states.get(endToEndId);
    if (payment === undefined || state === undefined) {
      report("no such payment", "Write the end-to-end id as it stands in the bank's file");
    } else if (!approved.has(payment.file)) {
      report("its file is not approved, so the bank cannot have it", "Finish the file first: have it approved");
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
  return { executed, returned, known, problems };
}

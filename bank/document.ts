/** Documents for the bank, in each format: made, and checked against the written rules before anybody gets them. */

import { cbiDocument } from "./cbi.ts";
import { CBI_BODY_RULES, CBI_RULES } from "./cbiRules.ts";
import { listCsv } from "./list.ts";
import { type OrderProblem, orderProblems, type PaymentOrder } from "./order.ts";
import { pain001Document } from "./pain001.ts";
import { PAIN001_RULES } from "./pain001Rules.ts";
import { documentProblems } from "./schemeRules.ts";

/** `cbi-body` is CBI's payment request within its transport envelope; banks take the one or the other. */
export const FORMATS = ["sepa", "cbi", "cbi-body", "list"] as const;
export type Format = (typeof FORMATS)[number];

/** A bank would refuse the order, or the document breaks a rule of its scheme. Nothing was made. */
export class PaymentOrderError extends Error {
  override name = "PaymentOrderError";
  readonly problems: readonly OrderProblem[];

  constructor(problems: readonly OrderProblem[]) {
    const lines = problems.map(({ payment, field, value, problem }) => {
      const place = payment === undefined ? "order" : `payment ${payment + 1}`;
      return `${place}: ${field}: «${value}»: ${problem}`;
    });
    super(lines.join("\n"));
    this.problems = problems;
  }
}

/** Ends of file names. The list comes as CSV, and as text to read beside it. */
export const EXTENSIONS: Readonly<Record<Format, string>> = {
  sepa: "xml",
  cbi: "xml",
  "cbi-body": "xml",
  list: "csv",
};

/**
 * The document of an order.
 * @throws PaymentOrderError if a bank would refuse it
 */
export function bankDocument(order: PaymentOrder, format: Format): string {
  const problems = [...orderProblems(order), ...formatProblems(order, format)];
  if (problems.length > 0) throw new PaymentOrderError(problems);
  if (format === "list") return listCsv(order);
  const [document, rules] =
    format === "sepa"
      ? [pain001Document(order), PAIN001_RULES]
      : [cbiDocument(order, format), format === "cbi" ? CBI_RULES : CBI_BODY_RULES];
  const broken = documentProblems(document, rules, order);
  if (broken.length > 0) throw new PaymentOrderError(broken);
  return document;
}

function formatProblems({ debtor }: PaymentOrder, format: Format): OrderProblem[] {
  if (format === "sepa" || format === "list") return [];
  const problems: OrderProblem[] = [];
  if (debtor.cuc === undefined) {
    problems.push({ payment: undefined, field: "debtor.cuc", value: "", problem: "CBI needs the CUC of the sender" });
  }
  if (!/^(IT|SM)/.test(debtor.iban)) {
    const problem = "CBI pays from Italian accounts: the bank's ABI code stands in the IBAN";
    problems.push({ payment: undefined, field: "debtor.iban", value: debtor.iban, problem });
  }
  return problems;
}

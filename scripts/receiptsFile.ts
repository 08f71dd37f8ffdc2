/** What GSE paid, from a CSV file: `month,kind,net_eur` and optionally gross, fee, VAT, document, account and area. */

import { keccak256, toHex, zeroHash } from "viem";
import type { Receipt } from "../chain/payout.ts";
import type { PlannedAccount, PlannedConfiguration } from "../oracle/communityPlan.ts";
import { readCsv } from "../oracle/csvFile.ts";
import { formatEuro, MICRO_PER_CENT, parseDecimal } from "../settlement/amounts.ts";
import { RECEIPT_KINDS, type ReceiptKind } from "../settlement/history.ts";
import { formatMonth, type Month, parseMonth } from "../settlement/hours.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";

export type ReceiptLine = Receipt & { readonly line: number };

export type ConfigurationMonths = { readonly firstMonth: Month; readonly lastMonth: Month };

/** A receipt beyond this is mistyped, and could not be divided on the chain. */
const MOST_CENTS = 10_000_000_000n;

const REQUIRED = ["month", "kind", "net_eur"] as const;
const OPTIONAL = ["area", "account", "gross_eur", "fee_eur", "vat_eur", "document"] as const;
const KINDS = RECEIPT_KINDS.filter((kind) => kind !== "none");

/**
 * Reads and checks a file of receipts.
 * @param accounts whom an energy sale (a member or producer) or a reserve (a fund) can be passed through to
 * @param months of each configuration: the first, and the one in which its readings end
 * @throws InputError with everything that is wrong
 */
export function readReceipts(
  file: string,
  configurations: readonly PlannedConfiguration[],
  accounts: readonly PlannedAccount[],
  months: readonly ConfigurationMonths[],
): ReceiptLine[] {
  const problems: InputProblem[] = [];
  const seen = new Map<string, number>();
  const receipts = readCsv(file, REQUIRED, OPTIONAL).map(({ line, fields }): ReceiptLine => {
    const text = (field: (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]) => fields.get(field) ?? "";
    const report = (field: (typeof REQUIRED)[number] | (typeof OPTIONAL)[number], problem: string, remedy: string) =>
      problems.push({ file, line, field, value: text(field), problem, remedy });
    const euro = (field: "net_eur" | "gross_eur" | "fee_eur" | "vat_eur") => {
      const cents = parseDecimal(text(field), 2);
      if (cents === undefined)
        report(field, "not an amount in euro and cents", "Write it as 1234.56, without thousands");
      else if (cents > MOST_CENTS || cents < -MOST_CENTS) {
        report(field, "more than a hundred million euro", "Mend the amount");
      }
      return (cents ?? 0n) * MICRO_PER_CENT;
    };

    const month = parseMonth(text("month"));
    if (month === undefined) report("month", "not a month", "Write it as 2026-03");
    const kind = KINDS.find((name) => name === text("kind"));
    if (kind === undefined) report("kind", "unknown kind", `Use one of ${KINDS.join(", ")}`);
    const configuration = configurationOf(text("area"), configurations);
    if (configuration === undefined) {
      const areas = configurations.map(({ area }) => area).join(", ");
      report("area", text("area") === "" ? "area missing" : "unknown area", `Use one of ${areas}`);
    }
    const { firstMonth, lastMonth } = months[configuration ?? 0] ?? {};
    if (month !== undefined && firstMonth !== undefined && month < firstMonth) {
      report(
        "month",
        `before its configuration, which begins in ${formatMonth(firstMonth)}`,
        "Mend the month, or add the readings",
      );
    }
    if (month !== undefined && lastMonth !== undefined && month > lastMonth) {
      report(
        "month",
        `later than the readings, which reach ${formatMonth(lastMonth)}`,
        "Mend the month, or add the readings",
      );
    }

    const account = accounts.find(({ id }) => id === text("account"));
    const fault = accountFault(kind, text("account"), account);
    if (fault !== undefined) report("account", fault.problem, fault.remedy);

    const net = euro("net_eur");
    const fee = text("fee_eur") === "" ? 0n : euro("fee_eur");
    const vat = text("vat_eur") === "" ? 0n : euro("vat_eur");
    const gross = text("gross_eur") === "" ? net + fee + vat : euro("gross_eur");
    if (gross - fee - vat !== net) {
      report("net_eur", `not gross − fee − VAT, which is ${formatEuro(gross - fee - vat)}`, "Mend the amounts");
    }
    const document = text("document");
    const key = JSON.stringify([
      configuration,
      month,
      kind,
      account?.id,
      String(gross),
      String(fee),
      String(vat),
      document,
    ]);
    const before = seen.get(key);
    if (before !== undefined) {
      report("document", `same receipt as in line ${before}`, "Take it out, or tell the two apart by their document");
    }
    seen.set(key, line);
    return {
      line,
      configuration: configuration ?? 0,
      month: month ?? 0,
      kind: kind ?? "other",
      account: account?.number ?? 0,
      gross,
      fee,
      vat,
      net,
      documentHash: document === "" ? zeroHash : keccak256(toHex(document)),
    };
  });
  if (problems.length > 0) throw new InputError(problems);
  return receipts;
}

/** What is wrong with whom a receipt names; undefined if nothing is. */
function accountFault(
  kind: ReceiptKind | undefined,
  id: string,
  account: PlannedAccount | undefined,
): { problem: string; remedy: string } | undefined {
  if (kind === "energy-sale" || kind === "reserve") {
    const kinds = kind === "reserve" ? ["fund"] : ["member", "producer"];
    if (account !== undefined && kinds.includes(account.kind)) return undefined;
    const whom = kind === "reserve" ? "a fund" : "the member or producer who owns the plant";
    return { problem: id === "" ? "missing" : `not ${whom}`, remedy: `Write the id of ${whom}` };
  }
  if (id === "") return undefined;
  return { problem: `not for receipts of kind ${kind}`, remedy: "Leave it empty: the rules say who gets the money" };
}

/** Without an area, the only configuration. */
function configurationOf(area: string, configurations: readonly PlannedConfiguration[]): number | undefined {
  if (area === "") return configurations.length === 1 ? 0 : undefined;
  const index = configurations.findIndex((configuration) => configuration.area === area);
  return index === -1 ? undefined : index;
}

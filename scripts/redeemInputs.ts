/** The files of `condivisa redeem`: bank accounts of the members, the community's own, and what the bank did. */

import { readFileSync } from "node:fs";
import { electronicFormatIBAN } from "ibantools";
import { parse } from "yaml";
import { z } from "zod";
import type { Format } from "../bank/document.ts";
import { bicProblem, cucProblem, type Debtor, ibanProblem, MOST_NAME, nameProblem } from "../bank/order.ts";
import { toSepaText } from "../bank/text.ts";
import { readCsv } from "../oracle/csvFile.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import type { Register } from "./settlementFolder.ts";

export type BankAccount = {
  readonly number: number;
  readonly id: string;
  readonly iban: string;
  readonly holder: string;
};

const COLUMNS = ["id", "iban", "holder"] as const;

/**
 * Reads `id,iban,holder`: where each account's money goes. It stays on this machine.
 * @throws InputError with everything that is wrong
 */
export function readBankAccounts(file: string, register: Register): BankAccount[] {
  const problems: InputProblem[] = [];
  const seen = new Map<string, number>();
  const accounts = readCsv(file, COLUMNS, []).map(({ line, fields }): BankAccount => {
    const text = (field: (typeof COLUMNS)[number]) => fields.get(field) ?? "";
    const report = (field: (typeof COLUMNS)[number], problem: string, remedy: string) =>
      problems.push({ file, line, field, value: text(field), problem, remedy });
    const id = text("id");
    const account = register.accounts.find((candidate) => candidate.id === id);
    if (account === undefined) report("id", "no such member or fund", "Write an id of the community file");
    const before = seen.get(id);
    if (before !== undefined) report("id", `same id as in line ${before}`, "Keep one line for each id");
    seen.set(id, line);
    const iban = electronicFormatIBAN(text("iban")) ?? "";
    const wrongIban = ibanProblem(iban);
    if (wrongIban !== undefined) report("iban", wrongIban, "Ask the holder for it again; do not guess");
    const holder = toSepaText(text("holder"));
    if ("refused" in holder) {
      report("holder", `has «${holder.refused}», which no bank takes`, "Write the name in Latin letters");
    } else {
      const wrongName = nameProblem(holder.text);
      if (wrongName !== undefined)
        report("holder", wrongName, `Write the holder's name, up to ${MOST_NAME} characters`);
    }
    return { number: account?.number ?? 0, id, iban, holder: "text" in holder ? holder.text : "" };
  });
  if (problems.length > 0) throw new InputError(problems);
  return accounts;
}

export type DebtorFlags = {
  readonly debtor?: string | undefined;
  readonly debtorName?: string | undefined;
  readonly debtorIban?: string | undefined;
  readonly debtorBic?: string | undefined;
  readonly debtorCuc?: string | undefined;
};

const debtorShape = z.strictObject({
  name: z.string().optional(),
  iban: z.string().optional(),
  bic: z.string().optional(),
  cuc: z.string().optional(),
});

/** The community's own bank account: from a YAML file, options, and its name from the register. */
export function readDebtor(flags: DebtorFlags, community: string, format: Format): Debtor {
  const file = flags.debtor ?? "--debtor-iban";
  const given = flags.debtor === undefined ? {} : parseDebtor(flags.debtor);
  const name = toSepaText(flags.debtorName ?? given.name ?? community);
  const iban = electronicFormatIBAN(flags.debtorIban ?? given.iban ?? "") ?? "";
  const bic = flags.debtorBic ?? given.bic;
  const cuc = flags.debtorCuc ?? given.cuc;
  const problems: InputProblem[] = [];
  const report = (field: string, value: string, problem: string | undefined, remedy: string) => {
    if (problem !== undefined) problems.push({ file, field, value, problem, remedy });
  };
  const wrongName = "refused" in name ? `has «${name.refused}», which no bank takes` : nameProblem(name.text);
  report("name", "refused" in name ? community : name.text, wrongName, "Write it as the bank has it: --debtor-name");
  report("iban", iban, ibanProblem(iban), "Write the community's own IBAN: --debtor-iban, or iban in --debtor FILE");
  if (bic !== undefined) report("bic", bic, bicProblem(bic), "Leave it out, or write eight or eleven characters");
  const isCbi = format === "cbi" || format === "cbi-body";
  const wrongCuc = cuc === undefined ? (isCbi ? "missing" : undefined) : cucProblem(cuc);
  report("cuc", cuc ?? "", wrongCuc, "Ask your bank for the Codice Univoco CBI: --debtor-cuc, or use --format sepa");
  if (problems.length > 0) throw new InputError(problems);
  return { name: "text" in name ? name.text : "", iban, bic, cuc };
}

function parseDebtor(file: string): z.infer<typeof debtorShape> {
  const parsed = debtorShape.safeParse(parse(readText(file)));
  if (parsed.success) return parsed.data;
  const remedy = "Write `iban: …`, and as needed `name`, `bic`, `cuc`";
  throw new InputError(
    parsed.error.issues.map(({ path, message }) => ({ file, field: path.join("."), problem: message, remedy })),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new InputError([{ file, problem: "cannot be read", remedy: "Check the path and its permissions" }]);
  }
}

export type OutcomeLine = {
  readonly line: number;
  readonly endToEndId: string;
  readonly outcome: "executed" | "returned";
};

/** Reads `id,outcome`: what the bank did with each payment, by end-to-end id. */
export function readOutcomes(file: string): OutcomeLine[] {
  const problems: InputProblem[] = [];
  const lines = readCsv(file, ["id", "outcome"], []).map(({ line, fields }): OutcomeLine => {
    const outcome = fields.get("outcome") ?? "";
    if (outcome !== "executed" && outcome !== "returned") {
      const remedy = "Write executed or returned";
      problems.push({ file, line, field: "outcome", value: outcome, problem: "unknown outcome", remedy });
    }
    return { line, endToEndId: fields.get("id") ?? "", outcome: outcome === "returned" ? "returned" : "executed" };
  });
  if (problems.length > 0) throw new InputError(problems);
  return lines;
}

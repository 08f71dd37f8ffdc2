/**
 * `condivisa write-off`: a fund takes over what an account owes and will not pay back, by decision of two persons.
 *
 * Account, fund and reason name a write-off: called again with the same ones, the command books nothing more.
 */

import { readHistory } from "../chain/history.ts";
import { isLive, newestRun } from "../chain/payout.ts";
import { approveWriteOff, proposeWriteOff } from "../chain/writeOffs.ts";
import { formatMicro } from "../settlement/amounts.ts";
import type { History } from "../settlement/history.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { type Language, localNumber } from "../settlement/terms.ts";
import { type NamedAccount, namedAccount } from "./accounts.ts";
import { ACCOUNT_WORDS } from "./accountWords.ts";
import type { AuditReport } from "./auditReport.ts";
import type { ShowProgress } from "./progress.ts";
import { auditedHistory } from "./settleLine.ts";
import { openSettlement } from "./settlementFolder.ts";
import { withBench, writeResults } from "./settlementResults.ts";
import { table } from "./table.ts";
import { WORDS } from "./words.ts";

export type WriteOffOptions = {
  readonly account: string;
  readonly fund: string;
  /** Micro-euro; all of the debt if undefined. */
  readonly amount: bigint | undefined;
  /** Goes onto the chain and into two statements. */
  readonly reason: string;
  readonly language: Language;
};

/** What an account is owed before and after, in micro-euro; negative where it owes. */
type Standing = NamedAccount & { readonly before: bigint; readonly after: bigint };

export type WriteOffResult = {
  readonly debtor: Standing;
  readonly fund: Standing;
  readonly amount: bigint;
  readonly reason: string;
  /** An earlier call booked it; before and after are what is owed now. */
  readonly isEarlier: boolean;
  readonly audit: AuditReport;
};

/**
 * Proposes a write-off, audits, and approves it.
 * @throws InputError if the account does not owe so much, if the fund is none, or while a run is live
 */
export async function writeOff(path: string, options: WriteOffOptions, show: ShowProgress): Promise<WriteOffResult> {
  const { folder, register, at } = openSettlement(path);
  const debtor = namedAccount(register, "--account", options.account);
  const fund = namedAccount(register, "--fund", options.fund);
  checkFund(debtor, fund);
  return withBench(folder, show, async (bench) => {
    const before = await auditedHistory(bench, at);
    const { reason } = options;
    const known = before.writeOffs.find(
      (earlier) => earlier.account === debtor.number && earlier.fund === fund.number && earlier.reason === reason,
    );
    const amount = known === undefined ? amountOf(before, debtor, options.amount) : sameAmount(known, options.amount);
    if (known === undefined) {
      const run = await newestRun(bench.client, at.treasury);
      if (run !== undefined && isLive(run)) throw liveRun(path, run.number);
      const given = { account: debtor.number, fund: fund.number, amount, reason };
      await proposeWriteOff(bench.officers.treasurer, at.treasury, given);
      await approveWriteOff(bench.officers.president, at.treasury, given);
    }
    const after = await readHistory(bench.client, at);
    const { report: audit } = await writeResults(bench.client, after, folder, options.language);
    const standing = (account: NamedAccount) => ({
      ...account,
      before: owedTo(before, account),
      after: owedTo(after, account),
    });
    const isEarlier = known !== undefined;
    return { debtor: standing(debtor), fund: standing(fund), amount, reason, isEarlier, audit };
  });
}

export function writeOffText(result: WriteOffResult, language: Language): string {
  const words = ACCOUNT_WORDS[language];
  const euro = (micro: bigint) => localNumber(formatMicro(micro), WORDS[language]);
  const { debtor, fund, amount, reason, isEarlier, audit } = result;
  const named = ({ name, id }: NamedAccount) => `${name} (${id})`;
  return [
    ...(isEarlier ? [words.earlier] : []),
    words.writtenOff(euro(amount), named(debtor), named(fund), reason),
    "",
    table(
      [words.owed, ` ${words.before}`, ` ${words.after}`],
      [debtor, fund].map((account) => [named(account), euro(account.before), euro(account.after)]),
    ),
    "",
    words.audit(audit.ok),
  ].join("\n");
}

function owedTo({ treasury }: History, { number }: NamedAccount): bigint {
  return treasury.accounts.find((account) => account.number === number)?.owed ?? 0n;
}

function checkFund(debtor: NamedAccount, fund: NamedAccount): void {
  const problem = fund.kind !== "fund" ? "not a fund" : fund.number === debtor.number ? "the debtor itself" : undefined;
  if (problem === undefined) return;
  const remedy = "Name a fund of the community file that takes the debt over";
  throw new InputError([{ file: "--fund", value: fund.id, problem, remedy }]);
}

/** The whole debt if no amount is given; never more than that. */
function amountOf(history: History, debtor: NamedAccount, given: bigint | undefined): bigint {
  const debt = -owedTo(history, debtor);
  if (debt <= 0n) {
    const problem = `owes nothing: ${formatMicro(-debt)} € are owed to it`;
    const remedy = "Name an account with a negative balance; settlement.json has all balances";
    throw new InputError([{ file: "--account", value: debtor.id, problem, remedy }]);
  }
  if (given === undefined || given <= debt) return given ?? debt;
  const problem = `more than ${debtor.id} owes`;
  const remedy = `Write up to ${formatMicro(debt)}, or leave --amount out for all of it`;
  throw new InputError([{ file: "--amount", value: formatMicro(given), problem, remedy }]);
}

function sameAmount({ amount, reason }: { amount: bigint; reason: string }, given: bigint | undefined): bigint {
  if (given === undefined || given === amount) return amount;
  const problem = `with this reason ${formatMicro(amount)} € are written off already`;
  throw new InputError([{ file: "--reason", value: reason, problem, remedy: "Give another write-off its own reason" }]);
}

function liveRun(path: string, run: number): InputError {
  const remedy = "Run `./condivisa settle` again: it finishes the run";
  return new InputError([{ file: path, problem: `run ${run} is not finished`, remedy }]);
}

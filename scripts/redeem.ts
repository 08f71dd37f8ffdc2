/**
 * `condivisa redeem`: turns balances into a file for the bank, and books what the bank did with it.
 *
 * Every step looks first at how far the chain is. A file that was begun is always finished as it was begun, by the order
 * kept in the folder: its payments are in escrow, so that no other file can hold them.
 */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { toHex } from "viem";
import { formatDay, isBusinessDay, nextBusinessDay, parseDay } from "../bank/businessDay.ts";
import type { Format } from "../bank/document.ts";
import { listText } from "../bank/list.ts";
import { documentHash, documentOf, makeOrder, type Payee, type RedemptionOrder } from "../bank/redemptionOrder.ts";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { readHistory } from "../chain/history.ts";
import { addPayments, approveFile, dropFile, type FileOnChain, openFile, readFile } from "../chain/redemption.ts";
import { MICRO_PER_CENT } from "../settlement/amounts.ts";
import type { History } from "../settlement/history.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { fileContentHash, redeemedPayments } from "../settlement/redemptions.ts";
import type { Language } from "../settlement/terms.ts";
import type { AuditReport } from "./auditReport.ts";
import type { ShowProgress } from "./progress.ts";
import { type BankAccount, type DebtorFlags, readBankAccounts, readDebtor } from "./redeemInputs.ts";
import { documentPath, readOrder, writeOrder } from "./redemptionOrders.ts";
import { auditedHistory, type Bench } from "./settleLine.ts";
import { openSettlement, type Register, type SettlementFolder, writeWhole } from "./settlementFolder.ts";
import { withBench, writeResults } from "./settlementResults.ts";

const SALT_BYTES = 32;

export type RedeemOptions = DebtorFlags & {
  readonly ibanFile: string;
  readonly format: Format;
  /** Ids of the accounts to redeem; all with a bank account if empty. */
  readonly accounts: readonly string[];
  /** Micro-euro: smaller balances wait. */
  readonly minimum: bigint;
  readonly executionDate: string | undefined;
  readonly out: string | undefined;
  readonly language: Language;
};

export type RedeemResult = {
  readonly file: number;
  /** The file was begun by an earlier call and is finished now, or was finished already. */
  readonly isEarlier: boolean;
  readonly document: string;
  readonly payments: RedemptionOrder["payments"];
  readonly audit: AuditReport;
};

/** Open balances turned into a file for the bank, proposed and approved; undefined if there is nothing to redeem. */
export async function redeem(
  path: string,
  options: RedeemOptions,
  now: number,
  show: ShowProgress,
): Promise<RedeemResult | undefined> {
  const { folder, register, at } = openSettlement(path);
  const bankAccounts = readBankAccounts(options.ibanFile, register);
  const debtor = readDebtor(options, register.community, options.format);
  const executionDate = executionDay(options.executionDate, now);
  checkAccounts(options.accounts, register, bankAccounts, options.ibanFile);
  return withBench(folder, show, async (bench) => {
    const begun = await unfinishedFile(bench, at, folder, await auditedHistory(bench, at));
    const history = await readHistory(bench.client, at);
    const count = history.tokens.files.length;
    const payees = payeesOf(history, bankAccounts, options);
    let file = begun;
    if (file === undefined && payees.length > 0) {
      const createdAt = `${new Date(now).toISOString().slice(0, 19)}Z`;
      const salt = toHex(randomBytes(SALT_BYTES));
      const given = { createdAt, executionDate, debtor, format: options.format, salt };
      const order = makeOrder(at.redemptions, count + 1, register.community, payees, given);
      // Refused here, before anything is kept, if a bank would refuse it.
      const hash = documentHash(order);
      writeOrder(folder, count + 1, order);
      const number = await openFile(bench.officers.treasurer, at.redemptions, hash, order.payments);
      file = await readFile(bench.client, at.redemptions, number);
    }
    const isEarlier = file === undefined || file === begun;
    const number = file?.number ?? fileAtBank(history);
    if (number === undefined) return undefined;
    const order = readOrder(folder, number);
    if (order === undefined) throw missingOrder(folder, number);
    if (file !== undefined) await finishFile(bench, at, file, order, show);
    const document = writeDocument(folder, number, order, options.out);
    const { report } = await writeResults(bench.client, await readHistory(bench.client, at), folder, options.language);
    return { file: number, isEarlier, document, payments: order.payments, audit: report };
  });
}

/**
 * The newest file if it is not approved yet. One whose order is lost before approval is dropped: it never was at a bank.
 */
async function unfinishedFile(
  { client, officers }: Bench,
  at: CommunityAddresses,
  folder: SettlementFolder,
  { tokens }: History,
): Promise<FileOnChain | undefined> {
  const newest = tokens.files.at(-1);
  if (newest === undefined || newest.state === "approved") return undefined;
  const file = await readFile(client, at.redemptions, newest.number);
  const order = readOrder(folder, newest.number);
  if (file.state !== "dropped" && order !== undefined && documentHash(order) === file.documentHash) return file;
  const ids = redeemedPayments(tokens)
    .filter((payment) => payment.file === newest.number && payment.state === "escrowed")
    .map(({ endToEndId }) => endToEndId);
  if (file.state !== "dropped" || ids.length > 0) {
    await dropFile(officers.treasurer, at.redemptions, newest.number, ids);
  }
  return undefined;
}

/** Adds what is missing, and lets the president approve what the order says and nothing else. */
async function finishFile(
  { officers }: Bench,
  at: CommunityAddresses,
  file: FileOnChain,
  order: RedemptionOrder,
  show: ShowProgress,
): Promise<void> {
  show("putting payments into escrow", file.added, file.count);
  if (file.state === "open") await addPayments(officers.treasurer, at.redemptions, file, order.payments);
  show("putting payments into escrow", file.count, file.count);
  const expected = fileContentHash(file.number, documentHash(order), order.payments);
  await approveFile(officers.president, at.redemptions, file.number, expected);
}

/** Only what is approved is ever written. The list for entry by hand comes with a text to read. */
function writeDocument(
  folder: SettlementFolder,
  file: number,
  order: RedemptionOrder,
  out: string | undefined,
): string {
  const kept = documentPath(folder, file, order);
  for (const path of out === undefined ? [kept] : [kept, out]) {
    writeWhole(path, documentOf(order), 0o600);
    if (order.format === "list") writeWhole(`${path.replace(/\.csv$/, "")}.txt`, listText(order), 0o600);
  }
  return out ?? kept;
}

function payeesOf({ treasury }: History, bankAccounts: readonly BankAccount[], options: RedeemOptions): Payee[] {
  return bankAccounts
    .filter(({ id }) => options.accounts.length === 0 || options.accounts.includes(id))
    .toSorted((a, b) => a.number - b.number)
    .flatMap(({ number, holder, iban }) => {
      const balance = treasury.accounts.find((account) => account.number === number)?.balance ?? 0n;
      const amount = balance - (balance % MICRO_PER_CENT);
      return amount > 0n && amount >= options.minimum ? [{ number, holder, iban, amount }] : [];
    });
}

/** The newest file, if nothing of it is booked yet: then its document may be asked for again. */
function fileAtBank({ tokens }: History): number | undefined {
  const newest = tokens.files.findLast(({ state }) => state === "approved");
  const own = redeemedPayments(tokens).filter(({ file }) => file === newest?.number);
  return own.every(({ state }) => state === "escrowed") ? newest?.number : undefined;
}

/** The day of which the bank is asked; `now` in milliseconds since the Unix epoch. */
export function executionDay(given: string | undefined, now: number): string {
  const today = parseDay(formatDay(now)) ?? 0;
  if (given === undefined) return formatDay(nextBusinessDay(today));
  const day = parseDay(given);
  const problem =
    day === undefined
      ? "not a day"
      : day < today
        ? "in the past"
        : isBusinessDay(day)
          ? undefined
          : "banks are closed on this day";
  if (problem === undefined) return given;
  const remedy = `Write a business day as ${formatDay(nextBusinessDay(today))}`;
  throw new InputError([{ file: "--execution-date", value: given, problem, remedy }]);
}

function checkAccounts(
  ids: readonly string[],
  register: Register,
  bankAccounts: readonly BankAccount[],
  ibanFile: string,
): void {
  const problems = ids.flatMap((id): InputProblem[] => {
    if (!register.accounts.some((account) => account.id === id)) {
      const remedy = "Write an id of the community file";
      return [{ file: "--account", value: id, problem: "no such member or fund", remedy }];
    }
    if (bankAccounts.some((account) => account.id === id)) return [];
    return [{ file: ibanFile, field: "id", value: id, problem: "no line for this account", remedy: "Add its IBAN" }];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function missingOrder(folder: SettlementFolder, file: number): InputError {
  const path = join(folder.redemptions, `${file}.json`);
  const remedy = "Put back a copy of it: only with it the bank's document can be made again";
  return new InputError([{ file: path, problem: "no such file", remedy }]);
}

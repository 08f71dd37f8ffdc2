/** Files for the bank: who is in them, and who is left out and why. */

import { randomBytes } from "node:crypto";
import { electronicFormatIBAN } from "ibantools";
import { type Hex, toHex } from "viem";
import { z } from "zod";
import { formatDay, isBusinessDay, nextBusinessDay, parseDay } from "../../bank/businessDay.ts";
import { FORMATS, PaymentOrderError } from "../../bank/document.ts";
import { type Debtor, nameProblem } from "../../bank/order.ts";
import { documentHash, makeOrder, type Payee, type RedemptionOrder } from "../../bank/redemptionOrder.ts";
import { toSepaText } from "../../bank/text.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { nextFile, readFile } from "../../chain/redemption.ts";
import { MICRO_PER_CENT, sum } from "../../settlement/amounts.ts";
import { Problem } from "../http/problem.ts";
import type { Occasion } from "../register/accessLog.ts";
import { type MissingPayee, missingPayee, payeesOf } from "../register/payees.ts";
import { keepOrder, OrderErasedError, readOrder } from "../register/paymentOrders.ts";
import { euroCents } from "./actions.ts";
import type { TreasuryContext } from "./context.ts";
import { contradiction } from "./planned.ts";

const SALT_BYTES = 32;
const MILLISECONDS = 1000;
const ALL = { after: -1, limit: 0xff_ffff };

const text = z.string().trim().min(1).max(70);
export const bankFileInput = z.strictObject({
  format: z.enum(FORMATS),
  minimum: euroCents.default(MICRO_PER_CENT).meta({ description: "Smaller credit waits; one cent by default" }),
  accounts: z
    .array(z.int().min(1).max(0xff_ffff))
    .max(5000)
    .optional()
    .meta({ description: "Only these; all by default" }),
  executionDate: z.string().max(10).optional().meta({ description: "The next business day by default" }),
  debtor: z
    .strictObject({
      name: text.optional().meta({ description: "The community's name by default" }),
      iban: z.string().max(50),
      bic: z.string().max(11).optional(),
      cuc: z.string().max(8).optional().meta({ description: "For the formats of CBI" }),
    })
    .meta({ description: "The community's own bank account" }),
});
export type BankFileInput = z.infer<typeof bankFileInput>;

export type LeftOut = {
  readonly account: number;
  readonly credit: bigint;
  readonly reason: MissingPayee | "below-minimum" | "name-unwritable";
};

const standing = z.object({ account: z.object({ number: z.number() }), credit: z.string().transform(BigInt) });

/**
 * Makes an order over all credit that can be paid, and keeps it.
 * @throws Problem 409 if a file is not finished, 422 if there is nobody to pay or a bank would refuse the order
 */
export async function makeBankFile(
  context: TreasuryContext,
  community: number,
  at: CommunityAddresses,
  input: BankFileInput,
  occasion: Occasion,
): Promise<{ readonly order: RedemptionOrder; readonly leftOut: readonly LeftOut[] }> {
  const { store } = context.register;
  const number = await nextFile(context.client, at.redemptions);
  const newest = number === 1 ? undefined : await readFile(context.client, at.redemptions, number - 1);
  if (newest?.state === "open" || newest?.state === "proposed") {
    throw contradiction(
      `File ${newest.number} is ${newest.state}: have it approved, or drop it, before another is made`,
    );
  }
  const name = context.communityName(community);
  const executionDate = executionDay(input.executionDate, occasion.at);
  const { payees, leftOut } = candidates(context, community, input, occasion);
  if (payees.length === 0) {
    const fields = leftOut.map(({ account, reason }) => ({ field: `account ${account}`, problem: reason }));
    throw new Problem(422, "There is nobody to pay: see errors for who is left out and why", { fields });
  }
  const createdAt = `${new Date(occasion.at * MILLISECONDS).toISOString().slice(0, 19)}Z`;
  const salt = toHex(randomBytes(SALT_BYTES));
  const given = { createdAt, executionDate, debtor: debtorOf(input, name), format: input.format, salt };
  const order = makeOrder(at.redemptions, number, name, payees, given);
  try {
    keepOrder(store, community, name, order, occasion);
  } catch (error) {
    throw refused(error);
  }
  return { order, leftOut };
}

function candidates(
  { reader, register: { store } }: TreasuryContext,
  community: number,
  { minimum, accounts }: BankFileInput,
  occasion: Occasion,
): { readonly payees: Payee[]; readonly leftOut: LeftOut[] } {
  const standings = reader.accounts(community, ALL).map(({ content }) => standing.parse(JSON.parse(content)));
  checkAccounts(accounts ?? [], new Set(standings.map(({ account: { number } }) => number)));
  const credits = standings
    .map(({ account: { number }, credit }) => ({ account: number, credit, amount: credit - (credit % MICRO_PER_CENT) }))
    .filter(({ account, credit }) => credit > 0n && (accounts?.includes(account) ?? true));
  const enough = credits.filter(({ amount }) => amount > 0n && amount >= minimum);
  const bankAccounts = payeesOf(
    store,
    community,
    occasion,
    enough.map(({ account }) => account),
  );
  const payees: Payee[] = [];
  const leftOut: LeftOut[] = [];
  for (const { account, credit, amount } of credits) {
    const leave = (reason: LeftOut["reason"]) => leftOut.push({ account, credit, reason });
    const bankAccount = bankAccounts.find((each) => each.account === account);
    if (!enough.some((each) => each.account === account)) leave("below-minimum");
    else if (bankAccount === undefined) leave(missingPayee(store, community, account));
    else {
      const written = toSepaText(bankAccount.holder);
      if ("refused" in written || nameProblem(written.text) !== undefined) leave("name-unwritable");
      else payees.push({ number: account, holder: written.text, iban: bankAccount.iban, amount });
    }
  }
  return { payees, leftOut };
}

/** @throws Problem 422 that names every account that is not there */
function checkAccounts(asked: readonly number[], existing: ReadonlySet<number>): void {
  const fields = asked.flatMap((account, index) =>
    existing.has(account) ? [] : [{ field: `body.accounts.${index}`, problem: `there is no account ${account}` }],
  );
  if (fields.length > 0) throw new Problem(422, "Some accounts are not there: see errors", { fields });
}

function debtorOf({ debtor: { name, iban, bic, cuc } }: BankFileInput, community: string): Debtor {
  const written = toSepaText(name ?? community);
  return { name: "text" in written ? written.text : "", iban: electronicFormatIBAN(iban) ?? "", bic, cuc };
}

/** @param now seconds since the Unix epoch */
function executionDay(given: string | undefined, now: number): string {
  const today = parseDay(formatDay(now * MILLISECONDS)) ?? 0;
  if (given === undefined) return formatDay(nextBusinessDay(today));
  const day = parseDay(given);
  if (day !== undefined && day >= today && isBusinessDay(day)) return given;
  const problem = "not a business day from today on";
  const remedy = `Write it as ${formatDay(nextBusinessDay(today))}`;
  throw new Problem(422, "The day of execution cannot be: see errors", {
    fields: [{ field: "body.executionDate", problem, remedy }],
  });
}

function refused(error: unknown): unknown {
  if (!(error instanceof PaymentOrderError)) return error;
  return new Problem(422, "A bank would refuse this order: see errors", {
    fields: error.problems.map(({ payment, field, problem }) => ({
      field: payment === undefined ? field : `payment ${payment + 1}: ${field}`,
      problem,
    })),
  });
}

/** @throws Problem 404 if there is no such order, 410 if a person in it was erased */
export function keptOrder(
  { register: { store } }: TreasuryContext,
  community: number,
  hash: Hex,
  occasion: Occasion,
): RedemptionOrder {
  try {
    const order = readOrder(store, community, hash, occasion);
    if (order !== undefined) return order;
  } catch (error) {
    if (error instanceof OrderErasedError) throw new Problem(410, error.message);
    throw error;
  }
  throw new Problem(
    404,
    `No file was made with the document ${hash}, or another took its place: POST …/treasury/bank-files makes one`,
  );
}

export function toldOrder(order: RedemptionOrder) {
  const total = sum(order.payments.map(({ amount }) => amount));
  return { documentHash: documentHash(order), ...order, total };
}

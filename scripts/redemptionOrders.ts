/**
 * Payment orders of a settlement's folder, one a file of the chain: `redemptions/NUMBER.json`, for the owner's eyes only.
 * An order is kept before anything of it is on the chain, so that whatever is interrupted makes the same document again.
 */

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, concat, type Hex, isHex, keccak256, toHex } from "viem";
import { z } from "zod";
import { bankDocument, EXTENSIONS, FORMATS, type Format } from "../bank/document.ts";
import type { PaymentOrder } from "../bank/order.ts";
import { MOST_REMITTANCE } from "../bank/order.ts";
import { asSepaText } from "../bank/text.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { type SettlementFolder, writeWhole } from "./settlementFolder.ts";
import { toJson } from "./table.ts";

const orderShape = z.strictObject({
  format: z.enum(FORMATS),
  /** Random: without it the document's hash on the chain betrays nothing. */
  salt: z.custom<Hex>((value) => isHex(value) && value.length === 66),
  messageId: z.string(),
  createdAt: z.string(),
  executionDate: z.string(),
  debtor: z.strictObject({
    name: z.string(),
    iban: z.string(),
    bic: z.string().optional(),
    cuc: z.string().optional(),
  }),
  payments: z.array(
    z.strictObject({
      account: z.int(),
      endToEndId: z.string(),
      amount: z.string().transform(BigInt),
      name: z.string(),
      iban: z.string(),
      remittance: z.string(),
    }),
  ),
});

/** A payment order with the accounts of the chain behind its payments. */
export type KeptOrder = z.infer<typeof orderShape>;

export type Payee = {
  readonly number: number;
  readonly holder: string;
  readonly iban: string;
  readonly amount: bigint;
};

/** Makes an order for a file that is to be opened. Ids name the community, the file and the account, so none comes twice. */
export function makeOrder(
  redemptions: Address,
  file: number,
  community: string,
  payees: readonly Payee[],
  order: Pick<PaymentOrder, "createdAt" | "executionDate" | "debtor">,
  format: Format,
): KeptOrder {
  const messageId = `CER-${redemptions.slice(2, 10).toLowerCase()}-${file}`;
  return {
    ...order,
    debtor: { ...order.debtor },
    format,
    salt: toHex(randomBytes(32)),
    messageId,
    payments: payees.map(({ number, holder, iban, amount }) => ({
      account: number,
      endToEndId: `${messageId}-${number}`,
      amount,
      name: holder,
      iban,
      remittance: asSepaText(`Energia condivisa, conto ${number}, ${community}`, MOST_REMITTANCE),
    })),
  };
}

export function documentOf({ payments, ...order }: KeptOrder): string {
  return bankDocument({ ...order, payments: payments.map(({ account: _, ...payment }) => payment) }, order.format);
}

/** Salted, as the chain has it. */
export function documentHash(order: KeptOrder): Hex {
  return keccak256(concat([order.salt, toHex(documentOf(order))]));
}

export function documentPath(folder: SettlementFolder, file: number, { format }: KeptOrder): string {
  return join(folder.redemptions, `${file}.${EXTENSIONS[format]}`);
}

export function writeOrder(folder: SettlementFolder, file: number, order: KeptOrder): void {
  mkdirSync(folder.redemptions, { recursive: true, mode: 0o700 });
  writeWhole(orderPath(folder, file), toJson(order), 0o600);
}

/** Undefined if there is none. */
export function readOrder(folder: SettlementFolder, file: number): KeptOrder | undefined {
  const path = orderPath(folder, file);
  if (!existsSync(path)) return undefined;
  try {
    return orderShape.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    const remedy = "Put back a copy of it: only with it the bank's document can be made again";
    throw new InputError([{ file: path, problem: "damaged", remedy }]);
  }
}

function orderPath(folder: SettlementFolder, file: number): string {
  return join(folder.redemptions, `${file}.json`);
}

/**
 * Payment orders of a settlement's folder, one a file of the chain: `redemptions/NUMBER.json`, for the owner's eyes only.
 * An order is kept before anything of it is on the chain, so that whatever is interrupted makes the same document again.
 */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex, isHex } from "viem";
import { z } from "zod";
import { EXTENSIONS, FORMATS } from "../bank/document.ts";
import type { RedemptionOrder } from "../bank/redemptionOrder.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { type SettlementFolder, writeWhole } from "./settlementFolder.ts";
import { toJson } from "./table.ts";

const orderShape = z.strictObject({
  format: z.enum(FORMATS),
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

export function documentPath(folder: SettlementFolder, file: number, { format }: RedemptionOrder): string {
  return join(folder.redemptions, `${file}.${EXTENSIONS[format]}`);
}

export function writeOrder(folder: SettlementFolder, file: number, order: RedemptionOrder): void {
  mkdirSync(folder.redemptions, { recursive: true, mode: 0o700 });
  writeWhole(orderPath(folder, file), toJson(order), 0o600);
}

/** Undefined if there is none. */
export function readOrder(folder: SettlementFolder, file: number): RedemptionOrder | undefined {
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

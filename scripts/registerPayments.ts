/** What was put into files for the bank, from a settlement's folder into the register: kept ten years. */

import { existsSync, readdirSync } from "node:fs";
import type { Occasion } from "../api/register/accessLog.ts";
import { keepPayments } from "../api/register/payees.ts";
import type { RegisterStore } from "../api/register/store.ts";
import { readOrder } from "./redemptionOrders.ts";
import { openSettlement } from "./settlementFolder.ts";

/** @returns how many payments were not kept before */
export function keepSettledPayments(store: RegisterStore, community: number, path: string, occasion: Occasion): number {
  const { folder } = openSettlement(path);
  const names = existsSync(folder.redemptions) ? readdirSync(folder.redemptions) : [];
  const files = names.flatMap((name) => /^(\d+)\.json$/.exec(name)?.slice(1, 2) ?? []).map(Number);
  return files
    .toSorted((a, b) => a - b)
    .reduce((sum, file) => {
      const order = readOrder(folder, file);
      if (order === undefined) return sum;
      const records = order.payments.map(({ remittance: _, ...payment }) => {
        return { ...payment, executedOn: order.executionDate };
      });
      return sum + keepPayments(store, community, records, occasion);
    }, 0);
}

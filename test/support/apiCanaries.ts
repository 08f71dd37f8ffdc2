/** What the index holds of one account, as it would stand in an answer: amounts, energies, wallets, ids of payments. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { INDEX_FILE } from "../../api/index/indexStore.ts";

/** Fields that say something of one account. */
const TELLING = new Set([
  ...["payee", "firstPayee", "owed", "credit", "ordered", "entitled", "paid", "writtenOff", "passedOn"],
  ...["energy", "coincident", "attributed", "entitlement", "ownKey", "amount", "delta", "before", "owedAfter"],
  ...["endToEndId", "reason", "to"],
]);
const SHORTEST = 5;

const row = z.object({ content: z.string() });

/** @param but values of this account too: what both have in common gives neither away */
export function canariesOf(data: string, community: number, account: number, but: number): string[] {
  const database = new DatabaseSync(join(data, INDEX_FILE), { readOnly: true });
  try {
    const known = valuesOf(database, community, but);
    return [...valuesOf(database, community, account)].filter((value) => !known.has(value));
  } finally {
    database.close();
  }
}

function valuesOf(database: DatabaseSync, community: number, account: number): Set<string> {
  const found = new Set<string>();
  for (const table of ["account", "account_month", "booking", "item"]) {
    const rows = database.prepare(`SELECT content FROM ${table} WHERE community = ? AND account = ?`);
    for (const each of rows.all(community, account)) collect(JSON.parse(row.parse(each).content), found);
  }
  return found;
}

function collect(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const part of value) collect(part, into);
  else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      if (TELLING.has(name) && typeof part === "string" && part.length >= SHORTEST) into.add(part);
      else collect(part, into);
    }
  }
}

/** Whether an answer names an account as one that something belongs to. */
export function namesAccount(value: unknown, account: number): boolean {
  if (Array.isArray(value)) return value.some((part) => namesAccount(part, account));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, part]) => (name === "account" && part === account) || namesAccount(part, account),
  );
}

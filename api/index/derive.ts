/** What is made of a community's events, so that it can be read fast: where each account stands, its months and its bookings. */

import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { LOGS_PER_BLOCK } from "../../chain/events.ts";
import type { SettledHistory } from "../../settlement/history.ts";
import { monthOf } from "../../settlement/hours.ts";
import { type PeriodStatement, periodStatement } from "../../settlement/periodStatement.ts";
import { type Recomputed, recomputeFrom } from "../../settlement/recompute.ts";
import { apiJson } from "../json.ts";
import { balanceText } from "./balances.ts";
import { addressesOf } from "./contracts.ts";
import { DERIVED_TABLES, type IndexStore } from "./indexStore.ts";
import { ITEM_KINDS, type Item, type ItemKind, itemsOf } from "./items.ts";
import { readLedgerSums } from "./ledgerSums.ts";
import { type Office, readOffices } from "./offices.ts";
import { readSettledHistory } from "./settledHistory.ts";

const communityRow = z.object({ community: z.number() });
const itemRow = z.object({ kind: z.enum(ITEM_KINDS), number: z.number() });
const timeRow = z.object({ time: z.number() });

const SECONDS_PER_HOUR = 3600;
const ALL_MONTHS = { fromMonth: 0, toMonth: 0xffff };

/** A community as it stands in the index. */
export type KeptCommunity = {
  readonly history: SettledHistory;
  readonly recomputed: Recomputed;
  readonly timeOf: (block: bigint) => number;
};

export async function readCommunity(
  database: DatabaseSync,
  community: number,
  at: CommunityAddresses,
  chainId: number,
): Promise<KeptCommunity> {
  const history = await readSettledHistory(database, community, at, chainId);
  const ledgers = at.ledgers.map((ledger, index) => readLedgerSums(database, community, index, ledger));
  const time = database.prepare("SELECT time FROM block WHERE number = ?");
  const times = new Map<bigint, number>();
  return {
    history,
    recomputed: recomputeFrom(history, ledgers),
    timeOf: (block) => times.getOrInsertComputed(block, () => timeRow.parse(time.get(Number(block))).time),
  };
}

/** The communities of which something is kept that is not worked out yet. */
export function outdatedCommunities(database: DatabaseSync): number[] {
  return database
    .prepare(
      `SELECT c.community FROM (SELECT DISTINCT community FROM contract) c
       LEFT JOIN derived d ON d.community = c.community WHERE coalesce(d.is_undone, 0) = 1 OR coalesce(d.position, -1) < max(
         coalesce((SELECT max(position) FROM event e WHERE e.community = c.community), -1),
         coalesce((SELECT max(position) FROM batch b WHERE b.community = c.community), -1))`,
    )
    .all()
    .map((row) => communityRow.parse(row).community);
}

/** Works a community out anew. What has not changed is not written. */
export async function derive(store: IndexStore, community: number, chainId: number): Promise<void> {
  const { database } = store;
  const at = addressesOf(store.contractsOf(community));
  const kept = at && (await readCommunity(database, community, at, chainId));
  const statements =
    kept?.history.accounts.map((account) =>
      periodStatement(kept.history, kept.recomputed, account, ALL_MONTHS, kept.timeOf),
    ) ?? [];
  const offices = await readOffices(database, rolesOf(store, community));
  database.exec("BEGIN IMMEDIATE");
  try {
    if (isUndone(database, community)) {
      for (const table of DERIVED_TABLES) database.prepare(`DELETE FROM ${table} WHERE community = ?`).run(community);
    }
    writeStatements(database, community, statements);
    if (kept !== undefined) writeItems(database, community, itemsOf(kept));
    writeOffices(database, community, offices);
    database.prepare(HOW_FAR).run({ community });
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function isUndone(database: DatabaseSync, community: number): boolean {
  return database.prepare("SELECT 1 FROM derived WHERE community = ? AND is_undone = 1").get(community) !== undefined;
}

const HOW_FAR = `INSERT OR REPLACE INTO derived
  SELECT :community, position, coalesce(hash, ''), coalesce(time, 0), 0 FROM (
    SELECT max(coalesce((SELECT max(position) FROM event WHERE community = :community), -1),
               coalesce((SELECT max(position) FROM batch WHERE community = :community), -1)) AS position)
  LEFT JOIN block ON number = position / ${LOGS_PER_BLOCK}`;

/** Of a chain that only grows, rows are added and changed; where it took blocks back, all of them are made anew. */
function writeStatements(database: DatabaseSync, community: number, statements: readonly PeriodStatement[]): void {
  const account = database.prepare(upsert("account", ["community", "account"], ["payee", "content"]));
  const accountMonth = database.prepare(
    upsert("account_month", ["community", "account", "month", "configuration"], ["content"]),
  );
  const booking = database.prepare(
    upsert("booking", ["community", "account", "number"], ["month", "kind", "effect", "balance", "content"]),
  );
  for (const { account: record, months, bookings, closing, totals } of statements) {
    account.run(community, record.number, record.payee, apiJson({ account: record, ...closing, totals }));
    for (const month of months) {
      accountMonth.run(community, record.number, month.month, month.configuration, apiJson(month));
    }
    for (const [number, each] of bookings.entries()) {
      const month = monthOf(Math.floor(each.time / SECONDS_PER_HOUR));
      const [effect, balance] = [each.effect, each.balance].map(balanceText);
      booking.run(community, record.number, number, month, each.kind, effect ?? "", balance ?? "", apiJson(each));
    }
  }
}

function writeItems(database: DatabaseSync, community: number, items: readonly Item[]): void {
  const forget = database.prepare("DELETE FROM item WHERE community = ? AND kind = ? AND number = ?");
  const there = new Set(items.filter(({ kind }) => PASSING.has(kind)).map(({ kind, number }) => `${kind} ${number}`));
  for (const row of database.prepare("SELECT kind, number FROM item WHERE community = ?").iterate(community)) {
    const { kind, number } = itemRow.parse(row);
    if (PASSING.has(kind) && !there.has(`${kind} ${number}`)) forget.run(community, kind, number);
  }
  const write = database.prepare(upsert("item", ["community", "kind", "number"], ["account", "parent", "content"]));
  for (const { kind, number, account, parent, content } of items) {
    write.run(community, kind, number, account ?? null, parent ?? null, apiJson(content));
  }
}

/** A run that is weighed anew entitles others; a roster that yields to another from its first hour on takes its channels along. */
const PASSING: ReadonlySet<ItemKind> = new Set(["entitlement", "channel"]);

function writeOffices(database: DatabaseSync, community: number, offices: readonly Office[]): void {
  database.prepare("DELETE FROM office WHERE community = ?").run(community);
  const write = database.prepare("INSERT INTO office VALUES (?, ?, ?, ?)");
  for (const { wallet, role, since } of offices) write.run(wallet, community, role, since);
}

function rolesOf(store: IndexStore, community: number) {
  return store.contractsOf(community).find(({ kind }) => kind === "roles")?.address;
}

function upsert(table: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns];
  return `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")})
    ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}
    WHERE ${columns.map((name) => `${name} IS NOT excluded.${name}`).join(" OR ")}`;
}

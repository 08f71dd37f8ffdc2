/** What is made of a community's events, so that it can be read fast: where each account stands, its months and its bookings. */

import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { SettledHistory } from "../../settlement/history.ts";
import { monthOf } from "../../settlement/hours.ts";
import { type PeriodStatement, periodStatement } from "../../settlement/periodStatement.ts";
import { type Recomputed, recomputeFrom } from "../../settlement/recompute.ts";
import { addressesOf } from "./contracts.ts";
import type { IndexStore } from "./indexStore.ts";
import { readLedgerSums } from "./ledgerSums.ts";
import { readSettledHistory } from "./settledHistory.ts";

const positionRow = z.object({ position: z.number() });
const communityRow = z.object({ community: z.number() });
const timeRow = z.object({ time: z.number() });

const SECONDS_PER_HOUR = 3600;
const ALL_MONTHS = { fromMonth: 0, toMonth: 0xffff };

/** A community as it stands in the index. */
export type KeptCommunity = {
  readonly history: SettledHistory;
  readonly recomputed: Recomputed;
  readonly timeOf: (block: bigint) => number;
};

/** Undefined while its contracts are not complete. */
export async function readCommunity(
  store: IndexStore,
  community: number,
  chainId: number,
): Promise<KeptCommunity | undefined> {
  const { database } = store;
  const at = addressesOf(store.contractsOf(community));
  if (at === undefined) return undefined;
  const history = await readSettledHistory(database, community, at, chainId);
  const ledgers = at.ledgers.map((ledger, index) => readLedgerSums(database, community, index, ledger));
  const time = database.prepare("SELECT time FROM block WHERE number = ?");
  return {
    history,
    recomputed: recomputeFrom(history, ledgers),
    timeOf: (block) => timeRow.parse(time.get(Number(block))).time,
  };
}

/** The communities of which something is kept that is not worked out yet. */
export function outdatedCommunities(database: DatabaseSync): number[] {
  return database
    .prepare(
      `SELECT c.community FROM (SELECT DISTINCT community FROM contract) c
       LEFT JOIN derived d ON d.community = c.community WHERE coalesce(d.position, -1) < max(
         coalesce((SELECT max(position) FROM event e WHERE e.community = c.community), -1),
         coalesce((SELECT max(position) FROM batch b WHERE b.community = c.community), -1))`,
    )
    .all()
    .map((row) => communityRow.parse(row).community);
}

/** Works a community out anew. What has not changed is not written. */
export async function derive(store: IndexStore, community: number, chainId: number): Promise<void> {
  const { database } = store;
  const newest = database
    .prepare(
      `SELECT max(coalesce((SELECT max(position) FROM event WHERE community = :community), -1),
                  coalesce((SELECT max(position) FROM batch WHERE community = :community), -1)) AS position`,
    )
    .get({ community });
  const { position } = positionRow.parse(newest);
  const kept = await readCommunity(store, community, chainId);
  const statements =
    kept?.history.accounts.map((account) =>
      periodStatement(kept.history, kept.recomputed, account, ALL_MONTHS, kept.timeOf),
    ) ?? [];
  database.exec("BEGIN IMMEDIATE");
  try {
    write(database, community, statements);
    database.prepare("INSERT OR REPLACE INTO derived VALUES (?, ?)").run(community, position);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Of a chain that only grows, rows are added and changed; what a reorganisation took away was removed with its block. */
function write(database: DatabaseSync, community: number, statements: readonly PeriodStatement[]): void {
  const account = database.prepare(upsert("account", ["community", "account"], ["payee", "content"]));
  const accountMonth = database.prepare(
    upsert("account_month", ["community", "account", "month", "configuration"], ["content"]),
  );
  const booking = database.prepare(upsert("booking", ["community", "account", "number"], ["month", "content"]));
  for (const { account: record, months, bookings, closing, totals } of statements) {
    account.run(community, record.number, record.payee, jsonOf({ account: record, ...closing, totals }));
    for (const month of months) {
      accountMonth.run(community, record.number, month.month, month.configuration, jsonOf(month));
    }
    for (const [number, each] of bookings.entries()) {
      const month = monthOf(Math.floor(each.time / SECONDS_PER_HOUR));
      booking.run(community, record.number, number, month, jsonOf(each));
    }
  }
}

function upsert(table: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns];
  return `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")})
    ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}
    WHERE ${columns.map((name) => `${name} <> excluded.${name}`).join(" OR ")}`;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
}

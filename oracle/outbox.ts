/**
 * The batches that the oracle has made up, and the votes of all oracles, in SQLite: what it has once written down for an hour it
 * proposes again after a crash.
 */

import { DatabaseSync } from "node:sqlite";
import type { Hex } from "viem";
import { z } from "zod";
import type { Batch } from "../settlement/batch.ts";
import { GRADES } from "../settlement/grade.ts";
import type { Hour } from "../settlement/hours.ts";
import type { Voted } from "./votes.ts";

const hex = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]*$/)]);
const rows = z.array(z.array(z.number()));
export const batchShape = z.object({
  firstHour: z.number(),
  hourCount: z.number(),
  rosterVersion: z.number(),
  grade: z.enum(GRADES),
  revision: z.number(),
  replaces: hex,
  seed: hex,
  injected: rows,
  withdrawn: rows,
  missing: z.array(z.number()),
  priceMask: z.number(),
  prices: z.array(z.number()),
}) satisfies z.ZodType<Batch>;

const voteRow = z.object({ signer: hex, digest: hex, signature: hex, content: z.string() });
const contentRow = z.object({ content: z.string() });

export class Outbox {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  static open(file: string): Outbox {
    const database = new DatabaseSync(file);
    database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(`
      CREATE TABLE IF NOT EXISTS batch (
        ledger TEXT NOT NULL, first_hour INTEGER NOT NULL, revision INTEGER NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (ledger, first_hour, revision)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS vote (
        ledger TEXT NOT NULL, first_hour INTEGER NOT NULL, revision INTEGER NOT NULL, signer TEXT NOT NULL, digest TEXT NOT NULL,
        signature TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (ledger, first_hour, revision, signer, digest)
      ) STRICT;
    `);
    return new Outbox(database);
  }

  close(): void {
    this.#database.close();
  }

  /** Writes a batch down unless its revision stands already. Returns what stands. */
  freeze(ledger: Hex, batch: Batch): Batch {
    const { firstHour, revision } = batch;
    this.#database
      .prepare("INSERT OR IGNORE INTO batch VALUES (?, ?, ?, ?)")
      .run(ledger, firstHour, revision, JSON.stringify(batch));
    return this.find(ledger, firstHour, revision) ?? batch;
  }

  find(ledger: Hex, firstHour: Hour, revision: number): Batch | undefined {
    const row = this.#database
      .prepare("SELECT content FROM batch WHERE ledger = ? AND first_hour = ? AND revision = ?")
      .get(ledger, firstHour, revision);
    return row === undefined ? undefined : batchShape.parse(JSON.parse(contentRow.parse(row).content));
  }

  /** Keeps a vote of this or another oracle. Says whether it is new. */
  keepVote(ledger: Hex, { batch, signature, signer, digest }: Voted): boolean {
    const { firstHour, revision } = batch;
    const { changes } = this.#database
      .prepare("INSERT OR IGNORE INTO vote VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(ledger, firstHour, revision, signer, digest, signature, JSON.stringify(batch));
    return changes > 0;
  }

  /** All votes on a revision of some hours. */
  votes(ledger: Hex, firstHour: Hour, revision: number): Voted[] {
    return this.#database
      .prepare(
        "SELECT signer, digest, signature, content FROM vote WHERE ledger = ? AND first_hour = ? AND revision = ? ORDER BY rowid",
      )
      .all(ledger, firstHour, revision)
      .map((row) => voteRow.parse(row))
      .map(({ content, ...vote }) => ({ ...vote, batch: batchShape.parse(JSON.parse(content)) }));
  }
}

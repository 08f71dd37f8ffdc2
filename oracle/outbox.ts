/**
 * The batches that the oracle has made up, where their readings come from, and the votes of all oracles, in SQLite: what it has once
 * written down for an hour it proposes again after a crash.
 */

import { DatabaseSync } from "node:sqlite";
import type { Hex } from "viem";
import { z } from "zod";
import { type Batch, LANES } from "../settlement/batch.ts";
import { GRADES } from "../settlement/grade.ts";
import type { Hour, HourSpan } from "../settlement/hours.ts";
import { comparable } from "./agreement.ts";
import { missingIn } from "./dayBatches.ts";
import { decodeProvenance, encodeProvenance, type Provenance, type SourcedBatch } from "./provenance.ts";
import { inTransaction } from "./transaction.ts";
import type { Voted } from "./votes.ts";

const hex = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]*$/)]);
const bytes32 = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const uint = (bits: number) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1);
const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const rows = z.array(z.array(uint(32)).length(LANES));

/** What a batch has, within the bounds of its encoding: others send them, too. */
export const batchShape = z.object({
  firstHour: uint(32),
  hourCount: z.int().min(1).max(LANES),
  rosterVersion: uint(16),
  grade: z.enum(GRADES),
  revision: uint(16),
  replaces: bytes32,
  seed: bytes32,
  injected: rows,
  withdrawn: rows,
  missing: z.array(uint(LANES)),
  priceMask: uint(LANES),
  prices: z.array(int32).length(LANES),
}) satisfies z.ZodType<Batch>;

const voteRow = z.object({ signer: hex, digest: hex, signature: hex, content: z.string() });
const contentRow = z.object({ content: z.string() });
const sourcedRow = z.object({ first_hour: z.number(), revision: z.number(), content: z.string() });
const gapRow = z.object({ first_hour: z.number(), missing: z.number() });

/** What this oracle last signed for some hours, and where the readings came from. */
export type Signed = {
  readonly firstHour: Hour;
  readonly revision: number;
  readonly provenance: readonly Provenance[];
};

/** A signed batch with readings missing, of the newest revision. */
export type SignedGap = { readonly firstHour: Hour; readonly missing: number };

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
      CREATE TABLE IF NOT EXISTS provenance (
        ledger TEXT NOT NULL, first_hour INTEGER NOT NULL, revision INTEGER NOT NULL, missing INTEGER NOT NULL,
        content TEXT NOT NULL, PRIMARY KEY (ledger, first_hour, revision)
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

  /**
   * Writes a batch down, and in the same breath where its readings come from, unless one of these hours and this revision stands
   * already. One that was made up for another roster or predecessor can never be recorded, and makes room.
   * @returns what stands
   */
  freeze(ledger: Hex, { batch, provenance }: SourcedBatch): Batch {
    const { firstHour, revision } = batch;
    return inTransaction(this.#database, () => {
      const before = this.find(ledger, firstHour, revision);
      if (before !== undefined && comparable(before, batch)) return before;
      this.#database
        .prepare("INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?)")
        .run(ledger, firstHour, revision, JSON.stringify(batch));
      this.#keepProvenance(ledger, { batch, provenance });
      return batch;
    });
  }

  #keepProvenance(ledger: Hex, { batch, provenance }: SourcedBatch): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO provenance VALUES (?, ?, ?, ?, ?)")
      .run(ledger, batch.firstHour, batch.revision, missingIn(batch), encodeProvenance(provenance));
  }

  find(ledger: Hex, firstHour: Hour, revision: number): Batch | undefined {
    const row = this.#database
      .prepare("SELECT content FROM batch WHERE ledger = ? AND first_hour = ? AND revision = ?")
      .get(ledger, firstHour, revision);
    return row === undefined ? undefined : batchShape.parse(JSON.parse(contentRow.parse(row).content));
  }

  /** Keeps a vote of another oracle, or of this one on what it has frozen. Says whether it is new. */
  keepVote(ledger: Hex, { batch, signature, signer, digest }: Voted): boolean {
    const { firstHour, revision } = batch;
    const { changes } = this.#database
      .prepare("INSERT OR IGNORE INTO vote VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(ledger, firstHour, revision, signer, digest, signature, JSON.stringify(batch));
    return changes > 0;
  }

  /**
   * Keeps this oracle's vote on what another one proposed.
   * @param provenance of what is known here, which is why it can sign
   */
  keepConsent(ledger: Hex, vote: Voted, provenance: readonly Provenance[]): void {
    inTransaction(this.#database, () => {
      this.keepVote(ledger, vote);
      this.#keepProvenance(ledger, { batch: vote.batch, provenance });
    });
  }

  /** Forgets batches of hours before this one, what they were made of, and the votes on them. */
  forgetBefore(hour: Hour): void {
    inTransaction(this.#database, () => {
      for (const table of ["batch", "provenance", "vote"]) {
        this.#database.prepare(`DELETE FROM ${table} WHERE first_hour < ?`).run(hour);
      }
    });
  }

  /** Where the readings of a revision come from; empty if this oracle has not signed it. */
  provenance(ledger: Hex, firstHour: Hour, revision: number): Provenance[] {
    const row = this.#database
      .prepare("SELECT content FROM provenance WHERE ledger = ? AND first_hour = ? AND revision = ?")
      .get(ledger, firstHour, revision);
    return row === undefined ? [] : decodeProvenance(contentRow.parse(row).content);
  }

  /** What this oracle last signed for each batch that begins in a stretch of hours, in order. */
  signed(ledger: Hex, { firstHour, hourCount }: HourSpan): Signed[] {
    return this.#database
      .prepare(
        `SELECT first_hour, max(revision) AS revision, content FROM provenance
         WHERE ledger = ? AND first_hour >= ? AND first_hour < ? GROUP BY first_hour ORDER BY first_hour`,
      )
      .all(ledger, firstHour, firstHour + hourCount)
      .map((row) => sourcedRow.parse(row))
      .map(({ first_hour, revision, content }) => {
        return { firstHour: first_hour, revision, provenance: decodeProvenance(content) };
      });
  }

  /** Batches from an hour on that this oracle last signed with readings missing, in order. */
  gaps(ledger: Hex, from: Hour): SignedGap[] {
    return this.#database
      .prepare(
        `SELECT first_hour, missing, max(revision) FROM provenance WHERE ledger = ? AND first_hour >= ?
         GROUP BY first_hour HAVING missing > 0 ORDER BY first_hour`,
      )
      .all(ledger, from)
      .map((row) => gapRow.parse(row))
      .map(({ first_hour: firstHour, missing }) => ({ firstHour, missing }));
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

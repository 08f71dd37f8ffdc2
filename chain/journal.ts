/**
 * The embedded chain's memory: every acknowledged transaction and the time of its block, in SQLite.
 *
 * EDR keeps its state in memory only. Since a block is determined by the transaction, its time and its randomness,
 * replaying these gives back the identical chain.
 */

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { z } from "zod";

const FORMAT = "2";

/** What makes a block, beside its parent, and the hash of the block that was acknowledged. */
export type JournalEntry = {
  readonly time: number;
  readonly randomness: Hex;
  readonly transaction: Hex;
  readonly hash: Hex;
};

export class JournalError extends Error {
  override name = "JournalError";
}

const entryRow = z.object({
  time: z.number().int().nonnegative(),
  randomness: z.instanceof(Uint8Array),
  tx: z.instanceof(Uint8Array),
  hash: z.instanceof(Uint8Array),
});

export class Journal {
  readonly #database: DatabaseSync;
  readonly #append: ReturnType<DatabaseSync["prepare"]>;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#append = database.prepare("INSERT INTO block (time, randomness, tx, hash) VALUES (?, ?, ?, ?)");
  }

  /** Opens a journal, or begins one. Throws JournalError if the file is not a journal. */
  static open(file: string): Journal {
    try {
      const database = new DatabaseSync(file);
      // Exclusive: two processes that append to one journal would make two chains of it.
      database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      database.exec(`
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS block (
          number INTEGER PRIMARY KEY, time INTEGER NOT NULL, randomness BLOB NOT NULL, tx BLOB NOT NULL,
          hash BLOB NOT NULL
        ) STRICT;
        INSERT OR IGNORE INTO meta VALUES ('format', '${FORMAT}');
      `);
      const journal = new Journal(database);
      if (journal.#meta("format") !== FORMAT) {
        throw new JournalError(`${file}: written by another version of Condivisa (format ${journal.#meta("format")})`);
      }
      return journal;
    } catch (error) {
      if (error instanceof JournalError) throw error;
      if (error instanceof Error && error.message.includes("locked")) {
        throw new JournalError(`${file}: in use by another process; wait for it to end`, { cause: error });
      }
      throw new JournalError(`${file}: not a journal of the embedded chain`, { cause: error });
    }
  }

  /** Throws JournalError unless the file is a journal that holds a chain. */
  static checkHoldsChain(file: string): void {
    const missing = `${file}: the chain is missing; put the file back as the settlement wrote it`;
    if (!existsSync(file)) throw new JournalError(missing);
    const journal = Journal.open(file);
    const isEmpty = journal.entries().next().done;
    journal.close();
    if (isEmpty) throw new JournalError(missing);
  }

  /**
   * Empties a journal whose chain never got beyond its own beginning, so that it can begin anew. Throws JournalError if
   * anything happened on it later: that is somebody's readings and money.
   */
  static beginAnew(file: string): void {
    const journal = Journal.open(file);
    const genesisTime = Number(journal.#meta("genesisTime") ?? 0);
    const hasHistory = [...journal.entries()].some(({ time }) => time > genesisTime);
    if (!hasHistory) journal.#database.exec("DELETE FROM block; DELETE FROM meta WHERE key = 'genesisTime'");
    journal.close();
    if (hasHistory)
      throw new JournalError(`${file}: holds a chain on which readings are recorded; it is not begun anew`);
  }

  /** When the chain begins, in seconds since the Unix epoch; fixed by the first caller. */
  genesisTime(proposed: number): number {
    this.#database.prepare("INSERT OR IGNORE INTO meta VALUES ('genesisTime', ?)").run(String(proposed));
    return Number(this.#meta("genesisTime"));
  }

  /** Returns once the entry is on disk. */
  append(entry: JournalEntry): void {
    this.#append.run(entry.time, hexToBytes(entry.randomness), hexToBytes(entry.transaction), hexToBytes(entry.hash));
  }

  *entries(): Generator<JournalEntry> {
    for (const row of this.#database
      .prepare("SELECT time, randomness, tx, hash FROM block ORDER BY number")
      .iterate()) {
      const { time, randomness, tx, hash } = entryRow.parse(row);
      yield { time, randomness: bytesToHex(randomness), transaction: bytesToHex(tx), hash: bytesToHex(hash) };
    }
  }

  close(): void {
    this.#database.close();
  }

  #meta(key: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM meta WHERE key = ?").get(key);
    return row === undefined ? undefined : z.object({ value: z.string() }).parse(row).value;
  }
}

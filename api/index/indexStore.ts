/** The index in SQLite: what is kept of the chain, up to which block, and how a block is undone. */

import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Address, bytesToHex, getAddress, type Hex } from "viem";
import { z } from "zod";
import type { Header } from "../../chain/blockAnswers.ts";
import { LOGS_PER_BLOCK } from "../../chain/events.ts";
import { bytesOf } from "../../settlement/hex.ts";
import { CONTRACT_KINDS, type Contract } from "./contracts.ts";
import type { BlockRows } from "./rowReader.ts";
import { FORMAT, SCHEMA } from "./schema.ts";

/**
 * Headers of so many blocks are kept: a reorganisation that goes back further is undone to the last block before it in which something
 * was found, for only of such are older ones kept.
 */
export const HEADERS = 10_000;

/** The file cannot be used as it is: it belongs to another chain, another version, another process, or is damaged. */
export class IndexError extends Error {
  override name = "IndexError";
}

/** What is worked out, by community. */
export const DERIVED_TABLES = ["account", "account_month", "booking", "item", "office"] as const;

/** In the API's folder. */
export const INDEX_FILE = "index.sqlite";

const REMEDY = "Make it anew: `./condivisa index --rebuild`";

const hexShape = z.custom<Hex>((value) => typeof value === "string" && value.startsWith("0x"));
const contractRow = z.object({
  address: hexShape.transform((value) => getAddress(value)),
  community: z.number(),
  kind: z.enum(CONTRACT_KINDS),
  configuration: z.number().nullable(),
});
const headerRow = z.object({ number: z.number(), hash: hexShape });

/** @throws IndexError if the file is no index of this version */
export function openIndexDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file);
    // All of it can be made anew, and is never half written; what the disk loses at a power cut is read from the chain again.
    database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    // What a thousand blocks touch, in KiB; and pages of 4 KiB that go from the log into the file at once.
    database.exec("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 10000");
    database.exec(SCHEMA);
    const { value } = z
      .object({ value: z.string() })
      .parse(database.prepare("SELECT value FROM meta WHERE key = 'format'").get());
    if (value !== FORMAT) throw new IndexError(`${file}: of another version of Condivisa (format ${value}). ${REMEDY}`);
    return database;
  } catch (error) {
    if (error instanceof IndexError) throw error;
    throw new IndexError(`${file}: ${error instanceof Error ? error.message : String(error)}. ${REMEDY}`, {
      cause: error,
    });
  }
}

function checkIsOf(database: DatabaseSync, file: string, of: string): void {
  database.prepare("INSERT OR IGNORE INTO meta VALUES ('of', ?)").run(of);
  const row = database.prepare("SELECT value FROM meta WHERE key = 'of'").get();
  const { value } = z.object({ value: z.string() }).parse(row);
  if (value !== of) throw new IndexError(`${file}: of chain and factory ${value}, not ${of}. ${REMEDY}`);
}

/** Who writes holds the lock until its process ends, however it ends. Readers need none. */
function lockOf(file: string): DatabaseSync {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec(`PRAGMA busy_timeout = ${HANDOVER_MILLISECONDS}; BEGIN EXCLUSIVE`);
    return lock;
  } catch (error) {
    lock.close();
    const remedy = "End it first, or give this one a folder of its own";
    throw new IndexError(`${file}: another process follows the chain into it. ${remedy}`, { cause: error });
  }
}

/** A process that is ending gets so long. */
const HANDOVER_MILLISECONDS = 2000;

/**
 * Removes an index; it can be made anew from the chain.
 * @throws IndexError if a process follows the chain into it
 */
export function removeIndex(file: string): void {
  const lock = lockOf(file);
  try {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  } finally {
    lock.close();
  }
}

export class IndexStore {
  readonly database: DatabaseSync;
  readonly #contracts = new Map<Address, Contract>();
  readonly #lock: DatabaseSync;

  /** @throws IndexError if the file is of another chain or factory, or another process follows the chain into it */
  constructor(file: string, chainId: number, factory: Address) {
    this.#lock = lockOf(file);
    try {
      this.database = openIndexDatabase(file);
      checkIsOf(this.database, file, `${chainId} ${getAddress(factory)}`);
      this.#readContracts();
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  close(): void {
    this.database.close();
    this.#lock.close();
  }

  contracts(): Contract[] {
    return [...this.#contracts.values()];
  }

  contractsOf(community: number): Contract[] {
    return this.contracts().filter((contract) => contract.community === community);
  }

  /** The newest block that is kept. */
  head(): Pick<Header, "number" | "hash"> | undefined {
    const row = this.database.prepare("SELECT number, hash FROM block ORDER BY number DESC LIMIT 1").get();
    return row === undefined ? undefined : headerRow.parse(row);
  }

  /** The newest block that is kept and has at most this number. */
  headerUpTo(number: number): Pick<Header, "number" | "hash"> | undefined {
    const select = "SELECT number, hash FROM block WHERE number <= ? ORDER BY number DESC LIMIT 1";
    const row = this.database.prepare(select).get(number);
    return row === undefined ? undefined : headerRow.parse(row);
  }

  /**
   * Appends a block to what the next `commit` keeps. Nobody else sees it before. Where that fails, what was appended since the last
   * `commit` is forgotten.
   */
  append(rows: BlockRows): void {
    if (!this.database.isTransaction) this.database.exec("BEGIN IMMEDIATE");
    try {
      this.#insert(rows);
    } catch (error) {
      this.database.exec("ROLLBACK");
      this.#readContracts();
      throw error;
    }
    for (const contract of rows.contracts) this.#contracts.set(contract.address, contract);
  }

  /** Keeps what was appended: all of it or, if the process ends before, none. */
  commit(): void {
    if (!this.database.isTransaction) return;
    this.#run("DELETE FROM block WHERE is_empty = 1 AND number < ?", (this.head()?.number ?? 0) - HEADERS);
    this.database.exec("COMMIT");
  }

  /**
   * Forgets this block and all after it: the chain has others in their place. What was worked out of them stays until it is
   * worked out anew.
   */
  undoFrom(number: number): void {
    const position = number * LOGS_PER_BLOCK;
    this.#atOnce(() => {
      for (const table of ["event", "roster", "batch", "finding"]) {
        this.database.prepare(`DELETE FROM ${table} WHERE position >= ?`).run(position);
      }
      this.database.prepare("UPDATE derived SET is_undone = 1 WHERE position >= ?").run(position);
      this.database.prepare("DELETE FROM contract WHERE block >= ?").run(number);
      this.database.prepare("DELETE FROM block WHERE number >= ?").run(number);
      for (const table of [...DERIVED_TABLES, "derived"]) {
        this.database.exec(`DELETE FROM ${table} WHERE community NOT IN (SELECT community FROM contract)`);
      }
    });
    this.#readContracts();
  }

  #atOnce(work: () => void): void {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  #readContracts(): void {
    this.#contracts.clear();
    for (const row of this.database.prepare("SELECT address, community, kind, configuration FROM contract").all()) {
      const { configuration, ...contract } = contractRow.parse(row);
      this.#contracts.set(contract.address, { ...contract, configuration: configuration ?? undefined });
    }
  }

  #insert({ header, contracts, events, rosters, batches, findings }: BlockRows): void {
    const isEmpty = contracts.length + events.length + batches.length === 0;
    this.#run("INSERT INTO block VALUES (?, ?, ?, ?)", header.number, header.hash, header.timestamp, isEmpty ? 1 : 0);
    for (const { address, community, kind, configuration, isForeign } of contracts) {
      const number = configuration ?? null;
      this.#run(
        "INSERT INTO contract VALUES (?, ?, ?, ?, ?, ?)",
        address,
        community,
        kind,
        number,
        header.number,
        isForeign ? 1 : 0,
      );
    }
    for (const { position, transaction, contract, topics, data } of events) {
      const [kind = "0x"] = topics;
      this.#run(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[position, transaction, contract.community, contract.address, JSON.stringify(topics)],
        data,
        kind,
      );
    }
    for (const { position, contract, version, effectiveHour, blob } of rosters) {
      this.#run(
        "INSERT INTO roster VALUES (?, ?, ?, ?, ?)",
        position,
        contract.address,
        version,
        effectiveHour,
        bytesOf(blob),
      );
    }
    for (const batch of batches) {
      this.#run(
        "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...batch,
      );
    }
    for (const { position, community, subject, chain, recomputed } of findings) {
      this.#run("INSERT INTO finding VALUES (?, ?, ?, ?, ?)", position, community, subject, chain, recomputed);
    }
  }

  readonly #prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  #run(sql: string, ...values: (string | number | null | Uint8Array)[]): void {
    const known = this.#prepared.get(sql);
    const statement = known ?? this.database.prepare(sql);
    if (known === undefined) this.#prepared.set(sql, statement);
    statement.run(...values);
  }
}

/** A blob as hexadecimal digits. */
export const blobHex = z.instanceof(Uint8Array).transform((bytes) => bytesToHex(bytes));

/**
 * `register.sqlite`: who is who, and how they sign in. The one thing of the API that cannot be rebuilt from the chain, so it is to be
 * backed up.
 *
 * Several processes may have it open, on one machine. The file itself says with which key it is encrypted, so that a rotation by
 * one process is followed by the others at their next write.
 */

import type { KeyObject } from "node:crypto";
import { chmodSync, existsSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { z } from "zod";
import { ChangeWatch } from "../remembered.ts";
import type { KeyRing } from "./keyRing.ts";
import { FORMAT, SCHEMA, type SealedColumn, type SealedTable } from "./schema.ts";
import { keyIdOf, type Place, seal, unseal } from "./sealing.ts";

export class RegisterError extends Error {
  override name = "RegisterError";
}

/** Its file in the API's data folder. */
export const REGISTER_FILE = "register.sqlite";

const CHECK_PLACE: Place = { table: "meta", column: "value", row: 0 };
const CHECK_TEXT = "condivisa register";

/** An encrypted field as it stands in a row. */
export const sealedField = z.instanceof(Uint8Array).nullable();
const textValue = z.object({ value: z.string() });
const bytesValue = z.object({ value: z.instanceof(Uint8Array) });

export class RegisterStore {
  readonly file: string;
  readonly watch: ChangeWatch;
  readonly #database: DatabaseSync;
  readonly #loadKeys: () => KeyRing;
  readonly #statements = new Map<string, StatementSync>();
  #ring: KeyRing;

  private constructor(file: string, database: DatabaseSync, loadKeys: () => KeyRing) {
    this.file = file;
    this.#database = database;
    this.#loadKeys = loadKeys;
    this.#ring = loadKeys();
    this.watch = new ChangeWatch(database);
  }

  /**
   * Opens a register, or begins one.
   * @param loadKeys called again when a key turns up that was not there before
   * @throws RegisterError if the file is none, or is encrypted with another key
   */
  static open(file: string, loadKeys: () => KeyRing): RegisterStore {
    const isNew = !existsSync(file);
    const store = new RegisterStore(file, begin(file), loadKeys);
    if (isNew && file !== ":memory:") chmodSync(file, 0o600);
    try {
      store.#checkFormat();
      store.#checkKey();
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  close(): void {
    this.#database.close();
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    const { changes } = this.#statement(sql).run(...values);
    this.watch.askAgain();
    return Number(changes);
  }

  get<T>(shape: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T | undefined {
    const row = this.#statement(sql).get(...values);
    return row === undefined ? undefined : shape.parse(row);
  }

  /** The row that must be there: of a count, or of what was inserted. */
  one<T>(shape: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T {
    const row = this.#statement(sql).get(...values);
    this.watch.askAgain();
    return shape.parse(row);
  }

  all<T>(shape: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T[] {
    return this.#statement(sql)
      .all(...values)
      .map((row) => shape.parse(row));
  }

  /** Everything or nothing; durable when the outermost one returns. */
  transaction<T>(work: () => T): T {
    if (this.#database.isTransaction) return work();
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      this.watch.askAgain();
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Encrypts a field for its place. Only within a transaction: a rotation cannot come between choosing the key and writing. */
  seal<T extends SealedTable>(table: T, column: SealedColumn<T>, row: number, text: string): Uint8Array;
  seal<T extends SealedTable>(
    table: T,
    column: SealedColumn<T>,
    row: number,
    text: string | undefined,
  ): Uint8Array | null;
  seal<T extends SealedTable>(
    table: T,
    column: SealedColumn<T>,
    row: number,
    text: string | undefined,
  ): Uint8Array | null {
    if (!this.#database.isTransaction) throw new RegisterError("encrypting outside a transaction");
    if (text === undefined) return null;
    const id = this.keyInForce();
    return seal(this.#key(id), id, { table, column, row }, text);
  }

  /** @throws SealError, RegisterError that name the key */
  unseal<T extends SealedTable>(
    table: T,
    column: SealedColumn<T>,
    row: number,
    sealed: Uint8Array | null,
  ): string | undefined {
    if (sealed === null) return undefined;
    const place = { table, column, row };
    return unseal(this.#key(keyIdOf(sealed, place)), place, sealed);
  }

  /** The id of the key with which everything is encrypted. */
  keyInForce(): string {
    return this.one(textValue, "SELECT value FROM meta WHERE key = 'key'").value;
  }

  /** The key that a rotation takes: the newest of the ring, as it is at this moment. */
  newestKey(): string {
    this.#ring = this.#loadKeys();
    return this.#ring.newest;
  }

  /** From here on everything is encrypted with this key. Within the transaction that encrypts what is there anew. */
  putKeyInForce(id: string): void {
    const check = seal(this.#key(id), id, CHECK_PLACE, CHECK_TEXT);
    this.run("INSERT INTO meta VALUES ('key', ?) ON CONFLICT DO UPDATE SET value = excluded.value", id);
    this.run("INSERT INTO meta VALUES ('check', ?) ON CONFLICT DO UPDATE SET value = excluded.value", check);
  }

  /** Takes what was deleted or written over out of the journal too. */
  forgetDeleted(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Writes a copy that stands for itself, consistent at one moment. @throws RegisterError if the file exists */
  backUp(to: string): void {
    if (existsSync(to)) throw new RegisterError(`${to}: there is a file already. Name a new one`);
    this.#database.prepare("VACUUM INTO ?").run(to);
    chmodSync(to, 0o600);
  }

  #checkFormat(): void {
    const { value } = this.one(textValue, "SELECT value FROM meta WHERE key = 'format'");
    if (value === FORMAT) return;
    throw new RegisterError(
      `${this.file}: of format ${value}, not ${FORMAT}. Use the version of Condivisa that wrote it`,
    );
  }

  #checkKey(): void {
    this.transaction(() => {
      const inForce = this.get(textValue, "SELECT value FROM meta WHERE key = 'key'");
      if (inForce === undefined) this.putKeyInForce(this.#ring.newest);
    });
    const id = this.keyInForce();
    const { value } = this.one(bytesValue, "SELECT value FROM meta WHERE key = 'check'");
    try {
      unseal(this.#key(id), CHECK_PLACE, value);
    } catch (error) {
      if (error instanceof RegisterError) throw error;
      throw new RegisterError(
        `${this.file}: key «${id}» of ${this.#ring.source} is not the one with which it was encrypted. Put back the right key`,
      );
    }
  }

  #key(id: string): KeyObject {
    const known = this.#ring.keys.get(id);
    if (known !== undefined) return known;
    this.#ring = this.#loadKeys();
    const loaded = this.#ring.keys.get(id);
    if (loaded !== undefined) return loaded;
    const ids = [...this.#ring.keys.keys()].map((each) => `«${each}»`).join(", ");
    throw new RegisterError(
      `${this.file}: encrypted with key «${id}», which ${this.#ring.source} does not have: there is ${ids}. Put it back`,
    );
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function begin(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec("PRAGMA secure_delete = ON");
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    throw new RegisterError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

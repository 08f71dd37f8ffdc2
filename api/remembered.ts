/** What was read from a database and is kept until anybody changes it: for the few things that every request asks for. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { z } from "zod";

const stateRow = z.object({ others: z.number(), own: z.number() });

/** Tells when a database has changed, by this connection or another. */
export class ChangeWatch {
  readonly #database: DatabaseSync;
  readonly #state: StatementSync;
  #last = "";
  #changes = 0;
  #isAsked = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#state = database.prepare("SELECT data_version AS others, total_changes() AS own FROM pragma_data_version");
  }

  /** Grows with every change. The database is asked once in a turn of the event loop; undefined while this connection writes. */
  changes(): number | undefined {
    if (this.#database.isTransaction) return undefined;
    if (this.#isAsked) return this.#changes;
    this.#isAsked = true;
    setImmediate(() => this.askAgain());
    const { others, own } = stateRow.parse(this.#state.get());
    const state = `${others} ${own}`;
    if (state !== this.#last) this.#changes++;
    this.#last = state;
    return this.#changes;
  }

  /** To be told when this connection has written. */
  askAgain(): void {
    this.#isAsked = false;
  }
}

const MOST = 10_000;

export class Remembered<T> {
  readonly #watch: ChangeWatch;
  readonly #values = new Map<string, T>();
  #changes = 0;

  constructor(watch: ChangeWatch) {
    this.#watch = watch;
  }

  /** @param read what is not there is asked for again each time: nobody can fill the memory with what there is not */
  of(key: string, read: () => T | undefined): T | undefined {
    const changes = this.#watch.changes();
    if (changes === undefined) return read();
    if (changes !== this.#changes || this.#values.size >= MOST) this.#values.clear();
    this.#changes = changes;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = read();
    if (value !== undefined) this.#values.set(key, value);
    return value;
  }
}

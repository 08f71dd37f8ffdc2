/** A query of the register that nearly every request asks: what it gives is kept in memory until anything in the register changes. */

import type { SQLInputValue } from "node:sqlite";
import type { z } from "zod";
import { Remembered } from "../remembered.ts";
import type { RegisterStore } from "./store.ts";

export class RecalledQuery<T> {
  readonly #shape: z.ZodType<T>;
  readonly #sql: string;
  readonly #rows = new WeakMap<RegisterStore, Remembered<readonly T[]>>();

  constructor(shape: z.ZodType<T>, sql: string) {
    this.#shape = shape;
    this.#sql = sql;
  }

  /** @param key stands for the values @returns the rows, which nobody may change */
  rows(store: RegisterStore, key: string, ...values: SQLInputValue[]): readonly T[] {
    const remembered = this.#rows.get(store) ?? new Remembered<readonly T[]>(store.watch);
    this.#rows.set(store, remembered);
    const found = remembered.of(key, () => {
      const rows = store.all(this.#shape, this.#sql, ...values);
      return rows.length === 0 ? undefined : rows;
    });
    return found ?? [];
  }
}

/** Several statements of SQLite that are kept together or not at all. */

import type { DatabaseSync } from "node:sqlite";

/** Durable when it returns; nothing is changed if it throws. */
export function inTransaction<T>(database: DatabaseSync, change: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = change();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** SQLite may have done it itself, as when the disk is full. */
export function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec("ROLLBACK");
}

/** Puts a register back to how it was: what was asked of an API between two moments leaves nothing behind. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { REGISTER_FILE } from "../../api/register/store.ts";

const nameRow = z.object({ name: z.string() });

/** @returns how to go back to this moment */
export function registerSnapshot(data: string): () => void {
  const [file, copy] = [join(data, REGISTER_FILE), join(data, "snapshot.sqlite")];
  withDatabase(file, (database) => database.prepare("VACUUM INTO ?").run(copy));
  return () =>
    withDatabase(file, (database) => {
      database.exec("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = OFF");
      database.prepare("ATTACH ? AS snapshot").run(copy);
      const tables = database.prepare("SELECT name FROM snapshot.sqlite_schema WHERE type = 'table'").all();
      database.exec("BEGIN IMMEDIATE");
      for (const { name } of tables.map((row) => nameRow.parse(row))) {
        if (name.startsWith("sqlite_")) continue;
        database.exec(`DELETE FROM main.${name}; INSERT INTO main.${name} SELECT * FROM snapshot.${name}`);
      }
      database.exec("COMMIT");
    });
}

function withDatabase(file: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  try {
    work(database);
  } finally {
    database.close();
  }
}

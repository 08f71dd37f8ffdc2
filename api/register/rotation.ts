/** Another key for everything that is encrypted. */

import { z } from "zod";
import { SEALED, type SealedColumn, type SealedTable } from "./schema.ts";
import { RegisterError, type RegisterStore, sealedField } from "./store.ts";

export type Rotation = { readonly from: string; readonly to: string; readonly fields: number };

const fieldRow = z.object({ id: z.number(), sealed: sealedField });

/**
 * Encrypts every field anew with the newest key of the ring, in one transaction: whatever ends it, all fields are of the old key or
 * all of the new one. The journal is emptied, so that the old ciphertexts are gone.
 * @throws RegisterError if the newest key is in force already
 */
export function rotate(store: RegisterStore): Rotation {
  const to = store.newestKey();
  const result = store.transaction((): Rotation => {
    const from = store.keyInForce();
    if (from === to) {
      throw new RegisterError(
        `${store.file}: encrypted with key «${to}» already, the newest there is. Add another first`,
      );
    }
    const before = sealedTables().flatMap((table) => SEALED[table].map((column) => openColumn(store, table, column)));
    store.putKeyInForce(to);
    const fields = before.reduce((sum, reseal) => sum + reseal(), 0);
    return { from, to, fields };
  });
  store.forgetDeleted();
  return result;
}

export function sealedTables(): SealedTable[] {
  return z
    .array(z.enum(["person", "membership", "meter", "payment_record", "payment_order", "passkey"]))
    .parse(Object.keys(SEALED));
}

/** @returns what encrypts the fields of the column anew, and says how many */
function openColumn<T extends SealedTable>(store: RegisterStore, table: T, column: SealedColumn<T>): () => number {
  const rows = store
    .all(fieldRow, `SELECT id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`)
    .map(({ id, sealed }) => ({ id, text: store.unseal(table, column, id, sealed) }));
  return () => {
    for (const { id, text } of rows) {
      store.run(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, store.seal(table, column, id, text), id);
    }
    return rows.length;
  };
}

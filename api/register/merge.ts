/** One person who was taken down twice: by two communities that know nothing of each other. Only that person can say so. */

import { z } from "zod";
import { logAccess, type Occasion } from "./accessLog.ts";
import { eraseContact } from "./erasure.ts";
import { type RegisterStore, sealedField } from "./store.ts";

const COLUMNS = ["email", "phone", "address", "tax_code"] as const;
const contactRow = z.object({ email: sealedField, phone: sealedField, address: sealedField, tax_code: sealedField });

/**
 * Gives one person everything that is kept under another number: accounts with their IBANs, meters, consents, payments, and the log of who
 * looked. Contact that the person has stays; what is missing is filled in. The other number is nobody's afterwards.
 */
export function mergePersons(store: RegisterStore, from: number, into: number, occasion: Occasion): void {
  if (from === into) return;
  store.transaction(() => {
    logAccess(store, occasion, into, ["email", "phone", "address", "taxCode", "merge"]);
    store.run(
      `DELETE FROM membership WHERE person = ?1 AND EXISTS (SELECT 1 FROM membership AS own WHERE own.person = ?2
       AND own.community = membership.community AND own.account = membership.account)`,
      ...[from, into],
    );
    // Their rows keep their numbers, to which the encrypted fields are bound.
    for (const table of ["membership", "meter", "consent", "payment_record", "invitation", "access"]) {
      store.run(`UPDATE ${table} SET person = ? WHERE person = ?`, into, from);
    }
    fillContact(store, from, into);
    eraseContact(store, from, occasion.at);
  });
}

function fillContact(store: RegisterStore, from: number, into: number): void {
  const sql = "SELECT email, phone, address, tax_code FROM person WHERE id = ?";
  const [theirs, own] = [store.one(contactRow, sql, from), store.one(contactRow, sql, into)];
  for (const column of COLUMNS) {
    if (own[column] !== null) continue;
    const text = store.unseal("person", column, from, theirs[column]);
    store.run(`UPDATE person SET ${column} = ? WHERE id = ?`, store.seal("person", column, into, text), into);
  }
}

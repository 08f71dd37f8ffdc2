/** Everything that is kept of a person, for that person (GDPR, art. 15 and 20). */

import { z } from "zod";
import { type Access, accessesTo, logAccess, type Occasion, WHOLE } from "./accessLog.ts";
import { type Consent, consentsOf } from "./consents.ts";
import { type PaymentRecord, paymentsOf } from "./payees.ts";
import { type PersonRecord, readPerson } from "./persons.ts";
import { type RegisterStore, sealedField } from "./store.ts";

export type PersonExport = {
  readonly record: PersonRecord;
  readonly consents: readonly Consent[];
  readonly payments: readonly PaymentRecord[];
  readonly passkeys: readonly {
    readonly label: string | undefined;
    readonly createdAt: number;
    readonly usedAt: number | undefined;
  }[];
  readonly accesses: readonly Access[];
  readonly signIns: readonly { readonly at: number; readonly event: string; readonly reason: string | undefined }[];
};

const passkeyRow = z.object({
  id: z.number(),
  label: sealedField,
  created_at: z.number(),
  used_at: z.number().nullable(),
});
const signInRow = z.object({ at: z.number(), event: z.string(), reason: z.string().nullable() });

/**
 * The access by this export is in it too.
 * @param community only what it may see: nothing of other communities, no passkeys and sign-ins
 * @returns undefined if there is no such person
 */
export function exportPerson(
  store: RegisterStore,
  person: number,
  occasion: Occasion,
  community?: number,
): PersonExport | undefined {
  return store.transaction(() => {
    const record = readPerson(store, person, occasion, community);
    if (record === undefined) return undefined;
    logAccess(store, occasion, person, ["consents", "payments", "passkeys", "accesses", "signIns"]);
    const isWhole = community === undefined;
    return {
      record,
      consents: consentsOf(store, person, community),
      payments: paymentsOf(store, person, community),
      passkeys: isWhole ? passkeys(store, person) : [],
      accesses: accessesTo(store, person, WHOLE, community),
      signIns: isWhole ? signIns(store, person) : [],
    };
  });
}

function passkeys(store: RegisterStore, person: number): PersonExport["passkeys"] {
  return store
    .all(passkeyRow, "SELECT id, label, created_at, used_at FROM passkey WHERE person = ? ORDER BY id", person)
    .map(({ id, label, created_at: createdAt, used_at }) => {
      return { label: store.unseal("passkey", "label", id, label), createdAt, usedAt: used_at ?? undefined };
    });
}

function signIns(store: RegisterStore, person: number): PersonExport["signIns"] {
  return store
    .all(signInRow, "SELECT at, event, reason FROM sign_in WHERE person = ? ORDER BY id", person)
    .map(({ at, event, reason }) => ({ at, event, reason: reason ?? undefined }));
}

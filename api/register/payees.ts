/** To which bank accounts money goes, and what was put into files for the bank. */

import { z } from "zod";
import { logAccess, type Occasion } from "./accessLog.ts";
import { type RegisterStore, sealedField } from "./store.ts";

/** Years for which payments are kept, whoever asks for erasure: art. 2220 of the civil code. */
export const KEPT_YEARS = 10;

export type Payee = {
  readonly account: number;
  readonly person: number;
  readonly holder: string;
  readonly iban: string;
};

export type PaymentRecord = {
  readonly account: number;
  readonly endToEndId: string;
  /** Micro-euro. */
  readonly amount: bigint;
  /** ISO 8601 day on which the bank was to execute it. */
  readonly executedOn: string;
  readonly name: string;
  readonly iban: string;
};

const payeeRow = z.object({
  id: z.number(),
  person: z.number(),
  account: z.number(),
  iban: sealedField,
  name: sealedField,
});
const recordRow = z.object({
  id: z.number(),
  person: z.number().nullable(),
  community: z.number(),
  account: z.number(),
  end_to_end_id: z.string(),
  amount: z.string().transform(BigInt),
  executed_on: z.string(),
  name: sealedField,
  iban: sealedField,
  restricted_at: z.number().nullable(),
});

/** Those accounts of a community for which there is an IBAN, in order. @param only of these accounts, by default of all */
export function payeesOf(
  store: RegisterStore,
  community: number,
  occasion: Occasion,
  only?: readonly number[],
): Payee[] {
  return store.transaction(() => {
    const sql = `SELECT membership.id, person, account, iban, name FROM membership JOIN person ON person.id = person
                 WHERE community = ?1 AND iban IS NOT NULL
                 AND (?2 IS NULL OR account IN (SELECT value FROM json_each(?2))) ORDER BY account`;
    return store
      .all(payeeRow, sql, community, only === undefined ? null : JSON.stringify(only))
      .map(({ id, person, account, iban, name }) => {
        logAccess(store, occasion, person, ["name", "iban"]);
        return {
          account,
          person,
          holder: store.unseal("person", "name", person, name) ?? "",
          iban: store.unseal("membership", "iban", id, iban) ?? "",
        };
      });
  });
}

/**
 * Keeps what was put into a file for a bank. One that is kept already is left as it is.
 * @returns how many were kept
 */
export function keepPayments(
  store: RegisterStore,
  community: number,
  payments: readonly PaymentRecord[],
  occasion: Occasion,
): number {
  return store.transaction(() => payments.filter((payment) => keepPayment(store, community, payment, occasion)).length);
}

function keepPayment(
  store: RegisterStore,
  community: number,
  { account, endToEndId, amount, executedOn, name, iban }: PaymentRecord,
  occasion: Occasion,
): boolean {
  const idRow = z.object({ id: z.number() });
  const holder = store.get(
    idRow,
    "SELECT person AS id FROM membership WHERE community = ? AND account = ? ORDER BY iban IS NULL, id LIMIT 1",
    ...[community, account],
  );
  const kept = store.get(
    idRow,
    `INSERT INTO payment_record (person, community, account, end_to_end_id, amount, executed_on) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING RETURNING id`,
    ...[holder?.id ?? null, community, account, endToEndId, amount.toString(), executedOn],
  );
  if (kept === undefined) return false;
  store.run(
    "UPDATE payment_record SET name = ?, iban = ? WHERE id = ?",
    store.seal("payment_record", "name", kept.id, name),
    store.seal("payment_record", "iban", kept.id, iban),
    kept.id,
  );
  if (holder !== undefined) logAccess(store, occasion, holder.id, ["payments"]);
  return true;
}

/** Why an account has no IBAN: its person was erased, has given none, or there never was one. Nothing personal is read. */
export function missingPayee(store: RegisterStore, community: number, account: number): MissingPayee {
  const found = z.object({ found: z.number() });
  const of = [community, account];
  const member = "SELECT 1 AS found FROM membership WHERE community = ? AND account = ? LIMIT 1";
  if (store.get(found, member, ...of) !== undefined) return "no-iban";
  const erased =
    "SELECT 1 AS found FROM payment_record WHERE community = ? AND account = ? AND restricted_at IS NOT NULL";
  return store.get(found, `${erased} LIMIT 1`, ...of) === undefined ? "no-person" : "erased";
}

export const MISSING_PAYEES = ["no-iban", "no-person", "erased"] as const;
export type MissingPayee = (typeof MISSING_PAYEES)[number];

/** A person's own; those of an erased person are in nobody's reach but the operator's. */
export function paymentsOf(store: RegisterStore, person: number, community?: number): PaymentRecord[] {
  const sql = `SELECT * FROM payment_record WHERE person = ?1 AND restricted_at IS NULL AND (?2 IS NULL OR community = ?2)
               ORDER BY executed_on, id`;
  return store.all(recordRow, sql, person, community ?? null).map((row) => recordOf(store, row));
}

/** All of a community, restricted ones too: for who must prove payments to an authority. By command only. */
export function allPayments(
  store: RegisterStore,
  community: number,
  occasion: Occasion,
): (PaymentRecord & { readonly isRestricted: boolean })[] {
  return store.transaction(() =>
    store
      .all(recordRow, "SELECT * FROM payment_record WHERE community = ? ORDER BY executed_on, id", community)
      .map((row) => {
        if (row.person !== null) logAccess(store, occasion, row.person, ["payments"]);
        return { ...recordOf(store, row), isRestricted: row.restricted_at !== null };
      }),
  );
}

function recordOf(store: RegisterStore, row: z.infer<typeof recordRow>): PaymentRecord {
  return {
    account: row.account,
    endToEndId: row.end_to_end_id,
    amount: row.amount,
    executedOn: row.executed_on,
    name: store.unseal("payment_record", "name", row.id, row.name) ?? "",
    iban: store.unseal("payment_record", "iban", row.id, row.iban) ?? "",
  };
}

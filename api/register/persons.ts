/** Persons: kept, changed, read. Every function writes the access down first. */

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { logAccess, type Occasion } from "./accessLog.ts";
import type { Contact, PersonInput } from "./shapes.ts";
import { type RegisterStore, sealedField } from "./store.ts";

export type PersonRecord = {
  readonly person: number;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly address: string | undefined;
  readonly taxCode: string | undefined;
  readonly accounts: readonly {
    readonly community: number;
    readonly account: number;
    readonly since: number;
    readonly iban: string | undefined;
  }[];
  readonly meters: readonly {
    readonly community: number;
    readonly account: number;
    readonly configuration: number | undefined;
    readonly channel: number | undefined;
    readonly name: string | undefined;
    readonly pod: string | undefined;
  }[];
  readonly createdAt: number;
  readonly changedAt: number;
};

/** Another person has the bank account of this account. */
export class BankAccountTakenError extends Error {
  override name = "BankAccountTakenError";
  readonly account: number;

  constructor(account: number) {
    super(`Another person's IBAN stands for account ${account}: an account has one. Take that one out first`);
    this.account = account;
  }
}

const COLUMNS = { name: "name", email: "email", phone: "phone", address: "address", taxCode: "tax_code" } as const;
const FIELDS = ["name", "email", "phone", "address", "taxCode", "iban", "meters"] as const;
const HANDLE_BYTES = 32;

const idRow = z.object({ id: z.number() });
const personRow = z.object({
  id: z.number(),
  name: sealedField,
  email: sealedField,
  phone: sealedField,
  address: sealedField,
  tax_code: sealedField,
  created_at: z.number(),
  changed_at: z.number(),
});
const membershipRow = z.object({
  id: z.number(),
  community: z.number(),
  account: z.number(),
  since: z.number(),
  iban: sealedField,
});
const meterRow = z.object({
  id: z.number(),
  community: z.number(),
  account: z.number(),
  configuration: z.number().nullable(),
  channel: z.number().nullable(),
  name: sealedField,
  pod: sealedField,
});

/** @returns the person's number @throws BankAccountTakenError */
export function addPerson(store: RegisterStore, community: number, input: PersonInput, occasion: Occasion): number {
  return store.transaction(() => {
    const { id } = store.one(
      idRow,
      "INSERT INTO person (handle, created_at, changed_at) VALUES (?, ?, ?) RETURNING id",
      ...[randomBytes(HANDLE_BYTES), occasion.at, occasion.at],
    );
    write(store, id, community, input, occasion);
    return id;
  });
}

/** Puts this in the place of what was there; accounts and meters in other communities stay. @throws BankAccountTakenError */
export function changePerson(
  store: RegisterStore,
  person: number,
  community: number,
  input: PersonInput,
  occasion: Occasion,
): void {
  store.transaction(() => write(store, person, community, input, occasion));
}

/** What a person may change alone. */
export function changeContact(store: RegisterStore, person: number, contact: Contact, occasion: Occasion): void {
  store.transaction(() => {
    logAccess(store, occasion, person, ["email", "phone", "address"]);
    for (const field of ["email", "phone", "address"] as const) {
      const sealed = store.seal("person", field, person, contact[field]);
      store.run(`UPDATE person SET ${field} = ?, changed_at = ? WHERE id = ?`, sealed, occasion.at, person);
    }
  });
}

function write(store: RegisterStore, person: number, community: number, input: PersonInput, occasion: Occasion): void {
  logAccess(store, occasion, person, FIELDS);
  for (const field of ["name", "email", "phone", "address", "taxCode"] as const) {
    const column = COLUMNS[field];
    store.run(
      `UPDATE person SET ${column} = ? WHERE id = ?`,
      store.seal("person", column, person, input[field]),
      person,
    );
  }
  store.run("UPDATE person SET changed_at = ? WHERE id = ?", occasion.at, person);
  writeMemberships(store, person, community, input.accounts, occasion.at);
  store.run("DELETE FROM meter WHERE person = ? AND community = ?", person, community);
  for (const { account, configuration, channel, name, pod } of input.meters) {
    const { id } = store.one(
      idRow,
      "INSERT INTO meter (person, community, account, configuration, channel) VALUES (?, ?, ?, ?, ?) RETURNING id",
      ...[person, community, account, configuration ?? null, channel ?? null],
    );
    store.run(
      "UPDATE meter SET name = ?, pod = ? WHERE id = ?",
      store.seal("meter", "name", id, name),
      store.seal("meter", "pod", id, pod),
      id,
    );
  }
}

function writeMemberships(
  store: RegisterStore,
  person: number,
  community: number,
  accounts: PersonInput["accounts"],
  now: number,
): void {
  const had = store.all(
    membershipRow,
    "SELECT id, community, account, since, iban FROM membership WHERE person = ? AND community = ?",
    ...[person, community],
  );
  const gone = had.filter(({ account }) => !accounts.some((kept) => kept.account === account));
  for (const { id } of gone) store.run("DELETE FROM membership WHERE id = ?", id);
  for (const { account, iban } of accounts) {
    const { id } =
      had.find((kept) => kept.account === account) ??
      store.one(
        idRow,
        "INSERT INTO membership (person, community, account, since) VALUES (?, ?, ?, ?) RETURNING id",
        ...[person, community, account, now],
      );
    const others = "SELECT id FROM membership WHERE community = ? AND account = ? AND id <> ? AND iban IS NOT NULL";
    if (iban !== undefined && store.get(idRow, others, community, account, id))
      throw new BankAccountTakenError(account);
    store.run("UPDATE membership SET iban = ? WHERE id = ?", store.seal("membership", "iban", id, iban), id);
  }
}

/** Whether a person has an account in a community. Nothing personal is read. */
export function belongsTo(store: RegisterStore, person: number, community: number): boolean {
  const sql = "SELECT id FROM membership WHERE person = ? AND community = ? LIMIT 1";
  return store.get(idRow, sql, person, community) !== undefined;
}

/** The numbers of the persons of a community after `after`, in order. Nothing personal is read. */
export function personsIn(store: RegisterStore, community: number, after: number, limit: number): number[] {
  const sql = "SELECT DISTINCT person AS id FROM membership WHERE community = ? AND person > ? ORDER BY person LIMIT ?";
  return store.all(idRow, sql, community, after, limit).map(({ id }) => id);
}

/** The numbers of the persons of an account. Nothing personal is read. */
export function personsOf(store: RegisterStore, community: number, account: number): number[] {
  const sql = "SELECT person AS id FROM membership WHERE community = ? AND account = ? ORDER BY person";
  return store.all(idRow, sql, community, account).map(({ id }) => id);
}

/**
 * Everything of a person, or only what one community may see.
 * @returns undefined if there is no such person, or none any more
 */
export function readPerson(
  store: RegisterStore,
  person: number,
  occasion: Occasion,
  community?: number,
): PersonRecord | undefined {
  return store.transaction(() => {
    const row = store.get(personRow, "SELECT * FROM person WHERE id = ? AND erased_at IS NULL", person);
    if (row === undefined) return undefined;
    logAccess(store, occasion, person, FIELDS);
    const field = (column: "name" | "email" | "phone" | "address" | "tax_code") =>
      store.unseal("person", column, person, row[column]);
    return {
      person,
      name: field("name"),
      email: field("email"),
      phone: field("phone"),
      address: field("address"),
      taxCode: field("tax_code"),
      accounts: readAccounts(store, person, community),
      meters: readMeters(store, person, community),
      createdAt: row.created_at,
      changedAt: row.changed_at,
    };
  });
}

function readAccounts(store: RegisterStore, person: number, community: number | undefined): PersonRecord["accounts"] {
  return store
    .all(
      membershipRow,
      `SELECT id, community, account, since, iban FROM membership
       WHERE person = ?1 AND (?2 IS NULL OR community = ?2) ORDER BY community, account`,
      ...[person, community ?? null],
    )
    .map(({ id, iban, ...row }) => ({ ...row, iban: store.unseal("membership", "iban", id, iban) }));
}

function readMeters(store: RegisterStore, person: number, community: number | undefined): PersonRecord["meters"] {
  return store
    .all(
      meterRow,
      "SELECT * FROM meter WHERE person = ?1 AND (?2 IS NULL OR community = ?2) ORDER BY id",
      ...[person, community ?? null],
    )
    .map(({ id, community: of, account, configuration, channel, name, pod }) => ({
      community: of,
      account,
      configuration: configuration ?? undefined,
      channel: channel ?? undefined,
      name: store.unseal("meter", "name", id, name),
      pod: store.unseal("meter", "pod", id, pod),
    }));
}

/** A name alone, for lists and documents. Undefined if there is none. */
export function readName(store: RegisterStore, person: number, occasion: Occasion): string | undefined {
  return store.transaction(() => {
    logAccess(store, occasion, person, ["name"]);
    const row = store.get(z.object({ name: sealedField }), "SELECT name FROM person WHERE id = ?", person);
    return store.unseal("person", "name", person, row?.name ?? null);
  });
}

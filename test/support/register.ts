/** A register of persons for tests, and what stands in all its tables. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Occasion } from "../../api/register/accessLog.ts";
import { keyRingFromText } from "../../api/register/keyRing.ts";
import { SEALED } from "../../api/register/schema.ts";
import { type PersonInput, personShape } from "../../api/register/shapes.ts";
import { RegisterStore } from "../../api/register/store.ts";

/** Seconds since the Unix epoch: 2026-06-01. */
export const NOW = 1_780_272_000;

export const ANNA: PersonInput = personShape.parse({
  name: "Anna Bianchi",
  email: "anna.bianchi@example.org",
  phone: "+39 055 1234567",
  address: "Via dei Mille 12, 50100 Firenze",
  taxCode: "BNCNNA80A41D612X",
  accounts: [{ account: 7, iban: "IT60 X054 2811 1010 0000 0123 456" }],
  meters: [{ account: 7, configuration: 0, channel: 3, name: "casa in collina", pod: "IT001E12345678" }],
});
/** Everything that says who she is. */
export const ANNA_NAMES = [
  "Anna Bianchi",
  "anna.bianchi",
  "1234567",
  "Via dei Mille",
  "BNCNNA80A41D612X",
  "IT60X0542811101000000123456",
  "casa in collina",
  "IT001E12345678",
];

export const BRUNO: PersonInput = personShape.parse({ name: "Bruno Conti", accounts: [{ account: 8 }] });

export function occasion(who = "0xsecretary (secretary)", community = 1, at = NOW): Occasion {
  return { who, community, reason: "test", request: "request-1", at };
}

/** One key as `CONDIVISA_REGISTER_KEY` would have it. */
export function keyText(id: string): string {
  return `${id}:${randomBytes(32).toString("base64")}`;
}

export type TestRegister = { readonly store: RegisterStore; readonly file: string; readonly end: () => void };

export function testRegister(keys = keyText("first")): TestRegister {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-register-"));
  const file = join(folder, "register.sqlite");
  const store = RegisterStore.open(file, () => keyRingFromText(keys));
  return {
    store,
    file,
    end: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every value of every table, with encrypted fields opened, as one text. */
export function everythingIn({ store, file }: Pick<TestRegister, "store" | "file">): string {
  const database = new DatabaseSync(file, { readOnly: true });
  const nameRow = z.object({ name: z.string() });
  const sealed = new Map<string, readonly string[]>(Object.entries(SEALED));
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const values = tables.flatMap((row) => {
    const { name } = nameRow.parse(row);
    return database
      .prepare(`SELECT * FROM ${name}`)
      .all()
      .flatMap((each) =>
        Object.entries(each).map(([column, value]) => {
          const isSealed = sealed.get(name)?.includes(column) === true;
          if (!(value instanceof Uint8Array)) return `${name}.${column}: ${String(value)}`;
          if (!isSealed) return `${name}.${column}: ${JSON.stringify(Buffer.from(value).toString("latin1"))}`;
          const { id } = z.object({ id: z.number() }).parse(each);
          return `${name}.${column}: ${openAny(store, name, column, id, value)}`;
        }),
      );
  });
  database.close();
  return values.join("\n");
}

function openAny(store: RegisterStore, table: string, column: string, id: number, value: Uint8Array): string {
  switch (table) {
    case "person":
      return (
        store.unseal("person", z.enum(["name", "email", "phone", "address", "tax_code"]).parse(column), id, value) ?? ""
      );
    case "membership":
      return store.unseal("membership", "iban", id, value) ?? "";
    case "meter":
      return store.unseal("meter", z.enum(["name", "pod"]).parse(column), id, value) ?? "";
    case "payment_record":
      return store.unseal("payment_record", z.enum(["name", "iban"]).parse(column), id, value) ?? "";
    case "payment_order":
      return store.unseal("payment_order", "content", id, value) ?? "";
    default:
      return store.unseal("passkey", "label", id, value) ?? "";
  }
}

/** Persons from a file into the register: a CSV table, or the `register.json` of a settlement's folder. */

import { logAccess, type Occasion } from "../api/register/accessLog.ts";
import { addPerson, changePerson, type PersonRecord, personsIn, readPerson } from "../api/register/persons.ts";
import { type PersonInput, personShape } from "../api/register/shapes.ts";
import type { RegisterStore } from "../api/register/store.ts";
import { readCsv } from "../oracle/csvFile.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { readRegister, settlementFolder } from "./settlementFolder.ts";

/** A person of the file, with the line on which it first stands. */
type FilePerson = { readonly line: number | undefined; readonly person: PersonInput };

export type Imported = { readonly added: number; readonly changed: number; readonly unchanged: number };

const REQUIRED = ["account", "name"] as const;
const OPTIONAL = ["email", "phone", "address", "tax_code", "iban", "pod", "meter"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
const COLUMN_OF: Readonly<Record<string, Column>> = { taxCode: "tax_code", accounts: "account", meters: "pod" };

/**
 * Takes all persons of a file or none. Who is there already, by tax code, or else by account and name, gets what the file has more or
 * otherwise; nothing is taken away.
 * @throws InputError with everything that is wrong
 */
export function importPersons(store: RegisterStore, community: number, file: string, occasion: Occasion): Imported {
  const found = file.endsWith(".csv") ? personsOfCsv(file) : personsOfSettlement(file);
  return store.transaction(() => {
    const known = personsIn(store, community, 0, Number.MAX_SAFE_INTEGER).flatMap(
      (number) => readPerson(store, number, occasion, community) ?? [],
    );
    const outcomes = found.map(({ person }) => keep(store, community, person, known, occasion));
    const count = (outcome: keyof Imported) => outcomes.filter((each) => each === outcome).length;
    return { added: count("added"), changed: count("changed"), unchanged: count("unchanged") };
  });
}

function keep(
  store: RegisterStore,
  community: number,
  person: PersonInput,
  known: readonly PersonRecord[],
  occasion: Occasion,
): keyof Imported {
  const before = known.find((each) => isSame(each, person));
  if (before === undefined) {
    addPerson(store, community, person, occasion);
    return "added";
  }
  const merged = mergedWith(before, person);
  if (JSON.stringify(merged) === JSON.stringify(mergedWith(before, undefined))) {
    logAccess(store, occasion, before.person, ["import"]);
    return "unchanged";
  }
  changePerson(store, before.person, community, merged, occasion);
  return "changed";
}

function isSame(known: PersonRecord, person: PersonInput): boolean {
  if (known.taxCode !== undefined && person.taxCode !== undefined) return known.taxCode === person.taxCode;
  const shares = known.accounts.some(({ account }) => person.accounts.some((other) => other.account === account));
  return shares && known.name === person.name;
}

/** What is known with what the file says of it; without `person`, what is known. */
function mergedWith(known: PersonRecord, person: PersonInput | undefined): PersonInput {
  const { email, phone, address, taxCode } = known;
  const accounts = new Map(known.accounts.map(({ account, iban }) => [account, iban]));
  for (const { account, iban } of person?.accounts ?? []) accounts.set(account, iban ?? accounts.get(account));
  const kept = known.meters.map(({ community: _, ...meter }) => meter);
  const added = (person?.meters ?? []).filter(
    ({ pod, name }) => !kept.some((meter) => meter.pod === pod && meter.name === name),
  );
  return personShape.parse({
    name: person?.name ?? known.name,
    email: person?.email ?? email,
    phone: person?.phone ?? phone,
    address: person?.address ?? address,
    taxCode: person?.taxCode ?? taxCode,
    accounts: [...accounts].map(([account, iban]) => ({ account, iban })),
    meters: [...kept, ...added],
  });
}

/** Lines with the same tax code are one person with several accounts; without one, those with the same account and name. */
function personsOfCsv(file: string): FilePerson[] {
  const problems: InputProblem[] = [];
  const lines = readCsv(file, REQUIRED, OPTIONAL);
  const groups = Map.groupBy(
    lines,
    ({ fields }) => fields.get("tax_code") || `${fields.get("account")} ${fields.get("name")}`,
  );
  const persons = [...groups.values()].flatMap((group): FilePerson[] => {
    const field = (column: Column) => group.map(({ fields }) => fields.get(column)).find((text) => text) || undefined;
    const parsed = personShape.safeParse({
      name: field("name") ?? "",
      email: field("email"),
      phone: field("phone"),
      address: field("address"),
      taxCode: field("tax_code"),
      accounts: group.map(({ fields }) => ({
        account: numberOf(fields.get("account")),
        iban: fields.get("iban") || undefined,
      })),
      meters: group.flatMap(({ fields }) => {
        const [pod, name] = [fields.get("pod") || undefined, fields.get("meter") || undefined];
        return pod === undefined && name === undefined ? [] : [{ account: numberOf(fields.get("account")), pod, name }];
      }),
    });
    if (parsed.success) return [{ line: group[0]?.line, person: parsed.data }];
    for (const { path, message } of parsed.error.issues) {
      const index = path.find((part) => typeof part === "number") ?? 0;
      const last = String(path.at(-1) ?? "");
      const column = COLUMN_OF[last] ?? last;
      const remedy = "Mend this field, or ask the person for it again";
      problems.push({ file, line: group[index]?.line, field: column, problem: message, remedy });
    }
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
  return persons;
}

/** Names alone: a settlement's folder knows no more. */
function personsOfSettlement(path: string): FilePerson[] {
  const { accounts } = readRegister({ ...settlementFolder(""), register: path });
  return accounts
    .filter(({ kind }) => kind === "member" || kind === "producer")
    .map(({ number, name }) => ({
      line: undefined,
      person: personShape.parse({ name, accounts: [{ account: number }] }),
    }));
}

/** NaN, which no schema takes, if it is none. */
function numberOf(text = ""): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { accessesTo, WHOLE } from "../../../api/register/accessLog.ts";
import { consentsOf, giveConsent } from "../../../api/register/consents.ts";
import { erasePerson, purge } from "../../../api/register/erasure.ts";
import { exportPerson } from "../../../api/register/exportPerson.ts";
import { allPayments, keepPayments, payeesOf, paymentsOf } from "../../../api/register/payees.ts";
import { addPerson, personsIn, personsOf, readPerson } from "../../../api/register/persons.ts";
import type { RegisterStore } from "../../../api/register/store.ts";
import {
  ANNA,
  ANNA_NAMES,
  BRUNO,
  everythingIn,
  NOW,
  occasion,
  type TestRegister,
  testRegister,
} from "../../support/register.ts";

const PAYMENT = {
  account: 7,
  endToEndId: "CER-1-7",
  amount: 12_340_000n,
  executedOn: "2026-05-04",
  name: "Anna Bianchi",
  iban: "IT60X0542811101000000123456",
};
const DAY = 86_400;

/** A person with one of everything. */
function wholeAnna(store: RegisterStore): number {
  const person = addPerson(store, 1, ANNA, occasion());
  giveConsent(store, person, 1, { kind: "newsletter", version: "1" }, occasion(`person ${person}`));
  keepPayments(store, 1, [PAYMENT], occasion());
  store.transaction(() => {
    store.run(
      "INSERT INTO passkey (person, credential, public_key, counter, transports, created_at) VALUES (?, 'c', x'00', 0, '', ?)",
      ...[person, NOW],
    );
    store.run(
      "UPDATE passkey SET label = ? WHERE id = 1",
      store.seal("passkey", "label", 1, "telefono di Anna Bianchi"),
    );
    store.run("INSERT INTO session VALUES (x'01', 's', ?, NULL, 1, ?, ?)", person, NOW, NOW);
    store.run(
      "INSERT INTO api_key VALUES ('k', x'02', 1, 7, 'energy', 'Hausautomation', ?, NULL, ?, ?, NULL, NULL)",
      person,
      NOW,
      NOW,
    );
    store.run("INSERT INTO sign_in (at, event, person, request) VALUES (?, 'passkey', ?, 'r')", NOW, person);
  });
  return person;
}

describe("erasure of a person", () => {
  let register: TestRegister;
  beforeEach(() => {
    register = testRegister();
  });
  afterEach(() => register.end());

  it("leaves nothing that says who it was, but restricted payments", () => {
    const { store } = register;
    const person = wholeAnna(store);
    addPerson(store, 1, BRUNO, occasion());
    for (const name of ANNA_NAMES) assert(everythingIn(register).includes(name), name);
    assert.deepEqual(erasePerson(store, person, 1, occasion()), { isPartial: false, restrictedPayments: 1 });

    const lines = everythingIn(register).split("\n");
    const left = lines.filter((line) => ANNA_NAMES.some((name) => line.includes(name)));
    assert.deepEqual(left, ["payment_record.name: Anna Bianchi", "payment_record.iban: IT60X0542811101000000123456"]);
    assert(!lines.some((line) => /^(passkey|session|api_key|meter)\./.test(line)));
    assert.equal(readPerson(store, person, occasion()), undefined);
    assert.equal(exportPerson(store, person, occasion()), undefined);
    assert.deepEqual(paymentsOf(store, person), []);
    assert.deepEqual(payeesOf(store, 1, occasion()), []);
    assert.deepEqual(personsOf(store, 1, 7), []);
    assert.deepEqual(personsIn(store, 1, 0, 10), [2]);
    // What is kept shows that it was lawful: which consents there were and who looked.
    assert.deepEqual(
      consentsOf(store, person).map(({ kind, revokedBy }) => [kind, revokedBy]),
      [["newsletter", "erasure"]],
    );
    assert.equal(accessesTo(store, person, WHOLE)[0]?.fields[0], "erasure");
    assert.equal(allPayments(store, 1, occasion("operator"))[0]?.isRestricted, true);
  });

  it("takes ciphertexts out of the file and its journal too", () => {
    const { store, file } = register;
    const person = wholeAnna(store);
    const bytes = () => Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
    const row = store.one(z.object({ name: z.instanceof(Uint8Array) }), "SELECT name FROM person WHERE id = ?", person);
    assert(bytes().includes(row.name));
    erasePerson(store, person, undefined, { ...occasion("operator"), community: undefined });
    assert(!bytes().includes(row.name));
  });

  it("of a member of two communities takes away what the one knows", () => {
    const { store } = register;
    const person = wholeAnna(store);
    store.run("INSERT INTO membership (person, community, account, since) VALUES (?, 2, 31, ?)", person, NOW);
    assert.deepEqual(erasePerson(store, person, 1, occasion()), { isPartial: true, restrictedPayments: 1 });
    const record = readPerson(store, person, occasion());
    assert.equal(record?.name, "Anna Bianchi");
    assert.deepEqual(
      record?.accounts.map(({ community }) => community),
      [2],
    );
    assert.deepEqual(record?.meters, []);
    assert.deepEqual(erasePerson(store, person, 2, occasion(undefined, 2)), {
      isPartial: false,
      restrictedPayments: 0,
    });
    assert.equal(readPerson(store, person, occasion()), undefined);
  });

  it("never gives the number to another person", () => {
    const { store } = register;
    const person = wholeAnna(store);
    erasePerson(store, person, 1, occasion());
    assert.equal(addPerson(store, 1, ANNA, occasion()), person + 1);
  });
});

describe("what is kept for a time only", () => {
  it("payments go after ten years, to the day, accesses after five and sign-ins after one", () => {
    const register = testRegister();
    const { store } = register;
    const person = wholeAnna(store);
    erasePerson(store, person, 1, occasion());
    const at = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1000;
    assert.deepEqual(purge(store, NOW + 364 * DAY), { payments: 0, accesses: 0, signIns: 0 });
    assert.equal(purge(store, NOW + 366 * DAY).signIns, 1);
    assert(purge(store, NOW + 5 * 365 * DAY + 1).accesses > 0);
    assert.equal(purge(store, at("2036-05-04")).payments, 0);
    assert.equal(purge(store, at("2036-05-05")).payments, 1);
    const left = everythingIn(register);
    for (const name of ANNA_NAMES) assert(!left.includes(name), name);
    register.end();
  });
});

describe("the export of a person", () => {
  it("has everything, who looked included, and is itself written down", () => {
    const register = testRegister();
    const { store } = register;
    const person = wholeAnna(store);
    const whole = exportPerson(store, person, {
      ...occasion(`person ${person}`),
      community: undefined,
      request: "r-9",
    });
    for (const name of ANNA_NAMES) assert(JSON.stringify(whole, textOfBigint).includes(name), name);
    assert.equal(whole?.passkeys[0]?.label, "telefono di Anna Bianchi");
    assert.equal(whole?.signIns.length, 1);
    assert.deepEqual(whole?.payments, [PAYMENT]);
    assert.equal(whole?.accesses[0]?.request, "r-9");
    const ofCommunity = exportPerson(store, person, occasion(undefined, 2), 2);
    assert.deepEqual(ofCommunity?.record.accounts, []);
    assert.deepEqual([ofCommunity?.payments, ofCommunity?.consents, ofCommunity?.passkeys], [[], [], []]);
    register.end();
  });
});

function textOfBigint(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

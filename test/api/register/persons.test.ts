import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessesIn, accessesTo, WHOLE } from "../../../api/register/accessLog.ts";
import { consentsOf, giveConsent, revokeConsent } from "../../../api/register/consents.ts";
import { keyRingFromText } from "../../../api/register/keyRing.ts";
import { allPayments, keepPayments, payeesOf, paymentsOf } from "../../../api/register/payees.ts";
import {
  addPerson,
  belongsTo,
  changeContact,
  changePerson,
  personsIn,
  personsOf,
  readName,
  readPerson,
} from "../../../api/register/persons.ts";
import { personShape } from "../../../api/register/shapes.ts";
import { RegisterStore } from "../../../api/register/store.ts";
import {
  ANNA,
  ANNA_NAMES,
  BRUNO,
  keyText,
  NOW,
  occasion,
  type TestRegister,
  testRegister,
} from "../../support/register.ts";

describe("the personal register", () => {
  let register: TestRegister;
  beforeEach(() => {
    register = testRegister();
  });
  afterEach(() => register.end());

  it("gives back what was taken down, in the name of the community that asks", () => {
    const { store } = register;
    const person = addPerson(store, 1, ANNA, occasion());
    store.transaction(() => {
      store.run("INSERT INTO membership (person, community, account, since) VALUES (?, 2, 31, ?)", person, NOW);
    });
    const record = readPerson(store, person, occasion(), 1);
    assert.deepEqual(record, {
      person,
      name: "Anna Bianchi",
      email: "anna.bianchi@example.org",
      phone: "+39 055 1234567",
      address: "Via dei Mille 12, 50100 Firenze",
      taxCode: "BNCNNA80A41D612X",
      accounts: [{ community: 1, account: 7, since: NOW, iban: "IT60X0542811101000000123456" }],
      meters: [
        { community: 1, account: 7, configuration: 0, channel: 3, name: "casa in collina", pod: "IT001E12345678" },
      ],
      createdAt: NOW,
      changedAt: NOW,
    });
    assert.deepEqual(
      readPerson(store, person, occasion())?.accounts.map(({ community, account }) => [community, account]),
      [
        [1, 7],
        [2, 31],
      ],
    );
    assert.equal(readPerson(store, 99, occasion()), undefined);
    assert.equal(readName(store, person, occasion()), "Anna Bianchi");
    assert(belongsTo(store, person, 1) && !belongsTo(store, person, 3));
  });

  it("has nothing readable in its file", () => {
    const { store, file } = register;
    addPerson(store, 1, ANNA, occasion());
    const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]).toString("latin1");
    for (const name of ANNA_NAMES) assert(!bytes.includes(name), name);
  });

  it("writes down who saw what of whom, and why, before it is shown", () => {
    const { store } = register;
    const person = addPerson(store, 1, ANNA, occasion("0xabc (secretary)"));
    readPerson(store, person, { ...occasion("0xabc (secretary)"), reason: "readPerson", request: "r-2", at: NOW + 5 });
    payeesOf(store, 1, { ...occasion("0xdef (treasurer)"), request: "r-3" });
    changeContact(store, person, {}, { ...occasion(`person ${person}`), community: undefined });
    const log = accessesTo(store, person, WHOLE).map(({ who, fields, request }) => [who, fields.join(" "), request]);
    const all = "name email phone address taxCode iban meters";
    assert.deepEqual(log, [
      [`person ${person}`, "email phone address", "request-1"],
      ["0xdef (treasurer)", "name iban", "r-3"],
      ["0xabc (secretary)", all, "r-2"],
      ["0xabc (secretary)", all, "request-1"],
    ]);
    assert.equal(accessesTo(store, person, WHOLE)[2]?.at, NOW + 5);
    // The person's own look is no matter of the community's.
    assert.equal(accessesIn(store, 1, WHOLE).length, 3);
    assert.deepEqual(accessesIn(store, 2, WHOLE), []);
    const [newest] = accessesIn(store, 1, { before: Number.MAX_SAFE_INTEGER, limit: 1 });
    assert.equal(accessesIn(store, 1, { before: newest?.id ?? 0, limit: 10 }).length, 2);
  });

  it("puts the new in the place of the old, and keeps accounts since when they were there", () => {
    const { store } = register;
    const person = addPerson(store, 1, ANNA, occasion());
    const later = { ...occasion(), at: NOW + 1000 };
    changePerson(
      store,
      person,
      1,
      { name: "Anna Verdi", accounts: [{ account: 7 }, { account: 9 }], meters: [] },
      later,
    );
    const record = readPerson(store, person, occasion());
    assert.equal(record?.name, "Anna Verdi");
    assert.equal(record?.email, undefined);
    assert.deepEqual(record?.meters, []);
    assert.deepEqual(record?.accounts, [
      { community: 1, account: 7, since: NOW, iban: undefined },
      { community: 1, account: 9, since: NOW + 1000, iban: undefined },
    ]);
    assert.equal(record?.changedAt, NOW + 1000);
  });

  it("knows several persons of one account, of whom one has its bank account", () => {
    const { store } = register;
    const anna = addPerson(store, 1, ANNA, occasion());
    const carla = { ...BRUNO, accounts: [{ account: 7 }] };
    const other = addPerson(store, 1, carla, occasion());
    assert.deepEqual(personsOf(store, 1, 7), [anna, other]);
    assert.deepEqual(personsIn(store, 1, 0, 10), [anna, other]);
    assert.deepEqual(personsIn(store, 1, anna, 10), [other]);
    const taken = { ...carla, accounts: [{ account: 7, iban: "DE89370400440532013000" }] };
    assert.throws(() => changePerson(store, other, 1, taken, occasion()), {
      name: "BankAccountTakenError",
      message: /account 7/,
    });
    // Nothing of what was refused stays, not even in the log.
    assert.equal(accessesTo(store, other, WHOLE).length, 1);
    const payees = payeesOf(store, 1, occasion());
    assert.deepEqual(payees, [
      { account: 7, person: anna, holder: "Anna Bianchi", iban: "IT60X0542811101000000123456" },
    ]);
  });

  it("keeps every consent with its dates", () => {
    const { store } = register;
    const person = addPerson(store, 1, ANNA, occasion());
    const text = { kind: "newsletter", version: "2026-01" };
    const given = giveConsent(store, person, 1, text, { ...occasion(`person ${person}`), at: NOW + 1 });
    assert.equal(giveConsent(store, person, 1, text, { ...occasion(), at: NOW + 2 }).id, given.id);
    const revoked = revokeConsent(store, person, given.id, { ...occasion(), at: NOW + 3 });
    assert.equal(revoked?.revokedAt, NOW + 3);
    assert.equal(revokeConsent(store, person, given.id, { ...occasion(), at: NOW + 4 })?.revokedAt, NOW + 3);
    const again = giveConsent(store, person, 1, text, { ...occasion(), at: NOW + 5 });
    assert.notEqual(again.id, given.id);
    const dates = consentsOf(store, person).map(({ givenAt, revokedAt }) => [givenAt, revokedAt]);
    assert.deepEqual(dates, [
      [NOW + 1, NOW + 3],
      [NOW + 5, undefined],
    ]);
    const other = addPerson(store, 1, BRUNO, occasion());
    assert.equal(revokeConsent(store, other, again.id, occasion()), undefined);
  });

  it("keeps each payment of a bank file once", () => {
    const { store } = register;
    const person = addPerson(store, 1, ANNA, occasion());
    const payment = {
      account: 7,
      endToEndId: "CER-1-7",
      amount: 12_340_000n,
      executedOn: "2026-05-04",
      name: "Anna Bianchi",
      iban: "IT60X0542811101000000123456",
    };
    const fund = { ...payment, account: 40, endToEndId: "CER-1-40", name: "Fondo sociale" };
    assert.equal(keepPayments(store, 1, [payment, fund], occasion()), 2);
    assert.equal(keepPayments(store, 1, [payment], occasion()), 0);
    assert.deepEqual(paymentsOf(store, person), [payment]);
    assert.deepEqual(paymentsOf(store, person, 2), []);
    assert.equal(allPayments(store, 1, occasion()).length, 2);
  });

  it("is copied whole into a backup", () => {
    const keys = keyText("k");
    const { store, file, end } = testRegister(keys);
    const person = addPerson(store, 1, ANNA, occasion());
    store.backUp(`${file}.backup`);
    assert.throws(() => store.backUp(`${file}.backup`), /there is a file already/);
    const copy = RegisterStore.open(`${file}.backup`, () => keyRingFromText(keys));
    assert.equal(readPerson(copy, person, occasion())?.name, "Anna Bianchi");
    copy.close();
    end();
  });

  it("refuses what is no e-mail, IBAN, POD or tax code, and meters of other accounts", () => {
    const wrong: readonly [string, unknown, string][] = [
      ["email", { email: "anna" }, "email"],
      ["iban", { accounts: [{ account: 7, iban: "IT60X0542811101000000123457" }] }, "accounts.0.iban"],
      ["an IBAN outside SEPA", { accounts: [{ account: 7, iban: "TR330006100519786457841326" }] }, "accounts.0.iban"],
      ["pod", { meters: [{ account: 7, pod: "IT1" }] }, "meters.0.pod"],
      ["tax code", { taxCode: "123" }, "taxCode"],
      ["meter of another", { meters: [{ account: 8 }] }, "meters.0.account"],
      ["account twice", { accounts: [{ account: 7 }, { account: 7 }] }, "accounts"],
      ["no account", { accounts: [] }, "accounts"],
      ["line break", { name: "Anna\nBianchi" }, "name"],
      ["unknown field", { nome: "Anna" }, ""],
    ];
    for (const [what, fields, path] of wrong) {
      const parsed = personShape.safeParse({ name: "Anna", accounts: [{ account: 7 }], ...Object(fields) });
      assert.equal(parsed.error?.issues[0]?.path.join("."), path, what);
    }
  });
});

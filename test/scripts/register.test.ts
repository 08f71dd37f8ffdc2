import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readKeyRing } from "../../api/register/keyRing.ts";
import { allPayments } from "../../api/register/payees.ts";
import { addPerson, personsIn, readPerson } from "../../api/register/persons.ts";
import { logSignIn } from "../../api/signIn/signInLog.ts";
import { createRegister, openRegister, rotateKey, signInsText } from "../../scripts/registerFile.ts";
import { importPersons } from "../../scripts/registerImport.ts";
import { keepSettledPayments } from "../../scripts/registerPayments.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { condivisa } from "../support/cli.ts";
import { ANNA, NOW, occasion, testRegister } from "../support/register.ts";

const HEADER = "account,name,email,phone,address,tax_code,iban,pod,meter";
const LINES = [
  "7,Anna Bianchi,anna@example.org,,,BNCNNA80A41D612X,IT60X0542811101000000123456,IT001E12345678,casa",
  "9,Anna Bianchi,,,,BNCNNA80A41D612X,,,",
  "8,Bruno Conti,,,,,,,",
];

describe("persons from a file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-import-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const csv = (...lines: string[]) => {
    const file = join(folder, "persons.csv");
    writeFileSync(file, `${[HEADER, ...lines].join("\n")}\n`);
    return file;
  };

  it("are taken down once, one with several accounts as one, and get what a later file has more", () => {
    const { store, end } = testRegister();
    const by = occasion("operator");
    assert.deepEqual(importPersons(store, 1, csv(...LINES), by), { added: 2, changed: 0, unchanged: 0 });
    assert.deepEqual(importPersons(store, 1, csv(...LINES), by), { added: 0, changed: 0, unchanged: 2 });
    const anna = readPerson(store, 1, by);
    assert.deepEqual(
      anna?.accounts.map(({ account, iban }) => [account, iban]),
      [
        [7, "IT60X0542811101000000123456"],
        [9, undefined],
      ],
    );
    assert.deepEqual(
      anna?.meters.map(({ pod, name }) => [pod, name]),
      [["IT001E12345678", "casa"]],
    );
    const more = csv("8,Bruno Conti,bruno@example.org,,,,,,", "7,Anna Verdi,,,,BNCNNA80A41D612X,,,");
    assert.deepEqual(importPersons(store, 1, more, by), { added: 0, changed: 2, unchanged: 0 });
    assert.equal(readPerson(store, 2, by)?.email, "bruno@example.org");
    const after = readPerson(store, 1, by);
    assert.deepEqual(
      [after?.name, after?.email, after?.accounts.length, after?.meters.length],
      ["Anna Verdi", "anna@example.org", 2, 1],
    );
    end();
  });

  it("are not found in another community", () => {
    const { store, end } = testRegister();
    addPerson(store, 2, ANNA, occasion());
    assert.equal(importPersons(store, 1, csv(...LINES), occasion()).added, 2);
    assert.deepEqual(personsIn(store, 2, 0, 10), [1]);
    end();
  });

  it("are all refused if one is wrong, by line and field", () => {
    const { store, end } = testRegister();
    const wrong = csv(LINES[2] ?? "", "x,,anna,,,1,IT00,,", "8,C,,,,,,IT1,");
    assert.throws(
      () => importPersons(store, 1, wrong, occasion()),
      (error) => {
        assert(error instanceof InputError);
        const places = error.problems.map(({ line, field }) => `${line} ${field}`).toSorted();
        assert.deepEqual(places, ["3 account", "3 email", "3 iban", "3 name", "3 tax_code", "4 pod"]);
        return true;
      },
    );
    assert.deepEqual(personsIn(store, 1, 0, 10), []);
    end();
  });

  it("come with their names alone from a settlement's folder, with what was put into its bank files", () => {
    const { store, end } = testRegister();
    const settled = join(folder, "settled");
    mkdirSync(join(settled, "redemptions"), { recursive: true });
    const account = (number: number, kind: string) => ({
      number,
      id: `a${number}`,
      name: `Name ${number}`,
      kind,
      social: false,
    });
    const accounts = [account(1, "member"), account(2, "fund"), account(3, "producer")];
    writeFileSync(
      join(settled, "register.json"),
      JSON.stringify({ community: "C", accounts, meters: [], configurations: [] }),
    );
    assert.equal(importPersons(store, 1, join(settled, "register.json"), occasion()).added, 2);

    const address = `0x${"1".repeat(40)}`;
    const contracts = ["roles", "community", "ruleBook", "receiptBook", "treasury", "token", "redemptions"];
    const deployment = { chainId: 1, ledgers: [], ...Object.fromEntries(contracts.map((name) => [name, address])) };
    writeFileSync(join(settled, "deployment.json"), JSON.stringify(deployment));
    const payment = {
      account: 1,
      endToEndId: "CER-1-1",
      amount: "5000000",
      name: "Name 1",
      iban: "IT60X0542811101000000123456",
      remittance: "r",
    };
    const order = {
      format: "sepa",
      salt: `0x${"0".repeat(64)}`,
      messageId: "CER-1",
      createdAt: "2026-05-01T10:00:00Z",
      executionDate: "2026-05-04",
      debtor: { name: "C", iban: "IT60X0542811101000000123456" },
      payments: [payment],
    };
    writeFileSync(join(settled, "redemptions", "1.json"), JSON.stringify(order));
    assert.equal(keepSettledPayments(store, 1, settled, occasion()), 1);
    assert.equal(keepSettledPayments(store, 1, settled, occasion()), 0);
    const [kept] = allPayments(store, 1, occasion());
    assert.deepEqual([kept?.amount, kept?.executedOn, kept?.isRestricted], [5_000_000n, "2026-05-04", false]);
    end();
  });
});

describe("a register's keys by command", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-rotate-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("a rotation that was ended after the new key was written goes on with that key", async () => {
    const { addKey } = await import("../../api/register/keyRing.ts");
    const [file, keys] = [join(folder, "register.sqlite"), join(folder, "keys.json")];
    createRegister(file, keys, NOW);
    const { newest } = addKey(keys, NOW);
    assert.equal(rotateKey(file, keys, true, NOW).to, newest);
    assert.deepEqual([...readKeyRing(keys).keys.keys()], [newest]);
    assert.throws(() => openRegister(join(folder, "none.sqlite"), keys), {
      name: "RegisterError",
      message: /no such file/,
    });
  });

  it("sign-ins are shown with their moments as the API writes them", () => {
    const { store, end } = testRegister();
    logSignIn(store, { at: 1_795_828_910, event: "refused", reason: "no such invitation", request: "r" });
    const expected = { at: "2026-11-28T01:21:50Z", event: "refused", reason: "no such invitation", request: "r" };
    assert.deepEqual(JSON.parse(signInsText(store)), [expected]);
    end();
  });

  it("create, import, list, invite, rotate, back up, export and erase work as a person types them", function () {
    this.timeout(120_000);
    const [file, keys] = [join(folder, "register.sqlite"), join(folder, "keys.json")];
    const persons = join(folder, "persons.csv");
    writeFileSync(persons, `${[HEADER, ...LINES].join("\n")}\n`);
    const run = (command: string, ...args: string[]) => {
      const { code, stdout, stderr } = condivisa("register", command, file, ...args, "--keys", keys);
      assert.equal(code, 0, `${command}: ${stderr}`);
      return stdout;
    };
    assert.match(run("create"), /encrypted with key «\d{4}-\d\d-\d\d»/);
    assert.match(run("import", persons, "--community", "1"), /2 added, 0 changed/);
    assert.match(run("list", "--community", "1", "--reason", "test"), /1 {2}7, 9 +Anna Bianchi/);
    const invitation = run("invite", "--community", "1", "--account", "8", "--site", "https://cer.example.org");
    assert.match(invitation, /person 2: https:\/\/cer\.example\.org\/invito#[\w-]{43}/);
    assert.match(run("rotate-key", "--drop-old"), /7 fields encrypted anew/);
    const backup = join(folder, "backup.sqlite");
    run("backup", backup);
    assert.equal(statSync(backup).mode & 0o777, 0o600);
    assert(!readFileSync(backup).includes("Anna Bianchi"));
    assert.match(run("export", "1"), /anna@example\.org/);
    assert.match(run("erase", "1"), /Person 1 erased/);
    assert.match(run("purge"), /0 payments/);
    const gone = condivisa("register", "export", file, "1", "--keys", keys);
    assert.deepEqual([gone.code, /no person 1/.test(gone.stderr)], [1, true]);
    const keyless = condivisa("register", "purge", file);
    assert.deepEqual([keyless.code, /--keys, or set CONDIVISA_REGISTER_KEY/.test(keyless.stderr)], [1, true]);
  });
});

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { addKey, dropOldKeys, makeKeyRing, readKeyRing } from "../../../api/register/keyRing.ts";
import { keepPayments } from "../../../api/register/payees.ts";
import { addPerson, changeContact, readPerson } from "../../../api/register/persons.ts";
import { rotate } from "../../../api/register/rotation.ts";
import { keyIdOf } from "../../../api/register/sealing.ts";
import { RegisterStore, sealedField } from "../../../api/register/store.ts";
import { seededRandom } from "../../../settlement/random.ts";
import { ANNA, BRUNO, everythingIn, NOW, occasion } from "../../support/register.ts";

const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 1_000_000);
const ROUNDS = 8;

describe("another key for the register", () => {
  let folder: string;
  let file: string;
  let keys: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-rotation-"));
    file = join(folder, "register.sqlite");
    keys = join(folder, "keys.json");
    makeKeyRing(keys, NOW);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = () => RegisterStore.open(file, () => readKeyRing(keys));

  it("encrypts every field anew, so that the old key may go", () => {
    const store = open();
    const person = addPerson(store, 1, ANNA, occasion());
    const payment = { account: 7, endToEndId: "CER-1-7", amount: 5_000_000n, executedOn: "2026-05-04" };
    keepPayments(store, 1, [{ ...payment, name: "Anna Bianchi", iban: "IT60X0542811101000000123456" }], occasion());
    const before = everythingIn({ store, file });
    addKey(keys, NOW);
    assert.deepEqual(rotate(store), { from: "2026-06-01", to: "2026-06-01.2", fields: 10 });
    assert.throws(() => rotate(store), /key «2026-06-01.2» already, the newest there is/);
    dropOldKeys(keys);
    const again = open();
    const sealedAfter = again.all(z.object({ name: sealedField }), "SELECT name FROM person");
    assert(
      sealedAfter.every(
        ({ name }) => name !== null && keyIdOf(name, { table: "person", column: "name", row: 1 }) === "2026-06-01.2",
      ),
    );
    // The log and the keys aside, what stands there is the same.
    const withoutKeys = (text: string) => text.split("\n").filter((line) => !line.startsWith("meta."));
    assert.deepEqual(withoutKeys(everythingIn({ store: again, file })), withoutKeys(before));
    assert.equal(readPerson(again, person, occasion())?.name, "Anna Bianchi");
    again.close();
    store.close();
  });

  it("is followed by another process that has the register open, also after the old key is gone", () => {
    const [one, other] = [open(), open()];
    const person = addPerson(other, 1, ANNA, occasion());
    addKey(keys, NOW);
    rotate(one);
    dropOldKeys(keys);
    assert.equal(readPerson(other, person, occasion())?.email, "anna.bianchi@example.org");
    changeContact(other, person, { email: "new@example.org" }, occasion());
    assert.equal(readPerson(one, person, occasion())?.email, "new@example.org");
    one.close();
    other.close();
  });

  it(`loses nothing by ${ROUNDS} times kill −9 (seed ${SEED})`, async function () {
    this.timeout(60_000);
    const store = open();
    store.transaction(() => {
      for (let count = 0; count < 400; count++) addPerson(store, 1, { ...BRUNO, name: `Person ${count}` }, occasion());
    });
    store.close();
    const random = seededRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const child = fork(join(import.meta.dirname, "../../support/rotateUntilKilled.ts"), [file, keys], {
        execArgv: ["--disable-warning=ExperimentalWarning"],
      });
      await new Promise((resolve) => child.once("message", resolve));
      await sleep(Math.floor(random() * 60));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;

      const found = open();
      const names = found
        .all(z.object({ id: z.number(), name: sealedField }), "SELECT id, name FROM person ORDER BY id")
        .map(({ id, name }) => found.unseal("person", "name", id, name));
      assert.deepEqual(
        names,
        Array.from({ length: 400 }, (_, count) => `Person ${count}`),
      );
      const inForce = found.keyInForce();
      for (const { id, name } of found.all(
        z.object({ id: z.number(), name: z.instanceof(Uint8Array) }),
        "SELECT id, name FROM person",
      )) {
        assert.equal(keyIdOf(name, { table: "person", column: "name", row: id }), inForce);
      }
      found.close();
    }
    const last = open();
    if (last.newestKey() === last.keyInForce()) addKey(keys, NOW);
    rotate(last);
    dropOldKeys(keys);
    last.close();
    const end = open();
    assert.equal(readPerson(end, 400, occasion())?.name, "Person 399");
    end.close();
  });
});

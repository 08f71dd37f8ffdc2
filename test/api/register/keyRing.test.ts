import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addKey, dropOldKeys, keyRingFromText, makeKeyRing, readKeyRing } from "../../../api/register/keyRing.ts";
import { RegisterStore } from "../../../api/register/store.ts";
import { keyText, NOW } from "../../support/register.ts";

describe("the register's keys", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-keys-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("stand in a file for the owner's eyes only", () => {
    const file = join(folder, "keys.json");
    const made = makeKeyRing(file, NOW);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual([...readKeyRing(file).keys.keys()], ["2026-06-01"]);
    assert.equal(made.newest, "2026-06-01");
    assert.throws(() => makeKeyRing(file, NOW), /not written over/);
    chmodSync(file, 0o640);
    assert.throws(() => readKeyRing(file), /others may read.*chmod 600/);
  });

  it("get a newer one, and lose the older ones when told so", () => {
    const file = join(folder, "keys.json");
    makeKeyRing(file, NOW);
    const added = addKey(file, NOW);
    assert.equal(added.newest, "2026-06-01.2");
    assert.deepEqual([...added.keys.keys()], ["2026-06-01", "2026-06-01.2"]);
    dropOldKeys(file);
    assert.deepEqual([...readKeyRing(file).keys.keys()], ["2026-06-01.2"]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("come from the environment as well, the newest first; a wrong text is not repeated", () => {
    const ring = keyRingFromText(`${keyText("b")}, ${keyText("a")}`);
    assert.equal(ring.newest, "b");
    assert.deepEqual([...ring.keys.keys()], ["b", "a"]);
    for (const wrong of ["", "no-colon", "a:c2VjcmV0", `a b:${keyText("").slice(1)}`, `${keyText("a")},`]) {
      assert.throws(
        () => keyRingFromText(wrong),
        (error) =>
          error instanceof Error &&
          /^CONDIVISA_REGISTER_KEY: .*32 bytes/.test(error.message) &&
          !error.message.includes("c2VjcmV0"),
        wrong,
      );
    }
  });

  it("are refused by name when they are not the register's", () => {
    const file = join(folder, "register.sqlite");
    const right = keyText("right");
    RegisterStore.open(file, () => keyRingFromText(right)).close();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.throws(() => RegisterStore.open(file, () => keyRingFromText(keyText("other"))), {
      name: "RegisterError",
      message: /key «right», which CONDIVISA_REGISTER_KEY does not have: there is «other»/,
    });
    assert.throws(() => RegisterStore.open(file, () => keyRingFromText(keyText("right"))), {
      name: "RegisterError",
      message: /key «right» of CONDIVISA_REGISTER_KEY is not the one/,
    });
    RegisterStore.open(file, () => keyRingFromText(`${keyText("newer")},${right}`)).close();
  });

  it("and a file that is no register, or a ring that is damaged, is named", () => {
    writeFileSync(join(folder, "text"), "not a database, but long enough to be taken for one ".repeat(100));
    assert.throws(() => RegisterStore.open(join(folder, "text"), () => keyRingFromText(keyText("a"))), {
      name: "RegisterError",
      message: /text: /,
    });
    const ring = join(folder, "keys.json");
    makeKeyRing(ring, NOW);
    writeFileSync(ring, readFileSync(ring, "utf8").replace("newest", "oldest"));
    assert.throws(() => readKeyRing(ring), { name: "KeyRingError", message: /not a file of keys/ });
    assert.throws(() => readKeyRing(join(folder, "none")), { name: "KeyRingError", message: /no such file/ });
  });
});

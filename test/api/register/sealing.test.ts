import assert from "node:assert/strict";
import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { keyIdOf, type Place, seal, unseal } from "../../../api/register/sealing.ts";

const KEY = createSecretKey(randomBytes(32));
const PLACE: Place = { table: "person", column: "name", row: 7 };

describe("sealing of a field", () => {
  it("gives back any text, and never the same ciphertext twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.stringMatching(/^[\w.-]{1,32}$/), (text, id) => {
        const sealed = seal(KEY, id, PLACE, text);
        assert.equal(unseal(KEY, PLACE, sealed), text.toWellFormed());
        assert.equal(keyIdOf(sealed, PLACE), id);
        assert.notDeepEqual(seal(KEY, id, PLACE, text), sealed);
      }),
    );
  });

  it("opens for no other table, column or row", () => {
    const sealed = seal(KEY, "k", PLACE, "Anna Bianchi");
    for (const other of [{ table: "meter" }, { column: "email" }, { row: 8 }]) {
      assert.throws(() => unseal(KEY, { ...PLACE, ...other }, sealed), /cannot be opened with key «k»/);
    }
  });

  it("opens with no other key, and after no change of any byte", () => {
    const sealed = seal(KEY, "k", PLACE, "Anna Bianchi");
    assert.throws(() => unseal(createSecretKey(randomBytes(32)), PLACE, sealed), /person\.name\.7: .*key «k»/);
    for (const index of sealed.keys()) {
      // The key's name itself says which key is tried; it decrypts nothing.
      if (index === 2) continue;
      const changed = Uint8Array.from(sealed);
      changed[index] = (sealed[index] ?? 0) ^ 1;
      assert.throws(() => unseal(KEY, PLACE, changed), { name: "SealError" }, `byte ${index}`);
    }
    for (const length of [0, 1, 2, 20, sealed.length - 1]) {
      assert.throws(() => unseal(KEY, PLACE, sealed.subarray(0, length)), { name: "SealError" });
    }
  });
});

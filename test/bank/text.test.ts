/* Text in the SEPA character set: tables of names, and any name at all. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { asSepaText, hasBadSlashes, toSepaText } from "../../bank/text.ts";

const SET = /^[A-Za-z0-9/\-?:().,'+ ]*$/;

describe("text for SEPA", () => {
  const written: readonly [string, string][] = [
    ["Mario Rossi", "Mario Rossi"],
    ["Niccolò D’Angelò", "Niccolo D'Angelo"],
    ["Società Agricola «Più»".replaceAll(/[«»]/g, ""), "Societa Agricola Piu"],
    ["Müller & Söhne", "Muller e Sohne"],
    ["Straße Øre Łódź Æsop", "Strasse Ore Lodz AEsop"],
    ["  due   spazi ", "due spazi"],
    ["e\u0301 scomposta", "e scomposta"],
    ["Anna\u00a0Maria", "Anna Maria"],
    ["A_B–C", "A-B-C"],
    ["", ""],
  ];
  for (const [given, expected] of written) {
    it(`writes «${given}» as «${expected}»`, () => assert.deepEqual(toSepaText(given), { text: expected }));
  }

  for (const refused of ["Ж", "Ω", "中", "€", "@", "<", "\n", "😀", '"', "#"]) {
    it(`refuses ${JSON.stringify(refused)} by name`, () => {
      assert.deepEqual(toSepaText(`Mario ${refused} Rossi`), { refused });
    });
  }

  it("gives only characters of the set, and the same again, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 1, max: 140 }), (given, most) => {
        const own = asSepaText(given, most);
        assert.match(own, SET);
        assert(own.length <= most);
        assert(!own.startsWith("/") && !own.includes("//"));
        const converted = toSepaText(given);
        if ("refused" in converted) return;
        assert.match(converted.text, SET);
        assert.deepEqual(toSepaText(converted.text), converted);
      }),
    );
  });

  it("knows slashes that identifiers must not have", () => {
    assert.deepEqual(["a/b", "/a", "a/", "a//b", "ab"].map(hasBadSlashes), [false, true, true, true, false]);
  });
});

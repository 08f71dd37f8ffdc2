/** Links on documents: only this API can make them, and what they tell stays with who holds them. */

import assert from "node:assert/strict";
import { isOwnTag, type Verifiable, verificationUrl } from "../../../api/documents/verification.ts";

const SECRET = Buffer.alloc(32, 7);
const DOCUMENT: Verifiable = { community: 1, account: 7, from: 24_312, to: 24_323, hash: `0x${"ab".repeat(32)}` };

describe("the link on a document", () => {
  const url = new URL(verificationUrl("https://cer.example.org", SECRET, DOCUMENT));
  const parts = new URLSearchParams(url.hash.slice(1));
  const tag = parts.get("tag") ?? "";

  it("leads to the page of verification and tells a server nothing", () => {
    assert.equal(`${url.origin}${url.pathname}${url.search}`, "https://cer.example.org/verifica");
    const { tag: _, ...told } = Object.fromEntries(parts);
    assert.deepEqual(told, { community: "1", account: "7", from: "2026-01", to: "2026-12", hash: DOCUMENT.hash });
  });

  it("is known again", () => assert(isOwnTag(SECRET, DOCUMENT, tag)));

  const others: readonly [string, Partial<Verifiable>][] = [
    ["community", { community: 2 }],
    ["account", { account: 8 }],
    ["beginning", { from: 24_313 }],
    ["end", { to: 24_324 }],
    ["hash", { hash: `0x${"ac".repeat(32)}` }],
  ];
  for (const [what, change] of others) {
    it(`is good for no other ${what}`, () => assert(!isOwnTag(SECRET, { ...DOCUMENT, ...change }, tag)));
  }

  it("is known by its secret alone", () => assert(!isOwnTag(Buffer.alloc(32, 8), DOCUMENT, tag)));

  it("is not known cut off, longer or empty", () =>
    assert.deepEqual(
      ["", tag.slice(1), tag.slice(0, -1), `${tag}x`, `${tag.slice(0, -1)}é`].filter((given) =>
        isOwnTag(SECRET, DOCUMENT, given),
      ),
      [],
    ));
});

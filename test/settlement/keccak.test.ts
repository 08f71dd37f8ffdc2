/** Both Keccaks against ethers', over lengths on both sides of a block of 136 bytes. */

import assert from "node:assert/strict";
import { keccak256 } from "ethers";
import { bytesToHex } from "viem";
import { keccak as inBrowsers } from "../../settlement/keccak.ts";
import { keccak as inNode } from "../../settlement/keccakNode.ts";

describe("Keccak-256, in browsers and in Node", () => {
  for (const length of [0, 1, 32, 64, 134, 135, 136, 137, 272, 1000]) {
    it(`of ${length} bytes`, () => {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256);
      for (const keccak of [inBrowsers, inNode]) assert.equal(bytesToHex(keccak(bytes)), keccak256(bytes));
    });
  }
});

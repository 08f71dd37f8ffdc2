/*
 * The leaves of the row tree by ethers, an independent encoder; the tree itself by hand, with one, two and three rows. What
 * chains recorded is compared in tampering.test.ts.
 */

import assert from "node:assert/strict";
import { keccak256, solidityPacked } from "ethers";
import type { Batch } from "../../settlement/batch.ts";
import type { Channel, Roster } from "../../settlement/roster.ts";
import { proofLeaf, proveRow, rowRoot, UnknownChannelError, verifyRow } from "../../settlement/rowTree.ts";
import { batchOf, FIRST_HOUR } from "../support/communityOnChain.ts";

const channel = (number: number): Channel => ({
  number,
  account: number,
  class: "persona_fisica",
  exempt: false,
  weight: 0,
});
const [FIRST, SECOND, THIRD] = [0x010203, 4, 5];
const rosterOf = (...numbers: number[]): Roster => ({
  injection: numbers.slice(0, 1).map(channel),
  withdrawal: numbers.slice(1).map(channel),
  plants: [],
});
const MASKS = [0, 0x800001, 7];
const batch = (roster: Roster): Batch => {
  const made = batchOf(roster, FIRST_HOUR, 24);
  return { ...made, missing: made.missing.map((_, row) => MASKS[row] ?? 0) };
};
/** keccak256(channel ‖ keccak256(seed ‖ channel) ‖ row ‖ mask), rows as batchOf has them. */
function leaf(number: number, row: number): string {
  const { seed } = batch(rosterOf(FIRST));
  const salt = keccak256(solidityPacked(["bytes32", "uint24"], [seed, number]));
  const lanes = Array.from({ length: 24 }, (_, hour) => 100 * (row + 1) + hour);
  const types = ["uint24", "bytes32", ...lanes.map(() => "uint32"), "uint24"];
  return keccak256(solidityPacked(types, [number, salt, ...lanes, MASKS[row]]));
}
function node(a: string, b: string): string {
  return keccak256(solidityPacked(["bytes32", "bytes32"], BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
}

describe("the tree over rows", () => {
  it("of one row is its leaf", () => {
    const roster = rosterOf(FIRST);
    assert.equal(rowRoot(batch(roster), roster), leaf(FIRST, 0));
  });

  it("of two rows joins their leaves, sorted", () => {
    const roster = rosterOf(FIRST, SECOND);
    assert.equal(rowRoot(batch(roster), roster), node(leaf(FIRST, 0), leaf(SECOND, 1)));
  });

  it("of three rows joins the last with what the first two come to, in row order", () => {
    for (const numbers of [
      [FIRST, SECOND, THIRD],
      [FIRST, THIRD, SECOND],
    ] as const) {
      const roster = rosterOf(...numbers);
      const [a, b, c] = numbers.map(leaf);
      assert(a && b && c);
      // OpenZeppelin's heap: leaves from its end on, the parents of the last two first.
      assert.equal(rowRoot(batch(roster), roster), node(node(b, a), c));
    }
  });

  it("is proved by a row, its salt, mask and siblings", () => {
    const roster = rosterOf(FIRST, SECOND);
    const proof = proveRow(batch(roster), roster, SECOND);
    assert.equal(proofLeaf(proof), leaf(SECOND, 1));
    assert.deepEqual([proof.channel, proof.mask, proof.siblings], [SECOND, MASKS[1], [leaf(FIRST, 0)]]);
    assert(verifyRow(rowRoot(batch(roster), roster), proof));
    assert(!verifyRow(rowRoot(batch(roster), roster), { ...proof, mask: 0 }));
  });

  it("has no proof for a channel that is not on the roster, or that the batch has no row or mask for", () => {
    const roster = rosterOf(FIRST, SECOND);
    const whole = batch(roster);
    const unknown = new UnknownChannelError("channel 9 is not on the roster");
    assert.throws(() => proveRow(whole, roster, 9), unknown);
    assert.throws(() => proveRow(whole, roster, 9), { name: "UnknownChannelError" });
    assert.throws(() => proveRow({ ...whole, withdrawn: [] }, roster, SECOND), UnknownChannelError);
    assert.throws(() => proveRow({ ...whole, missing: [0] }, roster, SECOND), UnknownChannelError);
  });

  it("has no root for a batch that lacks a row or a mask", () => {
    const roster = rosterOf(FIRST, SECOND);
    const lacks = new RangeError("the batch has no row for channel 4");
    assert.throws(() => rowRoot({ ...batch(roster), withdrawn: [] }, roster), lacks);
    assert.throws(() => rowRoot({ ...batch(roster), missing: [0] }, roster), lacks);
  });
});

/**
 * The salted Merkle tree over the rows of a batch: proves one channel's row and betrays no other.
 *
 * A leaf is keccak256(channel ‖ salt ‖ row ‖ mask), 3 + 32 + 96 + 3 bytes, with salt = keccak256(seed ‖ channel). The shape is
 * OpenZeppelin's SimpleMerkleTree with the leaves in row order.
 */

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { bytesToHex, type Hex, hexToBytes, isHex } from "viem";
import { keccak } from "#keccak";
import { type Batch, encodeRow, LANES, putThreeBytes, type Row } from "./batch.ts";
import { channelsOf, type Roster } from "./roster.ts";

/** What a member needs to show that this row, and no other, was signed and recorded. */
export type RowProof = {
  readonly channel: number;
  readonly salt: Hex;
  readonly row: Hex;
  readonly mask: number;
  readonly siblings: readonly Hex[];
};

export class UnknownChannelError extends Error {
  override name = "UnknownChannelError";
}

/** The root that the batch's digest covers. */
export function rowRoot(batch: Batch, roster: Roster): Hex {
  return bytesToHex(rootOf(leavesOf(batch, roster)));
}

/** The root of OpenZeppelin's heap, which is full: leaves from its end on, each node above its two children, hashed sorted. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const heap: (Uint8Array | undefined)[] = [
    ...new Array<undefined>(Math.max(0, leaves.length - 1)),
    ...leaves.toReversed(),
  ];
  const pair = new Uint8Array(64);
  for (let index = leaves.length - 2; index >= 0; index--) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    if (left === undefined || right === undefined) throw new RangeError(`no children of node ${index}`);
    const isSorted = compareBytes(left, right) <= 0;
    pair.set(isSorted ? left : right);
    pair.set(isSorted ? right : left, 32);
    heap[index] = keccak(pair);
  }
  const [root] = heap;
  if (root === undefined) throw new RangeError("a batch without rows has no tree");
  return root;
}

/** The proof of one channel's row. Throws UnknownChannelError if the roster does not have it. */
export function proveRow(batch: Batch, roster: Roster, channel: number): RowProof {
  const index = channelsOf(roster).findIndex(({ number }) => number === channel);
  const row = rowsOf(batch)[index];
  const mask = batch.missing[index];
  if (row === undefined || mask === undefined) throw new UnknownChannelError(`channel ${channel} is not on the roster`);
  return {
    channel,
    salt: saltOf(batch.seed, channel),
    row: bytesToHex(encodeRow(row)),
    mask,
    siblings: treeOf(batch, roster).getProof(index).map(asHex),
  };
}

/** Whether the proof leads to this root. */
export function verifyRow(root: Hex, proof: RowProof): boolean {
  const leaf = leafOf(proof.channel, proof.salt, hexToBytes(proof.row), proof.mask);
  return SimpleMerkleTree.verify(root, leaf, [...proof.siblings]);
}

/** The leaf of a proof, for verification on the chain. */
export function proofLeaf(proof: RowProof): Hex {
  return leafOf(proof.channel, proof.salt, hexToBytes(proof.row), proof.mask);
}

function treeOf(batch: Batch, roster: Roster): SimpleMerkleTree {
  return SimpleMerkleTree.of(
    leavesOf(batch, roster).map((leaf) => bytesToHex(leaf)),
    { sortLeaves: false },
  );
}

/** One buffer serves all leaves: there are a thousand in a batch, and many batches in an audit. */
function leavesOf(batch: Batch, roster: Roster): Uint8Array[] {
  const rows = rowsOf(batch);
  const salted = joined(hexToBytes(batch.seed), threeBytes(0));
  const leaf = new Uint8Array(LEAF_BYTES);
  const lanes = new DataView(leaf.buffer, CHANNEL_BYTES + HASH_BYTES);
  return channelsOf(roster).map(({ number }, index) => {
    const row = rows[index];
    const mask = batch.missing[index];
    if (row === undefined || mask === undefined) throw new RangeError(`the batch has no row for channel ${number}`);
    putThreeBytes(salted, HASH_BYTES, number);
    putThreeBytes(leaf, 0, number);
    leaf.set(keccak(salted), CHANNEL_BYTES);
    for (let hour = 0; hour < LANES; hour++) lanes.setUint32(4 * hour, row[hour] ?? 0);
    putThreeBytes(leaf, LEAF_BYTES - CHANNEL_BYTES, mask);
    return keccak(leaf);
  });
}

const HASH_BYTES = 32;
/** Of a channel's number, and of a mask. */
const CHANNEL_BYTES = 3;
const LEAF_BYTES = CHANNEL_BYTES + HASH_BYTES + 4 * LANES + CHANNEL_BYTES;

function rowsOf(batch: Batch): readonly Row[] {
  return [...batch.injected, ...batch.withdrawn];
}

function saltOf(seed: Hex, channel: number): Hex {
  return bytesToHex(keccak(joined(hexToBytes(seed), threeBytes(channel))));
}

function leafOf(channel: number, salt: Hex, row: Uint8Array, mask: number): Hex {
  return bytesToHex(keccak(joined(threeBytes(channel), hexToBytes(salt), row, threeBytes(mask))));
}

function threeBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(CHANNEL_BYTES);
  putThreeBytes(bytes, 0, value);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return (a[index] ?? 0) - (b[index] ?? 0);
}

function asHex(text: string): Hex {
  if (!isHex(text)) throw new TypeError(`not hexadecimal: ${text}`);
  return text;
}

/**
 * The salted Merkle tree over the rows of a batch: proves one channel's row and betrays no other.
 *
 * A leaf is keccak256(channel ‖ salt ‖ row ‖ mask), 3 + 32 + 96 + 3 bytes, with salt = keccak256(seed ‖ channel). The shape is
 * OpenZeppelin's SimpleMerkleTree with the leaves in row order.
 */

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { bytesToHex, concatBytes, type Hex, hexToBytes, isHex, keccak256, numberToBytes } from "viem";
import { type Batch, encodeRow, type Row } from "./batch.ts";
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
  return asHex(treeOf(batch, roster).root);
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
  const rows = rowsOf(batch);
  const leaves = channelsOf(roster).map(({ number }, index) => {
    const row = rows[index];
    const mask = batch.missing[index];
    if (row === undefined || mask === undefined) throw new RangeError(`the batch has no row for channel ${number}`);
    return leafOf(number, saltOf(batch.seed, number), encodeRow(row), mask);
  });
  return SimpleMerkleTree.of(leaves, { sortLeaves: false });
}

function rowsOf(batch: Batch): readonly Row[] {
  return [...batch.injected, ...batch.withdrawn];
}

function saltOf(seed: Hex, channel: number): Hex {
  return keccak256(concatBytes([hexToBytes(seed), numberToBytes(channel, { size: 3 })]));
}

function leafOf(channel: number, salt: Hex, row: Uint8Array, mask: number): Hex {
  return keccak256(
    concatBytes([numberToBytes(channel, { size: 3 }), hexToBytes(salt), row, numberToBytes(mask, { size: 3 })]),
  );
}

function asHex(text: string): Hex {
  if (!isHex(text)) throw new TypeError(`not hexadecimal: ${text}`);
  return text;
}

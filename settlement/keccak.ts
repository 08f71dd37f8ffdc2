/** Keccak-256, for browsers. In Node keccakNode.ts stands in its place: see `imports` in package.json. */

import { keccak256 } from "viem";

export function keccak(bytes: Uint8Array): Uint8Array {
  return keccak256(bytes, "bytes");
}

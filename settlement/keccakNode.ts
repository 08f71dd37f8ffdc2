/** Keccak-256 as OpenSSL has it, which takes a fifth of the time: an audit and an index hash three times for every row. */

// biome-ignore lint/style/noRestrictedImports: browsers get keccak.ts instead.
import { getHashes, hash } from "node:crypto";
import { keccak256 } from "viem";

const NAME = "keccak-256";

/** A Node that was built with an older OpenSSL has none. */
const isThere = getHashes().includes(NAME);

/** Asked for a buffer, Node makes one of its own for each hash, which takes as long again as the hash. */
export function keccak(bytes: Uint8Array): Uint8Array {
  return isThere ? Buffer.from(hash(NAME, bytes, "latin1"), "latin1") : keccak256(bytes, "bytes");
}

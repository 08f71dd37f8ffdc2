/**
 * ABI-encoded values by where they stand: for the calldata and the events of batches, which an index reads by the ten thousand.
 * viem decodes whatever an ABI says, and takes ten times as long for it.
 */

import type { Hex } from "viem";

export const WORD = 32;
const UINT32_BYTES = 4;

/** Words and byte strings at an offset in bytes. All throw RangeError where the bytes end before. */
export class AbiWords {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws RangeError if it has more than `bits`, at most 32 */
  uint(offset: number, bits: number): number {
    const end = offset + WORD;
    const low = this.#bytes.readUInt32BE(end - UINT32_BYTES);
    if (low >= 2 ** bits || !this.#isZero(offset, end - UINT32_BYTES)) throw new RangeError(`more than ${bits} bits`);
    return low;
  }

  /** Of at most 128 bits; what stands before them is not looked at. */
  uint128(offset: number): bigint {
    return (this.uint64(offset + 16) << 64n) | this.uint64(offset + 24);
  }

  /** Of eight bytes, not of a word. */
  uint64(offset: number): bigint {
    return this.#bytes.readBigUInt64BE(offset);
  }

  word(offset: number): Hex {
    return `0x${this.wordBytes(offset).toString("hex")}`;
  }

  /** They are no copy. */
  wordBytes(offset: number): Buffer {
    if (offset + WORD > this.#bytes.length) throw new RangeError(`no word at ${offset}`);
    return this.#bytes.subarray(offset, offset + WORD);
  }

  /** The bytes of a `bytes`, with its length before them. They are no copy. */
  byteString(offset: number): Uint8Array {
    const start = offset + WORD;
    const end = start + this.uint(offset, 32);
    if (end > this.#bytes.length) throw new RangeError(`no ${end - start} bytes at ${start}`);
    return this.#bytes.subarray(start, end);
  }

  #isZero(offset: number, end: number): boolean {
    for (let at = offset; at < end; at++) if (this.#bytes[at] !== 0) return false;
    return true;
  }
}

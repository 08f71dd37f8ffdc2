/** Hexadecimal digits as bytes. viem takes several times as long, and an index reads a thousand million digits. */

import type { Hex } from "viem";

/** @throws SyntaxError if they are none */
export function bytesOf(hex: Hex): Uint8Array {
  try {
    return Uint8Array.fromHex(hex.slice(2));
  } catch (error) {
    throw new SyntaxError(`${hex} are no hexadecimal digits of bytes`, { cause: error });
  }
}

/** The addresses to which nobody holds a key: where the credit of a payee without a wallet waits. */

import { type Address, keccak256, slice, stringToHex } from "viem";

/** Begins such an address, so that none can be a wallet's; see contracts/Community.sol. */
const KEYLESS = slice(keccak256(stringToHex("condivisa keyless address")), 0, 8);

export function isKeyless(payee: Address): boolean {
  return slice(payee, 0, 8).toLowerCase() === KEYLESS;
}

/** Batches as byte strings, to be spoiled and sent. */

import { type Address, type Hex, keccak256, numberToHex, size, slice, toHex } from "viem";
import type { LocalAccount, PrivateKeyAccount } from "viem/accounts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { type Batch, type EncodedBatch, encodeBatch } from "../../settlement/batch.ts";
import { batchTypedData } from "../../settlement/batchDigest.ts";
import type { Roster } from "../../settlement/roster.ts";
import { keyOf } from "./communityOnChain.ts";

/** What `record` takes. */
export type Submission = { readonly batch: EncodedBatch; readonly signatures: readonly Hex[] };

/** Oracles in ascending order of address. */
export function oracleKeys(names: readonly string[]): PrivateKeyAccount[] {
  return names.map(keyOf).toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
}

export function sign(batch: Batch, roster: Roster, ledger: Address, oracles: readonly LocalAccount[]): Promise<Hex[]> {
  const data = batchTypedData(batch, roster, { chainId: EMBEDDED_CHAIN_ID, ledger });
  return Promise.all(oracles.map((oracle) => oracle.signTypedData(data)));
}

export async function submissionOf(
  batch: Batch,
  roster: Roster,
  ledger: Address,
  oracles: readonly LocalAccount[],
): Promise<Submission> {
  return { batch: encodeBatch(batch), signatures: await sign(batch, roster, ledger, oracles) };
}

/** The bytes with `replacement` put over them from `offset` on. */
export function overwrite(bytes: Hex, offset: number, replacement: Hex): Hex {
  const end = offset + size(replacement);
  if (end > size(bytes)) throw new RangeError(`${end} is beyond the ${size(bytes)} bytes`);
  const head = offset === 0 ? "0x" : slice(bytes, 0, offset);
  const tail = end === size(bytes) ? "" : slice(bytes, end).slice(2);
  return `${head}${replacement.slice(2)}${tail}`;
}

/** A reading of a row put in as uint32. */
export function withReading(rows: Hex, row: number, lane: number, wattHours: number): Hex {
  return overwrite(rows, row * 96 + lane * 4, toHex(wattHours, { size: 4 }));
}

export function withMask(masks: Hex, row: number, mask: number): Hex {
  return overwrite(masks, row * 3, toHex(mask, { size: 3 }));
}

/** A price of a lane put in as int32. */
export function withPrice(prices: readonly [Hex, Hex, Hex], lane: number, price: number): [Hex, Hex, Hex] {
  const words: [Hex, Hex, Hex] = [...prices];
  const word = words[Math.floor(lane / 8)];
  if (word === undefined) throw new RangeError(`lane ${lane}`);
  words[Math.floor(lane / 8)] = overwrite(word, (lane % 8) * 4, numberToHex(price, { size: 4, signed: true }));
  return words;
}

/** Numbers that look random and are the same every time. */
export function* pseudoRandom(name: string): Generator<number, never> {
  for (let i = 0; ; i++) yield Number(BigInt(keccak256(toHex(`${name} ${i}`))) & 0xffffffffn);
}

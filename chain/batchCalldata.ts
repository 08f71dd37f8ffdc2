/** What a call of `EnergyLedger.record` or `amend` brought, from its calldata. */

import { bytesToHex, getAbiItem, type Hex, toFunctionSelector } from "viem";
import type { EncodedBatch } from "../settlement/batch.ts";
import type { BatchInput } from "../settlement/history.ts";
import { energyLedgerAbi } from "./abi.ts";
import { AbiWords, WORD } from "./abiWords.ts";

const SELECTOR_BYTES = 4;
const selectorOf = (name: "record" | "amend") => toFunctionSelector(getAbiItem({ abi: energyLedgerAbi, name }));
const RECORD = selectorOf("record");
const AMEND = selectorOf("amend");

type Brought = {
  readonly batch: EncodedBatch<Uint8Array>;
  /** The old content that an amendment gave as evidence. */
  readonly replaced: EncodedBatch<Uint8Array> | undefined;
  readonly signatures: readonly Uint8Array[];
};

/** What a call brought; undefined if the calldata is none of `record` or `amend`. */
export function decodeInput(calldata: Hex): BatchInput | undefined {
  const brought = decodeCalldata(Buffer.from(calldata.slice(2), "hex"));
  if (brought === undefined) return undefined;
  const { batch, replaced, signatures } = brought;
  return {
    batch: inHex(batch),
    replaced: replaced && inHex(replaced),
    signatures: signatures.map((each) => bytesToHex(each)),
  };
}

/** The same in bytes, which are no copies. */
export function decodeCalldata(calldata: Uint8Array): Brought | undefined {
  const selector = bytesToHex(calldata.subarray(0, SELECTOR_BYTES));
  if (selector !== RECORD && selector !== AMEND) return undefined;
  const words = new AbiWords(calldata.subarray(SELECTOR_BYTES));
  // Of each argument there is where it stands.
  const at = (argument: number) => words.uint(argument * WORD, 32);
  try {
    return selector === RECORD
      ? { batch: batchAt(words, at(0)), replaced: undefined, signatures: byteStringsAt(words, at(1)) }
      : { replaced: batchAt(words, at(0)), batch: batchAt(words, at(1)), signatures: byteStringsAt(words, at(2)) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The contracts take no call in which a number has more bits than these; of the first hour, no calendar reaches the last one.
 * @throws RangeError
 */
function batchAt(words: AbiWords, start: number): EncodedBatch<Uint8Array> {
  const uint = (index: number, bits: number) => words.uint(start + index * WORD, bits);
  const word = (index: number) => words.word(start + index * WORD);
  const wordBytes = (index: number) => words.wordBytes(start + index * WORD);
  const byteString = (index: number) => words.byteString(start + uint(index, 32));
  return {
    firstHour: uint(0, 31),
    hourCount: uint(1, 8),
    rosterVersion: uint(2, 16),
    grade: uint(3, 8),
    revision: uint(4, 16),
    replaces: word(5),
    seed: word(6),
    injected: byteString(7),
    withdrawn: byteString(8),
    missing: byteString(9),
    priceMask: uint(10, 24),
    prices: [wordBytes(11), wordBytes(12), wordBytes(13)],
  };
}

function byteStringsAt(words: AbiWords, start: number): Uint8Array[] {
  const strings: Uint8Array[] = [];
  const first = start + WORD;
  for (let count = words.uint(start, 32), at = first; strings.length < count; at += WORD) {
    strings.push(words.byteString(first + words.uint(at, 32)));
  }
  return strings;
}

function inHex(batch: EncodedBatch<Uint8Array>): EncodedBatch {
  const { injected, withdrawn, missing, prices } = batch;
  const [first, second, third] = prices;
  return {
    ...batch,
    prices: [bytesToHex(first), bytesToHex(second), bytesToHex(third)],
    injected: bytesToHex(injected),
    withdrawn: bytesToHex(withdrawn),
    missing: bytesToHex(missing),
  };
}

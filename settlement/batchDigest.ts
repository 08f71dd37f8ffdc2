/** The EIP-712 digest of a batch: what oracles sign. */

import { type Address, bytesToHex, concatBytes, type Hex, numberToBytes, stringToBytes } from "viem";
import { keccak } from "#keccak";
import { type Batch, encodePrices, maskBytes, priceBytes } from "./batch.ts";
import { GRADES } from "./grade.ts";
import { bytesOf } from "./hex.ts";
import type { Roster } from "./roster.ts";
import { rowRoot } from "./rowTree.ts";

/** Binds a signature to one ledger on one chain. */
export type LedgerDomain = { readonly chainId: number; readonly ledger: Address };

const NAME = "Condivisa";
const VERSION = "1";

export const BATCH_TYPES = {
  Batch: [
    { name: "firstHour", type: "uint32" },
    { name: "hourCount", type: "uint8" },
    { name: "rosterVersion", type: "uint16" },
    { name: "grade", type: "uint8" },
    { name: "revision", type: "uint16" },
    { name: "replaces", type: "bytes32" },
    { name: "rowRoot", type: "bytes32" },
    { name: "missingHash", type: "bytes32" },
    { name: "priceMask", type: "uint24" },
    { name: "prices", type: "bytes32[3]" },
  ],
} as const;

/**
 * What oracles sign.
 * @param root of the batch's rows, where it is known already
 */
export function batchTypedData(batch: Batch, roster: Roster, domain: LedgerDomain, root = rowRoot(batch, roster)) {
  return {
    domain: { name: NAME, version: VERSION, chainId: domain.chainId, verifyingContract: domain.ledger },
    types: BATCH_TYPES,
    primaryType: "Batch",
    message: {
      firstHour: batch.firstHour,
      hourCount: batch.hourCount,
      rosterVersion: batch.rosterVersion,
      grade: GRADES.indexOf(batch.grade),
      revision: batch.revision,
      replaces: batch.replaces,
      rowRoot: root,
      missingHash: bytesToHex(keccak(maskBytes(batch.missing))),
      priceMask: batch.priceMask,
      prices: encodePrices(batch.prices),
    },
  } as const;
}

/** The digest of the above, word by word: what builds it from any typed data takes ten times as long. */
export function batchDigest(batch: Batch, roster: Roster, domain: LedgerDomain, root = rowRoot(batch, roster)): Hex {
  const words = new Uint8Array(WORD * (1 + BATCH_TYPES.Batch.length));
  const view = new DataView(words.buffer);
  let end = 0;
  const put = (word: Uint8Array) => {
    words.set(word, end);
    end += WORD;
  };
  const putNumber = (value: number) => {
    end += WORD;
    view.setUint32(end - UINT32_BYTES, value);
  };
  put(BATCH_TYPE);
  putNumber(batch.firstHour);
  putNumber(batch.hourCount);
  putNumber(batch.rosterVersion);
  putNumber(GRADES.indexOf(batch.grade));
  putNumber(batch.revision);
  put(bytesOf(batch.replaces));
  put(bytesOf(root));
  put(keccak(maskBytes(batch.missing)));
  putNumber(batch.priceMask);
  put(keccak(priceBytes(batch.prices)));
  return bytesToHex(keccak(concatBytes([PREFIX, domainSeparator(domain), keccak(words)])));
}

const WORD = 32;
const UINT32_BYTES = 4;
const PREFIX = Uint8Array.of(0x19, 0x01);
const typeHash = (name: string, fields: readonly { readonly name: string; readonly type: string }[]) =>
  keccak(stringToBytes(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`));
const BATCH_TYPE = typeHash("Batch", BATCH_TYPES.Batch);
const DOMAIN_TYPE = typeHash("EIP712Domain", [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
]);

const NAMED = [NAME, VERSION].map((text) => keccak(stringToBytes(text)));

function domainSeparator({ chainId, ledger }: LedgerDomain): Uint8Array {
  const place = [numberToBytes(chainId, { size: WORD }), new Uint8Array(WORD - ADDRESS), bytesOf(ledger)];
  return keccak(concatBytes([DOMAIN_TYPE, ...NAMED, ...place]));
}

const ADDRESS = 20;

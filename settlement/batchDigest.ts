/** The EIP-712 digest of a batch: what oracles sign. */

import { type Address, type Hex, hashTypedData, keccak256 } from "viem";
import { type Batch, encodeMasks, encodePrices } from "./batch.ts";
import { GRADES } from "./grade.ts";
import type { Roster } from "./roster.ts";
import { rowRoot } from "./rowTree.ts";

/** Binds a signature to one ledger on one chain. */
export type LedgerDomain = { readonly chainId: number; readonly ledger: Address };

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
    domain: { name: "Condivisa", version: "1", chainId: domain.chainId, verifyingContract: domain.ledger },
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
      missingHash: keccak256(encodeMasks(batch.missing)),
      priceMask: batch.priceMask,
      prices: encodePrices(batch.prices),
    },
  } as const;
}

/** @param root as above */
export function batchDigest(batch: Batch, roster: Roster, domain: LedgerDomain, root = rowRoot(batch, roster)): Hex {
  return hashTypedData(batchTypedData(batch, roster, domain, root));
}

/** The hashes that documents are verified by: whoever has the chain can make the document again and compare. */

import { type Hex, keccak256, stringToBytes } from "viem";
import type { ExcessEvidence } from "./excessEvidence.ts";
import type { SettledHistory } from "./history.ts";
import type { PeriodStatement } from "./periodStatement.ts";

/**
 * keccak256 of the community, the account's number, the period, its bookings and balances as JSON: keys in alphabetical order,
 * integers beyond 2⁵³ as decimal strings. Of a period that is over it stays the same for ever: what may change later (energy,
 * the account's wallet) is not in it.
 */
export function statementHash(
  history: Community,
  { account, period, opening, bookings, closing }: PeriodStatement,
): Hex {
  return hashOf(history, { account: account.number, period, opening, bookings, closing });
}

/** Likewise of GSE's evidence; it changes when a run settles the year anew. */
export function evidenceHash(history: Community, evidence: ExcessEvidence): Hex {
  return hashOf(history, { evidence });
}

type Community = Pick<SettledHistory, "chainId" | "ledgers">;

function hashOf({ chainId, ledgers }: Community, content: Readonly<Record<string, unknown>>): Hex {
  const community = { chainId, ledgers: ledgers.map(({ address }) => address) };
  return keccak256(stringToBytes(canonicalJson({ community, ...content })));
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return String(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

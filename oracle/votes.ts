/** What oracles send each other: a batch with one's signature, which is a proposal if it comes first and a vote if it follows. */

import { type Address, type Hex, recoverAddress } from "viem";
import { z } from "zod";
import type { Batch } from "../settlement/batch.ts";
import { batchDigest, type LedgerDomain } from "../settlement/batchDigest.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { batchShape } from "./outbox.ts";

export type Vote = { readonly batch: Batch; readonly signature: Hex };

/** A vote of which is known whose it is. */
export type Voted = Vote & { readonly signer: Address; readonly digest: Hex };

const voteShape = z.strictObject({
  batch: batchShape,
  signature: z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{130}$/)]),
}) satisfies z.ZodType<Vote>;

/** The topic on which the oracles of a ledger vote. */
export function voteTopic(ledger: Address): string {
  return `condivisa/oracles/${ledger.toLowerCase()}`;
}

/** Reads a vote; undefined if it is none. */
export function parseVote(payload: Uint8Array): Vote | undefined {
  try {
    return voteShape.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}

/** Whose vote it is; undefined if it is on a roster that this ledger does not have, or no oracle's. */
export async function verifyVote(
  { batch, signature }: Vote,
  versions: readonly RosterVersion[],
  oracles: readonly Address[],
  domain: LedgerDomain,
): Promise<Voted | undefined> {
  const roster = versions[batch.rosterVersion - 1]?.roster;
  const fits =
    roster !== undefined &&
    batch.injected.length === roster.injection.length &&
    batch.withdrawn.length === roster.withdrawal.length &&
    batch.missing.length === roster.injection.length + roster.withdrawal.length;
  if (!fits) return undefined;
  const digest = batchDigest(batch, roster, domain);
  const signer = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
  return signer !== undefined && oracles.includes(signer) ? { batch, signature, signer, digest } : undefined;
}

/**
 * Whose turn it is to propose: the oracles take turns by day, and the next one follows when one stays silent.
 * @param oracles in ascending order, as the ledger has them
 * @param attempt how often a proposer has been waited for in vain
 */
export function proposerOf(oracles: readonly Address[], firstHour: number, attempt: number): Address | undefined {
  return oracles[(Math.floor(firstHour / 24) + attempt) % oracles.length];
}

/** The signatures of a batch that enough oracles signed, in the order that the ledger asks for; undefined if there is none. */
export function agreedOf(votes: readonly Voted[], quorum: number): { batch: Batch; signatures: Hex[] } | undefined {
  for (const same of Map.groupBy(votes, ({ digest }) => digest).values()) {
    const bySigner = new Map(same.map((vote) => [vote.signer.toLowerCase(), vote]));
    const [first] = same;
    if (first === undefined || bySigner.size < quorum) continue;
    const ascending = [...bySigner.values()].toSorted((a, b) =>
      a.signer.toLowerCase() < b.signer.toLowerCase() ? -1 : 1,
    );
    return { batch: first.batch, signatures: ascending.map(({ signature }) => signature) };
  }
  return undefined;
}

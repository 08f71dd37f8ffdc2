/**
 * The link on a document by which anybody who holds it can compare it with the chain. It carries a tag that only this API can make,
 * so that nobody can ask about documents they do not hold. What it says stands behind `#`, which browsers send to no server.
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Hex } from "viem";
import { formatMonth, type Month } from "../../settlement/hours.ts";

export type Verifiable = {
  readonly community: number;
  readonly account: number;
  readonly from: Month;
  readonly to: Month;
  readonly hash: Hex;
};

const TAG_LENGTH = 22;

export function verificationUrl(site: string, secret: Uint8Array, document: Verifiable): string {
  const { community, account, from, to, hash } = document;
  const parts = {
    community: String(community),
    account: String(account),
    from: formatMonth(from),
    to: formatMonth(to),
    hash,
    tag: tagOf(secret, document),
  };
  return `${site}/verifica#${new URLSearchParams(parts)}`;
}

/** Whether the link was made here. How long it takes does not tell how much of a tag is right. */
export function isOwnTag(secret: Uint8Array, document: Verifiable, tag: string): boolean {
  const own = Buffer.from(tagOf(secret, document));
  const given = Buffer.from(tag);
  return given.length === own.length && timingSafeEqual(own, given);
}

function tagOf(secret: Uint8Array, { community, account, from, to, hash }: Verifiable): string {
  const text = `condivisa verification ${community} ${account} ${from} ${to} ${hash}`;
  return createHmac("sha256", secret).update(text).digest("base64url").slice(0, TAG_LENGTH);
}

/** What the routes of the register work with. */

import type { Address } from "viem";
import type { Caller, Membership, Role } from "../http/caller.ts";
import { Problem } from "../http/problem.ts";
import { type Occasion, whoIs } from "./accessLog.ts";
import type { RegisterStore } from "./store.ts";

export type RegisterContext = {
  readonly store: RegisterStore;
  /** Seconds since the Unix epoch. */
  readonly clock: () => number;
  /** What the chain says of a wallet at this moment. */
  readonly officesOf: (wallet: Address) => readonly { readonly community: number; readonly role: Role }[];
  readonly accountExists: (community: number, account: number) => boolean;
};

/** On whose request, and by which route, personal data is touched. */
export function occasionOf(
  { clock }: RegisterContext,
  { caller, requestId }: { readonly caller: Caller; readonly requestId: string },
  operation: string,
  community: number | undefined,
): Occasion {
  return { who: whoIs(caller, community), community, reason: operation, request: requestId, at: clock() };
}

/** The person who asks. Routes of `person` access have one. */
export function personOf(caller: Caller): { readonly person: number; readonly memberships: readonly Membership[] } {
  if (caller.kind === "member") return caller;
  throw new Problem(403, "This is for who signed in with a passkey");
}

/** Personal data and secrets: kept by no cache, not even by the caller's own. */
export const NO_STORE = { headers: { "Cache-Control": "no-store" } } as const;

/** Who is asking. Found out anew at each request, so that what is revoked is over at once. */

import type { Address } from "viem";

/** The offices of a community, as its contract of roles knows them. */
export const ROLES = ["admin", "secretary", "treasurer", "president", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** What a machine's key may be good for. */
export const SCOPES = ["energy", "money", "statements", "proofs", "exports", "alarms"] as const;
export type Scope = (typeof SCOPES)[number];

/** One account of one community. */
export type Membership = { readonly community: number; readonly account: number };

export type Caller =
  | { readonly kind: "nobody" }
  /** A person who signed in with a passkey. */
  | {
      readonly kind: "member";
      readonly session: string;
      readonly person: number;
      readonly memberships: readonly Membership[];
    }
  /** A wallet that signed in; its offices are what the chain says now. */
  | {
      readonly kind: "officer";
      readonly session: string;
      readonly wallet: Address;
      readonly offices: readonly { readonly community: number; readonly role: Role }[];
    }
  | {
      readonly kind: "machine";
      readonly key: string;
      readonly community: number;
      readonly scopes: readonly Scope[];
      /** Undefined: good for the whole community. */
      readonly account: number | undefined;
    };

export const NOBODY: Caller = { kind: "nobody" };

/** The roles of an officer in a community. */
export function rolesIn(caller: Caller, community: number): Role[] {
  if (caller.kind !== "officer") return [];
  return caller.offices.filter((office) => office.community === community).map(({ role }) => role);
}

/** The communities of which a caller may know that they exist. */
export function communitiesOf(caller: Caller): number[] {
  switch (caller.kind) {
    case "nobody":
      return [];
    case "member":
      return [...new Set(caller.memberships.map(({ community }) => community))];
    case "officer":
      return [...new Set(caller.offices.map(({ community }) => community))];
    case "machine":
      return [caller.community];
  }
}

/** The accounts of a community whose own matters a caller may see; undefined: those of all, which officers and machines may. */
export function accountsOf(caller: Caller, community: number): readonly number[] | undefined {
  if (caller.kind === "officer") return undefined;
  if (caller.kind === "machine") return caller.account === undefined ? undefined : [caller.account];
  if (caller.kind === "nobody") return [];
  return caller.memberships.filter((membership) => membership.community === community).map(({ account }) => account);
}

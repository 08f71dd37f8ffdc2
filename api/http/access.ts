/** Who may call a route: stated by every route, repeated in the OpenAPI file, decided here. */

import { accountsOf, type Caller, communitiesOf, type Role, rolesIn, type Scope } from "./caller.ts";
import { notFound, Problem } from "./problem.ts";

/**
 * `public`: anybody. `signed-in`: whoever is signed in, for what is theirs; `session`: persons and wallets, not machines; `person`:
 * who signed in with a passkey. Else by the community in the path: a member calls it
 * for the own account in the path (`own`), for what every member may see (`community`), or not at all; officers by their
 * roles; machines by the scope of their key.
 */
export type Access =
  | "public"
  | "signed-in"
  | "session"
  | "person"
  | {
      readonly member: "own" | "community" | "never";
      readonly officers: readonly Role[];
      readonly scopes: readonly Scope[];
    };

/**
 * Nothing is looked up before this has passed, so neither the answer nor its time tells whether something exists that the caller
 * may not know of.
 * @throws Problem 401 to who is not signed in; 404 for another's account or community; 403 for what the caller's role may not
 */
export function authorise(caller: Caller, access: Access, params: Readonly<Record<string, unknown>>): void {
  if (access === "public") return;
  if (caller.kind === "nobody") {
    throw new Problem(401, "Sign in first, or send a machine's key as `Authorization: Bearer …`", {
      headers: { "WWW-Authenticate": "Bearer" },
    });
  }
  if (access === "signed-in") return;
  if (access === "session" || access === "person") {
    if (caller.kind === "machine") throw new Problem(403, "A machine's key is not good for this: sign in");
    if (access === "person" && caller.kind !== "member") {
      throw new Problem(403, "This is for who signed in with a passkey: a wallet has no record here");
    }
    return;
  }
  const { community, account } = params;
  if (typeof community !== "number" || !communitiesOf(caller).includes(community)) throw notFound();
  const own = accountsOf(caller, community);
  const isAnothers = account !== undefined && own !== undefined && !own.some((number) => number === account);
  if (isAnothers) throw notFound();
  if (!mayCall(caller, access, community)) {
    throw new Problem(403, "Your role may not do this: see x-access in the OpenAPI file for who may");
  }
}

function mayCall(caller: Caller, access: Exclude<Access, string>, community: number): boolean {
  switch (caller.kind) {
    case "nobody":
      return false;
    case "member":
      return access.member !== "never";
    case "officer":
      return rolesIn(caller, community).some((role) => access.officers.includes(role));
    case "machine":
      if (!caller.scopes.some((scope) => access.scopes.includes(scope))) return false;
      return caller.account === undefined || access.member !== "never";
  }
}

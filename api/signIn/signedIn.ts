/** The answer to who has just signed in: a new session, whatever there was before. */

import { z } from "zod";
import type { Caller } from "../http/caller.ts";
import { json, type Reply } from "../http/route.ts";
import type { SignInContext } from "./context.ts";
import { beginSession, type Holder, SESSION_LIMITS } from "./sessions.ts";
import { sessionCookie } from "./site.ts";

export type SignedIn = Holder;

export const signedInView = z
  .object({
    kind: z.enum(["person", "wallet"]),
    idleSeconds: z.int().meta({ description: "Without a request it ends after so long" }),
    mostSeconds: z.int().meta({ description: "It ends after so long at any rate" }),
  })
  .meta({ id: "SignedIn" });

/** @param caller as the request came: a session of before ends */
export function signedIn({ store, site, clock }: SignInContext, holder: SignedIn, caller: Caller): Reply {
  const before = sessionOf(caller);
  const token = beginSession(store, holder, before, clock());
  const { idle, most } = SESSION_LIMITS[holder.kind];
  const headers = { "Cache-Control": "no-store", "Set-Cookie": sessionCookie(site, token) };
  return json({ kind: holder.kind, idleSeconds: idle, mostSeconds: most }, { headers });
}

export function sessionOf(caller: Caller): string | undefined {
  return caller.kind === "member" || caller.kind === "officer" ? caller.session : undefined;
}

/** Who is asking, by a machine's key or the cookie of a session. */

import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { type Caller, NOBODY } from "../http/caller.ts";
import { Problem } from "../http/problem.ts";
import { findKey } from "./apiKeys.ts";
import type { SignInContext } from "./context.ts";
import { findSession } from "./sessions.ts";
import { sessionTokenIn } from "./site.ts";

const membershipRow = z.object({ community: z.number(), account: z.number() });

/**
 * A key counts before a cookie: a request that brings one is never taken for a person's. A cookie that is good for nothing is as none,
 * so that who has one can sign in again.
 * @throws Problem 401 if the key is good for nothing
 */
export function identify(context: SignInContext, { headers }: IncomingMessage): Caller {
  if (headers.authorization !== undefined) return machine(context, headers.authorization);
  const token = sessionTokenIn(context.site, headers.cookie);
  if (token === undefined) return NOBODY;
  const session = findSession(context.store, token, context.clock());
  if (session === undefined) return NOBODY;
  const { id, holder } = session;
  if (holder.kind === "wallet") {
    const offices = context.officesOf(holder.wallet);
    return offices.length === 0 ? NOBODY : { kind: "officer", session: id, wallet: holder.wallet, offices };
  }
  const sql = "SELECT community, account FROM membership WHERE person = ? ORDER BY community, account";
  const memberships = context.store.all(membershipRow, sql, holder.person);
  return { kind: "member", session: id, person: holder.person, memberships };
}

function machine(context: SignInContext, authorization: string): Caller {
  const [, secret = ""] = /^Bearer ([\w-]+)$/i.exec(authorization) ?? [];
  const key = findKey(context, secret, context.clock());
  if (key === undefined) {
    throw new Problem(401, "This key is not good: it may have ended or been revoked. Ask who made it for another", {
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
    });
  }
  const { id, community, scopes, account } = key;
  return { kind: "machine", key: id, community, scopes, account };
}

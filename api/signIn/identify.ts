/** Who is asking, by a machine's key or the cookie of a session. */

import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { type Caller, NOBODY } from "../http/caller.ts";
import { Problem } from "../http/problem.ts";
import { RecalledQuery } from "../register/recalledQuery.ts";
import { findKey } from "./apiKeys.ts";
import type { SignInContext } from "./context.ts";
import { findSession, noteActive, type Session } from "./sessions.ts";
import { sessionTokenIn } from "./site.ts";

const membershipsOf = new RecalledQuery(
  z.object({ community: z.number(), account: z.number() }),
  "SELECT community, account FROM membership WHERE person = ? ORDER BY community, account",
);

/**
 * A key counts before a cookie: a request that brings one is never taken for a person's. A cookie that is good for nothing is as none,
 * so that who has one can sign in again.
 * @throws Problem 401 if the key is good for nothing
 */
export function identify(context: SignInContext, request: IncomingMessage): Caller {
  const { caller, session } = found(context, request);
  if (session !== undefined) noteActive(context.store, session, context.clock());
  return caller;
}

/**
 * The same, without taking them for active: a page that stays open and is told things keeps nobody signed in.
 * @throws Problem 401 if the key is good for nothing
 */
export function recognise(context: SignInContext, request: IncomingMessage): Caller {
  return found(context, request).caller;
}

function found(context: SignInContext, { headers }: IncomingMessage): { caller: Caller; session?: Session } {
  if (headers.authorization !== undefined) return { caller: machine(context, headers.authorization) };
  const token = sessionTokenIn(context.site, headers.cookie);
  const session = token === undefined ? undefined : findSession(context.store, token, context.clock());
  if (session === undefined) return { caller: NOBODY };
  const { id, holder } = session;
  if (holder.kind === "wallet") {
    const { wallet } = holder;
    const offices = context.officesOf(wallet);
    return offices.length === 0
      ? { caller: NOBODY }
      : { caller: { kind: "officer", session: id, wallet, offices }, session };
  }
  const memberships = membershipsOf.rows(context.store, String(holder.person), holder.person);
  return { caller: { kind: "member", session: id, person: holder.person, memberships }, session };
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

/** One's own sessions. */

import { z } from "zod";
import { type Caller, ROLES } from "../http/caller.ts";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Reply, type Route, route } from "../http/route.ts";
import { formatTime } from "../json.ts";
import { NO_STORE } from "../register/context.ts";
import type { SignInContext } from "./context.ts";
import { endSession, endSessionOf, endSessionsOf, type Holder, sessionsOf } from "./sessions.ts";
import { logSignIn, SIGN_IN_EVENTS, signInsOf } from "./signInLog.ts";
import { noSessionCookie } from "./site.ts";

const MOST_SIGN_INS = 200;
const usual = { tag: "own sign-in", access: "session", params: NO_PARAMS, query: NO_QUERY, body: NO_BODY } as const;

const whoView = z
  .object({
    kind: z.enum(["person", "wallet"]),
    person: z.int().optional(),
    accounts: z.array(z.object({ community: z.int(), account: z.int() })),
    wallet: z.string().optional(),
    offices: z.array(z.object({ community: z.int(), role: z.enum(ROLES) })),
  })
  .meta({ id: "Who" });
const sessionView = z
  .object({ session: z.string(), begunAt: z.iso.datetime(), seenAt: z.iso.datetime(), isThis: z.boolean() })
  .meta({ id: "Session" });
const signInView = z
  .object({ at: z.iso.datetime(), event: z.enum(SIGN_IN_EVENTS), reason: z.string().optional() })
  .meta({ id: "SignIn" });

export function sessionRoutes(context: SignInContext): Route[] {
  return [...thisSessionRoutes(context), ...allSessionRoutes(context)];
}

function thisSessionRoutes(context: SignInContext): Route[] {
  const { store, clock } = context;
  return [
    route({
      ...usual,
      method: "get",
      path: "/session",
      operation: "readSession",
      summary: "Who is signed in: whose accounts, or which offices",
      status: 200,
      content: { "application/json": whoView },
      handle: ({ caller }) => json(whoOf(caller), NO_STORE),
    }),
    route({
      ...usual,
      method: "delete",
      path: "/session",
      operation: "signOut",
      summary: "Signs out here",
      status: 204,
      content: {},
      handle: ({ caller, requestId: request }) => {
        const { id, holder } = heldBy(caller);
        endSession(store, id);
        logSignIn(store, { at: clock(), event: "sign-out", ...whoseLog(holder), request });
        return withoutCookie(context);
      },
    }),
  ];
}

function allSessionRoutes(context: SignInContext): Route[] {
  const { store, clock } = context;
  return [
    route({
      ...usual,
      method: "get",
      path: "/sessions",
      operation: "listSessions",
      summary: "Where who asks is signed in",
      status: 200,
      content: { "application/json": z.object({ sessions: z.array(sessionView) }) },
      handle: ({ caller }) => {
        const { id, holder } = heldBy(caller);
        const sessions = sessionsOf(store, holder, clock()).map(({ id: session, begunAt, seenAt }) => {
          return { session, begunAt: formatTime(begunAt), seenAt: formatTime(seenAt), isThis: session === id };
        });
        return json({ sessions }, NO_STORE);
      },
    }),
    route({
      ...usual,
      method: "delete",
      path: "/sessions",
      operation: "signOutEverywhere",
      summary: "Signs out everywhere",
      status: 204,
      content: {},
      handle: ({ caller, requestId: request }) => {
        const { holder } = heldBy(caller);
        endSessionsOf(store, holder);
        logSignIn(store, { at: clock(), event: "sign-out-everywhere", ...whoseLog(holder), request });
        return withoutCookie(context);
      },
    }),
    route({
      ...usual,
      method: "delete",
      path: "/sessions/{session}",
      operation: "endSession",
      summary: "Ends one of the sessions of who asks",
      params: z.strictObject({ session: z.uuid().meta({ description: "As listed" }) }),
      status: 204,
      content: {},
      handle: ({ caller, params, requestId: request }) => {
        const { holder } = heldBy(caller);
        if (!endSessionOf(store, holder, params.session)) throw notFound();
        logSignIn(store, { at: clock(), event: "sign-out", ...whoseLog(holder), request });
        return {};
      },
    }),
    route({
      ...usual,
      method: "get",
      path: "/sign-ins",
      operation: "listSignIns",
      summary: "When who asks signed in, made passkeys and keys, or was refused; the newest first",
      status: 200,
      content: { "application/json": z.object({ signIns: z.array(signInView) }) },
      handle: ({ caller }) => {
        const { holder } = heldBy(caller);
        const whose = holder.kind === "person" ? { person: holder.person } : { wallet: holder.wallet };
        const signIns = signInsOf(store, whose, MOST_SIGN_INS).map(({ at, event, reason }) => {
          return { at: formatTime(at), event, reason };
        });
        return json({ signIns }, NO_STORE);
      },
    }),
  ];
}

function whoOf(caller: Caller): z.infer<typeof whoView> {
  if (caller.kind === "member") {
    return { kind: "person", person: caller.person, accounts: [...caller.memberships], offices: [] };
  }
  if (caller.kind === "officer") {
    return { kind: "wallet", wallet: caller.wallet, accounts: [], offices: [...caller.offices] };
  }
  throw notSignedIn();
}

/** The session of who asks, and whose it is. Routes of `session` access have one. */
function heldBy(caller: Caller): { readonly id: string; readonly holder: Holder } {
  if (caller.kind === "member") {
    return { id: caller.session, holder: { kind: "person", person: caller.person, passkey: 0 } };
  }
  if (caller.kind === "officer") return { id: caller.session, holder: { kind: "wallet", wallet: caller.wallet } };
  throw notSignedIn();
}

function notSignedIn(): Problem {
  return new Problem(403, "This is for who is signed in");
}

function whoseLog(holder: Holder): { readonly person: number } | { readonly wallet: string } {
  return holder.kind === "person" ? { person: holder.person } : { wallet: holder.wallet };
}

function withoutCookie({ site }: SignInContext): Reply {
  return { headers: { "Set-Cookie": noSessionCookie(site) } };
}

/** Signing in with a passkey, and one's own passkeys. */

import { z } from "zod";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Route, route } from "../http/route.ts";
import { formatTime } from "../json.ts";
import { logAccess } from "../register/accessLog.ts";
import { NO_STORE, occasionOf, personOf } from "../register/context.ts";
import { numberParam } from "../routes/request.ts";
import type { SignInContext } from "./context.ts";
import { authenticationResponse, registrationResponse } from "./passkeyShapes.ts";
import {
  addPasskey,
  authenticationOptions,
  passkeysOf,
  registrationOptions,
  removePasskey,
  verifyAuthentication,
  verifyRegistration,
} from "./passkeys.ts";
import { type SignedIn, signedIn, signedInView } from "./signedIn.ts";
import { logSignIn } from "./signInLog.ts";

/** Tries of one address in a minute. */
export const SIGN_INS_A_MINUTE = 20;

/** What `navigator.credentials` takes, as JSON: see WebAuthn, level 3. */
export const optionsView = z.looseObject({ challenge: z.string() }).meta({ id: "PasskeyOptions" });
export const labelShape = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^\P{Cc}*$/u, "has a line break or another control character")
  .meta({ description: "By which its owner knows it again", example: "telefono" });
const passkeyView = z
  .object({
    passkey: z.int(),
    label: z.string().optional(),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Passkey" });

export function passkeyRoutes(context: SignInContext): Route[] {
  return [...signInRoutes(context), ...ownPasskeyRoutes(context)];
}

function signInRoutes(context: SignInContext): Route[] {
  const { store, site, clock } = context;
  const usual = { tag: "sign-in", access: "public", params: NO_PARAMS, query: NO_QUERY, status: 200 } as const;
  return [
    route({
      ...usual,
      method: "post",
      path: "/sign-in/passkey/options",
      operation: "passkeyOptions",
      summary: "A challenge for a passkey: for navigator.credentials.get",
      body: NO_BODY,
      content: { "application/json": optionsView },
      perMinute: SIGN_INS_A_MINUTE,
      handle: async () => json(await authenticationOptions(store, site, clock()), NO_STORE),
    }),
    route({
      ...usual,
      method: "post",
      path: "/sign-in/passkey",
      operation: "signInWithPasskey",
      summary: "Signs in with what navigator.credentials.get gave",
      body: z.strictObject({ response: authenticationResponse }),
      content: { "application/json": signedInView },
      problems: [422],
      perMinute: SIGN_INS_A_MINUTE,
      handle: async ({ body, caller, requestId: request }) => {
        const at = clock();
        const { person, ...found } = await verifyAuthentication(store, site, body.response, at);
        if (!("passkey" in found)) {
          logSignIn(store, { at, event: "refused", person, reason: found.problem, request });
          throw new Problem(422, "This passkey was not accepted: try again, or ask the secretary for an invitation");
        }
        logSignIn(store, { at, event: "passkey", person, request });
        const holder: SignedIn = { kind: "person", person: person ?? 0, passkey: found.passkey };
        return signedIn(context, holder, caller);
      },
    }),
  ];
}

function ownPasskeyRoutes(context: SignInContext): Route[] {
  const { store, site, clock } = context;
  const usual = { tag: "own sign-in", access: "person", query: NO_QUERY } as const;
  const purposeOf = (person: number) => `passkey of person ${person}`;
  return [
    route({
      ...usual,
      method: "get",
      path: "/me/passkeys",
      operation: "listPasskeys",
      summary: "The passkeys of who asks",
      params: NO_PARAMS,
      body: NO_BODY,
      status: 200,
      content: { "application/json": z.object({ passkeys: z.array(passkeyView) }) },
      handle: (given) => {
        const { person } = personOf(given.caller);
        const passkeys = store.transaction(() => {
          logAccess(store, occasionOf(context, given, "listPasskeys", undefined), person, ["passkeys"]);
          return passkeysOf(store, person);
        });
        const views = passkeys.map(({ id, label, createdAt, usedAt }) => {
          return { passkey: id, label, createdAt: formatTime(createdAt), usedAt: usedAt && formatTime(usedAt) };
        });
        return json({ passkeys: views }, NO_STORE);
      },
    }),
    route({
      ...usual,
      method: "post",
      path: "/me/passkeys/options",
      operation: "newPasskeyOptions",
      summary: "A challenge for another passkey: for navigator.credentials.create",
      params: NO_PARAMS,
      body: NO_BODY,
      status: 200,
      content: { "application/json": optionsView },
      handle: async ({ caller }) => {
        const { person, memberships } = personOf(caller);
        const userName = userNameOf(memberships[0]?.account ?? 0);
        return json(
          await registrationOptions(store, site, { person, purpose: purposeOf(person), userName }, clock()),
          NO_STORE,
        );
      },
    }),
    route({
      ...usual,
      method: "post",
      path: "/me/passkeys",
      operation: "addPasskey",
      summary: "Adds the passkey that navigator.credentials.create made",
      params: NO_PARAMS,
      body: z.strictObject({ response: registrationResponse, label: labelShape.optional() }),
      status: 201,
      content: { "application/json": z.object({ passkey: z.int() }) },
      problems: [422],
      handle: async ({ caller, body, requestId: request }) => {
        const { person } = personOf(caller);
        const at = clock();
        const credential = await verifyRegistration(store, site, purposeOf(person), body.response, at);
        const passkey = credential && addPasskey(store, person, credential, body.label, at);
        if (passkey === undefined) throw passkeyRefused();
        logSignIn(store, { at, event: "passkey-added", person, request });
        return json({ passkey }, NO_STORE);
      },
    }),
    route({
      ...usual,
      method: "delete",
      path: "/me/passkeys/{passkey}",
      operation: "removePasskey",
      summary: "Removes a passkey, and ends the sessions begun with it",
      params: z.strictObject({ passkey: numberParam.meta({ description: "Number of the passkey" }) }),
      body: NO_BODY,
      status: 204,
      content: {},
      problems: [409],
      handle: ({ caller, params, requestId: request }) => {
        const { person } = personOf(caller);
        const outcome = removePasskey(store, person, params.passkey);
        if (outcome === "none") throw notFound();
        if (outcome === "last")
          throw new Problem(409, "This is the last passkey: add another before, or nobody could sign in");
        logSignIn(store, { at: clock(), event: "passkey-removed", person, request });
        return {};
      },
    }),
  ];
}

/** Shown where a person chooses among the passkeys of a phone: a number of the chain, no name. */
export function userNameOf(account: number): string {
  return `Conto ${account}`;
}

export function passkeyRefused(): Problem {
  return new Problem(422, "This passkey was not accepted: it may have been made for another site, or be kept already");
}

/** Invitations: made by the secretary, redeemed by whom they are for. */

import { z } from "zod";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Route, route } from "../http/route.ts";
import { formatTime } from "../json.ts";
import { logAccess } from "../register/accessLog.ts";
import { NO_STORE, occasionOf, personOf } from "../register/context.ts";
import { mergePersons } from "../register/merge.ts";
import { checkBelongs, ofPerson, SECRETARY, TAG } from "../register/personPlace.ts";
import { personsOf } from "../register/persons.ts";
import { numberShape } from "../register/shapes.ts";
import type { SignInContext } from "./context.ts";
import {
  findInvitation,
  invitationLink,
  invite,
  isInvitable,
  takeInvitation,
  withdrawInvitations,
} from "./invitations.ts";
import { labelShape, optionsView, passkeyRefused, SIGN_INS_A_MINUTE, userNameOf } from "./passkeyRoutes.ts";
import { registrationResponse } from "./passkeyShapes.ts";
import { addPasskey, keepOnlyPasskeyOf, passkeyCount, registrationOptions, verifyRegistration } from "./passkeys.ts";
import { sessionOf, signedIn, signedInView } from "./signedIn.ts";
import { logSignIn } from "./signInLog.ts";
import { hashOf } from "./tokens.ts";

const tokenShape = z.string().regex(/^[\w-]{43}$/, "not an invitation's secret");

export function invitationRoutes(context: SignInContext): Route[] {
  return [...secretaryRoutes(context), ...redeemingRoutes(context), acceptingRoute(context)];
}

function secretaryRoutes(context: SignInContext): Route[] {
  const { store, site, clock } = context;
  const usual = { tag: TAG, access: SECRETARY, params: ofPerson, query: NO_QUERY } as const;
  return [
    route({
      ...usual,
      method: "post",
      path: "/communities/{community}/persons/{person}/invitation",
      operation: "invite",
      summary: "Makes a link with which a person makes a passkey: for the first time, or when all are lost",
      description: "It is shown once, is good once and for seven days, and takes the place of one that was not used.",
      body: z.strictObject({ account: numberShape }),
      status: 201,
      content: { "application/json": z.object({ link: z.url(), endsAt: z.iso.datetime() }) },
      problems: [409, 422],
      handle: (given) => {
        checkBelongs(context, given.params);
        const { community, person } = given.params;
        if (!isInvitable(store, person, community)) {
          throw new Problem(
            409,
            "This person has joined accounts of several communities: ask the operator for an invitation",
          );
        }
        const { account } = given.body;
        if (!personsOf(store, community, account).includes(person)) {
          throw new Problem(422, "This account is not this person's: write one of theirs");
        }
        const occasion = occasionOf(context, given, "invite", community);
        const { token, endsAt } = store.transaction(() => {
          logAccess(store, occasion, person, ["invitation"]);
          return invite(store, { person, community, account }, occasion.who, clock());
        });
        return json({ link: invitationLink(site, token), endsAt: formatTime(endsAt) }, NO_STORE);
      },
    }),
    route({
      ...usual,
      method: "delete",
      path: "/communities/{community}/persons/{person}/invitation",
      operation: "withdrawInvitation",
      summary: "Takes back an invitation that was not used",
      body: NO_BODY,
      status: 204,
      content: {},
      handle: (given) => {
        checkBelongs(context, given.params);
        if (!withdrawInvitations(store, given.params.person, given.params.community)) throw notFound();
        return {};
      },
    }),
  ];
}

function redeemingRoutes(context: SignInContext): Route[] {
  const { store, site, clock } = context;
  const usual = { tag: "sign-in", access: "public", params: NO_PARAMS, query: NO_QUERY, status: 200 } as const;
  const purposeOf = (token: string) => `invitation ${hashOf(token).toString("hex")}`;
  return [
    route({
      ...usual,
      method: "post",
      path: "/sign-in/invitation/options",
      operation: "invitationOptions",
      summary: "A challenge for the passkey of who is invited: for navigator.credentials.create",
      body: z.strictObject({ token: tokenShape }),
      content: {
        "application/json": z.object({ community: z.int(), account: z.int(), options: optionsView }),
      },
      problems: [410],
      perMinute: SIGN_INS_A_MINUTE,
      handle: async ({ body: { token } }) => {
        const invitation = findInvitation(store, token, clock());
        if (invitation === undefined) throw invitationOver();
        const { person, community, account } = invitation;
        const wanted = { person, purpose: purposeOf(token), userName: userNameOf(account) };
        return json({ community, account, options: await registrationOptions(store, site, wanted, clock()) }, NO_STORE);
      },
    }),
    route({
      ...usual,
      method: "post",
      path: "/sign-in/invitation",
      operation: "redeemInvitation",
      summary: "Keeps the passkey that navigator.credentials.create made, and signs in",
      body: z.strictObject({ token: tokenShape, response: registrationResponse, label: labelShape.optional() }),
      content: { "application/json": signedInView },
      problems: [410, 422],
      perMinute: SIGN_INS_A_MINUTE,
      handle: async ({ body: { token, response, label }, caller, requestId: request }) => {
        const at = clock();
        if (findInvitation(store, token, at) === undefined) {
          logSignIn(store, { at, event: "refused", reason: "invitation used, ended or unknown", request });
          throw invitationOver();
        }
        const credential = await verifyRegistration(store, site, purposeOf(token), response, at);
        const redeemed = store.transaction(() => {
          if (credential === undefined) return undefined;
          const invitation = takeInvitation(store, token, at);
          if (invitation === undefined) throw invitationOver();
          const passkey = addPasskey(store, invitation.person, credential, label, at);
          if (passkey === undefined) throw passkeyRefused();
          logSignIn(store, { at, event: "invitation", person: invitation.person, request });
          return { kind: "person", person: invitation.person, passkey } as const;
        });
        if (redeemed === undefined) {
          logSignIn(store, { at, event: "refused", reason: "invitation with a passkey that is not right", request });
          throw passkeyRefused();
        }
        return signedIn(context, redeemed, caller);
      },
    }),
  ];
}

function acceptingRoute(context: SignInContext): Route {
  const { store, clock } = context;
  return route({
    method: "post",
    path: "/me/invitation",
    operation: "acceptInvitation",
    tag: "own record",
    summary: "Takes an invitation of another community as one's own: its accounts join those that one has",
    description:
      "Contact that one has given stays; both communities see it from then on. Other passkeys and sessions than the one in use end: " +
      "add them again.",
    access: "person",
    params: NO_PARAMS,
    query: NO_QUERY,
    body: z.strictObject({ token: tokenShape }),
    status: 204,
    content: {},
    problems: [409, 410],
    perMinute: SIGN_INS_A_MINUTE,
    handle: (given) => {
      const { person } = personOf(given.caller);
      const at = clock();
      const occasion = occasionOf(context, given, "acceptInvitation", undefined);
      store.transaction(() => {
        const invitation = takeInvitation(store, given.body.token, at);
        if (invitation === undefined) throw invitationOver();
        if (invitation.person !== person && passkeyCount(store, invitation.person) > 0) {
          throw new Problem(
            409,
            "Who is invited has passkeys already: sign in with one of those, or ask the secretary",
          );
        }
        if (invitation.person !== person) {
          mergePersons(store, invitation.person, person, occasion);
          keepOnlyPasskeyOf(store, person, sessionOf(given.caller) ?? "");
        }
        logSignIn(store, { at, event: "invitation", person, request: given.requestId });
      });
      store.forgetDeleted();
      return {};
    },
  });
}

/** The same for one that never was. */
function invitationOver(): Problem {
  return new Problem(
    410,
    "This invitation is not good: it was used, or its time is over. Ask the secretary for another",
  );
}

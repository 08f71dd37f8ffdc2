/** A person's own record. */

import { z } from "zod";
import { notFound } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Route, route } from "../http/route.ts";
import { numberParam, pageOfItems, pageQuery } from "../routes/request.ts";
import { accessesTo } from "./accessLog.ts";
import { consentsOf, giveConsent, revokeConsent } from "./consents.ts";
import { NO_STORE, occasionOf, personOf, type RegisterContext } from "./context.ts";
import { exportPerson } from "./exportPerson.ts";
import { newestFirst, pageOfRows } from "./personPlace.ts";
import { changeContact, readPerson } from "./persons.ts";
import { consentShape, contactShape, numberShape } from "./shapes.ts";
import {
  accessView,
  consentView,
  exportView,
  personView,
  showAccess,
  showConsent,
  showExport,
  showPerson,
} from "./views.ts";

const TAG = "own record";
const consentsView = z.object({ consents: z.array(consentView) });

export function ownRoutes(context: RegisterContext): Route[] {
  return [...recordRoutes(context), ...consentRoutes(context)];
}

function recordRoutes(context: RegisterContext): Route[] {
  const { store } = context;
  return [
    route({
      method: "get",
      path: "/me/record",
      operation: "readOwnRecord",
      tag: TAG,
      summary: "What is kept of who asks",
      access: "person",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": personView },
      handle: (given) => {
        const record = readPerson(
          store,
          personOf(given.caller).person,
          occasionOf(context, given, "readOwnRecord", undefined),
        );
        if (record === undefined) throw notFound();
        return json(showPerson(record), NO_STORE);
      },
    }),
    route({
      method: "put",
      path: "/me/contact",
      operation: "changeOwnContact",
      tag: TAG,
      summary: "E-mail, telephone and address; name, tax code and IBAN are the secretary's to change",
      access: "person",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: contactShape,
      status: 204,
      content: {},
      handle: (given) => {
        const occasion = occasionOf(context, given, "changeOwnContact", undefined);
        changeContact(store, personOf(given.caller).person, given.body, occasion);
        return {};
      },
    }),
    route({
      method: "get",
      path: "/me/export",
      operation: "exportOwnRecord",
      tag: TAG,
      summary: "Everything that is kept of who asks, as one file",
      access: "person",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": exportView },
      handle: (given) => {
        const occasion = occasionOf(context, given, "exportOwnRecord", undefined);
        const whole = exportPerson(store, personOf(given.caller).person, occasion);
        if (whole === undefined) throw notFound();
        const headers = { ...NO_STORE.headers, "Content-Disposition": 'attachment; filename="condivisa.json"' };
        return json(showExport(whole), { headers });
      },
    }),
    route({
      method: "get",
      path: "/me/accesses",
      operation: "listOwnAccesses",
      tag: TAG,
      summary: "Who looked at what of who asks, the newest first",
      access: "person",
      params: NO_PARAMS,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { "application/json": pageOfItems(accessView) },
      handle: (given) => {
        const accesses = accessesTo(store, personOf(given.caller).person, newestFirst(given.query));
        return json(
          pageOfRows(accesses, given.query, ({ id }) => id, showAccess),
          NO_STORE,
        );
      },
    }),
  ];
}

function consentRoutes(context: RegisterContext): Route[] {
  const { store } = context;
  return [
    route({
      method: "get",
      path: "/me/consents",
      operation: "listOwnConsents",
      tag: TAG,
      summary: "All consents that who asks ever gave, with their dates",
      access: "person",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": consentsView },
      handle: (given) =>
        json({ consents: consentsOf(store, personOf(given.caller).person).map(showConsent) }, NO_STORE),
    }),
    route({
      method: "post",
      path: "/me/consents",
      operation: "giveConsent",
      tag: TAG,
      summary: "Gives a consent to a community of one's own",
      access: "person",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: consentShape.extend({ community: numberShape }),
      status: 201,
      content: { "application/json": consentView },
      handle: (given) => {
        const { person, memberships } = personOf(given.caller);
        const { community, ...consent } = given.body;
        if (!memberships.some((membership) => membership.community === community)) throw notFound();
        const occasion = occasionOf(context, given, "giveConsent", undefined);
        return json(showConsent(giveConsent(store, person, community, consent, occasion)), NO_STORE);
      },
    }),
    route({
      method: "delete",
      path: "/me/consents/{consent}",
      operation: "revokeConsent",
      tag: TAG,
      summary: "Revokes a consent; it stays with its dates",
      access: "person",
      params: z.strictObject({ consent: numberParam.meta({ description: "Number of the consent" }) }),
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": consentView },
      handle: (given) => {
        const occasion = occasionOf(context, given, "revokeConsent", undefined);
        const consent = revokeConsent(store, personOf(given.caller).person, given.params.consent, occasion);
        if (consent === undefined) throw notFound();
        return json(showConsent(consent), NO_STORE);
      },
    }),
  ];
}

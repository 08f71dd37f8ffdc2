/** What a person has a right to, as the secretary does it for them: erasure, export, consents on paper. */

import { z } from "zod";
import { notFound } from "../http/problem.ts";
import { json, NO_BODY, NO_QUERY, type Route, route } from "../http/route.ts";
import { numberParam } from "../routes/request.ts";
import { giveConsent, revokeConsent } from "./consents.ts";
import { NO_STORE, occasionOf, type RegisterContext } from "./context.ts";
import { erasePerson } from "./erasure.ts";
import { exportPerson } from "./exportPerson.ts";
import { checkBelongs, ofPerson, SECRETARY, TAG } from "./personPlace.ts";
import { consentShape } from "./shapes.ts";
import { consentView, exportView, showConsent, showExport } from "./views.ts";

const ofConsent = ofPerson.extend({ consent: numberParam.meta({ description: "Number of the consent" }) });

export function rightsRoutes(context: RegisterContext): Route[] {
  const { store } = context;
  return [
    route({
      method: "delete",
      path: "/communities/{community}/persons/{person}",
      operation: "erasePerson",
      tag: TAG,
      summary: "Erases a person, as the GDPR asks; payments are restricted for ten years",
      description:
        "Accounts, IBANs, meters and invitations of this community go. If the person belongs to no other, name, contact, passkeys and " +
        "sessions go too. Nothing of it can be put back.",
      access: SECRETARY,
      params: ofPerson,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: {
        "application/json": z.object({ isPartial: z.boolean(), restrictedPayments: z.int() }).meta({ id: "Erasure" }),
      },
      handle: (given) => {
        checkBelongs(context, given.params);
        const occasion = occasionOf(context, given, "erasePerson", given.params.community);
        return json(erasePerson(store, given.params.person, given.params.community, occasion), NO_STORE);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/persons/{person}/export",
      operation: "exportPerson",
      tag: TAG,
      summary: "Everything that this community keeps of a person, to be handed to that person",
      access: SECRETARY,
      params: ofPerson,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": exportView },
      handle: (given) => {
        checkBelongs(context, given.params);
        const occasion = occasionOf(context, given, "exportPerson", given.params.community);
        const whole = exportPerson(store, given.params.person, occasion, given.params.community);
        if (whole === undefined) throw notFound();
        return json(showExport(whole), NO_STORE);
      },
    }),
    route({
      method: "post",
      path: "/communities/{community}/persons/{person}/consents",
      operation: "recordConsent",
      tag: TAG,
      summary: "Writes down a consent that a person gave on paper",
      access: SECRETARY,
      params: ofPerson,
      query: NO_QUERY,
      body: consentShape,
      status: 201,
      content: { "application/json": consentView },
      handle: (given) => {
        checkBelongs(context, given.params);
        const occasion = occasionOf(context, given, "recordConsent", given.params.community);
        const consent = giveConsent(store, given.params.person, given.params.community, given.body, occasion);
        return json(showConsent(consent), NO_STORE);
      },
    }),
    route({
      method: "delete",
      path: "/communities/{community}/persons/{person}/consents/{consent}",
      operation: "recordRevocation",
      tag: TAG,
      summary: "Writes down that a person revoked a consent; it stays with its dates",
      access: SECRETARY,
      params: ofConsent,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": consentView },
      handle: (given) => {
        checkBelongs(context, given.params);
        const occasion = occasionOf(context, given, "recordRevocation", given.params.community);
        const { person: of, community: at, consent: number } = given.params;
        const consent = revokeConsent(store, of, number, occasion, at);
        if (consent === undefined) throw notFound();
        return json(showConsent(consent), NO_STORE);
      },
    }),
  ];
}

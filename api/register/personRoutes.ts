/** The register as the secretary works with it. */

import { z } from "zod";
import { numberParam } from "../http/numberParam.ts";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_QUERY, type Route, route } from "../http/route.ts";
import { accessesIn, type Page } from "./accessLog.ts";
import { giveConsent, revokeConsent } from "./consents.ts";
import { NO_STORE, occasionOf, type RegisterContext } from "./context.ts";
import { erasePerson } from "./erasure.ts";
import { exportPerson } from "./exportPerson.ts";
import { payeesOf } from "./payees.ts";
import { addPerson, BankAccountTakenError, belongsTo, changePerson, personsIn, readPerson } from "./persons.ts";
import { consentShape, type PersonInput, personShape } from "./shapes.ts";
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

const TAG = "register";
const SECRETARY = { member: "never", officers: ["secretary"], scopes: [] } as const;
/** Who see the names and IBANs of a file for the bank: who puts it together, and who approves it. */
const PAYERS = { member: "never", officers: ["treasurer", "president"], scopes: [] } as const;
/** The log names no person but by number. */
const OVERSEERS = { member: "never", officers: ["secretary", "auditor", "admin"], scopes: [] } as const;

const community = numberParam("Of the community");
const person = numberParam("Of the person, in this register");
const inCommunity = z.strictObject({ community });
const ofPerson = z.strictObject({ community, person });
const ofConsent = z.strictObject({ community, person, consent: numberParam("Of the consent") });

/** Cursors of lists are numbers of rows. */
export const pageQuery = z.strictObject({
  cursor: numberParam("The `next` of the page before").optional(),
  limit: numberParam("So many at most; 50 if not given, 200 if more")
    .transform((limit) => Math.min(limit, 200))
    .optional(),
});
const USUAL_LIMIT = 50;

export function personRoutes(context: RegisterContext): Route[] {
  return [...keepingRoutes(context), ...rightsRoutes(context), ...overviewRoutes(context)];
}

function keepingRoutes(context: RegisterContext): Route[] {
  const { store } = context;
  return [
    route({
      method: "get",
      path: "/communities/{community}/persons",
      operation: "listPersons",
      tag: TAG,
      summary: "The persons of a community, in order of their numbers",
      access: SECRETARY,
      params: inCommunity,
      query: pageQuery,
      body: NO_BODY,
      status: 200,
      content: { "application/json": z.object({ persons: z.array(personView), next: z.string().optional() }) },
      handle: (given) => {
        const { cursor = 0, limit = USUAL_LIMIT } = given.query;
        const numbers = personsIn(store, given.params.community, cursor, limit);
        const occasion = occasionOf(context, given, "listPersons", given.params.community);
        const persons = store.transaction(() =>
          numbers.flatMap((number) => readPerson(store, number, occasion, given.params.community) ?? []),
        );
        const next = numbers.length < limit ? undefined : numbers.at(-1)?.toString();
        return json({ persons: persons.map(showPerson), next }, NO_STORE);
      },
    }),
    route({
      method: "post",
      path: "/communities/{community}/persons",
      operation: "addPerson",
      tag: TAG,
      summary: "Takes a person down, with the accounts that are theirs",
      access: SECRETARY,
      params: inCommunity,
      query: NO_QUERY,
      body: personShape,
      status: 201,
      content: { "application/json": z.object({ person: z.int() }) },
      problems: [409, 422],
      handle: (given) => {
        const occasion = occasionOf(context, given, "addPerson", given.params.community);
        checkAccounts(context, given.params.community, given.body);
        const number = refusingTaken(() => addPerson(store, given.params.community, given.body, occasion));
        return json({ person: number }, NO_STORE);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/persons/{person}",
      operation: "readPerson",
      tag: TAG,
      summary: "A person, as far as this community may know",
      access: SECRETARY,
      params: ofPerson,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": personView },
      handle: (given) => {
        checkBelongs(context, given.params);
        const occasion = occasionOf(context, given, "readPerson", given.params.community);
        const record = readPerson(store, given.params.person, occasion, given.params.community);
        if (record === undefined) throw notFound();
        return json(showPerson(record), NO_STORE);
      },
    }),
    route({
      method: "put",
      path: "/communities/{community}/persons/{person}",
      operation: "changePerson",
      tag: TAG,
      summary: "Puts this in the place of what is kept; what other communities gave stays",
      access: SECRETARY,
      params: ofPerson,
      query: NO_QUERY,
      body: personShape,
      status: 204,
      content: {},
      problems: [409, 422],
      handle: (given) => {
        checkBelongs(context, given.params);
        checkAccounts(context, given.params.community, given.body);
        const occasion = occasionOf(context, given, "changePerson", given.params.community);
        refusingTaken(() => changePerson(store, given.params.person, given.params.community, given.body, occasion));
        return {};
      },
    }),
  ];
}

function rightsRoutes(context: RegisterContext): Route[] {
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

function overviewRoutes(context: RegisterContext): Route[] {
  const { store } = context;
  return [
    route({
      method: "get",
      path: "/communities/{community}/payees",
      operation: "listPayees",
      tag: TAG,
      summary: "To whom, and to which bank account, the money of each account goes",
      access: PAYERS,
      params: inCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: {
        "application/json": z.object({
          payees: z.array(z.object({ account: z.int(), person: z.int(), holder: z.string(), iban: z.string() })),
        }),
      },
      handle: (given) => {
        const occasion = occasionOf(context, given, "listPayees", given.params.community);
        return json({ payees: payeesOf(store, given.params.community, occasion) }, NO_STORE);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accesses",
      operation: "listAccesses",
      tag: TAG,
      summary: "Who looked at personal data in the name of this community, the newest first",
      access: OVERSEERS,
      params: inCommunity,
      query: pageQuery,
      body: NO_BODY,
      status: 200,
      content: { "application/json": z.object({ accesses: z.array(accessView), next: z.string().optional() }) },
      handle: (given) => {
        const page = pageOf(given.query);
        const accesses = accessesIn(store, given.params.community, page);
        const next = accesses.length < page.limit ? undefined : accesses.at(-1)?.id.toString();
        return json({ accesses: accesses.map(showAccess), next }, NO_STORE);
      },
    }),
  ];
}

/** Of a list with the newest first. */
export function pageOf({ cursor, limit = USUAL_LIMIT }: z.infer<typeof pageQuery>): Page {
  return { before: cursor ?? Number.MAX_SAFE_INTEGER, limit };
}

/** A person of another community is as none. */
export function checkBelongs(
  { store }: RegisterContext,
  params: { readonly community: number; readonly person: number },
): void {
  if (!belongsTo(store, params.person, params.community)) throw notFound();
}

function checkAccounts({ accountExists }: RegisterContext, at: number, { accounts }: PersonInput): void {
  const unknown = accounts.findIndex(({ account }) => !accountExists(at, account));
  if (unknown < 0) return;
  throw new Problem(422, "This community has no such account: enrol it on the chain first, or write another number", {
    fields: [{ field: `body.accounts.${unknown}.account`, problem: "no such account" }],
  });
}

function refusingTaken<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BankAccountTakenError) throw new Problem(409, error.message);
    throw error;
  }
}

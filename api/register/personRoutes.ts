/** The register as the secretary works with it, and what other officers see of it. */

import { z } from "zod";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_QUERY, type Route, route } from "../http/route.ts";
import { ofCommunity, pageOf, pageOfItems, pageQuery } from "../routes/request.ts";
import { accessesIn } from "./accessLog.ts";
import { NO_STORE, occasionOf, type RegisterContext } from "./context.ts";
import { payeesOf } from "./payees.ts";
import { checkBelongs, newestFirst, ofPerson, pageOfRows, SECRETARY, TAG } from "./personPlace.ts";
import { addPerson, BankAccountTakenError, changePerson, personsIn, readPerson } from "./persons.ts";
import { rightsRoutes } from "./rightsRoutes.ts";
import { type PersonInput, personShape } from "./shapes.ts";
import { accessView, personView, showAccess, showPerson } from "./views.ts";

/** Who see the names and IBANs of a file for the bank: who puts it together, and who approves it. */
const PAYERS = { member: "never", officers: ["treasurer", "president"], scopes: [] } as const;
/** The log names no person but by number. */
const OVERSEERS = { member: "never", officers: ["secretary", "auditor", "admin"], scopes: [] } as const;

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
      params: ofCommunity,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { "application/json": pageOfItems(personView) },
      handle: (given) => {
        const { after, limit } = pageOf(given.query);
        const { community } = given.params;
        const numbers = personsIn(store, community, after, limit);
        const page = pageOfRows(
          numbers,
          given.query,
          (number) => number,
          (number) => number,
        );
        const occasion = occasionOf(context, given, "listPersons", community);
        const items = store.transaction(() =>
          page.items.flatMap((number) => readPerson(store, number, occasion, community) ?? []),
        );
        return json({ ...page, items: items.map(showPerson) }, NO_STORE);
      },
    }),
    route({
      method: "post",
      path: "/communities/{community}/persons",
      operation: "addPerson",
      tag: TAG,
      summary: "Takes a person down, with the accounts that are theirs",
      access: SECRETARY,
      params: ofCommunity,
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
      params: ofCommunity,
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
      params: ofCommunity,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { "application/json": pageOfItems(accessView) },
      handle: (given) => {
        const accesses = accessesIn(store, given.params.community, newestFirst(given.query));
        return json(
          pageOfRows(accesses, given.query, ({ id }) => id, showAccess),
          NO_STORE,
        );
      },
    }),
  ];
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

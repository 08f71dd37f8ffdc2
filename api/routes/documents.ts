/** Documents: statements, certificates, evidence and books, as PDF, CSV and JSON, and their verification. */

import type { Hex } from "viem";
import { z } from "zod";
import { formatMonth, type Month } from "../../settlement/hours.ts";
import { LANGUAGES } from "../../settlement/terms.ts";
import type { DocumentThread } from "../documents/documentThread.ts";
import type { DocumentRequest, NameTable } from "../documents/request.ts";
import { isOwnTag } from "../documents/verification.ts";
import { type Caller, rolesIn } from "../http/caller.ts";
import { notFound } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Reply, type Route, route } from "../http/route.ts";
import type { IndexReader } from "../index/reader.ts";
import { occasionOf, type RegisterContext } from "../register/context.ts";
import { personsOf, readName } from "../register/persons.ts";
import { certificate, evidence } from "../schemas/documents.ts";
import { hash } from "../schemas/place.ts";
import { ofOfficers, ofOwnMoney } from "./access.ts";
import { periodReversed } from "./accounts.ts";
import { versionOf } from "./lists.ts";
import {
  accountParam,
  communityParam,
  configurationParam,
  monthQuery,
  ofAccount,
  ofCommunity,
  yearParam,
} from "./request.ts";

export type DocumentsContext = {
  readonly reader: IndexReader;
  readonly thread: DocumentThread;
  readonly register: RegisterContext;
  readonly communityName: (community: number) => string;
  /** Of the links by which documents are verified. */
  readonly verification: { readonly site: string; readonly secret: Uint8Array };
};

const PDF = "application/pdf";
const CSV = "text/csv; charset=utf-8";
const file = z.string().meta({ override: { type: "string", format: "binary" } });
const language = z.enum(LANGUAGES).optional().meta({ description: "Italian by default" });
const verified = z
  .object({
    isVerified: z.boolean().meta({ description: "It says what the chain says now" }),
    wasMadeHere: z.boolean().meta({
      description: "This API made it. If it is not verified, something was booked in its period since it was made",
    }),
  })
  .meta({ id: "Verification" });
const period = { from: monthQuery, to: monthQuery };
const ofYear = z.strictObject({ community: communityParam, account: accountParam, year: yearParam });
const ofEvidence = z.strictObject({ community: communityParam, configuration: configurationParam, year: yearParam });

export function documentRoutes(context: DocumentsContext): Route[] {
  const { reader, verification } = context;
  const rendered = async (request: DocumentRequest, type: string, name: string): Promise<Reply> => {
    const body = await context.thread.render(request);
    if (body === undefined) throw notFound();
    const headers = { "Content-Disposition": `attachment; filename="${name}"` };
    return { type, body, headers, ...versionOf(reader, request.community) };
  };
  return [
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/statement.pdf",
      ...{
        operation: "getStatementPdf",
        tag: "Documents",
        summary: "The statement of an account over whole months, to print",
      },
      access: ofOwnMoney("statements"),
      params: ofAccount,
      query: z.strictObject({ ...period, language }),
      body: NO_BODY,
      status: 200,
      content: { [PDF]: file },
      problems: [503],
      handle: (given) => {
        const { community, account } = given.params;
        const { from, to, language: chosen = "it" } = given.query;
        if (to < from) throw periodReversed();
        const names = namesFor(context, given, "getStatementPdf", community, account);
        const printed = { language: chosen, names, verification };
        return rendered(
          { kind: "statement.pdf", community, account, from, to, ...printed },
          PDF,
          `${statementName(account, from, to)}.pdf`,
        );
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/statement.csv",
      ...{
        operation: "getStatementCsv",
        tag: "Documents",
        summary: "The statement of an account over whole months, for a spreadsheet",
      },
      access: ofOwnMoney("statements"),
      params: ofAccount,
      query: z.strictObject(period),
      body: NO_BODY,
      status: 200,
      content: { [CSV]: file },
      problems: [503],
      handle: (given) => {
        const { community, account } = given.params;
        const { from, to } = given.query;
        if (to < from) throw periodReversed();
        const names = namesFor(context, given, "getStatementCsv", community, account);
        return rendered(
          { kind: "statement.csv", community, account, from, to, names },
          CSV,
          `${statementName(account, from, to)}.csv`,
        );
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/certificates/{year}",
      ...{
        operation: "getCertificate",
        tag: "Documents",
        summary: "What an account was paid in a year, by kind of receipt",
      },
      access: ofOwnMoney("exports"),
      params: ofYear,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": certificate },
      problems: [503],
      handle: ({ params }) =>
        rendered(
          { kind: "certificate.json", ...params },
          "application/json",
          `certificate-${params.account}-${params.year}.json`,
        ),
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/certificates/{year}/pdf",
      ...{ operation: "getCertificatePdf", tag: "Documents", summary: "The yearly certificate of an account, to sign" },
      access: ofOwnMoney("exports"),
      params: ofYear,
      query: z.strictObject({ language }),
      body: NO_BODY,
      status: 200,
      content: { [PDF]: file },
      problems: [503],
      handle: (given) => {
        const { params, query } = given;
        const names = namesFor(context, given, "getCertificatePdf", params.community, params.account);
        const printed = { language: query.language ?? "it", names, verification } as const;
        return rendered(
          { kind: "certificate.pdf", ...params, ...printed },
          PDF,
          `certificate-${params.account}-${params.year}.pdf`,
        );
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/evidence/{year}",
      ...{ operation: "getEvidence", tag: "Documents" },
      summary: "Evidence for GSE's checks: what came in, the threshold, the excess and where it went",
      access: ofOfficers("exports"),
      params: ofEvidence,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": evidence },
      problems: [503],
      handle: ({ params }) =>
        rendered({ kind: "evidence.json", ...params }, "application/json", `evidence-${params.year}.json`),
    }),
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/evidence/{year}/pdf",
      ...{ operation: "getEvidencePdf", tag: "Documents", summary: "The same to print" },
      access: ofOfficers("exports"),
      params: ofEvidence,
      query: z.strictObject({ language }),
      body: NO_BODY,
      status: 200,
      content: { [PDF]: file },
      problems: [503],
      handle: ({ params, query }) => {
        const printed = {
          language: query.language ?? "it",
          names: nobody(context, params.community),
          verification,
        } as const;
        return rendered({ kind: "evidence.pdf", ...params, ...printed }, PDF, `evidence-${params.year}.pdf`);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/ledger.csv",
      ...{ operation: "getLedgerCsv", tag: "Documents" },
      summary: "The community's books for its accountant: double entry, by account number",
      access: ofOfficers("exports"),
      params: ofCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [CSV]: file },
      problems: [503],
      handle: ({ params: { community } }) =>
        rendered({ kind: "ledger.csv", community, names: nobody(context, community) }, CSV, `ledger-${community}.csv`),
    }),
    route({
      method: "get",
      path: "/verification",
      ...{ operation: "verifyDocument", tag: "Documents" },
      summary: "Whether a document that was made here says what the chain says",
      description: "Takes what stands behind `#` in the link on the document. Whoever holds the document may ask.",
      access: "public",
      perMinute: 30,
      params: NO_PARAMS,
      query: z.strictObject({
        community: communityParam,
        account: accountParam,
        ...period,
        hash,
        tag: z.string().max(64),
      }),
      body: NO_BODY,
      status: 200,
      content: { "application/json": verified },
      problems: [503],
      handle: async ({ query: { tag, hash: given, ...of } }) => {
        const document: Hex = `0x${given.slice(2)}`;
        const isOwn = isOwnTag(verification.secret, { ...of, hash: document }, tag);
        const now = isOwn ? await context.thread.render({ kind: "statement.hash", ...of }) : undefined;
        return json({ isVerified: isOwn && now === document, wasMadeHere: isOwn });
      },
    }),
  ];
}

type Asking = { readonly caller: Caller; readonly requestId: string };

/** The account's name, for its member and for who works with its money. Looking is written down. */
function namesFor(
  context: DocumentsContext,
  given: Asking,
  operation: string,
  community: number,
  account: number,
): NameTable {
  const { caller } = given;
  const mayKnow =
    caller.kind === "member" || rolesIn(caller, community).some((role) => role === "treasurer" || role === "president");
  if (!mayKnow) return nobody(context, community);
  const { register } = context;
  const occasion = occasionOf(register, given, operation, community);
  const names = personsOf(register.store, community, account).flatMap(
    (person) => readName(register.store, person, occasion) ?? [],
  );
  const accounts = names.length === 0 ? [] : [[account, names.join(", ")] as const];
  return { community: context.communityName(community), accounts, meters: [] };
}

function nobody({ communityName }: DocumentsContext, community: number): NameTable {
  return { community: communityName(community), accounts: [], meters: [] };
}

/** So that several of one account can lie in one folder. */
function statementName(account: number, from: Month, to: Month): string {
  return ["statement", account, formatMonth(from), ...(to === from ? [] : [formatMonth(to)])].join("-");
}

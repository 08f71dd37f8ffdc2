/** The lists of a community: what came in, by which rules it was divided, what was paid, and how credit left. */

import { z } from "zod";
import type { Access } from "../http/access.ts";
import { accountsOf } from "../http/caller.ts";
import { notFound } from "../http/problem.ts";
import { NO_BODY, type Route, route } from "../http/route.ts";
import type { ItemKind } from "../index/items.ts";
import type { IndexReader } from "../index/reader.ts";
import * as shape from "../schemas/lists.ts";
import { ofAllMembers, ofOfficers } from "./access.ts";
import { communityParam, numberParam, ofCommunity, pageJson, pageOf, pageOfItems, pageQuery } from "./request.ts";

type List = {
  readonly path: string;
  readonly operation: string;
  readonly kind: ItemKind;
  readonly summary: string;
  readonly item: z.ZodType;
  readonly access: Access;
};

const LISTS: readonly List[] = [
  {
    path: "receipts",
    operation: "listReceipts",
    kind: "receipt",
    summary: "What GSE and others paid",
    item: shape.receipt,
    access: ofAllMembers("money"),
  },
  {
    path: "adjustments",
    operation: "listAdjustments",
    kind: "adjustment",
    summary: "Years whose adjustment by GSE is booked",
    item: shape.adjustment,
    access: ofAllMembers("money"),
  },
  {
    path: "rule-sets",
    operation: "listRuleSets",
    kind: "rule-set",
    summary: "The rules, each set in force for whole months",
    item: shape.ruleSet,
    access: ofAllMembers("money"),
  },
  {
    path: "runs",
    operation: "listRuns",
    kind: "run",
    summary: "The runs: what was divided, who proposed, approved and paid it",
    item: shape.run,
    access: ofAllMembers("money"),
  },
  {
    path: "payouts",
    operation: "listPayouts",
    kind: "payout",
    summary: "What each run paid to each account",
    item: shape.payout,
    access: ofOfficers("money"),
  },
  {
    path: "write-offs",
    operation: "listWriteOffs",
    kind: "write-off",
    summary: "Debts that a fund took over",
    item: shape.writeOff,
    access: ofOfficers("money"),
  },
  {
    path: "redemption-files",
    operation: "listRedemptionFiles",
    kind: "redemption-file",
    summary: "Files of bank transfers",
    item: shape.redemptionFile,
    access: ofOfficers("money"),
  },
  {
    path: "redemptions",
    operation: "listRedemptions",
    kind: "redemption",
    summary: "Bank transfers of credit",
    item: shape.redemption,
    access: ofOfficers("money"),
  },
  {
    path: "payee-changes",
    operation: "listPayeeChanges",
    kind: "payee-change",
    summary: "Accounts whose credit goes to another wallet",
    item: shape.payeeChange,
    access: ofOfficers("money"),
  },
  {
    path: "channels",
    operation: "listChannels",
    kind: "channel",
    summary: "Who was metered from when to when, by numbers",
    item: shape.channel,
    access: { member: "never", officers: ["secretary", "auditor"], scopes: ["energy"] },
  },
  {
    path: "months",
    operation: "listMonths",
    kind: "month",
    summary: "The months of every configuration",
    item: shape.configurationMonth,
    access: ofAllMembers("energy"),
  },
];

export function listRoutes(reader: IndexReader): Route[] {
  return [
    ...LISTS.map(({ path, operation, kind, summary, item, access }) =>
      route({
        method: "get",
        path: `/communities/{community}/${path}`,
        ...{ operation, tag: "Community", summary, access },
        params: ofCommunity,
        query: z.strictObject(pageQuery),
        body: NO_BODY,
        status: 200,
        content: { "application/json": pageOfItems(item) },
        // What is passed through to one member is nobody else's business.
        handle: ({ params: { community }, query, caller }) => ({
          type: "application/json",
          body: pageJson(
            reader.items(community, kind, pageOf(query), { visibleTo: accountsOf(caller, community) }),
            query,
          ),
          ...versionOf(reader, community),
        }),
      }),
    ),
    route({
      method: "get",
      path: "/communities/{community}/runs/{run}",
      ...{ operation: "getRun", tag: "Community", summary: "One run", access: ofAllMembers("money") },
      params: z.strictObject({ community: communityParam, run: numberParam }),
      query: z.strictObject({}),
      body: NO_BODY,
      status: 200,
      content: { "application/json": shape.run },
      handle: ({ params: { community, run } }) => {
        const body = reader.item(community, "run", run);
        if (body === undefined) throw notFound();
        return { type: "application/json", body, ...versionOf(reader, community) };
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/runs/{run}/entitlements",
      ...{ operation: "listEntitlements", tag: "Community" },
      summary: "What a run entitles every account to, by month",
      access: ofOfficers("money"),
      params: z.strictObject({ community: communityParam, run: numberParam }),
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { "application/json": pageOfItems(shape.entitlement) },
      handle: ({ params: { community, run }, query }) => ({
        type: "application/json",
        body: pageJson(reader.items(community, "entitlement", pageOf(query), { parent: run }), query),
        ...versionOf(reader, community),
      }),
    }),
  ];
}

/** Names the state of what is shown of a community. */
export function versionOf(reader: IndexReader, community: number): { readonly version?: string } {
  const version = reader.version(community);
  return version === undefined ? {} : { version };
}

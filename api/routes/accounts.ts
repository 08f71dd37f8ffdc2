/** One account: where it stands, its statement, its channels, its bookings. */

import { z } from "zod";
import { addBalances } from "../../settlement/bookEntries.ts";
import { totalsOf } from "../../settlement/periodStatement.ts";
import { notFound, Problem } from "../http/problem.ts";
import { NO_BODY, NO_QUERY, type Reply, type Route, route } from "../http/route.ts";
import type { IndexReader } from "../index/reader.ts";
import { apiJson } from "../json.ts";
import * as lists from "../schemas/lists.ts";
import * as statements from "../schemas/statement.ts";
import { ofOfficers, ofOwnEnergy, ofOwnMoney } from "./access.ts";
import { versionOf } from "./lists.ts";
import { RecentBodies } from "./recentBodies.ts";
import { monthQuery, ofAccount, ofCommunity, pageJson, pageOf, pageOfItems, pageQuery } from "./request.ts";

const JSON_TYPE = "application/json";

/** Answers that were asked for of late are kept in memory as they were sent: as much of them as this, bytes. */
const KEPT_BYTES = 67_108_864;

export function accountRoutes(reader: IndexReader): Route[] {
  const kept = new RecentBodies(KEPT_BYTES);
  const keptReply = (community: number, what: readonly (string | number)[], make: () => string): Reply => {
    const keyOf = (version: string | undefined) => [version, community, ...what].join(" ");
    const version = reader.version(community);
    const known = kept.get(keyOf(version));
    if (known !== undefined && version !== undefined) return { type: JSON_TYPE, body: known, version };
    // The body is of the version that it is kept under, though the index goes on meanwhile.
    return reader.atOneMoment(() => {
      const version = reader.version(community);
      if (version === undefined) throw notFound();
      return { type: JSON_TYPE, body: kept.keep(keyOf(version), make()), version };
    });
  };
  return [
    route({
      method: "get",
      path: "/communities/{community}/accounts",
      ...{ operation: "listAccounts", tag: "Accounts", summary: "All accounts, by number, and where they stand" },
      access: ofOfficers("money"),
      params: ofCommunity,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: pageOfItems(statements.accountStanding) },
      handle: ({ params: { community }, query }) => ({
        type: JSON_TYPE,
        body: pageJson(reader.accounts(community, pageOf(query)), query),
        ...versionOf(reader, community),
      }),
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}",
      ...{
        operation: "getAccount",
        tag: "Accounts",
        summary: "Where an account stands: owed, credit, ordered to the bank",
      },
      access: ofOwnMoney("money"),
      params: ofAccount,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: statements.accountStanding },
      handle: ({ params: { community, account } }) => {
        return keptReply(community, ["standing", account], () => {
          const standing = reader.account(community, account);
          if (standing === undefined) throw notFound();
          return standing;
        });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/statement",
      ...{ operation: "getStatement", tag: "Accounts", summary: "The statement of an account over whole months" },
      description:
        "Bookings belong to the month in which the chain booked them, energy to the month in which it flowed. Every booking names its block and transaction.",
      access: ofOwnMoney("statements"),
      params: ofAccount,
      query: z.strictObject({ from: monthQuery, to: monthQuery }),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: statements.statement },
      handle: ({ params: { community, account }, query: { from, to } }) => {
        if (to < from) throw periodReversed();
        return keptReply(community, ["statement", account, from, to], () =>
          statementOf(reader, community, account, from, to),
        );
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/bookings",
      ...{ operation: "listBookings", tag: "Accounts", summary: "All that was ever booked for an account" },
      access: ofOwnMoney("money"),
      params: ofAccount,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: pageOfItems(statements.booking) },
      handle: ({ params: { community, account }, query }) => ({
        type: JSON_TYPE,
        body: pageJson(reader.bookingsPage(community, account, pageOf(query)), query),
        ...versionOf(reader, community),
      }),
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/channels",
      ...{
        operation: "listAccountChannels",
        tag: "Energy",
        summary: "The account's channels, and from when to when each was metered",
      },
      access: ofOwnEnergy("energy"),
      params: ofAccount,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: pageOfItems(lists.channel) },
      handle: ({ params: { community, account } }) => ({
        type: JSON_TYPE,
        body: pageJson(reader.items(community, "channel", pageOf({ limit: 500 }), { account }), { limit: 500 }),
        ...versionOf(reader, community),
      }),
    }),
  ];
}

export function periodReversed(): Problem {
  const fields = [{ field: "query.to", problem: "before `from`", remedy: "Exchange the two" }];
  return new Problem(400, "The period ends before it begins: see errors", { fields });
}

/** Put together of pieces that were worked out when their block came. */
function statementOf(reader: IndexReader, community: number, account: number, from: number, to: number): string {
  const head = reader.newestBlock(community);
  if (reader.account(community, account) === undefined || head === undefined) throw notFound();
  const opening = reader.balanceBefore(community, account, from);
  const bookings = reader.bookings(community, account, from, to);
  const closing = bookings.map(({ effect }) => effect).reduce(addBalances, opening);
  const beginning = apiJson({ community, account, fromMonth: from, toMonth: to, opening }).slice(0, -1);
  const months = reader.accountMonths(community, account, from, to).join(",");
  const booked = bookings.map(({ content }) => content).join(",");
  const end = apiJson({ totals: totalsOf(bookings), closing, head }).slice(1);
  return `${beginning},"months":[${months}],"bookings":[${booked}],${end}`;
}

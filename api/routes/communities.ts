/** The communities of who asks, and what is wrong with them. */

import { z } from "zod";
import { communitiesOf } from "../http/caller.ts";
import { notFound } from "../http/problem.ts";
import { json, NO_BODY, NO_PARAMS, NO_QUERY, type Route, route } from "../http/route.ts";
import type { IndexState } from "../index/followChain.ts";
import { alarmsOf } from "../index/indexAlarms.ts";
import type { IndexReader } from "../index/reader.ts";
import { apiJson } from "../json.ts";
import { address, time } from "../schemas/place.ts";
import { ofAllMembers } from "./access.ts";
import { versionOf } from "./lists.ts";
import { ofCommunity } from "./request.ts";

const JSON_TYPE = "application/json";

const nextHour = time.optional().meta({ description: "The next hour that is to be recorded; none before the first" });
const community = z
  .object({
    community: z.int(),
    head: z.object({ block: z.int(), time }).optional().meta({ description: "The newest block with something of it" }),
    configurations: z.array(z.object({ configuration: z.int(), area: z.string(), ledger: address, nextHour })),
    contracts: z.array(
      z.object({
        kind: z.string(),
        address,
        isForeign: z.boolean().meta({ description: "Its code is not what this version of Condivisa compiles" }),
      }),
    ),
  })
  .meta({ id: "Community" });

const alarm = z
  .object({ kind: z.string(), subject: z.string(), text: z.string(), remedy: z.string() })
  .meta({ id: "Alarm" });

export function communityRoutes(reader: IndexReader, state: () => IndexState): Route[] {
  return [
    route({
      method: "get",
      path: "/communities",
      ...{ operation: "listCommunities", tag: "Community", summary: "The communities of who asks" },
      access: "signed-in",
      params: NO_PARAMS,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: z.object({ items: z.array(community) }) },
      handle: ({ caller }) => {
        const known = new Set(reader.communities());
        const items = communitiesOf(caller).filter((number) => known.has(number));
        return { type: JSON_TYPE, body: apiJson({ items: items.map((number) => told(reader, number)) }) };
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}",
      ...{ operation: "getCommunity", tag: "Community", summary: "A community: its configurations and contracts" },
      access: ofAllMembers("energy", "money"),
      params: ofCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: community },
      handle: ({ params }) => {
        if (reader.version(params.community) === undefined) throw notFound();
        const body = apiJson(told(reader, params.community));
        return { type: JSON_TYPE, body, ...versionOf(reader, params.community) };
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/alarms",
      ...{ operation: "listAlarms", tag: "Community" },
      summary: "What somebody has to look at: readings that are missing, code that is foreign, figures that differ",
      access: ofAllMembers("alarms"),
      params: ofCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "application/json": z.object({ items: z.array(alarm) }) },
      handle: ({ params }) => json({ items: alarmsOf(reader, params.community, state(), Date.now() / 1000) }),
    }),
  ];
}

function told(reader: IndexReader, number: number) {
  const contracts = reader.contracts(number);
  const head = reader.newestBlock(number);
  return {
    community: number,
    head,
    configurations: reader.configurations(number),
    contracts: contracts.map(({ kind, address: at, isForeign }) => ({ kind, address: at, isForeign })),
  };
}

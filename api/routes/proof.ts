/** The proof that a channel's row, and no other, was signed and recorded: for its owner and the auditor. */

import { z } from "zod";
import { decodeBatch } from "../../settlement/batch.ts";
import { formatHour } from "../../settlement/hours.ts";
import { channelsOf, decodeRoster } from "../../settlement/roster.ts";
import { proveRow } from "../../settlement/rowTree.ts";
import { notFound } from "../http/problem.ts";
import { NO_BODY, type Reply, type Route, route } from "../http/route.ts";
import type { IndexReader } from "../index/reader.ts";
import { apiJson } from "../json.ts";
import { rowProof } from "../schemas/energy.ts";
import { ofOwnEnergy } from "./access.ts";
import { versionOf } from "./lists.ts";
import { type OfChannel, ofChannel, ownChannel } from "./ownChannel.ts";
import { hourQuery } from "./request.ts";

const JSON_TYPE = "application/json";

export function proofRoutes(reader: IndexReader): Route[] {
  return [
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/configurations/{configuration}/channels/{channel}/proof",
      ...{ operation: "getRowProof", tag: "Proofs" },
      summary: "The Merkle proof of a channel's row in the batch that holds an hour",
      access: ofOwnEnergy("proofs", "energy"),
      params: ofChannel,
      query: z.strictObject({ hour: hourQuery }),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: rowProof },
      handle: ({ params, query: { hour } }) => proofOf(reader, params, hour),
    }),
  ];
}

const LONGEST_BATCH = 24;

function proofOf(reader: IndexReader, params: OfChannel, hour: number): Reply {
  const { community, configuration, channel } = params;
  const { ledger } = ownChannel(reader, params);
  const before = { firstHour: hour - LONGEST_BATCH + 1, hourCount: LONGEST_BATCH };
  const record = reader
    .standing(community, configuration, before)
    .find(({ firstHour, revisions }) => hour < firstHour + (revisions.at(-1)?.event.hourCount ?? 0));
  const newest = record?.revisions.at(-1);
  const encoded = newest?.input?.batch;
  const blob = reader.rosters(ledger).find(({ version }) => version === encoded?.rosterVersion)?.blob;
  if (record === undefined || newest === undefined || encoded === undefined || blob === undefined) throw notFound();
  const roster = decodeRoster(blob);
  if (!channelsOf(roster).some(({ number }) => number === channel)) throw notFound();
  const { hourCount, revision, digest, rowRoot } = newest.event;
  const told = {
    configuration,
    ledger,
    firstHour: formatHour(record.firstHour),
    ...{ hourCount, revision, digest, rowRoot },
    ...{ block: newest.place.block, transaction: newest.place.transaction },
    proof: proveRow(decodeBatch(encoded), roster, channel),
  };
  return { type: JSON_TYPE, body: apiJson(told), ...versionOf(reader, community) };
}

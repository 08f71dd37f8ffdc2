/** Energy by hour and day: a configuration's for all its members, a channel's for its owner and the auditor. */

import { z } from "zod";
import { sum } from "../../settlement/amounts.ts";
import { type ChannelBatch, channelBatches, configurationHours, toldBatches } from "../../settlement/channelHours.ts";
import { GRADES } from "../../settlement/grade.ts";
import { formatHour, marketDayOf } from "../../settlement/hours.ts";
import { channelHoursCsv, configurationHoursCsv } from "../documents/hoursCsv.ts";
import { withoutNames } from "../documents/names.ts";
import { Problem } from "../http/problem.ts";
import { NO_BODY, type Reply, type Route, route } from "../http/route.ts";
import type { IndexReader } from "../index/reader.ts";
import { apiJson } from "../json.ts";
import * as shape from "../schemas/energy.ts";
import { ofAllMembers, ofOwnEnergy } from "./access.ts";
import { versionOf } from "./lists.ts";
import { channelsOwned, type OfChannel, ofChannel, ownChannel } from "./ownChannel.ts";
import { ofAccount, ofConfiguration, pageOf, pageOfItems, pageQuery, spanQuery } from "./request.ts";

const JSON_TYPE = "application/json";
const CSV_TYPE = "text/csv; charset=utf-8";
const csvFile = z.string().meta({ description: "Columns as docs/statements.md lists them" });
/** Of one question: a year has more hours than one may ask for at once. */
const MOST_HOURS = 24 * 62;
const MOST_DAY_HOURS = 24 * 400;

const span = z.strictObject(spanQuery);

export function energyRoutes(reader: IndexReader): Route[] {
  return [
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/hours",
      ...{ operation: "getConfigurationHours", tag: "Energy" },
      summary: "What a configuration injected, withdrew and shared, by hour",
      description:
        "Of the batches that begin in the span: of a market day or a month all of it. At most 62 days at once.",
      access: ofAllMembers("energy"),
      params: ofConfiguration,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.configurationHours },
      handle: ({ params: { community, configuration }, query }) => {
        const batches = reader.standing(community, configuration, spanOf(query, MOST_HOURS));
        const told = toldBatches({ batches }, spanOf(query, MOST_HOURS)).map((batch) => ({
          ...placed(batch),
          missing: batches.find(({ firstHour }) => firstHour === batch.firstHour)?.revisions.at(-1)?.event.missing ?? 0,
          hours: configurationHours(batch).map(({ hour, ...energies }) => ({ hour: formatHour(hour), ...energies })),
        }));
        return answer(reader, community, { configuration, batches: told });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/hours.csv",
      ...{ operation: "getConfigurationHoursCsv", tag: "Energy", summary: "The same for a spreadsheet" },
      access: ofAllMembers("energy", "exports"),
      params: ofConfiguration,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [CSV_TYPE]: csvFile },
      handle: ({ params: { community, configuration }, query }) => {
        const hours = spanOf(query, MOST_HOURS);
        const batches = reader.standing(community, configuration, hours);
        const area = reader.configurations(community)[configuration]?.area ?? "";
        return csvReply(reader, community, configurationHoursCsv(area, toldBatches({ batches }, hours)), "hours.csv");
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/days",
      ...{ operation: "getConfigurationDays", tag: "Energy" },
      summary: "What a configuration injected, withdrew and shared, by market day",
      access: ofAllMembers("energy"),
      params: ofConfiguration,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.days },
      handle: ({ params: { community, configuration }, query }) => {
        const batches = reader.standing(community, configuration, spanOf(query, MOST_DAY_HOURS));
        const byDay = Map.groupBy(batches, ({ firstHour }) => marketDayOf(firstHour));
        const items = [...byDay].map(([day, ofDay]) => {
          const newest = ofDay.flatMap(({ revisions }) => revisions.at(-1)?.event ?? []);
          return {
            day,
            injected: sum(newest.flatMap(({ injected }) => injected)),
            withdrawn: sum(newest.flatMap(({ withdrawn }) => withdrawn)),
            shared: sum(newest.flatMap(({ shared }) => shared)),
            missing: newest.reduce((total, { missing }) => total + missing, 0),
          };
        });
        return answer(reader, community, { items });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/configurations/{configuration}/batches",
      ...{ operation: "listBatches", tag: "Energy", summary: "Every batch and correction, in the order of the chain" },
      access: ofAllMembers("energy"),
      params: ofConfiguration,
      query: z.strictObject(pageQuery),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: pageOfItems(shape.batch) },
      handle: ({ params: { community, configuration }, query }) => {
        const page = pageOf(query);
        const rows = reader.batches(community, configuration, page);
        const shown = rows.slice(0, page.limit - 1);
        const items = shown.map(
          ({ firstHour, place, event: { hourCount, revision, grade, missing, accrued, digest, rowRoot } }) => ({
            position: place.position,
            firstHour: formatHour(firstHour),
            ...{ hourCount, revision, grade: GRADES[grade], missing, accrued, digest, rowRoot },
            ...{ block: place.block, transaction: place.transaction },
          }),
        );
        const next = rows.length > shown.length ? { next: String(shown.at(-1)?.place.position) } : {};
        return answer(reader, community, { items, ...next });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/hours.csv",
      ...{
        operation: "getAccountHoursCsv",
        tag: "Energy",
        summary: "The hours of all channels of the account, for a spreadsheet",
      },
      access: ofOwnEnergy("energy", "exports"),
      params: ofAccount,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [CSV_TYPE]: csvFile },
      handle: ({ params: { community, account }, query }) => {
        const hours = spanOf(query, MOST_HOURS);
        const areas = reader.configurations(community);
        const channels = channelsOwned(reader, community, account).map(({ configuration, channel }) => ({
          ...{ configuration, channel },
          area: areas[configuration]?.area ?? "",
          ...ownBatches(reader, { community, account, configuration, channel }, hours),
        }));
        return csvReply(reader, community, channelHoursCsv(channels, withoutNames("")), `hours-${account}.csv`);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/configurations/{configuration}/channels/{channel}/hours",
      ...{ operation: "getChannelHours", tag: "Energy" },
      summary: "The hours of one channel of the account: what was metered, and what of it coincided and why",
      description: "Of the batches that begin in the span; at most 62 days at once.",
      access: ofOwnEnergy("energy"),
      params: ofChannel,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.channelHours },
      handle: ({ params, query }) => {
        const { community, configuration, channel } = params;
        const { direction, batches } = ownBatches(reader, params, spanOf(query, MOST_HOURS));
        const told = batches.map(({ hours, firstHour, ...batch }) => ({
          firstHour: formatHour(firstHour),
          ...batch,
          hours: hours.map(({ hour, ...energies }) => ({ hour: formatHour(hour), ...energies })),
        }));
        return answer(reader, community, { configuration, channel, direction, batches: told });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/accounts/{account}/configurations/{configuration}/channels/{channel}/days",
      ...{ operation: "getChannelDays", tag: "Energy", summary: "The market days of one channel of the account" },
      access: ofOwnEnergy("energy"),
      params: ofChannel,
      query: span,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.channelDays },
      handle: ({ params, query }) => {
        const { community, configuration, channel } = params;
        const { batches } = ownBatches(reader, params, spanOf(query, MOST_DAY_HOURS));
        const byDay = Map.groupBy(batches, ({ firstHour }) => marketDayOf(firstHour));
        const items = [...byDay].map(([day, ofDay]) => ({
          ...{ day, channel, configuration },
          energy: sum(ofDay.map(({ energy }) => energy)),
          coincident: sum(ofDay.map(({ coincident }) => coincident)),
          attributed: ofDay.some(({ attributed }) => attributed === undefined)
            ? undefined
            : sum(ofDay.map(({ attributed }) => attributed ?? 0n)),
          missing: ofDay.reduce((total, { missing }) => total + missing, 0),
        }));
        return answer(reader, community, { items });
      },
    }),
  ];
}

function ownBatches(
  reader: IndexReader,
  params: OfChannel,
  hours: ReturnType<typeof spanOf>,
): { readonly direction: "injected" | "withdrawn"; readonly batches: ChannelBatch[] } {
  const { ledger, direction } = ownChannel(reader, params);
  const batches = reader.standing(params.community, params.configuration, hours);
  return { direction, batches: channelBatches({ batches, rosters: reader.rosters(ledger) }, params.channel, hours) };
}

function answer(reader: IndexReader, community: number, value: unknown): Reply {
  return { type: JSON_TYPE, body: apiJson(value), ...versionOf(reader, community) };
}

function csvReply(reader: IndexReader, community: number, body: string, name: string): Reply {
  const headers = { "Content-Disposition": `attachment; filename="${name}"` };
  return { type: CSV_TYPE, body, headers, ...versionOf(reader, community) };
}

function placed({ firstHour, grade, revision, place }: ReturnType<typeof toldBatches>[number]) {
  const { block, transaction } = place;
  return { firstHour: formatHour(firstHour), grade: GRADES[grade], revision, block, transaction };
}

/** @param to its first hour is not in it any more */
function spanOf({ from, to }: z.infer<typeof span>, most: number) {
  const problem =
    to <= from ? "not after `from`" : to - from > most ? `more than ${most / 24} days after \`from\`` : undefined;
  if (problem !== undefined) {
    throw new Problem(400, "The span cannot be given: see errors", { fields: [{ field: "query.to", problem }] });
  }
  return { firstHour: from, hourCount: to - from };
}

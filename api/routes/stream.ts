/** What happens in a community, as it happens: server-sent events. */

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { formatHour } from "../../settlement/hours.ts";
import { accountsOf, type Caller, type Role, rolesIn } from "../http/caller.ts";
import { NO_BODY, NO_QUERY, type Route, route } from "../http/route.ts";
import type { IndexState } from "../index/followChain.ts";
import { alarmsOf } from "../index/indexAlarms.ts";
import type { IndexReader, Numbered, Page } from "../index/reader.ts";
import { ofAllMembers } from "./access.ts";
import { ofCommunity } from "./request.ts";

/** Tells whoever listens that something of a community is worked out anew. */
export class Changes {
  readonly #listeners = new Set<(community: number) => void>();

  tell(communities: readonly number[]): void {
    for (const community of communities) for (const listener of this.#listeners) listener(community);
  }

  /** @returns how to stop listening */
  listen(listener: (community: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** So that neither side takes the other for gone. */
const HEARTBEAT_MILLISECONDS = 15_000;
const MOST_AT_ONCE = 200;

export function streamRoutes(reader: IndexReader, changes: Changes, state: () => IndexState): Route[] {
  return [
    route({
      method: "get",
      path: "/communities/{community}/stream",
      ...{ operation: "streamCommunity", tag: "Community" },
      summary: "New batches, payouts and alarms, as they come",
      description:
        "Server-sent events `batch`, `payout` (members: their own) and `alarm`. The id of an event is its place on the chain; with `Last-Event-ID` the stream goes on after it.",
      access: ofAllMembers("energy", "money", "alarms"),
      params: ofCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { "text/event-stream": z.string() },
      handle: ({ params: { community }, caller, header }) => ({
        type: "text/event-stream",
        stream: (write, end) => {
          const last = Number(header("last-event-id"));
          const after = Number.isSafeInteger(last) && last > 0 ? last : (reader.newestPosition(community) ?? -1);
          return tellChanges({ reader, changes, state, community, caller }, after, write, end);
        },
      }),
    }),
  ];
}

type Told = {
  readonly reader: IndexReader;
  readonly changes: Changes;
  readonly state: () => IndexState;
  readonly community: number;
  readonly caller: Caller;
};

type Write = (text: string) => Promise<void>;

async function tellChanges(told: Told, from: number, write: Write, end: AbortSignal): Promise<void> {
  const known = new Set<string>();
  let after = from;
  let wake = () => {};
  const stop = told.changes.listen((changed) => {
    if (changed === told.community) wake();
  });
  try {
    await write(": the stream begins\n\n");
    while (!end.aborted) {
      const pause = new AbortController();
      wake = () => pause.abort();
      after = await tellNews(told, after, write, end);
      await tellAlarms(told, known, write);
      await write(": up to date\n\n");
      const woken = AbortSignal.any([pause.signal, end]);
      await sleep(HEARTBEAT_MILLISECONDS, undefined, { signal: woken }).catch(() => undefined);
    }
  } finally {
    stop();
  }
}

/** @returns up to where it is told */
async function tellNews(told: Told, from: number, write: Write, end: AbortSignal): Promise<number> {
  let after = from;
  for (let news = newsOf(told, after); news.length > 0 && !end.aborted; news = newsOf(told, after)) {
    await write(
      news.map(({ number, kind, content }) => `id: ${number}\nevent: ${kind}\ndata: ${content}\n\n`).join(""),
    );
    after = news.at(-1)?.number ?? after;
  }
  return after;
}

async function tellAlarms({ reader, state, community, caller }: Told, known: Set<string>, write: Write): Promise<void> {
  if (!maySee(caller, community, "alarms")) return;
  for (const alarm of alarmsOf(reader, community, state(), Date.now() / 1000)) {
    const key = `${alarm.kind} ${alarm.subject}`;
    if (known.has(key)) continue;
    known.add(key);
    await write(`event: alarm\ndata: ${JSON.stringify(alarm)}\n\n`);
  }
}

type News = Numbered & { readonly kind: "batch" | "payout" };

/** In the order of the chain. Where there are too many, those up to which every kind is complete. */
function newsOf({ reader, community, caller }: Told, after: number): News[] {
  const page = { after, limit: MOST_AT_ONCE };
  const batches = maySee(caller, community, "energy")
    ? reader.configurations(community).map(({ configuration }) => batchNews(reader, community, configuration, page))
    : [];
  const own = accountsOf(caller, community);
  const payouts = !maySee(caller, community, "money")
    ? []
    : own === undefined
      ? [reader.items(community, "payout", page)]
      : own.map((account) => reader.items(community, "payout", page, { account }));
  const lists: News[][] = [
    ...batches.map((list) => list.map((each) => ({ ...each, kind: "batch" as const }))),
    ...payouts.map((list) => list.map((each) => ({ ...each, kind: "payout" as const }))),
  ];
  const complete = Math.min(
    ...lists.map((list) => (list.length < MOST_AT_ONCE ? Number.POSITIVE_INFINITY : (list.at(-1)?.number ?? 0))),
  );
  return lists
    .flat()
    .filter(({ number }) => number <= complete)
    .toSorted((a, b) => a.number - b.number);
}

function batchNews(reader: IndexReader, community: number, configuration: number, page: Page): Numbered[] {
  return reader.batches(community, configuration, page).map(({ firstHour, place, event }) => {
    const { hourCount, revision, missing } = event;
    const content = JSON.stringify({ configuration, firstHour: formatHour(firstHour), hourCount, revision, missing });
    return { number: place.position, content };
  });
}

/** What a route of this kind would show as well. */
function maySee(caller: Caller, community: number, what: "energy" | "money" | "alarms"): boolean {
  if (caller.kind === "machine") return caller.scopes.includes(what);
  if (caller.kind !== "officer" || what !== "money") return true;
  return rolesIn(caller, community).some((role) => MONEY_ROLES.has(role));
}

const MONEY_ROLES = new Set<Role>(["treasurer", "president", "auditor"]);

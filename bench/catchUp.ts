/**
 * How fast an index catches up from nothing with a year of many communities, against how fast the endpoint hands over the same
 * blocks and logs to somebody who does nothing with them. The endpoint is a process of its own; both take turns in the same run. Of the
 * same year there are two chains: one that has nothing but its transactions, and one with the empty blocks that a network makes.
 */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { catchUpOnce } from "../api/index/followChain.ts";
import { INDEX_FILE, IndexStore } from "../api/index/indexStore.ts";
import { IndexReader } from "../api/index/reader.ts";
import { BlockSource } from "../chain/blocks.ts";
import { remoteClient } from "../chain/client.ts";
import { EMBEDDED_CHAIN_ID } from "../chain/embedded.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import { type ServedYears, serveYears } from "./serveYears.ts";
import { type Years, yearsJournal } from "./years.ts";

const JOURNALS = join(import.meta.dirname, "../cache/bench");
/** As many as the index asks for. */
const BLOCKS_AT_ONCE = 50;
const STRETCHES_AHEAD = 3;

/**
 * A network makes blocks though nothing is in them, Besu one a second if it is not told otherwise: a year of them takes most of an hour
 * to hand over. With a block a minute it takes less than one.
 */
const SECONDS_OF_BLOCK = 60;

export type CatchUp = {
  readonly chain: string;
  readonly blocks: number;
  /** Blocks a second that the endpoint sends to somebody who throws them away unread. */
  readonly handedOver: number;
  /** Blocks a second until the index has all of them, checked and worked out. */
  readonly caughtUp: number;
};

export type CatchUpBench = { readonly years: Years; readonly catchUps: readonly CatchUp[] };

/** @param years the chain is made once, which takes minutes, and kept in cache/ */
export async function benchCatchUp(years: Years, show: ShowProgress): Promise<CatchUpBench> {
  const { communities, members, months } = years;
  const name = `communities-${communities}x${members}x${months}.sqlite`;
  const journal = await yearsJournal(join(JOURNALS, name), years, (done, total) =>
    show("days of the chain", done, total),
  );
  const catchUps = [
    await benchChain("nothing but transactions, one a block", await serveYears(journal), communities, show),
    await benchChain("and a block every minute", await serveYears(journal, SECONDS_OF_BLOCK), communities, show),
  ];
  return { years, catchUps };
}

async function benchChain(
  chain: string,
  endpoint: ServedYears,
  communities: number,
  show: ShowProgress,
): Promise<CatchUp> {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-bench-"));
  try {
    const client = await remoteClient(endpoint.url);
    const head = Number(await client.getBlockNumber());
    const handing = performance.now();
    await fetchAll(endpoint.url, head, (done) => show("blocks handed over", done, head));
    const catching = performance.now();
    const caught = await catchUp(endpoint, join(folder, INDEX_FILE), (done) => show("blocks indexed", done, head));
    const end = performance.now();
    if (caught !== communities) throw new Error(`${caught} communities in the index, not ${communities}`);
    const rate = (milliseconds: number) => (1000 * (head + 1)) / milliseconds;
    return { chain, blocks: head + 1, handedOver: rate(catching - handing), caughtUp: rate(end - catching) };
  } finally {
    endpoint.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function renderCatchUp({ years: { communities, members, months }, catchUps }: CatchUpBench): string {
  const rows = catchUps.map(({ chain, blocks, handedOver, caughtUp }) => [
    chain,
    ...[blocks, Math.round(handedOver), Math.round(caughtUp)].map(String),
    (caughtUp / handedOver).toFixed(2),
  ]);
  return [
    `Catching up from nothing: ${communities} communities of ${members} channels, ${months} months`,
    table(["The chain has", " Blocks", " Handed over a second", " Indexed a second", " Part"], rows),
  ].join("\n");
}

/** Asks for every block as the index does for new ones, and throws away what comes. While one stretch is sent, others are got ready. */
async function fetchAll(url: string, head: number, onDone: (done: number) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  let next = 0;
  const lane = async () => {
    while (next <= head) {
      const first = next;
      next = Math.min(head + 1, first + BLOCKS_AT_ONCE);
      await fetchStretch(url, agent, first, next - 1);
      onDone(next);
    }
  };
  await Promise.all(Array.from({ length: STRETCHES_AHEAD }, lane));
  agent.destroy();
}

async function fetchStretch(url: string, agent: Agent, first: number, last: number): Promise<void> {
  const hex = (number: number) => `0x${number.toString(16)}`;
  const call = (id: number, method: string, params: unknown[]) => ({ jsonrpc: "2.0", id, method, params });
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const asked = request(url, { method: "POST", agent, headers: { "content-type": "application/json" } });
  asked.end(
    JSON.stringify([
      call(0, "eth_getLogs", [{ fromBlock: hex(first), toBlock: hex(last) }]),
      ...numbers.map((number, index) => call(index + 1, "eth_getBlockByNumber", [hex(number), true])),
    ]),
  );
  const [response] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, "response"));
  response.resume();
  await once(response, "end");
}

/** Returns how many communities the index has then. */
async function catchUp({ url, factory }: ServedYears, file: string, onDone: (done: number) => void): Promise<number> {
  const source = new BlockSource(url);
  const store = new IndexStore(file, EMBEDDED_CHAIN_ID, factory);
  try {
    const settings = { chainId: EMBEDDED_CHAIN_ID, factory, finality: "latest" } as const;
    await catchUpOnce(source, store, settings, () => onDone(store.head()?.number ?? 0));
    return new IndexReader(store.database).communities().length;
  } finally {
    store.close();
    source.close();
  }
}

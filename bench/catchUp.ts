/**
 * How fast an index catches up from nothing with a year of many communities, against how fast the endpoint hands over all blocks and
 * logs to somebody who does nothing with them, before and after. The endpoint is a process of its own. Of the same year there are two
 * chains: one with the empty blocks that a network makes, which an index passes over, and one without, the densest that there can be.
 */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { catchUpOnce } from "../api/index/followChain.ts";
import { INDEX_FILE, IndexStore } from "../api/index/indexStore.ts";
import { BlockSource } from "../chain/blocks.ts";
import { remoteClient } from "../chain/client.ts";
import { EMBEDDED_CHAIN_ID } from "../chain/embedded.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import { type ServedYears, serveYears } from "./serveYears.ts";
import { type Years, yearsJournal } from "./years.ts";

const JOURNALS = join(import.meta.dirname, "../cache/bench");
/** As the index asks for blocks that it looks at. */
const BLOCKS_AT_ONCE = 50;
const STRETCHES_AHEAD = 3;

/**
 * A network makes blocks though nothing is in them, Besu one a second if it is not told otherwise: to hand over a year of them takes most
 * of an hour. With one a minute it takes half a minute, and the index gains the less by it.
 */
const SECONDS_OF_BLOCK = 60;

export type CatchUp = {
  readonly chain: string;
  readonly blocks: number;
  /** Until all are sent to somebody who throws them away unread. */
  readonly handedOverSeconds: number;
  /** Until the index has all that is in them, checked and worked out. */
  readonly indexedSeconds: number;
};

export type CatchUpBench = { readonly years: Years; readonly catchUps: readonly CatchUp[] };

/** @param years the chain is made once, which takes minutes, and kept in cache/ */
export async function benchCatchUp(years: Years, show: ShowProgress): Promise<CatchUpBench> {
  const { communities, members, months } = years;
  const name = `communities-${communities}x${members}x${months}.sqlite`;
  const journal = await yearsJournal(join(JOURNALS, name), years, (done, total) =>
    show("days of the chain", done, total),
  );
  const network = await benchChain(
    "blocks as of a network, one a minute",
    await serveYears(journal, SECONDS_OF_BLOCK),
    show,
  );
  const bare = await benchChain("none but of transactions, one each", await serveYears(journal), show);
  if (network.indexed !== bare.indexed) {
    throw new Error(`of one chain there is ${network.indexed}, of the other ${bare.indexed}`);
  }
  return { years, catchUps: [network.catchUp, bare.catchUp] };
}

/** @returns with it what the index has of the communities, however many empty blocks there are */
async function benchChain(
  chain: string,
  endpoint: ServedYears,
  show: ShowProgress,
): Promise<{ readonly catchUp: CatchUp; readonly indexed: string }> {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-bench-"));
  try {
    const client = await remoteClient(endpoint.url);
    const head = Number(await client.getBlockNumber());
    const handOver = () =>
      secondsOf(() => fetchAll(endpoint.url, head, (done) => show("blocks handed over", done, head)));
    const before = await handOver();
    let indexed = "";
    const indexedSeconds = await secondsOf(async () => {
      indexed = await catchUp(endpoint, join(folder, INDEX_FILE), (done) => show("blocks indexed", done, head));
    });
    const handedOverSeconds = (before + (await handOver())) / 2;
    return { catchUp: { chain, blocks: head + 1, handedOverSeconds, indexedSeconds }, indexed };
  } finally {
    endpoint.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

export function renderCatchUp({ years: { communities, members, months }, catchUps }: CatchUpBench): string {
  const rows = catchUps.map(({ chain, blocks, handedOverSeconds, indexedSeconds }) => [
    chain,
    String(blocks),
    ...[handedOverSeconds, indexedSeconds].map((seconds) => seconds.toFixed(1)),
    (handedOverSeconds / indexedSeconds).toFixed(2),
  ]);
  return [
    `Catching up from nothing: ${communities} communities of ${members} channels, ${months} months`,
    table(["The chain has", " Blocks", " All handed over, s", " Indexed, s", " Part of the rate"], rows),
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

/** Returns how much the index has then. */
async function catchUp({ url, factory }: ServedYears, file: string, onDone: (done: number) => void): Promise<string> {
  const source = new BlockSource(url);
  const store = new IndexStore(file, EMBEDDED_CHAIN_ID, factory);
  try {
    const settings = { chainId: EMBEDDED_CHAIN_ID, factory, finality: "latest" } as const;
    await catchUpOnce(source, store, settings, () => onDone(store.head()?.number ?? 0));
    const counts = ["contract", "batch", "event", "finding", "booking"].map((name) => {
      const { count } = countRow.parse(store.database.prepare(`SELECT count(*) AS count FROM ${name}`).get());
      return `${name}: ${count}`;
    });
    return counts.join(", ");
  } finally {
    store.close();
    source.close();
  }
}

const countRow = z.object({ count: z.number() });

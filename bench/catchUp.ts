/**
 * How fast an index catches up from nothing with a year of many communities, against how fast the endpoint hands over the same
 * blocks and logs to somebody who does nothing with them. The endpoint is a process of its own; both take turns in the same run.
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

export type CatchUpBench = {
  readonly years: Years;
  readonly blocks: number;
  /** Blocks a second, as are the next two: sent, and thrown away unread. */
  readonly handedOver: number;
  /** Read as the index reads them, and thrown away. */
  readonly read: number;
  readonly caughtUp: number;
};

/** @param years the chain is made once, which takes minutes, and kept in cache/ */
export async function benchCatchUp(years: Years, show: ShowProgress): Promise<CatchUpBench> {
  const { communities, members, months } = years;
  const name = `years-${communities}x${members}x${months}.sqlite`;
  const journal = await yearsJournal(join(JOURNALS, name), years, (done, total) =>
    show("days of the chain", done, total),
  );
  const endpoint = await serveYears(journal);
  const folder = mkdtempSync(join(tmpdir(), "condivisa-bench-"));
  try {
    const client = await remoteClient(endpoint.url);
    const head = Number(await client.getBlockNumber());
    const handing = performance.now();
    await fetchAll(endpoint.url, head, (done) => show("blocks handed over", done, head));
    const reading = performance.now();
    await readAll(endpoint.url, head, (done) => show("blocks read", done, head));
    const catching = performance.now();
    const caught = await catchUp(endpoint, join(folder, INDEX_FILE), (done) => show("blocks indexed", done, head));
    const end = performance.now();
    if (caught !== communities) throw new Error(`${caught} communities in the index, not ${communities}`);
    const rate = (milliseconds: number) => (1000 * (head + 1)) / milliseconds;
    return {
      years,
      blocks: head + 1,
      handedOver: rate(reading - handing),
      read: rate(catching - reading),
      caughtUp: rate(end - catching),
    };
  } finally {
    endpoint.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function renderCatchUp({ years, blocks, handedOver, read, caughtUp }: CatchUpBench): string {
  const { communities, members, months } = years;
  const row = (what: string, rate: number) => [what, String(Math.round(rate)), (rate / handedOver).toFixed(2)];
  const rows = [
    row("the endpoint hands over blocks and logs", handedOver),
    row("they are read, and nothing done with them", read),
    row("the index takes them in, checks and works out", caughtUp),
  ];
  return [
    `Catching up from nothing: ${communities} communities of ${members} channels, ${months} months, ${blocks} blocks`,
    table(["", " Blocks a second", " Part"], rows),
  ].join("\n");
}

/** Asks as the index does, and throws away what comes. */
async function fetchAll(url: string, head: number, onDone: (done: number) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const hex = (number: number) => `0x${number.toString(16)}`;
  const call = (id: number, method: string, params: unknown[]) => ({ jsonrpc: "2.0", id, method, params });
  await stretches(head, onDone, async (first, last) => {
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
  });
  agent.destroy();
}

async function readAll(url: string, head: number, onDone: (done: number) => void): Promise<void> {
  const source = new BlockSource(url);
  await stretches(head, onDone, (first, last) => source.blocks(first, last));
  source.close();
}

/** While one stretch is read, the endpoint gets others ready. */
async function stretches(
  head: number,
  onDone: (done: number) => void,
  ask: (first: number, last: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next <= head) {
      const first = next;
      next = Math.min(head + 1, first + BLOCKS_AT_ONCE);
      await ask(first, next - 1);
      onDone(next);
    }
  };
  await Promise.all(Array.from({ length: STRETCHES_AHEAD }, lane));
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

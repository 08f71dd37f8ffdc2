/** Indexes in tests: made of what a node hands over, and looked at as a whole. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Address } from "viem";
import { Follower } from "../../api/index/follow.ts";
import { workOut } from "../../api/index/followChain.ts";
import { IndexStore } from "../../api/index/indexStore.ts";
import { BlockSource } from "../../chain/blocks.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";

/** Every row of an index, by table. */
export type Rows = Readonly<Record<string, readonly string[]>>;

const TABLES = ["block", "contract", "event", "roster", "batch", "finding", "derived"] as const;
const WORKED_OUT = ["account", "account_month", "booking", "item", "office"] as const;

export type TestIndex = {
  readonly store: IndexStore;
  /** Takes in what a node has, and works it out. Returns how many blocks were undone. */
  catchUp(url: string): Promise<number>;
  rows(): Rows;
  close(): void;
};

/** An index in a folder of its own, which goes with it. */
export function newIndex(factory: Address): TestIndex {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-index-"));
  const index = openIndex(join(folder, "index.sqlite"), factory);
  return {
    ...index,
    close() {
      index.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function openIndex(file: string, factory: Address): TestIndex {
  const store = new IndexStore(file, EMBEDDED_CHAIN_ID, factory);
  return {
    store,
    catchUp: (url) => catchUp(store, url, factory),
    rows: () => rowsOf(store.database),
    close: () => store.close(),
  };
}

/** All rows of an index that is made anew of what a node has. */
export async function rowsMadeAnew(url: string, factory: Address): Promise<Rows> {
  const index = newIndex(factory);
  try {
    await index.catchUp(url);
    return index.rows();
  } finally {
    index.close();
  }
}

/** In an order that does not depend on how they came there. */
export function rowsOf(database: DatabaseSync): Rows {
  const readable = (row: unknown) =>
    JSON.stringify(row, (_, part: unknown) => (part instanceof Uint8Array ? Buffer.from(part).toString("hex") : part));
  const rows = [...TABLES, ...WORKED_OUT].map((table) => {
    return [table, database.prepare(`SELECT * FROM ${table}`).all().map(readable).toSorted()] as const;
  });
  return Object.fromEntries(rows);
}

async function catchUp(store: IndexStore, url: string, factory: Address): Promise<number> {
  const source = new BlockSource(url);
  const settings = { chainId: EMBEDDED_CHAIN_ID, factory, finality: "latest" } as const;
  let taken = 0;
  try {
    const count = ({ undone }: { undone: number }) => {
      taken += undone;
    };
    await new Follower(source, store, settings).catchUp(count, new AbortController().signal);
    await workOut(store, EMBEDDED_CHAIN_ID);
    return taken;
  } finally {
    source.close();
  }
}

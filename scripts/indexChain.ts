/** `condivisa index`: brings the index up to the chain's newest block, once. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, isAddress } from "viem";
import { catchUpOnce } from "../api/index/followChain.ts";
import { INDEX_FILE, IndexStore, removeIndex } from "../api/index/indexStore.ts";
import { IndexReader } from "../api/index/reader.ts";
import { BlockSource, type Finality } from "../chain/blocks.ts";
import { remoteClient } from "../chain/client.ts";
import { explain } from "../chain/errors.ts";
import { factoryOf } from "../chain/factory.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { ShowProgress } from "./progress.ts";
import { openSettlement } from "./settlementFolder.ts";

export type IndexFlags = {
  readonly factory?: string;
  readonly rpc: string;
  readonly data: string;
  readonly finality: Finality;
  readonly rebuild: boolean;
};

export type IndexResult = {
  readonly file: string;
  /** The newest block that is in it. */
  readonly block: number;
  /** Blocks that the chain had taken back. */
  readonly undone: number;
  readonly communities: readonly { readonly number: number; readonly findings: number; readonly foreign: number }[];
};

/**
 * @param dir a settlement's folder, if the factory is not given
 * @throws InputError if neither says which factory
 * @throws IndexError if the index cannot be used, or another process writes it
 */
export async function indexChain(dir: string | undefined, flags: IndexFlags, show: ShowProgress): Promise<IndexResult> {
  const { rpc, data, finality } = flags;
  const source = new BlockSource(rpc);
  try {
    const chainId = await source.chainId();
    const factory = await factoryGiven(dir, flags);
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const file = join(data, INDEX_FILE);
    if (flags.rebuild) removeIndex(file);
    const store = new IndexStore(file, chainId, factory);
    try {
      let undone = 0;
      await catchUpOnce(source, store, { chainId, factory, finality }, (followed) => {
        undone += followed.undone;
        show("blocks", store.head()?.number ?? 0, followed.head);
      });
      return { file, undone, ...stateOf(store) };
    } finally {
      store.close();
    }
  } catch (error) {
    throw explain(`the chain at ${rpc}`, error);
  } finally {
    source.close();
  }
}

export function indexText({ file, block, undone, communities }: IndexResult): string {
  const back = undone === 0 ? [] : [`The chain had taken ${undone} blocks back; they are undone.`];
  const wrong = communities.flatMap(({ number, findings, foreign }) => [
    ...(findings === 0
      ? []
      : [`Community ${number}: ${findings} figures differ from a recomputation: \`./condivisa audit\``]),
    ...(foreign === 0 ? [] : [`Community ${number}: ${foreign} contracts whose code this version does not compile`]),
  ]);
  return [...back, ...wrong, `${file}: ${communities.length} communities up to block ${block}.`].join("\n");
}

function stateOf(store: IndexStore): Pick<IndexResult, "block" | "communities"> {
  const reader = new IndexReader(store.database);
  const communities = reader.communities().map((number) => ({
    number,
    findings: reader.findings(number).length,
    foreign: reader.contracts(number).filter(({ isForeign }) => isForeign).length,
  }));
  return { block: store.head()?.number ?? -1, communities };
}

async function factoryGiven(dir: string | undefined, { factory, rpc }: IndexFlags): Promise<Address> {
  if (factory !== undefined) {
    if (isAddress(factory)) return getAddress(factory);
    const remedy = "Write it as 0x and 40 digits";
    throw new InputError([{ file: "--factory", value: factory, problem: "not an address", remedy }]);
  }
  if (dir === undefined) {
    const remedy = "Name a settlement's folder, or the factory with --factory";
    throw new InputError([{ file: "condivisa index", problem: "neither a folder nor a factory", remedy }]);
  }
  const { community } = openSettlement(dir).at;
  const client = await remoteClient(rpc);
  const made = await factoryOf(client, community);
  if (made !== undefined) return made.factory;
  const remedy = "Name the endpoint of the chain on which it was settled";
  throw new InputError([
    { file: rpc, value: community, problem: "no factory of this chain made this community", remedy },
  ]);
}

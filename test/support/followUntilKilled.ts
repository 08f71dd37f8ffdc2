/** A process that keeps an index up with a chain until it is killed: `node followUntilKilled.ts FILE URL FACTORY`. */

import { getAddress } from "viem";
import { followChain } from "../../api/index/followChain.ts";
import { IndexStore } from "../../api/index/indexStore.ts";
import { BlockSource } from "../../chain/blocks.ts";

const [file = "", url = "", address = ""] = process.argv.slice(2);
const factory = getAddress(address);
const source = new BlockSource(url);
const chainId = await source.chainId();
const store = new IndexStore(file, chainId, factory);
console.log("following");
await followChain(
  source,
  store,
  { chainId, factory, finality: "latest" },
  { onState: () => undefined, onChanged: () => undefined, onUndone: () => undefined },
  new AbortController().signal,
);

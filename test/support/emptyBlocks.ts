/** Chains as a network makes them: a block every few seconds, in most of which nothing is. */

import type { RecordedBlock, RecordedChain } from "./recordedChain.ts";

/** The same chain with so many empty blocks before each of its blocks, and after the last one. */
export function withEmptyBlocks(chain: RecordedChain, before: readonly number[], after: number): RecordedChain {
  const blocks: RecordedBlock[] = [];
  const add = (block: RecordedBlock) => {
    const [number, parentHash] = [`0x${blocks.length.toString(16)}`, blocks.at(-1)?.hash ?? block["parentHash"]];
    blocks.push({ ...block, number, parentHash, logs: block.logs.map((log) => ({ ...log, blockNumber: number })) });
  };
  const addEmpty = (count: number, timestamp: unknown) => {
    for (let left = count; left > 0; left--) {
      add({ ...EMPTY, hash: hashAfter(blocks.at(-1)?.hash ?? "0x", blocks.length), timestamp });
    }
  };
  for (const [index, block] of chain.blocks.entries()) {
    addEmpty(before[index] ?? 0, block["timestamp"]);
    add(block);
  }
  addEmpty(after, chain.blocks.at(-1)?.["timestamp"]);
  return { ...chain, blocks };
}

const EMPTY = { number: "0x0", transactions: [], logs: [], logsBloom: `0x${"00".repeat(256)}` };

/** Another one on another branch. */
function hashAfter(hash: string, number: number): string {
  return `0x${number.toString(16).padStart(16, "e")}${hash.slice(-48).padStart(48, "e")}`;
}

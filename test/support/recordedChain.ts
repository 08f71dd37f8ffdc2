/** A chain as a node would hand it over, written down, so that a test can serve it, cut it off and change it. */

import assert from "node:assert/strict";
import { z } from "zod";
import type { EmbeddedChain } from "../../chain/embedded.ts";

const blockShape = z.looseObject({ number: z.string(), hash: z.string(), transactions: z.array(z.unknown()) });
const logShape = z.looseObject({ blockNumber: z.string(), data: z.string(), topics: z.array(z.string()) });

export type RecordedBlock = z.infer<typeof blockShape> & { readonly logs: readonly z.infer<typeof logShape>[] };

export type RecordedChain = {
  readonly chainId: string;
  /** From the first on. */
  readonly blocks: readonly RecordedBlock[];
  /** By address in small letters. */
  readonly codes: ReadonlyMap<string, string>;
};

export async function recordChain(chain: EmbeddedChain): Promise<RecordedChain> {
  const ask = (method: string, ...params: unknown[]) => chain.request({ method, params });
  const head = Number(await ask("eth_blockNumber"));
  const logs = z.array(logShape).parse(await ask("eth_getLogs", { fromBlock: "earliest", toBlock: "latest" }));
  const logsOf = Map.groupBy(logs, ({ blockNumber }) => Number(blockNumber));
  const blocks: RecordedBlock[] = [];
  for (let number = 0; number <= head; number++) {
    const block = blockShape.parse(await ask("eth_getBlockByNumber", `0x${number.toString(16)}`, true));
    blocks.push({ ...block, logs: logsOf.get(number) ?? [] });
  }
  const codes = new Map<string, string>();
  for (const address of new Set(logs.flatMap(addressesIn))) {
    const code = z.string().parse(await ask("eth_getCode", address, "latest"));
    if (code !== "0x") codes.set(address, code);
  }
  return { chainId: z.string().parse(await ask("eth_chainId")), blocks, codes };
}

/** How many blocks two chains have in common. */
export function commonBlocks(a: RecordedChain, b: RecordedChain): number {
  const common = a.blocks.findIndex(({ hash }, number) => hash !== b.blocks[number]?.hash);
  assert(common > 0, "the chains have a beginning in common and then part");
  return common;
}

/** Whatever in a log looks like an address. */
function addressesIn({ data, topics }: z.infer<typeof logShape>): string[] {
  const words = [...topics, ...(data.slice(2).match(/.{64}/g) ?? [])].map((word) => word.replace(/^0x/, ""));
  return words.filter((word) => /^0{24}(?!0{40})/.test(word)).map((word) => `0x${word.slice(24)}`.toLowerCase());
}

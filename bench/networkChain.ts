/** The chain of a journal as a network makes it: a block every so many seconds, whether or not anything is in it. */

import { toHex } from "viem";
import { type EmbeddedChain, mineBlock, openEdr } from "../chain/embedded.ts";
import { Journal } from "../chain/journal.ts";

/** Its blocks are other ones than the journal's, for others stand between them; what is in them is the same. */
export async function openNetworkChain(file: string, secondsOfBlock: number): Promise<EmbeddedChain> {
  const journal = Journal.open(file);
  const genesisTime = journal.genesisTime(0);
  const { connection } = await openEdr(genesisTime);
  const { provider } = connection;
  let time = genesisTime;
  for (const entry of journal.entries()) {
    for (; time + secondsOfBlock < entry.time; time += secondsOfBlock) {
      await provider.request({ method: "evm_mine", params: [toHex(time + secondsOfBlock)] });
    }
    await mineBlock(provider, entry);
    time = entry.time;
  }
  journal.close();
  return {
    request: ({ method, params }) => provider.request({ method, ...(Array.isArray(params) ? { params } : {}) }),
    advanceTo: () => undefined,
    time: () => time,
    close: () => connection.close(),
  };
}

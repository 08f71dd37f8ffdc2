/** `condivisa chain`: the chain of a settlement's folder, for the other processes of this machine. */

import { openEmbeddedChain } from "../chain/embedded.ts";
import { Journal } from "../chain/journal.ts";
import { serveChain } from "../chain/server.ts";
import { openSettlement } from "./settlementFolder.ts";
import { untilStopped } from "./untilStopped.ts";

/** Serves until the process is told to stop. */
export async function serveFolder(dir: string, port: number): Promise<void> {
  const { folder, at } = openSettlement(dir);
  Journal.checkHoldsChain(folder.journal);
  const chain = await openEmbeddedChain({ journal: folder.journal, genesisTime: 0 });
  const server = await serveChain(chain, port);
  console.log(`The chain of ${dir} answers at ${server.url}`);
  for (const ledger of at.ledgers) console.log(`  ledger ${ledger}`);
  await untilStopped();
  await server.close();
  await chain.close();
}

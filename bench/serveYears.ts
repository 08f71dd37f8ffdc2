/** The chain of a journal, served by a process of its own until that is killed: `node serveYears.ts JOURNAL`. */

import { openEmbeddedChain } from "../chain/embedded.ts";
import { serveChain } from "../chain/server.ts";

const [journal = ""] = process.argv.slice(2);
const chain = await openEmbeddedChain({ journal, genesisTime: 0 });
console.log((await serveChain(chain, 0)).url);

/** The thread that reads blocks: see blocksThread.ts. */

import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { BlockSource, InconsistentBlocksError } from "../../chain/blocks.ts";
import type { FromReader, ToReader } from "./blocksThread.ts";

const { url } = z.object({ url: z.string() }).parse(workerData);
const source = new BlockSource(url);

parentPort?.on("message", ({ id, first, last }: ToReader) => {
  source.blocks(first, last).then(
    (blocks) => tell({ id, kind: "blocks", blocks }),
    (error: unknown) => {
      const kind = error instanceof InconsistentBlocksError ? "inconsistent" : "failed";
      tell({ id, kind, problem: error instanceof Error ? error.message : String(error) });
    },
  );
});

function tell(message: FromReader): void {
  parentPort?.postMessage(message);
}

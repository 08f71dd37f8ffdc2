/** Tells a caller what comes, as long as they listen, read and may know. */

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Caller } from "./caller.ts";
import type { Reply } from "./route.ts";

/** Who reads nothing for so long is taken for gone. */
const STALLED_MILLISECONDS = 60_000;

/**
 * @param serverEnds ends the stream too
 * @param mayStill asked before anything is told
 */
export async function streamTo(
  response: ServerResponse,
  stream: NonNullable<Reply["stream"]>,
  serverEnds: AbortSignal,
  mayStill: () => boolean,
): Promise<void> {
  const over = new AbortController();
  response.once("close", () => over.abort());
  const end = AbortSignal.any([over.signal, serverEnds]);
  const write = async (text: string) => {
    if (!end.aborted && !mayStill()) over.abort();
    if (end.aborted || response.write(text)) return;
    const patience = AbortSignal.any([end, AbortSignal.timeout(STALLED_MILLISECONDS)]);
    await once(response, "drain", { signal: patience }).catch(() => over.abort());
  };
  if (response.writableEnded) return;
  await stream(write, end);
  // What somebody who does not read has not taken is not waited for.
  if (response.writableNeedDrain) response.destroy();
  else response.end();
}

/** Whether who asks is who asked, with the same offices, accounts and scopes. */
export function isSame(caller: Caller, recognise: () => Caller): boolean {
  try {
    return JSON.stringify(recognise()) === JSON.stringify(caller);
  } catch {
    // Keys that are over are refused.
    return false;
  }
}

/** The five ports, one behind the other, that `up` listens on. */

import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UpError } from "./folder.ts";

export type Ports = Readonly<Record<"api" | "broker" | "chain" | "oracle" | "metrics", number>>;

const LOOPBACK = "127.0.0.1";
/** Parts of one that was killed need a moment to notice. */
const PATIENCE_MILLISECONDS = 8000;
const PAUSE_MILLISECONDS = 200;

export const MOST_FIRST_PORT = 65_531;

export function portsFrom(first: number): Ports {
  return { api: first, broker: first + 1, chain: first + 2, oracle: first + 3, metrics: first + 4 };
}

/** @throws UpError if another program has one of them, and goes on having it */
export async function checkFree(ports: Ports): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  for (const [name, port] of Object.entries(ports)) {
    while (!(await isFree(port))) {
      if (performance.now() > end) {
        throw new UpError(
          `port ${port} (${name}) is taken by another program. Name the first of five free ports with --port`,
        );
      }
      await sleep(PAUSE_MILLISECONDS);
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

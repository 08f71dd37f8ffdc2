/** Processes that are kept running: one that ends is started again, after a pause that grows while that does not help. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LogFile, openLog } from "./logFile.ts";

export type PartPlan = {
  readonly name: string;
  /** What Node runs, and its arguments. */
  readonly run: readonly string[];
  readonly log: string;
};

export type PartState = {
  readonly name: string;
  /** `waiting`: for the pause before it is started again. */
  readonly state: "running" | "waiting" | "stopped";
  /** How often it ended without having been asked to. */
  readonly ended: number;
  /** The last line that it printed before it ended so. */
  readonly lastWords: string | undefined;
  readonly log: string;
  readonly pid: number | undefined;
};

export type Part = { readonly state: () => PartState; stop(): Promise<void> };

const END_WITH_PARENT = join(import.meta.dirname, "endWithParent.ts");
const SHORTEST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
/** Who ran so long did not end because of how it was started. */
const STABLE_MILLISECONDS = 30_000;
const GRACE_MILLISECONDS = 10_000;

/** @param onChange told whenever the state is another */
export function keepRunning({ name, run, log: path }: PartPlan, onChange: () => void): Part {
  const log = openLog(path);
  const end = new AbortController();
  let child: ChildProcess | undefined;
  let state: PartState["state"] = "running";
  let ended = 0;
  let lastWords: string | undefined;

  const set = (to: PartState["state"]) => {
    state = to;
    onChange();
  };
  const running = (async () => {
    let pause = SHORTEST_PAUSE_MILLISECONDS;
    while (!end.signal.aborted) {
      const begun = performance.now();
      child = startNode(run, "pipe");
      set("running");
      const words = listen(child, log);
      await once(child, "close");
      if (end.signal.aborted) break;
      ended++;
      lastWords = words();
      if (performance.now() - begun > STABLE_MILLISECONDS) pause = SHORTEST_PAUSE_MILLISECONDS;
      set("waiting");
      await sleep(pause, undefined, { signal: end.signal }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    }
    log.close();
    set("stopped");
  })();
  return {
    state: () => ({ name, state, ended, lastWords, log: path, pid: state === "running" ? child?.pid : undefined }),
    async stop() {
      end.abort();
      child?.kill("SIGTERM");
      const timer = setTimeout(() => child?.kill("SIGKILL"), GRACE_MILLISECONDS);
      await running;
      clearTimeout(timer);
    },
  };
}

/**
 * Starts a process that ends with this one, in a process group of its own: Ctrl-C is for this one, which stops the others in order.
 * @param errors where what it says on standard error goes
 */
export function startNode(run: readonly string[], errors: "pipe" | "inherit"): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, "--import", END_WITH_PARENT, ...run], {
    detached: true,
    stdio: ["ignore", "pipe", errors, "ipc"],
  });
}

/** Returns how to ask for the last line that was printed. */
function listen(child: ChildProcess, log: LogFile): () => string | undefined {
  let last = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => {
      log.write(text);
      last = text.toString().trim().split("\n").at(-1) ?? last;
    });
  }
  return () => (last === "" ? undefined : last);
}

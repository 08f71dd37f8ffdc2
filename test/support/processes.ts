/** Long-running commands in tests: started, waited for, killed without warning. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../..");

export type Running = {
  /** Everything it printed. */
  readonly output: () => string;
  /** Waits until it has printed this. */
  readonly says: (pattern: RegExp) => Promise<void>;
  /** Asks it to end, and waits. */
  readonly stop: () => Promise<void>;
  /** kill −9 of it and all that it started. */
  readonly kill: () => Promise<void>;
};

/** Starts `./condivisa` with these arguments in a process group of its own. */
export function condivisaRunning(...args: string[]): Running {
  const child = spawn(join(ROOT, "condivisa"), args, { cwd: ROOT, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text: Buffer) => {
      output += text.toString();
    });
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const end = async (signal: NodeJS.Signals) => {
    if (isRunning(child) && child.pid !== undefined) process.kill(-child.pid, signal);
    await ended;
  };
  return {
    output: () => output,
    async says(pattern) {
      await until(`${args[0]} to say ${pattern}`, () => {
        assert(isRunning(child) || pattern.test(output), output);
        return pattern.test(output);
      });
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Waits for something to come true. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > end) assert.fail(`waited ${seconds} s for ${what}`);
    await sleep(100);
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

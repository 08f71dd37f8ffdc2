/** Runs ./condivisa as a person would. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { mock } from "node:test";
import { run } from "../../scripts/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const CONDIVISA = join(ROOT, "condivisa");

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export function condivisa(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(CONDIVISA, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 });
  return { code: status, stdout, stderr };
}

/**
 * The same command in this process, where it need not start: for what a command says and does, not for how it ends and begins
 * again. One at a time.
 */
export async function condivisaHere(...args: string[]): Promise<Ended> {
  const exitCode = process.exitCode;
  const written = { stdout: "", stderr: "" };
  const mocks = (["stdout", "stderr"] as const).map((name) =>
    mock.method(process[name], "write", (text: string | Uint8Array) => {
      written[name] += text.toString();
      return true;
    }),
  );
  try {
    return { code: await run(args), ...written };
  } finally {
    for (const each of mocks) each.mock.restore();
    process.exitCode = exitCode;
  }
}

/** The same, while this process does something else: answers the command's requests, or runs another. */
export function condivisaAsync(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(CONDIVISA, args, { cwd: ROOT });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text: Buffer) => {
      stdout += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Starts the command in a process group of its own and kills the whole group after so many milliseconds. */
export function condivisaKilledAfter(milliseconds: number, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(CONDIVISA, args, { cwd: ROOT, detached: true, stdio: "ignore" });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, milliseconds);
    child.on("error", reject);
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The arguments of settle for the files of a folder. */
export function settleArgs(files: string, out: string): string[] {
  const prices = existsSync(resolve(ROOT, files, "prices.csv"));
  return ["settle", "--community", `${files}/community.yaml`, "--readings", `${files}/readings.csv`].concat([
    "--receipts",
    `${files}/receipts.csv`,
    ...(prices ? ["--prices", `${files}/prices.csv`] : []),
    "--out",
    out,
    "--quiet",
  ]);
}

/** All statements of a settlement, without the blocks and transactions in which things happened to stand. */
export function moneyOf(out: string): string {
  const statements = readdirSync(join(out, "statements")).toSorted();
  return statements
    .map((name) => readFileSync(join(out, "statements", name), "utf8"))
    .concat(readFileSync(join(out, "settlement.json"), "utf8"))
    .map(withoutPlaces)
    .join("\n");
}

/** A text without addresses, and without the blocks and transactions in which things happened to stand. */
export function withoutPlaces(text: string): string {
  return text.replaceAll(/0x[0-9a-fA-F]{40,}/g, "0x…").replaceAll(/(block|blocco|position)("?:? "?)\d+/g, "$1$2…");
}

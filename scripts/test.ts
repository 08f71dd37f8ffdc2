/** `condivisa test`: every check and test. The last line it prints counts them. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

export type TestOptions = {
  /** The long budgets for fuzzing and invariants. */
  readonly deep: boolean;
  /** Report which lines of contracts/ the tests reach. */
  readonly coverage: boolean;
  readonly grep?: string;
};

type Counts = { passed: number; failed: number; skipped: number };

/** Runs everything, whatever fails. Returns the exit code. */
export async function test({ deep, coverage, grep }: TestOptions): Promise<number> {
  const common = [...(coverage ? ["--coverage"] : []), "test"];
  const only = grep === undefined ? [] : ["--grep", grep];
  const env = deep ? { CONDIVISA_DEEP: "1" } : {};
  const parts = [
    grep === undefined ? await runCheck() : { passed: 0, failed: 0, skipped: 0 },
    await runHardhat([...common, "solidity", "--test-profile", deep ? "deep" : "default", ...only], env),
    await runHardhat([...common, "mocha", ...only], env),
  ];
  const total = (key: keyof Counts) => parts.reduce((sum, counts) => sum + counts[key], 0);
  console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
  return total("failed") > 0 || total("passed") === 0 ? 1 : 0;
}

async function runCheck(): Promise<Counts> {
  const { status } = await run([join(ROOT, "scripts/cli.ts"), "check"], {});
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

/** A runner that ends badly without having counted a failure has failed all the same. */
async function runHardhat(args: readonly string[], env: Record<string, string>): Promise<Counts> {
  const { status, output } = await run([HARDHAT, ...args], env);
  const count = (word: string) =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, "gm"))].reduce((sum, match) => sum + Number(match[1]), 0);
  const failed = count("failing");
  return {
    passed: count("passing"),
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: count("pending") + count("skipped"),
  };
}

function run(args: readonly string[], env: Record<string, string>): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      process.stdout.write(text);
      output += stripVTControlCharacters(text);
    });
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

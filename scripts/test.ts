/** `condivisa test`: every check and test. The last line it prints counts them. */

import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ensureCompiled } from "./compile.ts";

const ROOT = join(import.meta.dirname, "..");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

/** The budgets of the deep profile for the tests in TypeScript; those of Solidity stand in hardhat.config.ts. */
const DEEP = {
  CONDIVISA_RANDOM_RUNS: "300",
  CONDIVISA_STATEMENT_RUNS: "100",
  CONDIVISA_MUTATED_FILES: "100000",
  CONDIVISA_FUZZ_MESSAGES: "100000",
  CONDIVISA_KILL_ROUNDS: "200",
} as const;

export type TestOptions = {
  /** The long budgets for fuzzing and invariants. */
  readonly deep: boolean;
  /** Report which lines of contracts/ the tests reach. */
  readonly coverage: boolean;
  readonly grep?: string;
};

/** What the invariants leave word in: a line a campaign, `name,actions,moved`. */
const CAMPAIGNS = join(ROOT, "cache/campaigns.csv");

/** Percent of the actions of all campaigns of a kind: if less moves something, next to nothing is tested. */
const LEAST_MOVED = 25;

type Counts = { passed: number; failed: number; skipped: number };

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs everything, whatever fails. Returns the exit code. */
export async function test({ deep, coverage, grep }: TestOptions): Promise<number> {
  if (coverage) return measureCoverage();
  const only = grep === undefined ? [] : ["--grep", grep];
  const env = deep ? DEEP : {};
  ensureCompiled();
  rmSync(CAMPAIGNS, { force: true });
  const parts = [
    grep === undefined ? await runCheck() : NOTHING,
    await runHardhat(["test", "solidity", "--test-profile", deep ? "deep" : "default", ...only], env),
    checkCampaigns(),
    await runHardhat(["test", "mocha", "--no-compile", ...only], env),
  ];
  const { passed, failed, skipped } = addUp(parts);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** The behaviour tests over instrumented contracts. These must not be taken for real ones, so they are removed at the end. */
async function measureCoverage(): Promise<number> {
  const tests = globSync(["test/contracts/*.test.ts", "test/randomCommunities.test.ts"], { cwd: ROOT });
  forgetArtifacts();
  const { status } = await run([HARDHAT, "--coverage", "test", "mocha", ...tests], { HARDHAT_COVERAGE: "true" });
  forgetArtifacts();
  return status;
}

function forgetArtifacts(): void {
  for (const folder of ["artifacts", "cache"]) rmSync(join(ROOT, folder), { recursive: true, force: true });
}

/** Says how many actions of the invariants' campaigns moved something; too few are a failure. */
function checkCampaigns(): Counts {
  if (!existsSync(CAMPAIGNS)) return NOTHING;
  const campaigns = readFileSync(CAMPAIGNS, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const counts = [...Map.groupBy(campaigns, ([name]) => name)].map(([name, lines]) => {
    const total = (column: number) => lines.reduce((sum, fields) => sum + Number(fields[column]), 0);
    const percent = Math.round((100 * total(2)) / total(1));
    console.log(`  invariants, ${name}: ${lines.length} campaigns, ${total(1)} actions, ${percent}% moved something`);
    return percent >= LEAST_MOVED ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
  });
  return addUp(counts);
}

function addUp(parts: readonly Counts[]): Counts {
  const total = (key: keyof Counts) => parts.reduce((sum, counts) => sum + counts[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
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

/** `condivisa test`: every check and test. The last line it prints counts them. */

import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
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
  CONDIVISA_FUZZ_REQUESTS: "100000",
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

/** So many parts run at once; each is one process that may start others. One more than there are cores, as some always wait. */
const LANES = Math.min(4, availableParallelism() + 1);

/** The tests in TypeScript by parts that take about as long, the longest first; what is in none of them is one more. */
const PARTS = [
  ["test/e2e/{realReadings,up}.test.ts"],
  ["test/e2e/oracle*.test.ts"],
  ["test/e2e/{accounts,auditOverRpc,story}.test.ts"],
  ["test/e2e/settle.test.ts"],
  ["test/e2e/members.test.ts"],
  ["test/e2e/*.test.ts"],
  ["test/contracts/**/*.test.ts"],
  ["test/{bank,chain,oracle,scripts}/**/*.test.ts"],
] as const;

type Counts = { passed: number; failed: number; skipped: number };

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs everything, whatever fails. Returns the exit code. */
export async function test({ deep, coverage, grep }: TestOptions): Promise<number> {
  if (coverage) return measureCoverage();
  const only = grep === undefined ? [] : ["--grep", grep];
  const env = deep ? DEEP : {};
  ensureCompiled();
  rmSync(CAMPAIGNS, { force: true });
  const counts = await inLanes([
    async () => {
      const found = await runHardhat("solidity", ["--test-profile", deep ? "deep" : "default", ...only], env);
      return addUp([found, checkCampaigns()]);
    },
    ...mochaParts().map((files) => () => runHardhat("mocha", ["--no-compile", ...files, ...only], env)),
    ...(grep === undefined ? [runCheck] : []),
  ]);
  const { passed, failed, skipped } = addUp(counts);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** The files of each part; every test is in exactly one. */
function mochaParts(): string[][] {
  const all = new Set(globSync("test/**/*.test.ts", { cwd: ROOT }).toSorted());
  const parts = PARTS.map((patterns) => {
    const files = globSync(patterns, { cwd: ROOT }).filter((file) => all.delete(file));
    return files.toSorted();
  });
  return [...parts, [...all]].filter((files) => files.length > 0);
}

async function inLanes(parts: readonly (() => Promise<Counts>)[]): Promise<Counts[]> {
  const waiting = [...parts];
  const done: Counts[] = [];
  const lane = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) done.push(await part());
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return done;
}

/** The behaviour tests over instrumented contracts. These must not be taken for real ones, so they are removed at the end. */
async function measureCoverage(): Promise<number> {
  const tests = globSync(["test/contracts/*.test.ts", "test/randomCommunities.test.ts"], { cwd: ROOT });
  forgetArtifacts();
  const args = [HARDHAT, "--coverage", "test", "mocha", ...tests];
  const { status, output } = await run(args, { HARDHAT_COVERAGE: "true" });
  process.stdout.write(output);
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
  const { status, output } = await run([join(ROOT, "scripts/cli.ts"), "check"], {});
  process.stdout.write(output);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

/** A runner that ends badly without having counted a failure has failed all the same. */
async function runHardhat(kind: "mocha" | "solidity", args: readonly string[], env: Record<string, string>) {
  const { status, output } = await run([HARDHAT, "test", kind, ...args], env);
  const count = (word: string) =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, "gm"))].reduce((sum, match) => sum + Number(match[1]), 0);
  const failed = count("failing");
  const counts = {
    passed: count("passing"),
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: count("pending") + count("skipped"),
  };
  if (status !== 0 || counts.passed + counts.skipped > 0) process.stdout.write(output);
  return counts;
}

/** What it says is shown when it ends, for other parts run beside it. */
function run(args: readonly string[], env: Record<string, string>): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += stripVTControlCharacters(text);
      });
    }
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** `condivisa mutants settlement`: small faults put into settlement/ one at a time, of which the tests must find nearly all. */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { InputError } from "../settlement/inputProblem.ts";

const ROOT = join(import.meta.dirname, "..");
const WORK = "cache/mutants";

/** Percent of the mutants that the tests must find. */
export const LEAST_FOUND = 90;

export type FileScore = { readonly file: string; readonly found: number; readonly all: number };

/**
 * Runs the mutants of these files, or of all, whose outcome is not known from an earlier run. Stryker lists the survivors.
 * @returns found and all, by file; mutants that do not run at all are left out
 * @throws InputError if a file is not there
 */
export async function settlementMutants(files: readonly string[]): Promise<FileScore[]> {
  process.chdir(ROOT);
  const missing = files.filter((file) => !existsSync(file) || !relative("settlement", file).endsWith(".ts"));
  if (missing.length > 0) {
    const problem = "no such file of settlement/";
    throw new InputError(missing.map((file) => ({ file, problem, remedy: "Name it as settlement/tally.ts" })));
  }
  const stryker = new Stryker({
    mutate: files.length === 0 ? ["settlement/*.ts"] : [...files],
    testRunner: "mocha",
    plugins: ["./scripts/strykerMocha.ts"],
    mochaOptions: { spec: ["test/settlement/*.test.ts"] },
    coverageAnalysis: "perTest",
    concurrency: 2,
    // Node runs TypeScript as it is, and Stryker cannot read the configuration of this version.
    ignorePatterns: ["artifacts", "cache", "coverage", "tsconfig.json"],
    incremental: true,
    incrementalFile: `${WORK}/settlement.json`,
    tempDirName: `${WORK}/sandboxes`,
    reporters: ["clear-text"],
    clearTextReporter: { logTests: false, reportTests: false },
    allowEmpty: true,
  });
  return scoresOf(await stryker.runMutationTest());
}

function scoresOf(results: Awaited<ReturnType<Stryker["runMutationTest"]>>): FileScore[] {
  const scores = new Map<string, { found: number; all: number }>();
  for (const { fileName, status } of results) {
    if (["CompileError", "RuntimeError", "Ignored"].includes(status)) continue;
    const file = relative(ROOT, fileName);
    const score = scores.get(file) ?? { found: 0, all: 0 };
    score.all += 1;
    if (status === "Killed" || status === "Timeout") score.found += 1;
    scores.set(file, score);
  }
  return [...scores].map(([file, score]) => ({ file, ...score }));
}

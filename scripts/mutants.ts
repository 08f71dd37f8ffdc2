/** `condivisa mutants settlement`: small faults put into settlement/, of which the tests must find nearly all. */

import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";

const ROOT = join(import.meta.dirname, "..");

export async function mutantsOfSettlement(files: readonly string[]): Promise<void> {
  const stryker = new Stryker({
    mutate: files.length ? [...files] : ["settlement/*.ts"],
    testRunner: "mocha",
    plugins: ["./scripts/strykerMocha.ts"],
    mochaOptions: { spec: ["test/settlement/*.test.ts"] },
    checkers: [],
    coverageAnalysis: "perTest",
    concurrency: 2,
    incremental: true,
    incrementalFile: "cache/mutants/settlement.json",
    tempDirName: "cache/mutants/sandboxes",
    ignorePatterns: ["artifacts", "cache", "coverage", "tsconfig.json"],
    reporters: ["clear-text"],
  } as never);
  const r = await stryker.runMutationTest();
  console.log(r.length, ROOT);
}
await mutantsOfSettlement(process.argv.slice(2));

/** `condivisa check`: types, lint, format and the boundaries between the rooms. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { abiModule } from "./writeAbi.ts";

const ROOT = join(import.meta.dirname, "..");
const SOLIDITY = "{contracts,bench/contracts,test/solidity}/**/*.sol";

type Check = {
  readonly what: string;
  readonly bin: string;
  readonly args: readonly string[];
  readonly fix?: readonly string[];
};

const CHECKS: readonly Check[] = [
  { what: "types", bin: "typescript/bin/tsc", args: ["--project", "."] },
  {
    what: "lint, format and rooms",
    bin: "@biomejs/biome/bin/biome",
    args: ["check", "--error-on-warnings", "."],
    fix: ["check", "--error-on-warnings", "--write", "."],
  },
  {
    what: "Solidity format",
    bin: "prettier/bin/prettier.cjs",
    args: ["--log-level", "warn", "--check", SOLIDITY],
    fix: ["--log-level", "warn", "--write", SOLIDITY],
  },
  {
    what: "Solidity lint",
    bin: "solhint/solhint.js",
    args: ["--noPoster", "--disc", "--max-warnings", "0", "{contracts,bench/contracts}/**/*.sol"],
  },
];

/** Runs all checks, says which failed, and mends what it can if asked to. Returns whether all passed. */
export function check(fix: boolean): boolean {
  const failed = CHECKS.filter((each) => !passes(each, fix)).map(({ what }) => what);
  if (!abiIsFresh()) failed.push("chain/abi.ts (`node scripts/writeAbi.ts` writes it anew)");
  console.log(failed.length === 0 ? "check: all passed" : `check: failed: ${failed.join(", ")}`);
  return failed.length === 0;
}

function passes({ bin, args, fix }: Check, mend: boolean): boolean {
  const command = [join(ROOT, "node_modules", bin), ...(mend && fix ? fix : args)];
  return spawnSync(process.execPath, command, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

function abiIsFresh(): boolean {
  return readFileSync(join(ROOT, "chain/abi.ts"), "utf8") === abiModule(ROOT);
}

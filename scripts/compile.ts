/** Compiles the contracts when their sources have changed since the last time. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";

const ROOT = `${import.meta.dirname}/..`;
const STAMP = `${ROOT}/artifacts/.compiled`;

export class CompileError extends Error {
  override name = "CompileError";
}

/** Returns at once if the artifacts are those of the sources. Throws CompileError with the compiler's words. */
export function ensureCompiled(): void {
  const sources = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === sources) return;
  process.stderr.write("condivisa: compiling the contracts, once (about a minute) …\n");
  const hardhat = `${ROOT}/node_modules/hardhat/dist/src/cli.js`;
  const built = spawnSync(process.execPath, [hardhat, "build", "--no-tests"], { cwd: ROOT, encoding: "utf8" });
  if (built.status !== 0) throw new CompileError(`compiling the contracts failed:\n${built.stdout}${built.stderr}`);
  writeFileSync(STAMP, sources);
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  const files = globSync("{contracts,bench/contracts}/**/*.sol", { cwd: ROOT });
  for (const file of [...files.toSorted(), "hardhat.config.ts", "package-lock.json"]) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(`${ROOT}/${file}`))
      .update("\0");
  }
  return hash.digest("hex");
}

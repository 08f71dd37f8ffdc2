/** `condivisa init`: files to start from, those of the example community. */

import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../settlement/inputProblem.ts";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "magliano");

/**
 * Copies the example into a new or empty folder. Returns what to do next.
 * @throws InputError if there is something in the folder
 */
export function init(dir: string): string {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new InputError([{ file: dir, problem: "not empty", remedy: "Name a new folder; nothing is overwritten" }]);
  }
  mkdirSync(dir, { recursive: true });
  cpSync(EXAMPLE, dir, { recursive: true });
  return `Wrote ${readdirSync(dir).toSorted().join(", ")} to ${dir}. The community is synthetic; put your own in its place, then:

  ./condivisa settle --community ${dir}/community.yaml --readings ${dir}/readings.csv \\
    --receipts ${dir}/receipts.csv --prices ${dir}/prices.csv --out ${dir}/settlement

To compare rules, plants and members before deciding:

  ./condivisa simulate --community ${dir}/community.yaml --readings ${dir}/readings.csv \\
    --prices ${dir}/prices.csv --scenarios ${dir}/scenarios.yaml`;
}

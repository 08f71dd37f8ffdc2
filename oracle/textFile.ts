/** Reading the files that a person names. */

import { readFileSync } from "node:fs";
import { InputError } from "../settlement/inputProblem.ts";

/** Reads a file of text. Throws InputError if there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "no such file" : "cannot be read";
    throw new InputError([{ file, problem: reason, remedy: "Check the path" }]);
  }
}

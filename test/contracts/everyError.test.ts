/*
 * Every error that a contract declares is reverted with somewhere, and some test of this folder expects it by name: an error
 * that is added without a test is told here.
 */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";

const sources = globSync("contracts/**/*.sol").map((file) => readFileSync(file, "utf8"));
const tests = globSync("test/contracts/*.test.ts").map((file) => readFileSync(file, "utf8"));
const errors = sources.flatMap((source) => [...source.matchAll(/^\s*error (\w+)\(/gm)].map(([, name = ""]) => name));

describe("every error of the contracts", () => {
  it("is there", () => assert(errors.length > 80));

  for (const name of new Set(errors)) {
    it(`${name} is reverted with, and expected by a test`, () => {
      assert(
        sources.some((source) => new RegExp(`revert (\\w+\\.)?${name}\\(`).test(source)),
        "nothing reverts with it",
      );
      assert(
        tests.some((test) => test.includes(`"${name}"`)),
        "no test expects it",
      );
    });
  }
});

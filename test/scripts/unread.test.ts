/** What becomes of a command when nobody reads what it prints. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const CLI = join(import.meta.dirname, "../../scripts/cli.ts");

describe("a command whose reader has gone", () => {
  it("ends without a word, as others do", async function () {
    this.timeout(30_000);
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, "simulate", "--help"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    assert.equal(errors, "");
    assert.equal(code, 141);
  });
});

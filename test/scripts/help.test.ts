/** Every command says what it does and takes. */

import assert from "node:assert/strict";
import { condivisaHere } from "../support/cli.ts";

describe("help", () => {
  it("is there for every command, and for the commands of commands", async function () {
    this.timeout(60_000);
    const asked: string[] = [];
    const ask = async (command: readonly string[]): Promise<void> => {
      const { code, stdout, stderr } = await condivisaHere(...command, "--help");
      const name = command.join(" ");
      assert.deepEqual([code, stderr], [0, ""], name);
      assert(stdout.startsWith(`Usage: ${["condivisa", ...command].join(" ")}`), name);
      asked.push(name);
      for (const inner of commandsIn(stdout)) await ask([...command, inner]);
    };
    await ask([]);
    for (const name of ["simulate", "redeem", "reconcile", "register rotate-key"]) assert(asked.includes(name), name);
  });
});

function commandsIn(help: string): string[] {
  const [, list = ""] = /^Commands:\n((?: {2}.*\n?)*)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = ""]) => name).filter((name) => name !== "help");
}

/** The commands of the API. */

import type { Command } from "commander";
import { ensureCompiled } from "./compile.ts";

/** Adds `api`. */
export function addApiCommands(program: Command): void {
  program
    .command("api")
    .description("answer over HTTP for the communities of a chain: statements, energy, proofs; until stopped")
    .argument("<yaml>", "the API's file: chain, communities, site; see docs/api.md")
    .action(async (yaml: string) => {
      ensureCompiled();
      const { runApi } = await import("./api.ts");
      await runApi(yaml);
    });
}

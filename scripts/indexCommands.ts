/** The command that makes and mends the index of the API. */

import { type Command, Option } from "commander";
import { FINALITIES } from "../chain/blocks.ts";
import { ensureCompiled } from "./compile.ts";
import type { IndexFlags } from "./indexChain.ts";
import { progressDisplay } from "./progress.ts";
import { toJson } from "./table.ts";

/** Adds `index`. */
export function addIndexCommands(program: Command): void {
  program
    .command("index")
    .description("bring the API's index up to the chain, or make it anew; the API does it by itself while it runs")
    .argument("[dir]", "the folder that settle wrote, of any community of the factory")
    .option("--factory <address>", "the factory of the communities, where there is no such folder")
    .requiredOption("--rpc <url>", "the chain's endpoint, http(s) or ws(s)")
    .requiredOption("--data <dir>", "the API's folder, where index.sqlite lies")
    .addOption(new Option("--finality <tag>", "of the blocks that count").choices(FINALITIES).default("latest"))
    .option("--rebuild", "remove what is there first", false)
    .option("--json", "print the result as JSON", false)
    .option("--quiet", "show no progress", false)
    .action(async (dir: string | undefined, options: IndexFlags & { json: boolean; quiet: boolean }) => {
      ensureCompiled();
      const { indexChain, indexText } = await import("./indexChain.ts");
      const progress = progressDisplay(options.quiet);
      const result = await indexChain(dir, options, progress.show).finally(progress.stop);
      console.log(options.json ? toJson(result) : indexText(result));
    });
}

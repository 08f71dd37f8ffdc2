/** The commands that run everything at once: `up`, and `sign-in` to it. */

import { Argument, type Command, InvalidArgumentError } from "commander";
import { ensureCompiled } from "./compile.ts";
import type { Office } from "./up/signIn.ts";

const DATA = "condivisa-data";
const MOST_FIRST_PORT = 65_531;
const OFFICES = ["treasurer", "president", "auditor", "secretary"] as const satisfies readonly Office[];

type UpFlags = {
  readonly data: string;
  readonly community?: string;
  readonly port?: number;
  readonly fresh: boolean;
  readonly simulate: boolean;
};

/** Adds `up` and `sign-in`. */
export function addUpCommands(program: Command): void {
  program
    .command("up")
    .description("run everything: chain, broker, oracle, API, and a sample community with live meters; until stopped")
    .option("--community <dir>", "your own: community.yaml, readings.csv and what else there is; see docs/up.md")
    .option("--simulate", "let your community's meters be simulated from the end of its readings on", false)
    .option("--data <dir>", "where everything is kept", DATA)
    .option(
      "--port <port>",
      "the first of five, on 127.0.0.1: API, broker, chain, oracle, metrics (default: 8080)",
      port,
    )
    .option("--fresh", "forget everything in the data folder, and begin anew", false)
    .action(async ({ community, port: first, ...flags }: UpFlags) => {
      ensureCompiled();
      const { up } = await import("./up/up.ts");
      await up({ ...flags, community, port: first });
    });

  program
    .command("sign-in")
    .description("sign in to a running `up` as an officer, with the key in its folder")
    .addArgument(new Argument("<office>").choices(OFFICES))
    .option("--data <dir>", "the folder of `up`", DATA)
    .option("--curl", "only for curl: no link for a browser", false)
    .action(async (office: Office, { data, curl }: { data: string; curl: boolean }) => {
      const { signInText, waitForBrowser } = await import("./up/signInCommand.ts");
      const { text, session } = await signInText(data, office);
      console.log(text);
      if (!curl) await waitForBrowser(session, console.log);
    });
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_FIRST_PORT) return Number(text);
  throw new InvalidArgumentError(`Write a port from 1 to ${MOST_FIRST_PORT}: the four behind it are used too.`);
}

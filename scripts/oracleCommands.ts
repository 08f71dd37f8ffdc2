/** The commands of the oracle: the service, its key, the chain it talks to, and meters to try it with. */

import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMATS } from "../oracle/importFile.ts";
import { DIRECTIONS } from "../oracle/measurement.ts";
import { ensureCompiled } from "./compile.ts";
import { EXIT } from "./exitCodes.ts";
import type { ImportFlags } from "./importFiles.ts";
import { addSimulateMeters } from "./simulateMetersCommand.ts";
import { toJson } from "./table.ts";

type MetersFlags = { readonly watch: boolean; readonly json: boolean };

const MOST_PORT = 65_535;
const WATCH_MILLISECONDS = 2000;

/** Adds `oracle`, `oracle-key`, `chain`, `import`, `meters`, `doctor` and `simulate-meters`. */
export function addOracleCommands(program: Command): void {
  program
    .command("oracle")
    .description("collect readings from meters over MQTT, sign day by day, record on the chain, until stopped")
    .argument("<yaml>", "the oracle's file: broker, chain, key, meters; see docs/oracle.md")
    .action(async (yaml: string) => {
      ensureCompiled();
      const { runOracle } = await import("./oracle.ts");
      await runOracle(yaml);
    });

  program
    .command("oracle-key")
    .description("write the oracle's key of a settlement's folder into an encrypted keystore")
    .argument("<dir>", "the folder that settle wrote")
    .requiredOption("--out <json>", "the keystore, a new file")
    .requiredOption("--passphrase-file <file>", "its first line is the passphrase")
    .action(async (dir: string, { out, passphraseFile }: { out: string; passphraseFile: string }) => {
      const { exportOracleKey } = await import("./oracleKey.ts");
      console.log(await exportOracleKey(dir, out, passphraseFile));
    });

  program
    .command("chain")
    .description("serve the chain of a settlement's folder on this machine, over JSON-RPC, until stopped")
    .argument("<dir>", "the folder that settle wrote; settle and the other commands wait until this one ends")
    .option("--port <port>", "on 127.0.0.1; 0: any that is free", port, 8545)
    .action(async (dir: string, options: { port: number }) => {
      ensureCompiled();
      const { serveFolder } = await import("./chain.ts");
      await serveFolder(dir, options.port);
    });

  program
    .command("import")
    .description("take files of distributors, the market and meters into the oracle's inbox; it may be running")
    .argument("<yaml>", "the oracle's file")
    .argument("<files...>", "all of one format; docs/import.md describes them")
    .addOption(new Option("--format <format>", "of the files").choices(FORMATS).makeOptionMandatory())
    .option("--meter <id>", "whose energy it is, where the file names no POD")
    .addOption(new Option("--direction <direction>", "likewise").choices(DIRECTIONS))
    .option("--mapping <yaml>", "what the columns of a mapped table mean")
    .action(async (yaml: string, files: string[], flags: Partial<ImportFlags> & Pick<ImportFlags, "format">) => {
      const { importFiles } = await import("./importFiles.ts");
      const { meter, direction, mapping } = flags;
      importFiles(yaml, files, { ...flags, meter, direction, mapping }, (file, { count, leftOut, meters }) => {
        const of = meters.length === 0 ? "" : ` of ${meters.join(", ")}`;
        const rest = leftOut === 0 ? "" : `; ${leftOut} without a value or in an hour that does not exist`;
        console.log(`${file}: ${count} intervals${of}${rest}`);
      });
    });

  program
    .command("meters")
    .description(
      "when each meter of a running oracle was last heard, and what alarms there are; or one meter's hours of a day",
    )
    .argument("<yaml>", "the oracle's file")
    .argument("[meter]", "show its hours: what was signed, from which source, how good, and what each source says")
    .argument("[day]", "of which market day, as 2026-03-10")
    .option("--watch", "show it anew every two seconds, until stopped", false)
    .option("--json", "print it as JSON", false)
    .action(async (yaml: string, meter: string | undefined, day: string | undefined, options: MetersFlags) => {
      if (meter !== undefined) {
        const { meterHours, meterHoursText } = await import("./meterHours.ts");
        const days = meterHours(yaml, meter, day);
        return console.log(options.json ? toJson(days) : meterHoursText(days));
      }
      const { oracleStatus, OracleSilentError, statusText } = await import("./meters.ts");
      const textNow = async () => statusText(await oracleStatus(yaml), Math.floor(Date.now() / 1000));
      if (options.json) console.log(toJson(await oracleStatus(yaml)));
      else if (!options.watch) console.log(await textNow());
      else {
        for (;;) {
          // The oracle may be started again while somebody watches.
          const text = await textNow().catch((error: unknown) => {
            if (error instanceof OracleSilentError) return error.message;
            throw error;
          });
          console.log(`\x1b[2J\x1b[H${text}`);
          await sleep(WATCH_MILLISECONDS);
        }
      }
    });

  program
    .command("doctor")
    .description("check an oracle's key, broker, chain, clock, roster and disk, and say what to do")
    .argument("<yaml>", "the oracle's file")
    .action(async (yaml: string) => {
      ensureCompiled();
      const { examine, findingText } = await import("./doctor.ts");
      const findings = await examine(yaml);
      for (const finding of findings) console.log(findingText(finding));
      if (findings.some(({ isWell }) => !isWell)) process.exitCode = EXIT.failed;
    });

  addSimulateMeters(program);
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_PORT) return Number(text);
  throw new InvalidArgumentError("Write a port from 0 to 65535.");
}

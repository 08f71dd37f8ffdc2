/** The commands of the oracle: the service, its key, the chain it talks to, and meters to try it with. */

import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMATS } from "../oracle/importFile.ts";
import { DIRECTIONS } from "../oracle/measurement.ts";
import { ensureCompiled } from "./compile.ts";
import { EXIT } from "./exitCodes.ts";
import type { ImportFlags } from "./importFiles.ts";
import { progressDisplay } from "./progress.ts";
import { toJson } from "./table.ts";

type SimulateMetersFlags = {
  readonly readings: string;
  readonly mqtt: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly hoursASecond?: number;
  readonly duplicates: number;
  readonly late: number;
  readonly seed: number;
  readonly quiet: boolean;
};

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
      const { oracleStatus, statusText } = await import("./meters.ts");
      for (;;) {
        const status = await oracleStatus(yaml);
        if (options.json) return console.log(toJson(status));
        const text = statusText(status, Math.floor(Date.now() / 1000));
        console.log(options.watch ? `\x1b[2J\x1b[H${text}` : text);
        if (!options.watch) return;
        await sleep(WATCH_MILLISECONDS);
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

  program
    .command("simulate-meters")
    .description("send the readings of a file as the community's meters would, over MQTT, with faults on request")
    .requiredOption("--readings <csv>", "hourly readings: meter_id,utc_hour,injected_wh,withdrawn_wh")
    .requiredOption("--mqtt <url>", "the broker, as mqtts://localhost:8883")
    .option("--username <name>", "at the broker")
    .option("--password-file <file>", "its first line is the password")
    .option("--ca <pem>", "certificate of the authority that signed the broker's")
    .option("--hours-a-second <hours>", "so many hours of readings in a second; default: as fast as it goes", positive)
    .option("--duplicates <percent>", "of the messages are sent twice", percent, 0)
    .option("--late <percent>", "of the messages come up to six hours later", percent, 0)
    .option("--seed <number>", "of the faults: the same seed makes the same ones", Number, 1)
    .option("--quiet", "show no progress", false)
    .action(async (flags: SimulateMetersFlags) => {
      const { simulateMeters } = await import("./simulateMeters.ts");
      const progress = progressDisplay(flags.quiet);
      const { mqtt: url, username, passwordFile, ca, hoursASecond } = flags;
      const options = { ...flags, url, username, passwordFile, ca, hoursASecond };
      const sent = await simulateMeters(options, progress.show).finally(progress.stop);
      console.log(`${sent} messages sent`);
    });
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_PORT) return Number(text);
  throw new InvalidArgumentError("Write a port from 0 to 65535.");
}

function percent(text: string): number {
  if (/^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text);
  throw new InvalidArgumentError("Write percent, from 0 to 100.");
}

function positive(text: string): number {
  if (Number(text) > 0 && Number.isFinite(Number(text))) return Number(text);
  throw new InvalidArgumentError("Write a number above zero.");
}

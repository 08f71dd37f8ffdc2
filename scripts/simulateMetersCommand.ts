/** The command `simulate-meters`: what can be asked of it. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { progressDisplay } from "./progress.ts";
import { type Faults, parseSilence, type Silence } from "./simulatedMessages.ts";
import type { Senders } from "./simulateMeters.ts";

type SimulateMetersFlags = Faults & {
  readonly readings: string;
  readonly mqtt: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly passwords?: string;
  readonly ca?: string;
  readonly hoursASecond?: number;
  readonly registers: boolean;
  readonly quiet: boolean;
};

const HELP_AFTER = `
--passwords names a file with the header meter_id,username,password: each meter then has a connection of its own.
--silent is repeatable; without an end the meter never speaks again: --silent casa-rossi@2026-03-05T00:00:00Z..
Example: condivisa simulate-meters --readings readings.csv --mqtt mqtts://localhost:8883 --ca ca.pem \\
  --passwords meters.csv --hours-a-second 24 --lost 2 --duplicates 5 --late 10 --garbled 1`;

export function addSimulateMeters(program: Command): void {
  program
    .command("simulate-meters")
    .description("send the readings of a file as the community's meters would, over MQTT, with faults on request")
    .requiredOption("--readings <csv>", "hourly readings: meter_id,utc_hour,injected_wh,withdrawn_wh")
    .requiredOption("--mqtt <url>", "the broker, as mqtts://localhost:8883")
    .option("--username <name>", "at the broker")
    .option("--password-file <file>", "its first line is the password")
    .addOption(
      new Option("--passwords <csv>", "name and password of each meter").conflicts(["username", "passwordFile"]),
    )
    .option("--ca <pem>", "certificate of the authority that signed the broker's")
    .option("--hours-a-second <hours>", "so many hours of readings in a second; default: as fast as it goes", positive)
    .option("--registers", "send what registers show at the turn of each hour, instead of the energy of hours", false)
    .option("--lost <percent>", "of the messages are never sent", percent, 0)
    .option("--duplicates <percent>", "of the messages are sent twice", percent, 0)
    .option("--late <percent>", "of the messages come up to six hours later", percent, 0)
    .option("--garbled <percent>", "of the messages have one beside them that cannot be read", percent, 0)
    .option("--silent <meter@from..end>", "hours in which a meter says nothing", silence, [])
    .option("--resets <count>", "so many times a register falls to zero; with --registers", count, 0)
    .option("--swaps <count>", "so many times a meter is replaced by another; with --registers", count, 0)
    .option("--seed <number>", "of the faults: the same seed makes the same ones", count, 1)
    .option("--quiet", "show no progress", false)
    .addHelpText("after", HELP_AFTER)
    .action(async (flags: SimulateMetersFlags, command: Command) => {
      if (!flags.registers && flags.resets + flags.swaps > 0) {
        command.error("error: --resets and --swaps befall registers: add --registers");
      }
      const { simulateMeters } = await import("./simulateMeters.ts");
      const progress = progressDisplay(flags.quiet);
      const { readings, mqtt: url, ca, hoursASecond } = flags;
      const speech = flags.registers ? "registers" : "intervals";
      const options = { readings, url, ca, hoursASecond, speech, faults: flags, senders: sendersOf(flags) } as const;
      const sent = await simulateMeters(options, progress.show).finally(progress.stop);
      console.log(`${sent} messages sent`);
    });
}

function sendersOf({ username, passwordFile, passwords }: SimulateMetersFlags): Senders {
  return passwords === undefined ? { username, passwordFile } : { passwords };
}

function percent(text: string): number {
  if (/^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text);
  throw new InvalidArgumentError("Write percent, from 0 to 100.");
}

function positive(text: string): number {
  if (Number(text) > 0 && Number.isFinite(Number(text))) return Number(text);
  throw new InvalidArgumentError("Write a number above zero.");
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number, from 0.");
}

function silence(text: string, before: readonly Silence[]): readonly Silence[] {
  const parsed = parseSilence(text);
  if (parsed !== undefined) return [...before, parsed];
  throw new InvalidArgumentError("Write METER@FROM..END with hours as 2026-03-05T00:00:00Z; END may be left out.");
}

/** `condivisa meters`: how the meters of a running oracle are, at a glance. */

import { z } from "zod";
import { readOracleFile } from "../oracle/oracleFile.ts";
import { table } from "./table.ts";

const alarmShape = z.object({ kind: z.string(), subject: z.string(), text: z.string(), remedy: z.string() });
const statusShape = z.object({
  changed: z.number(),
  alarms: z.array(alarmShape),
  meters: z.array(
    z.object({ meter: z.string(), lastReceived: z.number(), lastMeasured: z.number(), messages: z.number() }),
  ),
});

export type OracleStatus = z.infer<typeof statusShape>;

export class OracleSilentError extends Error {
  override name = "OracleSilentError";
}

/** Asks the oracle of a file. Throws OracleSilentError if it does not run. */
export async function oracleStatus(path: string): Promise<OracleStatus> {
  const { http } = readOracleFile(path);
  const url = `http://127.0.0.1:${http.port}/status`;
  try {
    const response = await fetch(url);
    return statusShape.parse(await response.json());
  } catch (error) {
    throw new OracleSilentError(`no oracle answers at ${url}: start it with \`./condivisa oracle ${path}\``, {
      cause: error,
    });
  }
}

export function statusText({ meters, alarms, changed }: OracleStatus, now: number): string {
  const rows = meters.map(({ meter, lastReceived, lastMeasured, messages }) => [
    meter,
    agoText(now - lastReceived),
    new Date(lastMeasured * 1000).toISOString().replace(".000Z", "Z"),
    String(messages),
    alarms
      .filter(({ subject }) => subject === meter || subject.startsWith(`${meter} `))
      .map(({ kind }) => kind)
      .join(", "),
  ]);
  const shown =
    rows.length === 0
      ? "No meter has been heard yet."
      : table(["Meter", "Last heard", "Last measured", " Messages", "Alarms"], rows);
  const raised = alarms.map(({ text, remedy }) => `  ${text}. ${remedy}`);
  return [
    shown,
    "",
    raised.length === 0 ? "No alarms." : `${raised.length} alarms:`,
    ...raised.slice(0, MOST_ALARMS),
    ...(raised.length > MOST_ALARMS ? [`  … ${raised.length - MOST_ALARMS} more`] : []),
    ...(changed === 0 ? [] : [`${changed} hours are known better than they were recorded, or were just recorded.`]),
  ].join("\n");
}

const MOST_ALARMS = 10;

function agoText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, seconds)} s ago`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

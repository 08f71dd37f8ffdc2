/** What `up` shows: drawn anew on a terminal, a line for each change elsewhere. */

import { stripVTControlCharacters, styleText } from "node:util";
import { formatLocalHour } from "../../settlement/hours.ts";
import type { PartState } from "./parts.ts";
import type { Ports } from "./ports.ts";
import { siteAt } from "./prepare.ts";
import type { UpStatus } from "./status.ts";

export type Heading = {
  readonly community: string;
  readonly data: string;
  readonly ports: Ports;
  /** How many meters the community has. */
  readonly meters: number;
  readonly member: { readonly name: string; readonly link: string } | undefined;
};

const MOST_ALARMS = 5;
const LIT = { running: "green", waiting: "red", stopped: "gray" } as const;

/** @param readySeconds from the command until everything answered; undefined: it has not yet */
export function screenText(heading: Heading, status: UpStatus, readySeconds: number | undefined, now: number): string {
  const lines = partLines(heading, status, now);
  const name = Math.max(...lines.map(([part]) => part.length));
  return [
    `${styleText("bold", heading.community)}  ${styleText("gray", heading.data)}`,
    "",
    ...lines.map(([part, state, what]) => `  ${styleText(LIT[state], "●")} ${part.padEnd(name)}  ${what}`),
    "",
    ...alarmLines(status),
    "",
    ...(readySeconds === undefined ? ["  Starting …"] : [...linkLines(heading), "", `  Ready in ${readySeconds} s.`]),
    `  Ctrl-C stops everything. The same command goes on where it stopped.`,
  ].join("\n");
}

/** Where to go from here. */
export function linkLines({ ports, member, data }: Heading): string[] {
  const site = siteAt(ports);
  const where = data === "condivisa-data" ? "" : ` --data ${data}`;
  const rows: [string, string][] = [
    ["Every route, to read and to try", `${site}/api/reference`],
    ["Sign in", `${site}/accedi`],
    ...(member === undefined ? [] : [[`As ${member.name}, once`, member.link] satisfies [string, string]]),
    ["As an officer", `./condivisa sign-in treasurer${where}   (or president, auditor, secretary)`],
    ["How it is", `${site}/health`],
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  return rows.map(([what, link]) => `  ${what.padEnd(width)}  ${link}`);
}

/** What is said of the state in one line, so that it is said again only when it is another. */
export function plainLines(heading: Heading, status: UpStatus, now: number): string[] {
  return [
    ...partLines(heading, status, now).map(([part, state, what]) => `${part}: ${state === "running" ? what : state}`),
    ...status.alarms.map(({ text, remedy }) => `alarm: ${text}. ${remedy}`),
  ].map(stripVTControlCharacters);
}

function partLines(
  { ports, meters }: Heading,
  { parts, block, nextHour, meters: seen, indexBlock }: UpStatus,
  now: number,
): [string, PartState["state"], string][] {
  const recorded = nextHour === undefined ? "" : `readings recorded until ${formatLocalHour(nextHour).slice(0, 16)}`;
  const heard =
    seen === undefined ? "starting" : `${seen.heard} of ${meters} meters heard${agoText(seen.lastHeard, now)}`;
  const says: Readonly<Record<string, string>> = {
    chain: block === undefined ? "starting" : `block ${block}`,
    broker: `mqtt://127.0.0.1:${ports.broker}`,
    oracle: [recorded, heard].filter((text) => text !== "").join("; "),
    api: indexBlock === undefined || indexBlock < 0 ? "starting" : `knows block ${indexBlock}`,
    meters: "simulated",
  };
  return parts.map(({ name, state, lastWords }) => {
    const what = state === "running" ? (says[name] ?? "") : `ended, starts again: ${lastWords ?? "it said nothing"}`;
    return [name, state, what];
  });
}

function alarmLines({ alarms }: UpStatus): string[] {
  if (alarms.length === 0) return ["  No alarms."];
  return [
    ...alarms.slice(0, MOST_ALARMS).map(({ text, remedy }) => `  ${styleText("yellow", "▲")} ${text}. ${remedy}`),
    ...(alarms.length > MOST_ALARMS ? [`  … ${alarms.length - MOST_ALARMS} more`] : []),
  ];
}

function agoText(lastHeard: number | undefined, now: number): string {
  if (lastHeard === undefined) return "";
  const seconds = Math.max(0, now - lastHeard);
  return seconds < 60 ? ", just now" : `, ${Math.floor(seconds / 60)} min ago`;
}

/** Draws over what it drew before. */
export function drawer(stream: NodeJS.WriteStream): (text: string) => void {
  let height = 0;
  return (text) => {
    const lines = text.split("\n");
    const up = height === 0 ? "" : `\x1b[${height}A`;
    stream.write(`${up}\r\x1b[J${lines.join("\n")}\n`);
    height = lines.reduce((sum, line) => sum + rowsOf(line, stream.columns), 0);
  };
}

/** A long link goes over several rows. */
function rowsOf(line: string, columns = 80): number {
  return Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
}

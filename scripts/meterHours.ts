/** `condivisa meters` with a meter and a day: what was signed of each hour, where it came from, and what each source says. */

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Hex } from "viem";
import { isDate } from "../oracle/dateEntry.ts";
import type { Candidate } from "../oracle/hours/choice.ts";
import { Inbox } from "../oracle/inbox.ts";
import { DIRECTIONS, type Direction } from "../oracle/measurement.ts";
import { readOracleFile, rulesOf } from "../oracle/oracleFile.ts";
import { Outbox } from "../oracle/outbox.ts";
import { CHANNEL_OF } from "../oracle/plannedRosters.ts";
import type { Provenance } from "../oracle/provenance.ts";
import { hoursOfMeter } from "../oracle/spanReadings.ts";
import { formatLocalHour, type Hour, type HourSpan, hoursOfMarketDay } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { INBOX } from "./importFiles.ts";
import { OUTBOX } from "./oracle.ts";
import { openSettlement } from "./settlementFolder.ts";
import { table } from "./table.ts";

/** One hour of one direction of a meter. */
export type MeterHour = {
  readonly hour: Hour;
  /** As this oracle signed it last; undefined: it signed nothing, or without a reading. */
  readonly signed: (Omit<Provenance, "meter" | "direction" | "hour"> & { readonly revision: number }) | undefined;
  /** What every source says by now, and which one is believed by now. */
  readonly said: readonly (Candidate & { readonly isBelieved: boolean; readonly isPossible: boolean })[];
};

export type MeterDay = {
  readonly meter: string;
  readonly direction: Direction;
  readonly area: string;
  readonly day: string;
  readonly hours: readonly MeterHour[];
};

const MOST_HOURS = 25;

/**
 * The hours of a market day, by direction. The oracle may be running.
 * @throws InputError if the meter, the day or the oracle's data is not there
 */
export function meterHours(path: string, meter: string, day: string | undefined): MeterDay[] {
  const file = readOracleFile(path);
  const beside = (name: string) => resolve(dirname(path), name);
  const { register, at } = openSettlement(beside(file.settlement));
  const entries = register.meters.filter(({ id }) => id === meter);
  if (entries.length === 0) {
    const remedy = `Use one of ${[...new Set(register.meters.map(({ id }) => id))].join(", ")}`;
    throw new InputError([{ file: path, value: meter, problem: "no meter of the community", remedy }]);
  }
  if (day === undefined || !isDate(day)) {
    const remedy = "Write the market day behind the meter, as 2026-03-10";
    throw new InputError([{ file: path, value: day ?? "", problem: "no day", remedy }]);
  }
  const data = beside(file.data);
  if (!existsSync(join(data, INBOX)) || !existsSync(join(data, OUTBOX))) {
    throw new InputError([{ file: data, problem: "no oracle's data", remedy: "Start `./condivisa oracle` once" }]);
  }
  const inbox = Inbox.open(join(data, INBOX));
  const outbox = Outbox.open(join(data, OUTBOX));
  try {
    const span = hoursOfMarketDay(day);
    const rules = rulesOf(meter, file);
    return [...new Set(entries.map(({ configuration }) => configuration))].flatMap((configuration) => {
      const ledger = at.ledgers[configuration];
      const area = register.configurations[configuration]?.area ?? "";
      const signed = signedHours(outbox, ledger, meter, span);
      return DIRECTIONS.filter((direction) =>
        entries.some((entry) => entry.configuration === configuration && entry[CHANNEL_OF[direction]] !== undefined),
      ).map((direction) => ({
        meter,
        direction,
        area,
        day,
        hours: hoursOfMeter(inbox, meter, direction, rules, span).map(({ hour, candidates, chosen, implausible }) => ({
          hour,
          signed: signed.get(`${direction} ${hour}`),
          said: candidates.map((candidate) => ({
            ...candidate,
            isBelieved: candidate.source === chosen?.source,
            isPossible: !implausible.includes(candidate),
          })),
        })),
      }));
    });
  } finally {
    inbox.close();
    outbox.close();
  }
}

export function meterHoursText(days: readonly MeterDay[]): string {
  return days
    .map(({ meter, direction, area, day, hours }) => {
      const rows = hours.map(({ hour, signed, said }) => [
        formatLocalHour(hour),
        signed === undefined ? "–" : String(signed.wattHours),
        signed?.source ?? "",
        signed?.quality ?? "",
        signed?.grade ?? "",
        signed === undefined ? "" : String(signed.revision),
        said.length === 0 ? "nothing" : said.map(saidText).join(", "),
      ]);
      const headings = [
        "Hour",
        " Signed Wh",
        "Source",
        "Quality",
        "Grade",
        " Revision",
        "What each source says (* believed)",
      ];
      return `${meter}, ${direction}, ${day}, ${area}\n${table(headings, rows)}`;
    })
    .join("\n\n");
}

function saidText({ source, wattHours, quality, isBelieved, isPossible }: MeterHour["said"][number]): string {
  const mark = isBelieved ? "*" : isPossible ? "" : " beyond its power";
  return `${source} ${wattHours}${quality === "estimated" ? " estimated" : ""}${mark}`;
}

/** By direction and hour. A batch that begins on the day before may reach into it. */
function signedHours(outbox: Outbox, ledger: Hex | undefined, meter: string, { firstHour, hourCount }: HourSpan) {
  const reach = { firstHour: firstHour - MOST_HOURS, hourCount: hourCount + MOST_HOURS };
  const signed = ledger === undefined ? [] : outbox.signed(ledger, reach);
  return new Map(
    signed.flatMap(({ revision, provenance }) =>
      provenance
        .filter((each) => each.meter === meter)
        .map(({ meter: _, direction, hour, ...origin }) => [`${direction} ${hour}`, { ...origin, revision }] as const),
    ),
  );
}

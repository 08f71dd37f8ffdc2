/** What the oracle can take: messages as fast as they come, the pace of ten thousand meters, the end of their day. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import { type DayClosing, measureDayClosing } from "./oracleDay.ts";
import { measurePace, type Pace } from "./oraclePace.ts";
import { measureThroughput, type Rate, type Throughput } from "./oracleThroughput.ts";
import { METERS, SECONDS_BETWEEN } from "./paceSchedule.ts";

export type OracleBench = { readonly throughput: Throughput; readonly pace: Pace; readonly day: DayClosing };

/**
 * @param messages of the first measurement
 * @param seconds of real time of the second
 * @throws InputError if there is no Mosquitto
 */
export async function benchOracle(messages: number, seconds: number, show: ShowProgress): Promise<OracleBench> {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-bench-"));
  try {
    const throughput = await measureThroughput(folder, messages, show);
    const pace = await measurePace(folder, seconds, show);
    const day = await measureDayClosing(folder, show);
    return { throughput, pace, day };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function renderOracleBench({ throughput, pace, day }: OracleBench): string {
  const { bare, registers, intervals } = throughput;
  const row = (what: string, { rate, processor }: Rate) => {
    return [what, String(Math.round(rate)), (rate / bare.rate).toFixed(2), processor.toFixed(1)];
  };
  const lags = (what: string, { p50, p99, most }: Pace["lags"]) => [what, String(p50), String(p99), String(most)];
  return [
    table(
      ["Subscriber", " Messages a second", " Part of bare", " µs of a core a message"],
      [
        row("bare mqtt.js, stores nothing", bare),
        row("the oracle, registers: one a quarter of an hour is kept", registers),
        row("the oracle, intervals: every one is kept", intervals),
      ],
    ),
    `Resident memory over ${throughput.messages} messages, MB: ${throughput.memory.join(", ")}`,
    "",
    `${METERS} meters, each with its registers every ${SECONDS_BETWEEN} s, for ${pace.seconds} s: ${pace.sent} messages`,
    table(
      ["From when a message was due until it is acknowledged, ms", " p50", " p99", " most"],
      [lags("all", pace.lags), lags("the last ten seconds", pace.lagsAtTheEnd)],
    ),
    `Sent late by ${pace.sentLate} ms at most; not acknowledged at the end: ${pace.unacknowledged}`,
    `Of one core: the oracle ${pace.oracleProcessor}%, Mosquitto ${pace.brokerProcessor ?? "?"}%`,
    `Resident memory of the oracle, MB: ${pace.memory.before} before, ${pace.memory.most} at most, ${pace.memory.last} at the end`,
    "",
    `A day of ${day.meters} meters, ${day.channels} channels a ledger: ${day.total} ms, of which ${day.sign} ms to sign and ${day.record} ms on the chain`,
    `No message was taken for ${day.longestPause} ms at most; a look at days that are not complete takes ${day.firstLook} ms, another one ${day.look} ms`,
  ].join("\n");
}

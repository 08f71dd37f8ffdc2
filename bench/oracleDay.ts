/**
 * What it takes to close a day of ten thousand meters: ten ledgers of a thousand channels each, of every meter a register each quarter
 * of an hour, on an embedded chain in this process.
 */

import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Hex, keccak256, toHex } from "viem";
import { Council } from "../oracle/council.ts";
import { seedFrom } from "../oracle/dayBatches.ts";
import { Inbox, type Received } from "../oracle/inbox.ts";
import { LedgerAccess } from "../oracle/ledgerAccess.ts";
import { type LedgerWork, recordDays } from "../oracle/ledgerWork.ts";
import { Outbox } from "../oracle/outbox.ts";
import type { MeterChannels } from "../oracle/plannedRosters.ts";
import { localSigner } from "../oracle/record.ts";
import { waitingReader } from "../oracle/spanReadings.ts";
import type { ShowProgress } from "../scripts/progress.ts";
import { hoursOfMarketDay, secondsOf } from "../settlement/hours.ts";
import type { Roster } from "../settlement/roster.ts";
import { deployCommunity, enrolMembers, openStage, rosterOf, useRoster } from "./community.ts";

const LEDGERS = 10;
const CHANNELS = 1000;
const { firstHour: FIRST, hourCount: HOURS } = hoursOfMarketDay("2026-03-02");
const [BEGIN, END] = [secondsOf(FIRST), secondsOf(FIRST + HOURS)];
const QUARTER_SECONDS = 900;
const RULES = { rollsOverAt: undefined, mostPower: 100_000, longestGap: 1800 };
const SECRET = keccak256(toHex("bench secret"));

/** Milliseconds, of all ledgers together. */
export type DayClosing = {
  readonly meters: number;
  readonly channels: number;
  /** A look at the days while of every ledger one meter's last reading is missing: the first, and one after which nothing came. */
  readonly firstLook: number;
  readonly look: number;
  /** Everything: read from the inbox, made into batches, signed, recorded. */
  readonly total: number;
  readonly sign: number;
  /** Until the transactions are in blocks. */
  readonly record: number;
  /** How long no message could be taken, at worst. */
  readonly longestPause: number;
};

export async function measureDayClosing(folder: string, show: ShowProgress): Promise<DayClosing> {
  const inbox = Inbox.open(join(folder, "day.sqlite"));
  const outbox = Outbox.open(join(folder, "day-outbox.sqlite"));
  const stage = await openStage(FIRST);
  const roster = rosterOf(CHANNELS);
  const at = await deployCommunity(stage, FIRST, LEDGERS);
  await enrolMembers(stage, at, CHANNELS);
  const spent = { sign: 0, record: 0 };
  const works: LedgerWork[] = [];
  for (const [index, address] of at.ledgers.entries()) {
    show("ledgers", index, LEDGERS);
    await useRoster(stage, address, FIRST, roster);
    const { account } = stage.people.oracle;
    const ledger = timed(new LedgerAccess(stage.client, address, localSigner(account), stage.people.stranger), spent);
    const meters = metersOf(roster, index);
    storeDay(inbox, meters);
    works.push(workOf(ledger, meters, inbox, outbox));
  }
  show("ledgers", LEDGERS, LEDGERS);
  stage.chain.advanceTo(END);

  const firstLook = await millisecondsOf(() => recordAll(works));
  const look = await millisecondsOf(() => recordAll(works));
  for (const { settings } of works) {
    for (const { id } of settings.meters.slice(0, 1)) inbox.store([registersOf(id, END + 10, 1)]);
  }
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  pauses.enable();
  const total = await millisecondsOf(() => recordAll(works));
  pauses.disable();
  const next = await Promise.all(works.map(({ ledger }) => ledger.nextHour()));
  if (next.some((hour) => hour !== FIRST + HOURS)) throw new Error(`not all days were recorded: ${next.join(", ")}`);
  inbox.close();
  outbox.close();
  await stage.chain.close();
  return {
    meters: LEDGERS * CHANNELS,
    channels: CHANNELS,
    firstLook,
    look,
    total,
    ...spent,
    longestPause: Math.round(pauses.max / 1e6),
  };
}

/** As the service does it. */
async function recordAll(works: readonly LedgerWork[]): Promise<void> {
  for (const work of works) await recordDays(work, END + 60);
}

function workOf(ledger: LedgerAccess, meters: readonly MeterChannels[], inbox: Inbox, outbox: Outbox): LedgerWork {
  const nothing = () => undefined;
  return {
    ledger,
    inbox,
    outbox,
    council: new Council(ledger, outbox, { tolerance: { wattHours: 0, percent: 0 }, turn: 60 }, nothing, nothing),
    settings: {
      meters,
      rulesOf: () => RULES,
      patience: 34 * 3600,
      seedOf: (firstHour, revision) => seedFrom(SECRET, ledger.address, firstHour, revision),
      zone: undefined,
    },
    readWaiting: waitingReader(inbox, () => RULES),
    onDone: nothing,
    onLook: nothing,
  };
}

function metersOf(roster: Roster, ledger: number): MeterChannels[] {
  const entry = (number: number) => ({ id: `meter-${ledger}-${number}`, configuration: ledger });
  return [
    ...roster.injection.map(({ number }) => ({ ...entry(number), injection: number, withdrawal: undefined })),
    ...roster.withdrawal.map(({ number }) => ({ ...entry(number), injection: undefined, withdrawal: number })),
  ];
}

/** A day and the quarter of an hour on either side; of the first meter the last reading is still missing. */
function storeDay(inbox: Inbox, meters: readonly MeterChannels[]): void {
  const quarters = (END - BEGIN) / QUARTER_SECONDS + 2;
  const last = ({ id }: MeterChannels) => (id === meters[0]?.id ? 2 : 0);
  inbox.store(meters.map((meter) => registersOf(meter.id, BEGIN - QUARTER_SECONDS + 10, quarters - last(meter))));
}

/** A register's readings, a quarter of an hour apart. */
function registersOf(meter: string, from: number, count: number): Received {
  return {
    meter,
    origin: "meter",
    receivedAt: END,
    measurements: Array.from({ length: count }, (_, index) => from + index * QUARTER_SECONDS).flatMap((at) =>
      (["injected", "withdrawn"] as const).map((direction) => ({
        kind: "register",
        direction,
        at,
        milliWattHours: 1_000_000 + (at - BEGIN) * 50,
        device: "",
      })),
    ),
  };
}

function timed(ledger: LedgerAccess, spent: { sign: number; record: number }): LedgerAccess {
  const [sign, record] = [ledger.sign.bind(ledger), ledger.record.bind(ledger)];
  ledger.sign = async (batch, roster) => {
    const signature: { hex?: Hex } = {};
    spent.sign += await millisecondsOf(async () => {
      signature.hex = await sign(batch, roster);
    });
    if (signature.hex === undefined) throw new Error("not signed");
    return signature.hex;
  };
  ledger.record = async (batch, signatures) => {
    spent.record += await millisecondsOf(() => record(batch, signatures));
  };
  return ledger;
}

async function millisecondsOf(action: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await action();
  return Math.round(performance.now() - begun);
}

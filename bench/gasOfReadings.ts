/** What a reading costs, in Condivisa and in the alternatives, with the same readings. */

import { TRANSACTION_GAS_CAP } from "../chain/embedded.ts";
import type { Batch } from "../settlement/batch.ts";
import { type Hour, parseHour } from "../settlement/hours.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import {
  amend,
  batchOf,
  deployCommunity,
  enrolMembers,
  type Incentive,
  record,
  rosterOf,
  type Stage,
  useRoster,
} from "./community.ts";
import { perUnit, type Spent, spentBy } from "./meter.ts";
import { arraysOfStructs, oneTransactionEach } from "./readingBaselines.ts";
import { type Readings, randomReadings, typicalReadings } from "./readings.ts";

/** What a roster, and so a batch, may have at most. */
export const LARGEST_ROWS = 1500;

const HOURS = 24;

/** The first of a month in Rome. */
export const FIRST_HOUR: Hour = parseHour("2026-02-28T23:00Z") ?? 0;

/** Gas per reading unless said otherwise; a reading is one channel in one hour. */
export type ReadingsGas = {
  readonly rows: number;
  readonly readings: number;
  /** Second day, typical readings: all in. */
  readonly gasPerReading: number;
  /** The whole transaction. */
  readonly gas: number;
  /** The same with CACER plants: zonal prices, grants, exempt consumers. */
  readonly cacer: number;
  /** What the calldata of that batch costs at the very least (EIP-7623). */
  readonly calldataFloor: number;
  /** The same readings, one transaction each. */
  readonly onePerTransaction: number;
  /** Of how many readings that is the mean. */
  readonly onePerTransactionSent: number;
  /** The same readings as arrays of structs. */
  readonly structBatch: number;
  readonly structBatchTransactions: number;
  readonly onePerTransactionRatio: number;
  readonly structBatchRatio: number;
  /** The first batch of a month, typical readings. */
  readonly firstOfMonth: number;
  /** Third day, random readings without a zero byte. */
  readonly randomReadings: number;
  /** All typical readings of the second day corrected. */
  readonly amended: number;
  /** What that takes against recording them. */
  readonly amendedRatio: number;
};

export type LargestBatch = {
  readonly rows: number;
  /** The first batch of a month, random readings without a zero byte: the whole transaction. */
  readonly gas: number;
  readonly gasPerReading: number;
  /** What one transaction may take (EIP-7825). */
  readonly cap: number;
};

/** A ledger with one channel a member, which records day after day. */
export type ReadingsLedger = {
  readonly roster: Roster;
  /** Records the next day and says what that took. */
  nextDay(readings: Readings): Promise<{ batch: Batch; spent: Spent }>;
  /** Puts other readings in the place of a day's as it was first recorded, and says what that took. */
  amendDay(old: Batch, readings: Readings): Promise<Spent>;
};

/** Deploys a community with a ledger of so many rows. */
export async function openReadingsLedger(
  stage: Stage,
  rows: number,
  incentive: Incentive = "42-bis",
): Promise<ReadingsLedger> {
  const at = await deployCommunity(stage, FIRST_HOUR);
  const [ledger] = at.ledgers;
  if (ledger === undefined) throw new Error("no ledger was deployed");
  await enrolMembers(stage, at, rows);
  const roster = rosterOf(rows, incentive);
  await useRoster(stage, ledger, FIRST_HOUR, roster);
  let firstHour = FIRST_HOUR;
  return {
    roster,
    async nextDay(readings) {
      const batch = batchOf(roster, { firstHour, hourCount: HOURS }, readings);
      firstHour += HOURS;
      return { batch, spent: await spentBy(stage.client, () => record(stage, ledger, roster, batch)) };
    },
    amendDay(old, readings) {
      return spentBy(stage.client, () => amend(stage, ledger, roster, old, batchOf(roster, old, readings)));
    },
  };
}

/** Measures ledgers of so many rows, and the alternatives with the readings of its second day. */
export async function gasOfReadings(stage: Stage, rows: number): Promise<ReadingsGas> {
  const ledger = await openReadingsLedger(stage, rows);
  const readings = rows * HOURS;
  const first = await ledger.nextDay(typicalReadings(ledger.roster, 1));
  const second = await ledger.nextDay(typicalReadings(ledger.roster, 2));
  const random = await ledger.nextDay(randomReadings(3));
  const amended = await ledger.amendDay(second.batch, typicalReadings(ledger.roster, 4));
  const cacer = await openReadingsLedger(stage, rows, "CACER");
  await cacer.nextDay(typicalReadings(cacer.roster, 1));
  const cacerSecond = await cacer.nextDay(typicalReadings(cacer.roster, 2));
  const each = await oneTransactionEach(stage, second.batch, ledger.roster);
  const structs = await arraysOfStructs(stage, second.batch, ledger.roster);

  return {
    rows,
    readings,
    gasPerReading: perUnit(second.spent.gas, readings),
    gas: second.spent.gas,
    cacer: perUnit(cacerSecond.spent.gas, readings),
    calldataFloor: perUnit(second.spent.calldataFloor, readings),
    onePerTransaction: perUnit(each.gas, each.transactions),
    onePerTransactionSent: each.transactions,
    structBatch: perUnit(structs.gas, readings),
    structBatchTransactions: structs.transactions,
    onePerTransactionRatio: perUnit(each.gas * readings, each.transactions * second.spent.gas),
    structBatchRatio: perUnit(structs.gas, second.spent.gas),
    firstOfMonth: perUnit(first.spent.gas, readings),
    randomReadings: perUnit(random.spent.gas, readings),
    amended: perUnit(amended.gas, readings),
    amendedRatio: perUnit(amended.gas, second.spent.gas),
  };
}

/** The dearest batch that the ledger accepts at all. */
export async function gasOfLargestBatch(ledger: ReadingsLedger): Promise<LargestBatch> {
  const rows = channelsOf(ledger.roster).length;
  const { spent } = await ledger.nextDay(randomReadings(1));
  return { rows, gas: spent.gas, gasPerReading: perUnit(spent.gas, rows * HOURS), cap: Number(TRANSACTION_GAS_CAP) };
}

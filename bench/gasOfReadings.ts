/** What a reading costs, in Condivisa and in the alternatives, with the same readings. */

import type { Batch } from "../settlement/batch.ts";
import { type Hour, parseHour } from "../settlement/hours.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { batchOf, deployCommunity, enrolMembers, record, rosterOf, type Stage, useRoster } from "./community.ts";
import { type Spent, spentBy } from "./meter.ts";
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
};

export type LargestBatch = {
  readonly rows: number;
  /** The first batch of a month, random readings without a zero byte: the whole transaction. */
  readonly gas: number;
  readonly gasPerReading: number;
};

/** A ledger with one channel a member, which records day after day. */
export type ReadingsLedger = {
  readonly roster: Roster;
  /** Records the next day and says what that took. */
  nextDay(readings: Readings): Promise<{ batch: Batch; spent: Spent }>;
};

/** Deploys one community with a ledger for each number of rows. */
export async function openReadingsLedgers(stage: Stage, rows: readonly number[]): Promise<ReadingsLedger[]> {
  const at = await deployCommunity(stage, FIRST_HOUR, rows.length);
  await enrolMembers(stage, at, Math.max(...rows));
  const ledgers: ReadingsLedger[] = [];
  for (const [index, ledger] of at.ledgers.entries()) {
    const roster = rosterOf(rows[index] ?? 0);
    await useRoster(stage, ledger, FIRST_HOUR, roster);
    let firstHour = FIRST_HOUR;
    ledgers.push({
      roster,
      async nextDay(readings) {
        const batch = batchOf(roster, { firstHour, hourCount: HOURS }, readings);
        firstHour += HOURS;
        return { batch, spent: await spentBy(stage.client, () => record(stage, ledger, roster, batch)) };
      },
    });
  }
  return ledgers;
}

/** Measures a ledger that has recorded nothing yet, and the alternatives with the readings of its second day. */
export async function gasOfReadings(stage: Stage, ledger: ReadingsLedger): Promise<ReadingsGas> {
  const rows = channelsOf(ledger.roster).length;
  const readings = rows * HOURS;
  const first = await ledger.nextDay(typicalReadings(ledger.roster, 1));
  const second = await ledger.nextDay(typicalReadings(ledger.roster, 2));
  const random = await ledger.nextDay(randomReadings(3));
  const each = await oneTransactionEach(stage, second.batch, ledger.roster);
  const structs = await arraysOfStructs(stage, second.batch, ledger.roster);

  const gasPerReading = second.spent.gas / readings;
  const onePerTransaction = each.gas / each.transactions;
  return {
    rows,
    readings,
    gasPerReading,
    gas: second.spent.gas,
    calldataFloor: second.spent.calldataFloor / readings,
    onePerTransaction,
    onePerTransactionSent: each.transactions,
    structBatch: structs.gas / readings,
    structBatchTransactions: structs.transactions,
    onePerTransactionRatio: onePerTransaction / gasPerReading,
    structBatchRatio: structs.gas / readings / gasPerReading,
    firstOfMonth: first.spent.gas / readings,
    randomReadings: random.spent.gas / readings,
  };
}

/** The dearest batch that the ledger accepts at all. */
export async function gasOfLargestBatch(ledger: ReadingsLedger): Promise<LargestBatch> {
  const rows = channelsOf(ledger.roster).length;
  const { spent } = await ledger.nextDay(randomReadings(1));
  return { rows, gas: spent.gas, gasPerReading: spent.gas / (rows * HOURS) };
}

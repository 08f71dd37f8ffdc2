/**
 * What named operations cost, to the gas, against test/gas.snapshot.json; and that they stay within what was promised.
 * UPDATE_SNAPSHOTS=1 accepts what is measured.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { deployCommunity, openStage, type Stage } from "../bench/community.ts";
import { openPaidCommunity, PAYOUTS_BEGIN } from "../bench/gasOfPayouts.ts";
import { FIRST_HOUR, LARGEST_ROWS, openReadingsLedger } from "../bench/gasOfReadings.ts";
import { spentBy } from "../bench/meter.ts";
import { randomReadings, typicalReadings } from "../bench/readings.ts";
import { TRANSACTION_GAS_CAP } from "../chain/embedded.ts";

const SNAPSHOT = `${import.meta.dirname}/gas.snapshot.json`;
const MEMBERS = 200;
const HOURS = 24;

/** Gas by operation, in plain words. */
const snapshotShape = z.record(z.string(), z.number());
type Snapshot = z.infer<typeof snapshotShape>;

describe("gas", () => {
  let gas: Snapshot;

  before(async function () {
    this.timeout(120_000);
    const stage = await openStage(PAYOUTS_BEGIN);
    gas = await measure(stage).finally(() => stage.chain.close());
  });

  it("is as in the snapshot", () => {
    const { UPDATE_SNAPSHOTS } = process.env;
    if (UPDATE_SNAPSHOTS === "1") writeFileSync(SNAPSHOT, `${JSON.stringify(gas, null, 2)}\n`);
    const changes = changesBetween(snapshotShape.parse(JSON.parse(readFileSync(SNAPSHOT, "utf8"))), gas);
    const howToAccept = "If that is as it should be: UPDATE_SNAPSHOTS=1 ./condivisa test --grep gas";
    if (changes.length === 0) return;
    assert.fail(`Gas differs from test/gas.snapshot.json:\n${changes.join("\n")}\n${howToAccept}`);
  });

  it("tells an operation that became dearer, one that is new and one that is gone", () => {
    assert.deepEqual(changesBetween({ same: 1, dearer: 1000, gone: 7 }, { same: 1, dearer: 1100, added: 5 }), [
      "  dearer: 1000 → 1100 (+100)",
      "  gone: 7 → not measured",
      "  added: not in the snapshot → 5",
    ]);
  });

  const mostPerReading = [
    [20, 400, 460],
    [200, 160, 190],
    [1000, 150, 165],
  ] as const;
  for (const [rows, most, mostCacer] of mostPerReading) {
    it(`of a reading is at most ${most} in a batch of ${rows} rows, from the second day on`, () => {
      assertAtMost(gas[`record, ${rows} rows, second day`], most * rows * HOURS);
    });

    it(`of a reading with CACER plants, prices and exempt points is at most ${mostCacer} at ${rows} rows`, () => {
      assertAtMost(gas[`record, ${rows} rows, CACER, second day`], mostCacer * rows * HOURS);
    });
  }

  for (const rows of ["20 rows", "200 rows", "1000 rows", "20 rows, CACER", "200 rows, CACER", "1000 rows, CACER"]) {
    it(`of a correction of all readings is at most 2.5 times that of recording them, with ${rows}`, () => {
      const recorded = gas[`record, ${rows}, second day`] ?? 0;
      assertAtMost(gas[`amend, ${rows}, every reading of the second day`], 2.5 * recorded);
    });
  }

  it("of the largest batch, and of a correction of all of it, stays below that of one transaction", () => {
    assertAtMost(gas[`record, ${LARGEST_ROWS} rows, first day of the month, random readings`], CAP - 1);
    assertAtMost(gas[`amend, ${LARGEST_ROWS} rows, random readings`], CAP - 1);
    assertAtMost(gas[`amend, ${LARGEST_ROWS} rows, CACER, random readings`], CAP - 1);
    assertAtMost(gas[`record, ${LARGEST_ROWS} rows, CACER, first day of the month, random readings`], CAP - 1);
  });

  it("of a run with its payout is at most 40,000 a member, from the second run on", () => {
    assertAtMost(gas[`run with payout, ${MEMBERS} members, second run, per member`], 40_000);
  });

  it("of creating a community in any one transaction stays below what a transaction may take", () => {
    assertAtMost(gas["create a community, its dearest transaction"], CAP - 1);
  });
});

const CAP = Number(TRANSACTION_GAS_CAP);

async function measure(stage: Stage): Promise<Snapshot> {
  const gas: Snapshot = {};
  const created = await spentBy(stage.client, () => deployCommunity(stage, FIRST_HOUR));
  gas["create a community"] = created.gas;
  gas["create a community, its dearest transaction"] = created.largest;

  for (const rows of [20, 200, 1000]) {
    const ledger = await openReadingsLedger(stage, rows);
    const first = await ledger.nextDay(typicalReadings(ledger.roster, 1));
    const second = await ledger.nextDay(typicalReadings(ledger.roster, 2));
    gas[`record, ${rows} rows, first day of the month`] = first.spent.gas;
    gas[`record, ${rows} rows, second day`] = second.spent.gas;
    const amended = await ledger.amendDay(second.batch, typicalReadings(ledger.roster, 3));
    gas[`amend, ${rows} rows, every reading of the second day`] = amended.gas;

    const cacer = await openReadingsLedger(stage, rows, "CACER");
    const cacerFirst = await cacer.nextDay(typicalReadings(cacer.roster, 1));
    const cacerSecond = await cacer.nextDay(typicalReadings(cacer.roster, 2));
    const cacerAmended = await cacer.amendDay(cacerSecond.batch, typicalReadings(cacer.roster, 3));
    gas[`record, ${rows} rows, CACER, first day of the month`] = cacerFirst.spent.gas;
    gas[`record, ${rows} rows, CACER, second day`] = cacerSecond.spent.gas;
    gas[`amend, ${rows} rows, CACER, every reading of the second day`] = cacerAmended.gas;
  }
  for (const [incentive, name] of [
    ["42-bis", ""],
    ["CACER", "CACER, "],
  ] as const) {
    const largest = await openReadingsLedger(stage, LARGEST_ROWS, incentive);
    const { spent, batch } = await largest.nextDay(randomReadings(1));
    gas[`record, ${LARGEST_ROWS} rows, ${name}first day of the month, random readings`] = spent.gas;
    const amended = await largest.amendDay(batch, randomReadings(2));
    gas[`amend, ${LARGEST_ROWS} rows, ${name}random readings`] = amended.gas;
  }

  const community = await openPaidCommunity(stage, MEMBERS, () => undefined);
  gas[`run with payout, ${MEMBERS} members, first run, per member`] = community.firstRun.gas / MEMBERS;
  gas[`run with payout, ${MEMBERS} members, second run, per member`] = (await community.secondRun()).gas / MEMBERS;
  return gas;
}

/** In words, one line an operation that differs. */
function changesBetween(before: Snapshot, after: Snapshot): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    if (was === undefined) return [`  ${name}: not in the snapshot → ${is}`];
    if (is === undefined) return [`  ${name}: ${was} → not measured`];
    return [`  ${name}: ${was} → ${is} (${is > was ? "+" : ""}${Math.round((is - was) * 1000) / 1000})`];
  });
}

function assertAtMost(measured: number | undefined, most: number): void {
  assert(measured !== undefined && measured <= most, `${measured} gas, at most ${most}`);
}

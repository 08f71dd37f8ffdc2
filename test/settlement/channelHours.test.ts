/*
 * The hours of a meter
 *   the three hours of the golden example: ratio, exact product, what each hour counts for, attributed energy
 *   rounded once a batch: hours add up to the batch, wherever the rounding falls
 *   a missing reading; a channel that is not on the roster; calldata that cannot be read; corrections; the span
 */

import assert from "node:assert/strict";
import { zeroHash } from "viem";
import { type Batch, encodeBatch, maskBit } from "../../settlement/batch.ts";
import { channelBatch, channelBatches, configurationHours, toldBatches } from "../../settlement/channelHours.ts";
import { GRADES } from "../../settlement/grade.ts";
import type { BatchRecord, BatchRevision } from "../../settlement/history.ts";
import type { Roster } from "../../settlement/roster.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import { batchOf } from "../support/communityOnChain.ts";
import { placeAt, rosterAt } from "../support/paperHistory.ts";

const FIRST = 490_000;
const ONE = 2n ** 30n;
const channel = (number: number) =>
  ({ number, account: number, class: "persona_fisica", exempt: false, weight: 0 }) as const;
const plant = (number: number, commissioned: string) =>
  ({ number, channel: number, commissioned, power: 1, regime: "none" }) as const;
const ROSTER: Roster = {
  injection: [channel(1), channel(2)],
  withdrawal: [channel(3), channel(4), channel(5), channel(6)],
  plants: [plant(1, "2024-05-01"), plant(2, "2025-03-01")],
};
/** kWh by row and hour. */
const KWH = [
  [55, 60, 10],
  [20, 65, 15],
  [5, 8, 10],
  [3, 4, 6],
  [12, 40, 0],
  [10, 48, 24],
];

/** A revision as the ledger tells it. */
function revision(batch: Batch, number = 0): BatchRevision {
  const { injected, withdrawn, shared, accrued } = tallyBatch(batch, ROSTER);
  return {
    place: placeAt(10 + number),
    input: { batch: encodeBatch(batch), replaced: undefined, signatures: [] },
    event: {
      month: 0,
      hourCount: batch.hourCount,
      revision: number,
      replaced: zeroHash,
      grade: GRADES.indexOf(batch.grade),
      missing: 0,
      accrued,
      digest: zeroHash,
      rowRoot: zeroHash,
      injected,
      withdrawn,
      shared,
    },
  };
}
const recorded = (...revisions: BatchRevision[]): BatchRecord => {
  return { firstHour: revisions[0]?.input?.batch.firstHour ?? FIRST, revisions, storedDigest: zeroHash };
};
const golden = batchOf(ROSTER, FIRST, 3, (row, hour) => (KWH[row]?.[hour] ?? 0) * 1000);
const ledgerWith = (...batches: BatchRecord[]) => ({ batches, rosters: [rosterAt(1, 1, FIRST, ROSTER)] });
const DAY = { firstHour: FIRST, hourCount: 24 };

describe("the hours of a meter", () => {
  it("of a consumer of the golden example", () => {
    const [batch] = channelBatches(ledgerWith(recorded(revision(golden))), 3, DAY);
    assert(batch);
    assert.deepEqual(
      batch.hours.map(({ hour, energy, injected, withdrawn, shared, ratio }) => [
        hour,
        energy,
        injected,
        withdrawn,
        shared,
        ratio,
      ]),
      [
        [FIRST, 5000n, 75_000n, 30_000n, 30_000n, ONE],
        [FIRST + 1, 8000n, 125_000n, 100_000n, 100_000n, ONE],
        [FIRST + 2, 10_000n, 25_000n, 40_000n, 25_000n, (ONE * 5n) / 8n],
      ],
    );
    assert.deepEqual(
      batch.hours.map(({ scaled, coincident, attributed, isMissing }) => [scaled, coincident, attributed, isMissing]),
      [
        [5000n * ONE, 5000n, undefined, false],
        [8000n * ONE, 8000n, undefined, false],
        [6250n * ONE, 6250n, undefined, false],
      ],
    );
    const { firstHour, energy, coincident, attributed, missing, grade, block } = batch;
    assert.deepEqual(
      [firstHour, energy, coincident, attributed, missing, grade, block],
      [FIRST, 23_000n, 19_250n, undefined, 0, golden.grade, 10n],
    );
  });

  it("of the plant that comes second: what the first one left", () => {
    const [batch] = channelBatches(ledgerWith(recorded(revision(golden))), 2, DAY);
    assert.deepEqual(
      batch?.hours.map(({ attributed }) => attributed),
      [0n, 40_000n, 15_000n],
    );
    assert.equal(batch?.attributed, 55_000n);
    // 30 of 75 kWh were shared in the first hour; ⌊20 000 · ⌊0.4 · 2³⁰⌋ / 2³⁰⌋ is a Wh less than 8000.
    assert.deepEqual(
      batch?.hours.map(({ ratio, coincident }) => [ratio, coincident]),
      [
        [(ONE * 2n) / 5n, 7999n],
        [(ONE * 4n) / 5n, 52_000n],
        [ONE, 15_000n],
      ],
    );
    assert.equal(batch?.coincident, tallyBatch(golden, ROSTER).coincident.get(2));
  });

  it("are rounded once a batch: what one hour lacks another has more", () => {
    // A third of 1 Wh in each hour: the first two count 0, the third 1 less the ratio's own rounding.
    const told = {
      firstHour: FIRST,
      hourCount: 4,
      grade: 2,
      revision: 0,
      place: placeAt(1),
      injected: [1n, 1n, 1n, 1n],
      withdrawn: [3n, 3n, 3n, 3n],
      shared: [1n, 1n, 1n, 1n],
    };
    const { hours, coincident } = channelBatch(told, {
      direction: "withdrawn",
      row: [1, 1, 1, 1],
      missing: 0,
      attributed: undefined,
    });
    assert.deepEqual(
      hours.map((hour) => [hour.scaled, hour.coincident]),
      [
        [357_913_941n, 0n],
        [357_913_941n, 0n],
        [357_913_941n, 0n],
        [357_913_941n, 1n],
      ],
    );
    assert.equal(coincident, (4n * 357_913_941n) / ONE);
  });

  it("say where the reading is missing", () => {
    const silent = { ...golden, missing: golden.missing.map((_, row) => (row === 4 ? maskBit(2) : 0)) };
    const [batch] = channelBatches(ledgerWith(recorded(revision(silent))), 5, DAY);
    assert.deepEqual(
      batch?.hours.map(({ isMissing }) => isMissing),
      [false, false, true],
    );
    assert.equal(batch?.missing, 1);
  });

  it("are those of the newest correction, with its number and grade", () => {
    const better: Batch = {
      ...golden,
      grade: "GSE-matched",
      withdrawn: golden.withdrawn.map((row) => row.map((wh) => wh * 2)),
    };
    const [batch] = channelBatches(ledgerWith(recorded(revision(golden), revision(better, 1))), 3, DAY);
    assert.deepEqual([batch?.revision, batch?.grade, batch?.energy, batch?.block], [1, "GSE-matched", 46_000n, 11n]);
  });

  it("are none where the channel is not on the roster, or the calldata cannot be read", () => {
    assert.deepEqual(channelBatches(ledgerWith(recorded(revision(golden))), 9, DAY), []);
    const unread = { ...revision(golden), input: undefined };
    assert.deepEqual(channelBatches(ledgerWith(recorded(unread)), 3, DAY), []);
  });

  it("begin in the span, by the hour", () => {
    const at = (firstHour: number) => recorded(revision({ ...golden, firstHour }));
    const ledger = ledgerWith(at(FIRST + 3), at(FIRST), at(FIRST + 6), at(FIRST - 3));
    const span = { firstHour: FIRST, hourCount: 6 };
    assert.deepEqual(
      channelBatches(ledger, 3, span).map(({ firstHour }) => firstHour),
      [FIRST, FIRST + 3],
    );
  });
});

describe("the hours of a configuration", () => {
  it("are what the ledger told of each", () => {
    const hours = toldBatches(ledgerWith(recorded(revision(golden))), DAY).flatMap(configurationHours);
    assert.deepEqual(hours, [
      { hour: FIRST, injected: 75_000n, withdrawn: 30_000n, shared: 30_000n },
      { hour: FIRST + 1, injected: 125_000n, withdrawn: 100_000n, shared: 100_000n },
      { hour: FIRST + 2, injected: 25_000n, withdrawn: 40_000n, shared: 25_000n },
    ]);
  });

  it("are none of a batch that nothing is told of", () =>
    assert.deepEqual(toldBatches(ledgerWith(recorded()), DAY), []));
});

import assert from "node:assert/strict";
import type { Grade } from "../../settlement/grade.ts";
import { parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { evidenceOfMonth } from "../../settlement/monthEvidence.ts";
import type { ComparedBatch, ComparedLedger } from "../../settlement/monthExpected.ts";
import { batchOf, smallRoster } from "../support/communityOnChain.ts";

const MARCH = parseMonth("2026-03") ?? assert.fail();

const batch = (day: number, grade: Grade, revision = 0, hourCount = 24): ComparedBatch => ({
  batch: { ...batchOf(smallRoster(3), startOfMonth(MARCH) + 24 * day, hourCount), grade, revision },
  tally: { shared: [] },
});

function ledgerOf(batches: (ComparedBatch | undefined)[][], missing: [number, number][] = []): ComparedLedger {
  const sums = { shared: 0n, accrued: 0n, attributed: new Map(), hoursWithoutPrice: 3 };
  const channels = new Map(
    missing.map(([channel, hours]) => [channel, { energy: 0n, coincident: 0n, missing: hours }]),
  );
  return { versions: [], batches, months: new Map([[MARCH, { ...sums, channels }]]) };
}

describe("what may explain a month's difference", () => {
  it("names channels with missing readings, those with most first, then by number", () => {
    const missing: [number, number][] = [
      [4, 2],
      [1, 0],
      [3, 9],
      [2, 2],
      [5, 9],
    ];
    assert.deepEqual(
      evidenceOfMonth(ledgerOf([], missing), MARCH).missing.map(({ channel, hours }) => [channel, hours]),
      [
        [3, 9],
        [5, 9],
        [2, 2],
        [4, 2],
      ],
    );
  });

  for (const { name, batches, expected } of [
    {
      name: "nothing below distributor",
      batches: [[batch(0, "distributor")], [batch(1, "GSE-matched")]],
      expected: undefined,
    },
    {
      name: "the lowest grade below distributor, and the hours of all",
      batches: [[batch(0, "estimated")], [batch(1, "indicative", 0, 23)], [batch(2, "distributor")]],
      expected: { grade: "indicative", hours: 47 },
    },
    {
      name: "a grade that a correction mended",
      batches: [[batch(0, "indicative"), batch(0, "distributor", 1)]],
      expected: undefined,
    },
    {
      name: "a correction that cannot be read",
      batches: [[batch(0, "estimated"), undefined]],
      expected: { grade: "estimated", hours: 24 },
    },
    { name: "a batch that cannot be read", batches: [[undefined]], expected: undefined },
    {
      name: "a batch of another month",
      batches: [[batch(-1, "indicative")], [batch(31, "indicative")]],
      expected: undefined,
    },
  ]) {
    it(`grade: ${name}`, () => assert.deepEqual(evidenceOfMonth(ledgerOf(batches), MARCH).lowGrade, expected));
  }

  it("counts corrected batches, each once, and hours without a price", () => {
    const batches = [
      [batch(0, "distributor")],
      [batch(1, "distributor"), batch(1, "distributor", 1), batch(1, "distributor", 2)],
      [batch(2, "distributor"), batch(2, "distributor", 1)],
    ];
    const { corrected, withoutPrice } = evidenceOfMonth(ledgerOf(batches), MARCH);
    assert.equal(corrected, 2);
    assert.equal(withoutPrice, 3);
  });

  it("says nothing of a month without readings", () => {
    assert.deepEqual(evidenceOfMonth(ledgerOf([]), MARCH + 1), {
      missing: [],
      lowGrade: undefined,
      withoutPrice: 0,
      corrected: 0,
    });
  });
});

/*
 * EnergyLedger.record, what it does with a batch that it accepts
 *   it is in the event, the digest, the month's state and sums, all equal to settlement/
 *   missing readings are counted; they, or a low grade of any batch, make the month provisional
 *   the month's last hour closes it
 *   days of 23 and 25 hours, and the ends of months of all kinds
 */

import assert from "node:assert/strict";
import { type Address, parseEventLogs } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { sum } from "../../settlement/amounts.ts";
import { type Batch, maskBit, maskOfHours } from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { GRADES } from "../../settlement/grade.ts";
import { endOfMonth, type Hour, hoursOfMarketDay, parseMonth, startOfMonth } from "../../settlement/hours.ts";
import type { Roster } from "../../settlement/roster.ts";
import { rowRoot } from "../../settlement/rowTree.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import {
  batchOf,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, read } from "../support/refusals.ts";
import { ledgerInForce } from "../support/runsOnChain.ts";

const CHANNELS = 40;

describe("EnergyLedger.record, accepting", () => {
  let stage: Stage;
  const roster = smallRoster(CHANNELS);

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  const ledgerFrom = (firstHour: Hour, firstMonth = FIRST_MONTH, of: Roster = roster) =>
    ledgerInForce(stage, CHANNELS, of, firstHour, firstMonth);

  const view = (ledger: Address, functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: energyLedgerAbi, address: ledger, functionName, args });

  describe("an accepted batch", () => {
    it("is in the event, the digest, the state and the sums as settlement/ has it", async () => {
      const ledger = await ledgerFrom(FIRST_HOUR);
      const all: Batch[] = [
        { ...batchOf(roster, FIRST_HOUR, 24), grade: "GSE-matched" },
        { ...batchOf(roster, FIRST_HOUR + 24, 1), grade: "estimated" },
        batchOf(roster, FIRST_HOUR + 25, 23, (row, hour) => (row === 0 ? 0 : row * hour)),
      ];
      const state = { accrued: 0n, hoursRecorded: 0, injected: 0n, withdrawn: 0n, shared: 0n };
      for (const batch of all) {
        const receipt = await record(stage, ledger, batch, roster);
        const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs: receipt.logs });
        const tally = tallyBatch(batch, roster);
        const digest = batchDigest(batch, roster, { chainId: EMBEDDED_CHAIN_ID, ledger });
        assert.deepEqual(event?.args, {
          firstHour: batch.firstHour,
          month: FIRST_MONTH,
          hourCount: batch.hourCount,
          grade: GRADES.indexOf(batch.grade),
          missing: 0,
          accrued: tally.accrued,
          digest,
          rowRoot: rowRoot(batch, roster),
          injected: dayOf(tally.injected),
          withdrawn: dayOf(tally.withdrawn),
          shared: dayOf(tally.shared),
        });
        assert.equal(await view(ledger, "digestOf", batch.firstHour), digest);
        assert.equal(await view(ledger, "nextHour"), batch.firstHour + batch.hourCount);
        state.accrued += tally.accrued;
        state.hoursRecorded += batch.hourCount;
        state.injected += sum(tally.injected);
        state.withdrawn += sum(tally.withdrawn);
        state.shared += sum(tally.shared);
      }
      assert.deepEqual(await view(ledger, "monthState", FIRST_MONTH), {
        ...state,
        missing: 0,
        hoursWithoutPrice: 0,
        grade: 1,
      });
      assert.equal(await view(ledger, "digestOf", FIRST_HOUR + 1), `0x${"00".repeat(32)}`);
    });

    it("counts missing readings, which are zero, and makes the month provisional", async () => {
      const ledger = await ledgerFrom(FIRST_HOUR);
      const marks = new Map([
        [0, maskBit(2)],
        [1, maskOfHours(24)],
        [35, maskBit(0) | maskBit(23)],
      ]);
      const batch = batchOf(roster, FIRST_HOUR, 24, (row, hour) => ((marks.get(row) ?? 0) & maskBit(hour) ? 0 : 7));
      const missing = batch.missing.map((_, row) => marks.get(row) ?? 0);
      assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), true, "nothing is recorded yet");
      await record(stage, ledger, { ...batchOf(roster, FIRST_HOUR, 24), firstHour: FIRST_HOUR }, roster);
      assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), false);
      const receipt = await record(stage, ledger, { ...batch, missing, firstHour: FIRST_HOUR + 24 }, roster);
      const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs: receipt.logs });
      assert.equal(event?.args.missing, 1 + 24 + 2);
      assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), true);
    });

    for (const [grade, provisional] of [
      ["indicative", true],
      ["estimated", true],
      ["distributor", false],
      ["GSE-matched", false],
    ] as const) {
      it(`of grade ${grade} ${provisional ? "makes" : "does not make"} its month provisional`, async () => {
        const ledger = await ledgerFrom(FIRST_HOUR);
        await record(stage, ledger, { ...batchOf(roster, FIRST_HOUR, 4), grade }, roster);
        await record(stage, ledger, { ...batchOf(roster, FIRST_HOUR + 4, 4), grade: "GSE-matched" }, roster);
        assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), provisional);
      });
    }

    it("at the month's end closes it, and the next goes into the next month", async () => {
      const lastHour = endOfMonth(FIRST_MONTH) - 1;
      const ledger = await ledgerFrom(lastHour);
      assert.equal(await view(ledger, "isClosed", FIRST_MONTH - 1), true);
      assert.equal(await view(ledger, "isClosed", 0), true, "long before the Unix epoch");
      assert.equal(await view(ledger, "isClosed", FIRST_MONTH), false);
      await record(stage, ledger, batchOf(roster, lastHour, 1), roster);
      assert.equal(await view(ledger, "isClosed", FIRST_MONTH), true);
      assert.equal(await view(ledger, "isClosed", FIRST_MONTH + 1), false);
      const receipt = await record(stage, ledger, batchOf(roster, lastHour + 1, 24), roster);
      const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs: receipt.logs });
      assert.equal(event?.args.month, FIRST_MONTH + 1);
    });
  });

  describe("days on which clocks change", () => {
    it("a day of 23 hours is one batch, and the day after begins 23 hours later", async () => {
      const day = hoursOfMarketDay("2026-03-29");
      assert.equal(day.hourCount, 23);
      const ledger = await ledgerFrom(day.firstHour);
      await record(stage, ledger, batchOf(roster, day.firstHour, 23), roster);
      const next = hoursOfMarketDay("2026-03-30");
      assert.equal(await view(ledger, "nextHour"), next.firstHour);
      await record(stage, ledger, batchOf(roster, next.firstHour, 24), roster);
    });

    it("a day of 25 hours takes two batches", async () => {
      const october = parseMonth("2026-10") ?? 0;
      const day = hoursOfMarketDay("2026-10-25");
      assert.equal(day.hourCount, 25);
      const ledger = await ledgerFrom(day.firstHour, october);
      await assertRefused(
        record(stage, ledger, { ...batchOf(roster, day.firstHour, 24), hourCount: 25 }, roster),
        "HourCountOutOfRange",
        [25],
      );
      await record(stage, ledger, batchOf(roster, day.firstHour, 24), roster);
      await record(stage, ledger, batchOf(roster, day.firstHour + 24, 1), roster);
      assert.equal(await view(ledger, "nextHour"), hoursOfMarketDay("2026-10-26").firstHour);
    });

    for (const name of ["2026-03", "2026-04", "2026-10", "2026-11", "2027-01", "2028-02", "2028-03"]) {
      it(`the month ${name} ends where the calendar says`, async () => {
        const month = parseMonth(name) ?? 0;
        const end = endOfMonth(month);
        const ledger = await ledgerFrom(end - 3, month);
        await assertRefused(record(stage, ledger, batchOf(roster, end - 3, 4), roster), "StraddlesMonth", [
          end - 3,
          4,
          end,
        ]);
        await record(stage, ledger, batchOf(roster, end - 3, 3), roster);
        assert.equal(await view(ledger, "isClosed", month), true);
        const next = endOfMonth(month + 1);
        assert.equal(startOfMonth(month + 1), end);
        await assertRefused(record(stage, ledger, batchOf(roster, next - 3, 4), roster), "NotNextHour", [
          end,
          next - 3,
        ]);
      });
    }
  });
});

/** Hours as the lanes of a Day: word 2j+p has hours 8j+p, 8j+p+2, 8j+p+4 and 8j+p+6, the first in the top bits. */
function dayOf(hours: readonly bigint[]) {
  const words = Array.from({ length: 6 }, (_, word) =>
    [0, 2, 4, 6].reduce(
      (packed, step) => (packed << 64n) | (hours[Math.floor(word / 2) * 8 + (word % 2) + step] ?? 0n),
      0n,
    ),
  );
  const [w0, w1, w2, w3, w4, w5] = words;
  return { w0, w1, w2, w3, w4, w5 };
}

/*
 * EnergyLedger.record, the form of a batch
 *   lengths: a row or a part of one too many or too few → refused
 *   unused lanes: an injection, a withdrawal or a price, in every lane beyond the batch's hours → refused
 *   masks: bits beyond the hours, prices marked but there, readings marked but there, on either side of row 32 → refused
 */

import type { Address } from "viem";
import { type Batch, maskBit } from "../../settlement/batch.ts";
import { type Hour, secondsOf } from "../../settlement/hours.ts";
import type { Roster } from "../../settlement/roster.ts";
import { ledgerCalls } from "../support/communityCalls.ts";
import {
  batchOf,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, send } from "../support/refusals.ts";
import { ledgerInForce } from "../support/runsOnChain.ts";
import { type Submission, submissionOf, withMask, withPrice, withReading } from "../support/submissions.ts";

const ALL_ONES = 2n ** 256n - 1n;
const CHANNELS = 40;

describe("EnergyLedger.record, the form of a batch", () => {
  let stage: Stage;
  const roster = smallRoster(CHANNELS);

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  const ledgerFrom = (firstHour: Hour, firstMonth = FIRST_MONTH, of: Roster = roster) =>
    ledgerInForce(stage, CHANNELS, of, firstHour, firstMonth);

  describe("the form of a batch", () => {
    let ledger: Address;
    let good: Submission;
    before(async () => {
      ledger = await ledgerFrom(FIRST_HOUR);
      stage.chain.advanceTo(secondsOf(FIRST_HOUR + 24));
      good = await submissionOf(batchOf(roster, FIRST_HOUR, 8), roster, ledger, [stage.people.oracle.account]);
    });
    const refuses = (change: Partial<Submission["batch"]>, error: string, values: readonly unknown[]) =>
      assertRefused(
        send(stage, "stranger", ledgerCalls(ledger).record({ ...good.batch, ...change }, good.signatures)),
        error,
        values,
      );

    for (const [field, bytes] of [
      ["injected", -96],
      ["injected", 1],
      ["withdrawn", -96],
      ["withdrawn", 95],
      ["missing", -3],
      ["missing", 3],
    ] as const) {
      it(`refuses ${bytes > 0 ? bytes : -bytes} bytes too ${bytes > 0 ? "many" : "few"} of ${field}: WrongLength`, async () => {
        const lengths = { injected: 96, withdrawn: (CHANNELS - 1) * 96, missing: CHANNELS * 3 };
        const rows = good.batch[field];
        const changed =
          bytes > 0 ? (`${rows}${"00".repeat(bytes)}` as const) : (rows.slice(0, 2 * bytes) as `0x${string}`);
        const given = { ...lengths, [field]: lengths[field] + bytes };
        await refuses({ [field]: changed }, "WrongLength", [
          BigInt(given.injected),
          BigInt(given.withdrawn),
          BigInt(given.missing),
          1n,
          BigInt(CHANNELS - 1),
        ]);
      });
    }

    it("refuses anything in any hour that it does not cover: UnusedLaneNotZero, UnusedMaskBitSet", async () => {
      const { injected, withdrawn, missing, prices, priceMask } = good.batch;
      for (let lane = 8; lane < 24; lane++) {
        const error = [BigInt(lane)];
        await refuses({ injected: withReading(injected, 0, lane, 1) }, "UnusedLaneNotZero", error);
        await refuses({ withdrawn: withReading(withdrawn, lane, lane, 0xffffffff) }, "UnusedLaneNotZero", error);
        await refuses({ prices: withPrice(prices, lane, -1) }, "UnusedLaneNotZero", error);
        await refuses({ priceMask: priceMask | maskBit(lane) }, "UnusedMaskBitSet", [
          ALL_ONES,
          priceMask | maskBit(lane),
        ]);
        await refuses({ missing: withMask(missing, lane, maskBit(lane)) }, "UnusedMaskBitSet", [
          BigInt(lane),
          maskBit(lane),
        ]);
      }
    });

    it("refuses a price in any hour marked as without one: MissingPriceNotZero", async () => {
      for (let lane = 0; lane < 8; lane++) {
        await refuses({ prices: withPrice(good.batch.prices, lane, lane - 9) }, "MissingPriceNotZero", [BigInt(lane)]);
      }
    });

    it("refuses a reading in any hour marked as missing, in any row: MissingReadingNotZero", async () => {
      for (const row of [0, 1, 30, 31, 32, 33, CHANNELS - 1]) {
        for (const lane of [0, 3, 7]) {
          const change = { missing: withMask(good.batch.missing, row, maskBit(lane)) };
          await refuses(change, "MissingReadingNotZero", [BigInt(row), BigInt(lane), BigInt(100 * (row + 1) + lane)]);
        }
      }
    });

    it("takes prices where they are not marked as missing", async () => {
      const prices = Array.from({ length: 24 }, (_, lane) => (lane < 8 && lane % 2 === 0 ? lane * 1000 - 2000 : 0));
      const priced: Batch = { ...batchOf(roster, FIRST_HOUR, 8), prices, priceMask: 0x550000 };
      await record(stage, ledger, priced, roster);
    });
  });
});

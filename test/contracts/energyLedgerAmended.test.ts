/*
 * EnergyLedger.amend, what it does with a correction that it accepts
 *   the event has what stands now and what was replaced; the stored digest is the new one
 *   the month's state and sums are those of its batches as they stand now, in an open and in a past month
 *   a late reading is no longer missing; the month's grade is the lowest that is left
 *   with a later roster: channels that it opens are metered, those that it closes are metered no longer
 *   amended back, every sum is as before
 *   it is a change of its month
 */

import assert from "node:assert/strict";
import { type Address, parseEventLogs } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { sum } from "../../settlement/amounts.ts";
import { type Batch, maskBit, missingCount } from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { GRADES } from "../../settlement/grade.ts";
import { endOfMonth } from "../../settlement/hours.ts";
import type { Roster } from "../../settlement/roster.ts";
import { rowRoot } from "../../settlement/rowTree.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import {
  adoptRoster,
  amend,
  batchOf,
  correctionOf,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { read } from "../support/refusals.ts";
import { ledgerInForce } from "../support/runsOnChain.ts";

const CHANNELS = 9;

type Standing = { readonly batch: Batch; readonly roster: Roster };

describe("EnergyLedger.amend, accepting", () => {
  let stage: Stage;
  const roster = smallRoster(CHANNELS);

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  const ledgerFrom = (firstHour: number) => ledgerInForce(stage, CHANNELS + 1, roster, firstHour, FIRST_MONTH);
  const view = (ledger: Address, functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: energyLedgerAbi, address: ledger, functionName, args });
  const digestOf = ({ batch, roster: of }: Standing, ledger: Address) =>
    batchDigest(batch, of, { chainId: EMBEDDED_CHAIN_ID, ledger });
  const busier = (row: number, hour: number) => 140 * (row + 1) + 3 * hour;

  it("says what stands now and what was replaced", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const old = batchOf(roster, FIRST_HOUR, 24);
    await record(stage, ledger, old, roster);
    const corrected = correctionOf(old, roster, ledger, { ...rows(batchOf(roster, FIRST_HOUR, 24, busier)) });
    const receipt = await amend(stage, ledger, old, corrected, roster);
    const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchAmended", logs: receipt.logs });
    const { injected, withdrawn, shared, ...said } = event?.args ?? {};
    const tally = tallyBatch(corrected, roster);
    assert.deepEqual(said, {
      firstHour: FIRST_HOUR,
      month: FIRST_MONTH,
      hourCount: 24,
      revision: 1,
      grade: 2,
      missing: 0,
      accrued: tally.accrued,
      digest: digestOf({ batch: corrected, roster }, ledger),
      replaced: digestOf({ batch: old, roster }, ledger),
      rowRoot: rowRoot(corrected, roster),
    });
    assert.equal(await view(ledger, "digestOf", FIRST_HOUR), said.digest);
    const hourZero = [injected, withdrawn, shared].map((day) => (day?.w0 ?? 0n) >> 192n);
    assert.deepEqual(hourZero, [tally.injected[0], tally.withdrawn[0], tally.shared[0]]);
  });

  it("leaves the sums of what stands now, in an open and in a past month, and back again", async () => {
    const start = endOfMonth(FIRST_MONTH) - 30;
    const ledger = await ledgerFrom(start);
    const days = [
      batchOf(roster, start, 24),
      {
        ...batchOf(roster, start + 24, 6),
        grade: "estimated" as const,
        missing: gap(3, 2),
        ...silent(start + 24, 3, 2),
      },
      batchOf(roster, start + 30, 10),
    ];
    for (const day of days) await record(stage, ledger, day, roster);
    const before = await statesOf(ledger);

    const standing = days.map((batch) => ({ batch, roster }));
    for (const [index, day] of days.entries()) {
      const changes = [
        { ...rows(batchOf(roster, day.firstHour, day.hourCount, busier)), grade: "GSE-matched" as const },
        { ...rows(batchOf(roster, day.firstHour, day.hourCount, () => 0)), grade: "GSE-matched" as const },
      ];
      for (const change of changes) await correct(ledger, standing, index, change);
    }
    assert.deepEqual(await statesOf(ledger), expected(standing));
    assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), false);
    assert.equal(await view(ledger, "changeCount"), 6);
    assert.equal(await view(ledger, "hasChanged", 4, FIRST_MONTH, FIRST_MONTH), false);
    assert.equal(await view(ledger, "hasChanged", 3, FIRST_MONTH, FIRST_MONTH), true);
    assert.equal(await view(ledger, "hasChanged", 5, FIRST_MONTH + 1, FIRST_MONTH + 9), true);

    for (const [index, day] of days.entries()) await correct(ledger, standing, index, rows(day));
    const sumsOnly = (states: Awaited<ReturnType<typeof statesOf>>) => states.map(({ grade: _, ...sums }) => sums);
    assert.deepEqual(sumsOnly(await statesOf(ledger)), sumsOnly(before));
  });

  it("counts a late reading as missing no longer, and the lowest grade that is left", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const days: Batch[] = [
      { ...batchOf(roster, FIRST_HOUR, 24), grade: "indicative" },
      { ...batchOf(roster, FIRST_HOUR + 24, 24), missing: gap(3, 2), ...silent(FIRST_HOUR + 24, 3, 2) },
      { ...batchOf(roster, FIRST_HOUR + 48, 24), grade: "estimated" },
    ];
    for (const day of days) await record(stage, ledger, day, roster);
    const standing = days.map((batch) => ({ batch, roster }));
    const grade = async () => GRADES[(await statesOf(ledger))[0]?.grade ?? 9];
    assert.equal(await grade(), "indicative");
    await correct(ledger, standing, 0, { grade: "distributor" });
    assert.equal(await grade(), "estimated");
    await correct(ledger, standing, 2, { grade: "GSE-matched" });
    assert.equal(await grade(), "distributor");
    assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), true, "a reading is missing");
    await correct(ledger, standing, 1, rows(batchOf(roster, FIRST_HOUR + 24, 24)));
    assert.equal(await view(ledger, "isProvisional", FIRST_MONTH), false);
    assert.deepEqual(await statesOf(ledger), expected(standing));
  });

  it("takes a later roster: a member admitted with effect from a past day, another gone", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const old = batchOf(roster, FIRST_HOUR, 24);
    await record(stage, ledger, old, roster);
    const standing: Standing[] = [{ batch: old, roster }];
    const larger = smallRoster(CHANNELS + 1);
    const withdrawal = larger.withdrawal.filter(({ number }) => number !== 4);
    const later = { ...larger, withdrawal };
    await adoptRoster(stage, ledger, FIRST_HOUR, later);
    const change = { ...rows(batchOf(later, FIRST_HOUR, 24, busier)), rosterVersion: 2 };
    await correct(ledger, standing, 0, change, later);
    assert.deepEqual(await statesOf(ledger), expected(standing));
    const next = { ...batchOf(later, FIRST_HOUR + 24, 24), rosterVersion: 2 };
    await record(stage, ledger, next, later);
    assert.deepEqual(await statesOf(ledger), expected([...standing, { batch: next, roster: later }]));
  });

  /** Amends one of what stands. */
  async function correct(ledger: Address, standing: Standing[], index: number, change: Partial<Batch>, of = roster) {
    const old = standing[index];
    assert(old);
    const batch = correctionOf(old.batch, old.roster, ledger, change);
    await amend(stage, ledger, old.batch, batch, of);
    standing[index] = { batch, roster: of };
  }

  /** State and sums of the two months. */
  async function statesOf(ledger: Address) {
    return Promise.all(
      [FIRST_MONTH, FIRST_MONTH + 1].map(async (month) => {
        const call = { abi: energyLedgerAbi, address: ledger, args: [month] } as const;
        const { injected, withdrawn, shared, accrued, missing, hoursRecorded, grade } = await stage.client.readContract(
          {
            ...call,
            functionName: "monthState",
          },
        );
        const [coincident, attributed] = await stage.client.readContract({ ...call, functionName: "monthSums" });
        const sums = { injected, withdrawn, shared, accrued, missing, hoursRecorded, grade };
        return { ...sums, coincident: lanesOf(coincident), attributed: lanesOf(attributed) };
      }),
    );
  }

  function expected(standing: readonly Standing[]) {
    return [FIRST_MONTH, FIRST_MONTH + 1].map((month) => {
      const ofMonth = standing.filter(
        ({ batch }) => batch.firstHour < endOfMonth(FIRST_MONTH) === (month === FIRST_MONTH),
      );
      const tallies = ofMonth.map(({ batch, roster: of }) => tallyBatch(batch, of));
      const added = (side: "coincident" | "attributed") => {
        const sums = new Map<number, bigint>();
        for (const tally of tallies)
          for (const [number, energy] of tally[side]) sums.set(number, (sums.get(number) ?? 0n) + energy);
        return Object.fromEntries([...sums].filter(([, energy]) => energy !== 0n));
      };
      return {
        injected: sum(tallies.flatMap(({ injected }) => injected)),
        withdrawn: sum(tallies.flatMap(({ withdrawn }) => withdrawn)),
        shared: sum(tallies.flatMap(({ shared }) => shared)),
        accrued: sum(tallies.map(({ accrued }) => accrued)),
        missing: ofMonth.reduce((total, { batch }) => total + missingCount(batch), 0),
        hoursRecorded: ofMonth.reduce((total, { batch }) => total + batch.hourCount, 0),
        grade: ofMonth.length === 0 ? 0 : Math.min(...ofMonth.map(({ batch }) => GRADES.indexOf(batch.grade))),
        coincident: added("coincident"),
        attributed: added("attributed"),
      };
    });
  }

  /** Energy by number, zeros left out. */
  function lanesOf(words: readonly bigint[]): Record<number, bigint> {
    const lanes = words.flatMap((word) =>
      Array.from({ length: 6 }, (_, lane) => (word >> BigInt(42 * lane)) % 2n ** 42n),
    );
    return Object.fromEntries([...lanes.entries()].filter(([, energy]) => energy !== 0n));
  }

  const rows = ({ injected, withdrawn, missing }: Batch) => ({ injected, withdrawn, missing });
  const gap = (row: number, hour: number) =>
    roster.withdrawal.concat(roster.injection).map((_, i) => (i === row ? maskBit(hour) : 0));
  const silent = (firstHour: number, row: number, hour: number) => {
    const { injected, withdrawn } = batchOf(roster, firstHour, 24, (r, h) =>
      r === row && h === hour ? 0 : 100 * r + h,
    );
    return { injected: short(injected, firstHour), withdrawn: short(withdrawn, firstHour) };
  };
  /** The day of six hours has nothing in its later lanes. */
  const short = (given: Batch["injected"], firstHour: number) =>
    firstHour === endOfMonth(FIRST_MONTH) - 6 ? given.map((row) => row.map((wh, hour) => (hour < 6 ? wh : 0))) : given;
});

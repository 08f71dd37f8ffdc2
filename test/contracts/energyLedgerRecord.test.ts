/*
 * EnergyLedger.record
 *   a batch wrong in one way → that error; wrong in two ways → the error that comes first in the documented order:
 *     paused, next hour, ended, hour count, month, roster version, revision, lengths, unused lanes, masks, signatures
 *   roster version
 *     0, not adopted yet, not yet in force, or replaced before the batch ends → refused
 *   form: see energyLedgerForm.test.ts; signatures: see oracles.test.ts
 */

import type { Address } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { maskBit } from "../../settlement/batch.ts";
import { endOfMonth, type Hour, secondsOf } from "../../settlement/hours.ts";
import type { Roster } from "../../settlement/roster.ts";
import { ledgerCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";
import { ledgerAt, ledgerInForce } from "../support/runsOnChain.ts";
import { type Submission, submissionOf, withMask, withPrice, withReading } from "../support/submissions.ts";

const ALL_ONES = 2n ** 256n - 1n;
const CHANNELS = 40;

describe("EnergyLedger.record", () => {
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

  describe("checks in a fixed order", () => {
    /** The 23 hours before the month's end: one hour more straddles it, and lane 23 is unused. */
    const firstHour = endOfMonth(FIRST_MONTH) - 23;
    let ledger: Address;
    let good: Submission;

    type Flaw = {
      readonly name: string;
      readonly spoil: (submission: Submission) => Submission;
      readonly error: string;
      readonly values: () => readonly unknown[];
    };
    const onBatch = (change: (batch: Submission["batch"]) => Partial<Submission["batch"]>) => (given: Submission) => ({
      ...given,
      batch: { ...given.batch, ...change(given.batch) },
    });
    /** Hour counts are wrong in three ways; a greater one is also wrong in the later ways. */
    const hours = (count: number) => onBatch(({ hourCount }) => ({ hourCount: Math.max(hourCount, count) }));
    const now = () => BigInt(stage.chain.time());

    const flaws: readonly Flaw[] = [
      {
        name: "not the next hour",
        spoil: onBatch(() => ({ firstHour: firstHour - 1 })),
        error: "NotNextHour",
        values: () => [firstHour, firstHour - 1],
      },
      {
        name: "its last hour has not ended",
        spoil: hours(200),
        error: "LastHourNotEnded",
        values: () => [BigInt(secondsOf(firstHour + 200)), now()],
      },
      { name: "25 hours", spoil: hours(25), error: "HourCountOutOfRange", values: () => [25] },
      {
        name: "across the month's end",
        spoil: hours(24),
        error: "StraddlesMonth",
        values: () => [firstHour, 24, endOfMonth(FIRST_MONTH)],
      },
      {
        name: "a roster version that nobody adopted",
        spoil: onBatch(() => ({ rosterVersion: 2 })),
        error: "RosterNotInForce",
        values: () => [2, firstHour, 23],
      },
      {
        name: "a later revision",
        spoil: onBatch(() => ({ revision: 1 })),
        error: "NotFirstRevision",
        values: () => [1, `0x${"00".repeat(32)}`],
      },
      {
        name: "a row too many",
        spoil: onBatch(({ withdrawn }) => ({ withdrawn: `${withdrawn}${"00".repeat(96)}` })),
        error: "WrongLength",
        values: () => [96n, BigInt(CHANNELS * 96), BigInt(CHANNELS * 3), 1n, BigInt(CHANNELS - 1)],
      },
      {
        name: "a reading in an unused lane",
        spoil: onBatch(({ injected }) => ({ injected: withReading(injected, 0, 23, 1) })),
        error: "UnusedLaneNotZero",
        values: () => [23n],
      },
      {
        name: "a price marked missing in an unused hour",
        spoil: onBatch(({ priceMask }) => ({ priceMask: priceMask | maskBit(23) })),
        error: "UnusedMaskBitSet",
        values: () => [ALL_ONES, 0xffffff],
      },
      {
        name: "a price where none is said to be",
        spoil: onBatch(({ prices }) => ({ prices: withPrice(prices, 5, -1) })),
        error: "MissingPriceNotZero",
        values: () => [5n],
      },
      {
        name: "a row's mask beyond the hours",
        spoil: onBatch(({ missing }) => ({ missing: withMask(missing, 0, 1) })),
        error: "UnusedMaskBitSet",
        values: () => [0n, 1],
      },
      {
        name: "a reading where none is said to be",
        spoil: onBatch(({ missing }) => ({ missing: withMask(missing, 1, maskBit(7)) })),
        error: "MissingReadingNotZero",
        values: () => [1n, 7n, 207n],
      },
      {
        name: "no signature",
        spoil: (given) => ({ ...given, signatures: [] }),
        error: "TooFewSignatures",
        values: () => [0n, 1],
      },
    ];

    before(async () => {
      ledger = await ledgerFrom(firstHour);
      stage.chain.advanceTo(secondsOf(firstHour + 25));
      const batch = batchOf(roster, firstHour, 23);
      good = await submissionOf(batch, roster, ledger, [stage.people.oracle.account]);
    });

    const submit = ({ batch, signatures }: Submission) =>
      send(stage, "stranger", ledgerCalls(ledger).record(batch, signatures));

    for (const { name, spoil, error, values } of flaws) {
      it(`refuses ${name}: ${error}`, () => assertRefused(submit(spoil(good)), error, values()));
    }

    for (const [index, first] of flaws.slice(0, -1).entries()) {
      it(`tells of "${first.name}" before anything later`, async () => {
        for (const later of flaws.slice(index + 1)) {
          await assertRefused(submit(first.spoil(later.spoil(good))), first.error, first.values());
        }
      });
    }

    it("refuses whatever it is while paused: IsPaused", async () => {
      await send(stage, "auditor", ledgerCalls(ledger).pause());
      const until = await view(ledger, "pausedUntil");
      for (const { spoil } of flaws) await assertRefused(submit(spoil(good)), "IsPaused", [until]);
      await assertRefused(submit(good), "IsPaused", [until]);
      await send(stage, "president", ledgerCalls(ledger).unpause());
    });

    it("accepts the batch itself, from anyone, once", async () => {
      await submit(good);
      await assertRefused(submit(good), "NotNextHour", [firstHour + 23, firstHour]);
    });
  });

  it("refuses a batch of no hours: HourCountOutOfRange", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    stage.chain.advanceTo(secondsOf(FIRST_HOUR + 24));
    const { batch, signatures } = await submissionOf(batchOf(roster, FIRST_HOUR, 0), roster, ledger, [oracle()]);
    await assertRefused(
      send(stage, "stranger", ledgerCalls(ledger).record(batch, signatures)),
      "HourCountOutOfRange",
      [0],
    );
  });

  it("takes the last hour in the very second in which it ends, and not one before", async () => {
    const own = await openStage();
    const at = await deployCommunity(own);
    const ledger = ledgerAt(at, 0);
    await enrol(own, at, CHANNELS);
    await adoptRoster(own, ledger, FIRST_HOUR, roster);
    const { batch, signatures } = await submissionOf(batchOf(roster, FIRST_HOUR, 2), roster, ledger, [oracle()]);
    const call = ledgerCalls(ledger).record(batch, signatures);
    const end = secondsOf(FIRST_HOUR + 2);
    own.chain.advanceTo(end - 1);
    await assertRefused(send(own, "oracle", call), "LastHourNotEnded", [BigInt(end), BigInt(end - 1)]);
    own.chain.advanceTo(end);
    await send(own, "oracle", call);
    await own.chain.close();
  });

  describe("roster versions", () => {
    let ledger: Address;
    before(async () => {
      ledger = await ledgerFrom(FIRST_HOUR);
      await adoptRoster(stage, ledger, FIRST_HOUR + 10, smallRoster(CHANNELS));
      stage.chain.advanceTo(secondsOf(FIRST_HOUR + 48));
    });

    for (const { what, version, hourCount } of [
      { what: "version 0", version: 0, hourCount: 10 },
      { what: "a version that nobody adopted", version: 3, hourCount: 10 },
      { what: "a version that is not yet in force", version: 2, hourCount: 10 },
      { what: "a batch in which the version changes", version: 1, hourCount: 11 },
    ]) {
      it(`refuses ${what}: RosterNotInForce`, async () => {
        const batch = { ...batchOf(roster, FIRST_HOUR, hourCount), rosterVersion: version };
        await assertRefused(record(stage, ledger, batch, roster), "RosterNotInForce", [version, FIRST_HOUR, hourCount]);
      });
    }

    it("takes each version up to its last hour, and the next from its first", async () => {
      await record(stage, ledger, batchOf(roster, FIRST_HOUR, 10), roster);
      const stale = batchOf(roster, FIRST_HOUR + 10, 5);
      await assertRefused(record(stage, ledger, stale, roster), "RosterNotInForce", [1, FIRST_HOUR + 10, 5]);
      await record(stage, ledger, { ...stale, rosterVersion: 2 }, roster);
    });

    it("refuses a batch that names what it replaces: NotFirstRevision", async () => {
      const replaces = `0x${"00".repeat(31)}01` as const;
      const batch = { ...batchOf(roster, FIRST_HOUR + 15, 1), rosterVersion: 2, replaces };
      await assertRefused(record(stage, ledger, batch, roster), "NotFirstRevision", [0, replaces]);
    });
  });

  const oracle = () => stage.people.oracle.account;
});

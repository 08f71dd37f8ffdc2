/*
 * EnergyLedger.amend, refusing
 *   wrong in one way → that error; wrong in two ways → the error that comes first in the documented order:
 *     paused; of the old content its roster version, lengths, digest; of the corrected one its hours, revision, grade, roster
 *     version, lengths, unused lanes, masks, signatures
 *   hours that nobody recorded, an old batch played back, the same correction twice → refused
 *   signatures of oracles that were replaced since → refused
 * What it does with a correction that it accepts: see energyLedgerAmended.test.ts.
 */

import type { Address } from "viem";
import { zeroHash } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { type Batch, type EncodedBatch, encodeBatch, maskBit } from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { endOfMonth, secondsOf } from "../../settlement/hours.ts";
import { ledgerCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  amend,
  batchOf,
  correctionOf,
  FIRST_HOUR,
  FIRST_MONTH,
  keyOf,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";
import { ledgerInForce } from "../support/runsOnChain.ts";
import { sign, submissionOf, withMask, withPrice, withReading } from "../support/submissions.ts";

const ALL_ONES = 2n ** 256n - 1n;
const CHANNELS = 40;

describe("EnergyLedger.amend", () => {
  let stage: Stage;
  const roster = smallRoster(CHANNELS);

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  const ledgerFrom = (firstHour: number) => ledgerInForce(stage, CHANNELS, roster, firstHour, FIRST_MONTH);
  const digestOf = (batch: Batch, ledger: Address) =>
    batchDigest(batch, roster, { chainId: EMBEDDED_CHAIN_ID, ledger });
  const view = (ledger: Address, functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: energyLedgerAbi, address: ledger, functionName, args });

  describe("checks in a fixed order", () => {
    /** The month's last 23 hours: lane 23 is unused. */
    const firstHour = endOfMonth(FIRST_MONTH) - 23;
    const recorded = batchOf(roster, firstHour, 23);
    type Given = {
      readonly old: EncodedBatch;
      readonly batch: EncodedBatch;
      readonly signatures: readonly `0x${string}`[];
    };
    type Flaw = {
      readonly name: string;
      readonly spoil: (given: Given) => Given;
      readonly error: string;
      readonly values: () => readonly unknown[];
    };
    let ledger: Address;
    let good: Given;

    const onOld = (change: (old: EncodedBatch) => Partial<EncodedBatch>) => (given: Given) => ({
      ...given,
      old: { ...given.old, ...change(given.old) },
    });
    const onBatch = (change: (batch: EncodedBatch) => Partial<EncodedBatch>) => (given: Given) => ({
      ...given,
      batch: { ...given.batch, ...change(given.batch) },
    });
    const digest = () => digestOf(recorded, ledger);
    const withOneMore = recorded.injected.map((row) =>
      row.map((reading, hour) => (hour === 4 ? reading + 1 : reading)),
    );
    const tooLong = [96n, BigInt(CHANNELS * 96), BigInt(CHANNELS * 3), 1n, BigInt(CHANNELS - 1)];

    const flaws: readonly Flaw[] = [
      {
        name: "an old roster version that nobody adopted",
        spoil: onOld(() => ({ rosterVersion: 9 })),
        error: "NotRecorded",
        values: () => [firstHour, digest(), zeroHash],
      },
      {
        name: "a row too many in the old content",
        spoil: onOld(({ withdrawn }) => ({ withdrawn: `${withdrawn}${"00".repeat(96)}` })),
        error: "WrongLength",
        values: () => tooLong,
      },
      {
        name: "another reading in the old content",
        spoil: onOld(() => ({ injected: encodeBatch({ ...recorded, injected: withOneMore }).injected })),
        error: "NotRecorded",
        values: () => [firstHour, digest(), digestOf({ ...recorded, injected: withOneMore }, ledger)],
      },
      {
        name: "another first hour",
        spoil: onBatch(() => ({ firstHour: firstHour - 1 })),
        error: "NotTheSameHours",
        values: () => [firstHour, 23, firstHour - 1, 23],
      },
      {
        name: "the same revision again",
        spoil: onBatch(() => ({ revision: 0 })),
        error: "NotNextRevision",
        values: () => [1n, digest(), 0, digest()],
      },
      {
        name: "a lower grade",
        spoil: onBatch(() => ({ grade: 1 })),
        error: "GradeLowered",
        values: () => [2, 1],
      },
      {
        name: "a roster version that is not in force",
        spoil: onBatch(() => ({ rosterVersion: 2 })),
        error: "RosterNotInForce",
        values: () => [2, firstHour, 23],
      },
      {
        name: "a row too many",
        spoil: onBatch(({ withdrawn }) => ({ withdrawn: `${withdrawn}${"00".repeat(96)}` })),
        error: "WrongLength",
        values: () => tooLong,
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

    /** The other half of two checks above. */
    const others: readonly Flaw[] = [
      {
        name: "fewer hours",
        spoil: onBatch(() => ({ hourCount: 22 })),
        error: "NotTheSameHours",
        values: () => [firstHour, 23, firstHour, 22],
      },
      {
        name: "another digest replaced",
        spoil: onBatch(() => ({ replaces: zeroHash })),
        error: "NotNextRevision",
        values: () => [1n, digest(), 1, zeroHash],
      },
    ];

    before(async () => {
      ledger = await ledgerFrom(firstHour);
      await record(stage, ledger, recorded, roster);
      const corrected = correctionOf(recorded, roster, ledger, {});
      good = { old: encodeBatch(recorded), ...(await submissionOf(corrected, roster, ledger, [oracle()])) };
    });

    const submit = ({ old, batch, signatures }: Given) =>
      send(stage, "stranger", ledgerCalls(ledger).amend(old, batch, signatures));

    for (const { name, spoil, error, values } of [...flaws, ...others]) {
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

    it("accepts the correction itself, from anyone, once: NotRecorded", async () => {
      await submit(good);
      const corrected = digestOf(correctionOf(recorded, roster, ledger, {}), ledger);
      await assertRefused(submit(good), "NotRecorded", [firstHour, corrected, digest()]);
    });
  });

  it("refuses hours that nobody recorded, and hours within a batch: NotRecorded", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    await record(stage, ledger, batchOf(roster, FIRST_HOUR, 24), roster);
    for (const firstHour of [FIRST_HOUR + 24, FIRST_HOUR + 1]) {
      const invented = batchOf(roster, firstHour, 1);
      const sent = amend(stage, ledger, invented, correctionOf(invented, roster, ledger, {}), roster);
      await assertRefused(sent, "NotRecorded", [firstHour, zeroHash, digestOf(invented, ledger)]);
    }
  });

  it("never takes an old batch back: not as what stands, not as a correction, not as a record", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const first = batchOf(roster, FIRST_HOUR, 24);
    const second = correctionOf(first, roster, ledger, { grade: "GSE-matched" });
    await record(stage, ledger, first, roster);
    await amend(stage, ledger, first, second, roster);
    const [old, current] = [digestOf(first, ledger), digestOf(second, ledger)];
    // With the very signatures that were good once.
    await assertRefused(amend(stage, ledger, first, second, roster), "NotRecorded", [FIRST_HOUR, current, old]);
    await assertRefused(amend(stage, ledger, second, second, roster), "NotNextRevision", [2n, current, 1, old]);
    await assertRefused(amend(stage, ledger, second, first, roster), "NotNextRevision", [2n, current, 0, zeroHash]);
    await assertRefused(record(stage, ledger, first, roster), "NotNextHour", [FIRST_HOUR + 24, FIRST_HOUR]);
    await assertRefused(record(stage, ledger, second, roster), "NotNextHour", [FIRST_HOUR + 24, FIRST_HOUR]);
    // Its readings may come again, in a new revision of lower grade they may not.
    const third = correctionOf(second, roster, ledger, { grade: first.grade });
    await assertRefused(amend(stage, ledger, second, third, roster), "GradeLowered", [3, 2]);
    await amend(stage, ledger, second, { ...third, grade: second.grade }, roster);
  });

  it("asks for signatures of the oracles of today, for this ledger: NotAnOracle", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const first = batchOf(roster, FIRST_HOUR, 24);
    await record(stage, ledger, first, roster);
    const second = correctionOf(first, roster, ledger, {});
    const newOracle = keyOf("another oracle");
    await send(stage, "council", ledgerCalls(ledger).setOracles([newOracle.address], 1));
    const { address } = stage.people.oracle;
    await assertRefused(amend(stage, ledger, first, second, roster), "NotAnOracle", [address]);
    const call = ledgerCalls(ledger).amend(encodeBatch(first), encodeBatch(second), [
      ...(await sign(second, roster, ledger, [newOracle])),
    ]);
    await send(stage, "stranger", call);
  });

  it("asks a correction for the roster version in force now, not for that of its time: RosterNotInForce", async () => {
    const ledger = await ledgerFrom(FIRST_HOUR);
    const first = batchOf(roster, FIRST_HOUR, 24);
    await record(stage, ledger, first, roster);
    stage.chain.advanceTo(secondsOf(FIRST_HOUR + 30));
    await adoptRoster(stage, ledger, FIRST_HOUR + 23, roster);
    const straddling = correctionOf(first, roster, ledger, {});
    await assertRefused(amend(stage, ledger, first, straddling, roster), "RosterNotInForce", [1, FIRST_HOUR, 24]);
    await adoptRoster(stage, ledger, FIRST_HOUR, roster);
    await assertRefused(amend(stage, ledger, first, straddling, roster), "RosterNotInForce", [1, FIRST_HOUR, 24]);
    await amend(stage, ledger, first, { ...straddling, rosterVersion: 3 }, roster);
  });

  const oracle = () => stage.people.oracle.account;
});

/*
 * EnergyLedger.proposeRoster, adoptRoster
 *   not the secretary's, not the president's → refused
 *   a blob that is no roster: no header, no rows, too many, too large, other length than its header says → refused
 *   channels out of order, twice, skipped, of an account that cannot meter, of an unknown class or flag → refused
 *   plants out of waterfall order, of no row or another's, skipped, changed → refused
 *   plants of no regime, above its power, with terms that the law does not know → refused
 *   where plants without incentive stand last: one before the others → refused, behind them → taken
 *   before the ledger's first hour → refused
 *   adopting another version, another pointer, twice, by the proposer → refused
 *   else the next version is in force from its hour, and stands in code that nobody can call
 */

import assert from "node:assert/strict";
import { type Address, type Hex, zeroAddress } from "viem";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { explain } from "../../chain/errors.ts";
import { communityCalls, enrolment, ledgerCalls } from "../support/communityCalls.ts";
import { deployCommunity, FIRST_HOUR, openStage, type Stage } from "../support/communityOnChain.ts";
import { encodeRaw, type RawRoster, rawCacer, rawChannel, rawPlant } from "../support/rawRoster.ts";
import { assertRefused, itIsRestricted, send } from "../support/refusals.ts";
import { adoptRaw, BASE, KINDS, NONE, proposeRaw } from "../support/rostersOnChain.ts";
import { ledgerAt } from "../support/runsOnChain.ts";

describe("EnergyLedger rosters", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  let fresh: Address;
  let used: Address;

  before(async () => {
    stage = await openStage();
    at = await deployCommunity(
      stage,
      [0, 1].map(() => ({ firstHour: FIRST_HOUR, firstMonth: 24314 })),
    );
    await send(stage, "secretary", communityCalls(at).enrol(KINDS.map((kind) => enrolment(kind))));
    await send(stage, "secretary", communityCalls(at).closeAccount(6));
    fresh = ledgerAt(at, 0);
    used = ledgerAt(at, 1);
    await adopt(used, FIRST_HOUR, BASE);
    // Version 2 closes channel 5 and channel 3 with its plant.
    await adopt(used, FIRST_HOUR + 5, {
      injection: BASE.injection.slice(0, 1),
      withdrawal: BASE.withdrawal.slice(0, 2),
      plants: BASE.plants.slice(0, 1),
    });
  });
  after(() => stage.chain.close());

  const propose = (ledger: Address, hour: number, roster: RawRoster | Hex) => proposeRaw(stage, ledger, hour, roster);
  const adopt = (ledger: Address, hour: number, roster: RawRoster) => adoptRaw(stage, ledger, hour, roster);

  const names = ["proposeRoster", "adoptRoster"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "secretary", call: () => ledgerCalls(fresh).proposeRoster(FIRST_HOUR, encodeRaw(BASE)) },
      { allowed: "president", call: () => ledgerCalls(fresh).adoptRoster(1, zeroAddress) },
    ],
    (index) => `${names[index]}`,
  );

  const many = (count: number, first: number) => Array.from({ length: count }, (_, i) => rawChannel(first + i));
  const big = (plants: number, withdrawals: number): RawRoster => ({
    injection: many(plants, 1),
    withdrawal: many(withdrawals, plants + 1),
    plants: Array.from({ length: plants }, (_, i) => rawPlant(i + 1, i)),
  });

  describe("what is no roster", () => {
    for (const { what, blob, error, values } of [
      { what: "nothing", blob: "0x", error: "RosterMalformed", values: [0n, 4n] },
      { what: "half a header", blob: "0x000100", error: "RosterMalformed", values: [3n, 4n] },
      { what: "no rows", blob: encodeRaw(NONE), error: "RosterEmpty", values: [] },
      { what: "a header only", blob: "0x00000001", error: "RosterMalformed", values: [4n, 16n] },
      { what: "a byte too many", blob: `${encodeRaw(BASE)}00`, error: "RosterMalformed", values: [129n, 128n] },
      {
        what: "a plant too few",
        blob: encodeRaw({ ...BASE, plants: BASE.plants.slice(1) }),
        error: "RosterMalformed",
        values: [96n, 128n],
      },
      { what: "1,501 rows", blob: encodeRaw(big(0, 1501)), error: "RosterTooLong", values: [1501n, 1500n] },
      {
        what: "more bytes than code can hold",
        blob: encodeRaw(big(206, 1294)),
        error: "RosterTooLarge",
        values: [24596n, 24575n],
      },
    ] as const) {
      it(`refuses ${what}: ${error}`, () => assertRefused(propose(fresh, FIRST_HOUR, blob), error, values));
    }

    it("takes 1,500 rows, with as many plants as code can hold", async () => {
      await propose(fresh, FIRST_HOUR, big(205, 1295));
    });

    it("refuses to be left without the roster when the gas does not suffice: RosterDeploymentFailed", async () => {
      const blob = encodeRaw(big(0, 100));
      const { abi, address, functionName, args } = ledgerCalls(fresh).proposeRoster(FIRST_HOUR, blob);
      const outcomes = new Map<string, unknown>();
      for (let gas = 200_000n; gas <= 2_000_000n; gas += 50_000n) {
        await stage.client
          .simulateContract({ account: stage.people.secretary.address, abi, address, functionName, args, gas })
          .then(() => outcomes.set("accepted", gas))
          .catch((error: unknown) => {
            const explained = explain("proposeRoster", error);
            outcomes.set("errorName" in explained ? String(explained.errorName) : explained.name, explained);
          });
      }
      assert(outcomes.has("accepted"), "never accepted");
      const failed = outcomes.get("RosterDeploymentFailed");
      assert(failed instanceof Error && "values" in failed, [...outcomes.keys()].join(", "));
      assert.deepEqual(failed.values, [BigInt(4 + 100 * 12)]);
    });
  });

  describe("a first roster", () => {
    const w = (...channels: ReturnType<typeof rawChannel>[]): RawRoster => ({ ...NONE, withdrawal: channels });
    const twoPlants = (first: ReturnType<typeof rawPlant>, second: ReturnType<typeof rawPlant>): RawRoster => ({
      injection: [rawChannel(1), rawChannel(2)],
      withdrawal: [rawChannel(3)],
      plants: [first, second],
    });
    for (const { what, roster, error, values } of [
      { what: "channel 0", roster: w(rawChannel(0)), error: "ChannelChanged", values: [0] },
      {
        what: "descending channels",
        roster: w(rawChannel(2), rawChannel(1)),
        error: "ChannelsNotAscending",
        values: [1n, 2, 1],
      },
      {
        what: "a channel twice in a section",
        roster: w(rawChannel(1), rawChannel(1)),
        error: "ChannelsNotAscending",
        values: [1n, 1, 1],
      },
      {
        what: "a channel in both sections",
        roster: { injection: [rawChannel(1)], withdrawal: [rawChannel(1)], plants: [rawPlant(1, 0)] },
        error: "ChannelRepeated",
        values: [1],
      },
      { what: "a gap at the start", roster: w(rawChannel(2)), error: "ChannelNumberSkipped", values: [2, 0n] },
      {
        what: "a gap within",
        roster: w(rawChannel(1), rawChannel(3), rawChannel(4)),
        error: "ChannelNumberSkipped",
        values: [4, 0n],
      },
      {
        what: "a gap that fits in the rows",
        roster: w(rawChannel(2), rawChannel(3)),
        error: "ChannelNumberSkipped",
        values: [3, 0n],
      },
      {
        what: "a gap that only the count shows",
        roster: { injection: [rawChannel(3)], withdrawal: [rawChannel(1), rawChannel(4)], plants: [rawPlant(1, 0)] },
        error: "ChannelNumberSkipped",
        values: [4, 0n],
      },
      {
        what: "an account of nobody",
        roster: w(rawChannel(1, { account: 7 })),
        error: "AccountCannotMeter",
        values: [1, 7],
      },
      { what: "account 0", roster: w(rawChannel(1, { account: 0 })), error: "AccountCannotMeter", values: [1, 0] },
      {
        what: "a fund that meters",
        roster: w(rawChannel(1, { account: 3 })),
        error: "AccountCannotMeter",
        values: [1, 3],
      },
      {
        what: "a supplier that meters",
        roster: w(rawChannel(1, { account: 5 })),
        error: "AccountCannotMeter",
        values: [1, 5],
      },
      {
        what: "a closed account",
        roster: w(rawChannel(1, { account: 6 })),
        error: "AccountCannotMeter",
        values: [1, 6],
      },
      { what: "class 0", roster: w(rawChannel(1, { class: 0 })), error: "ClassUnknown", values: [1, 0] },
      { what: "class 8", roster: w(rawChannel(1, { class: 8 })), error: "ClassUnknown", values: [1, 8] },
      { what: "exempt 2", roster: w(rawChannel(1, { exempt: 2 })), error: "ExemptFlagUnknown", values: [1, 2] },
      {
        what: "plant 0",
        roster: twoPlants(rawPlant(0, 0, { commissioned: 0 }), rawPlant(1, 1)),
        error: "PlantsNotInWaterfallOrder",
        values: [0n],
      },
      {
        what: "a later plant first",
        roster: twoPlants(rawPlant(1, 0, { commissioned: 2 }), rawPlant(2, 1, { commissioned: 1 })),
        error: "PlantsNotInWaterfallOrder",
        values: [1n],
      },
      {
        what: "a tie not by number",
        roster: twoPlants(rawPlant(2, 0), rawPlant(1, 1)),
        error: "PlantsNotInWaterfallOrder",
        values: [1n],
      },
      {
        what: "the same plant twice",
        roster: twoPlants(rawPlant(1, 0), rawPlant(1, 1)),
        error: "PlantsNotInWaterfallOrder",
        values: [1n],
      },
      {
        what: "the same plant twice, of two days",
        roster: twoPlants(rawPlant(1, 0), rawPlant(1, 1, { commissioned: 18_001 })),
        error: "PlantNumberSkipped",
        values: [1, 0n],
      },
      {
        what: "a plant of a withdrawal row",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 2)),
        error: "PlantRowInvalid",
        values: [2, 2],
      },
      {
        what: "two plants of a row",
        roster: twoPlants(rawPlant(1, 1), rawPlant(2, 1)),
        error: "PlantRowInvalid",
        values: [2, 1],
      },
      {
        what: "regime 0",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { regime: 0 })),
        error: "RegimeUnknown",
        values: [2, 0],
      },
      {
        what: "regime 4",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { regime: 4, tariff: 0 })),
        error: "RegimeUnknown",
        values: [2, 4],
      },
      {
        what: "art. 42-bis above 200 kW",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { power: 200_001 })),
        error: "PowerAboveRegime",
        values: [2, 200_001, 200_000n],
      },
      {
        what: "CACER above 1 MW",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { power: 1_000_001, base: 600_000, cap: 1_000_000 })),
        error: "PowerAboveRegime",
        values: [2, 1_000_001, 1_000_000n],
      },
      {
        what: "no tariff",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { tariff: 0 })),
        error: "TariffMissing",
        values: [2],
      },
      {
        what: "art. 42-bis with a byte behind its tariff",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { rest: 1n })),
        error: "TermsNotZero",
        values: [2, (1_100_000n << 120n) + 1n],
      },
      {
        what: "a plant without incentive with terms",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { regime: 3, tariff: 0, rest: 1n })),
        error: "TermsNotZero",
        values: [2, 1n],
      },
      {
        what: "the base of a larger CACER plant",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { base: 700_000 })),
        error: "PowerClassMismatch",
        values: [2, 20_000, 700_000n, 1_200_000n],
      },
      {
        what: "the cap of a larger CACER plant",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { power: 200_000, cap: 1_100_000 })),
        error: "PowerClassMismatch",
        values: [2, 200_000, 800_000n, 1_100_000n],
      },
      {
        what: "the terms of a smaller CACER plant, above 200 kW",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { power: 200_001 })),
        error: "PowerClassMismatch",
        values: [2, 200_001, 800_000n, 1_200_000n],
      },
      {
        what: "the terms of a smaller CACER plant, above 600 kW",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { power: 600_001, base: 700_000, cap: 1_100_000 })),
        error: "PowerClassMismatch",
        values: [2, 600_001, 700_000n, 1_100_000n],
      },
      {
        what: "a correction of 5 €/MWh",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { correction: 50_000 })),
        error: "CorrectionUnknown",
        values: [2, 50_000n],
      },
      {
        what: "a reduction above ½",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { numerator: 500_001, denominator: 1_000_000 })),
        error: "ReductionOutOfRange",
        values: [2, 500_001n, 1_000_000n],
      },
      {
        what: "a reduction by nothing",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { numerator: 1, denominator: 0 })),
        error: "ReductionOutOfRange",
        values: [2, 1n, 0n],
      },
      {
        what: "no reduction, written otherwise than 0 / 1",
        roster: twoPlants(rawPlant(1, 0), rawCacer(2, 1, { numerator: 0, denominator: 0 })),
        error: "ReductionOutOfRange",
        values: [2, 0n, 0n],
      },
      {
        what: "a plant without incentive behind a later one",
        roster: twoPlants(rawPlant(1, 0), rawPlant(2, 1, { regime: 3, tariff: 0, commissioned: 17_999 })),
        error: "PlantsNotInWaterfallOrder",
        values: [1n],
      },
      {
        what: "a plant number beyond",
        roster: twoPlants(rawPlant(1, 0), rawPlant(3, 1)),
        error: "PlantNumberSkipped",
        values: [3, 0n],
      },
    ] as const) {
      it(`refuses ${what}: ${error}`, () => assertRefused(propose(fresh, FIRST_HOUR, roster), error, values));
    }

    for (const [what, roster] of [
      ["only injection", { ...NONE, injection: [rawChannel(1)], plants: [rawPlant(1, 0)] }],
      ["only withdrawal", w(rawChannel(1))],
      ["plants in another order than their rows", twoPlants(rawPlant(2, 1, { commissioned: 1 }), rawPlant(1, 0))],
      [
        "every class of power and correction, and all regimes",
        {
          injection: many(8, 1),
          withdrawal: [rawChannel(9)],
          plants: [
            rawPlant(1, 0, { power: 200_000 }),
            rawPlant(2, 1, { regime: 3, tariff: 0, power: 5_000_000 }),
            rawCacer(3, 2, { power: 200_000, correction: 100_000 }),
            rawCacer(4, 3, { power: 200_001, base: 700_000, cap: 1_100_000, correction: 40_000 }),
            rawCacer(5, 4, { power: 600_000, base: 700_000, cap: 1_100_000 }),
            rawCacer(6, 5, { power: 600_001, base: 600_000, cap: 1_000_000, numerator: 1, denominator: 2 }),
            rawCacer(7, 6, { power: 1_000_000, base: 600_000, cap: 1_000_000, numerator: 1, denominator: 0xffffffff }),
            rawCacer(8, 7, { numerator: 1, denominator: 8 }),
          ],
        },
      ],
      ["every class", w(...[1, 2, 3, 4, 5, 6, 7].map((number) => rawChannel(number, { class: number })))],
    ] as const) {
      it(`takes ${what}`, () => propose(fresh, FIRST_HOUR, roster));
    }

    it("wants plants without incentive behind all others, where the configuration says so", async () => {
      const last = await deployCommunity(stage, [
        { firstHour: FIRST_HOUR, firstMonth: 24314, nonIncentivisedLast: true },
      ]);
      await send(stage, "secretary", communityCalls(last).enrol(KINDS.map((kind) => enrolment(kind))));
      const ledger = ledgerAt(last, 0);
      const unpaid = (number: number, row: number) => rawPlant(number, row, { regime: 3, tariff: 0, commissioned: 1 });
      await assertRefused(
        propose(ledger, FIRST_HOUR, twoPlants(unpaid(1, 0), rawPlant(2, 1))),
        "PlantsNotInWaterfallOrder",
        [1n],
      );
      await propose(ledger, FIRST_HOUR, twoPlants(rawPlant(2, 1), unpaid(1, 0)));
    });
  });
});

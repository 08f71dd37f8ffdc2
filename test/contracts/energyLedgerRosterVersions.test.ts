/*
 * EnergyLedger.proposeRoster, adoptRoster, after the first version
 *   a channel that changed account, class or direction, also while it was closed → refused
 *   a plant that changed its channel or its terms, a number that is skipped → refused
 *   before the ledger's first hour → refused
 *   more rows in force within a month than a run can walk through, more channels than a ledger can number → refused
 *   adopting another version, another pointer, twice, by the proposer → refused
 *   else the next version is in force from its hour, and stands in code that nobody can call
 *   from its hour on it supersedes all before it, also in the past: a change of its month and all later ones
 */

import assert from "node:assert/strict";
import { type Address, type Hex, parseEventLogs, slice, zeroAddress } from "viem";
import { z } from "zod";
import { energyLedgerAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { encodeRoster } from "../../settlement/roster.ts";
import { communityCalls, enrolment, ledgerCalls, ROLE_IDS, rolesCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { encodeRaw, type RawRoster, rawChannel, rawPlant } from "../support/rawRoster.ts";
import { assertRefused, read, send } from "../support/refusals.ts";
import { adoptRaw, BASE, KINDS, NONE, proposeRaw } from "../support/rostersOnChain.ts";
import { ledgerAt } from "../support/runsOnChain.ts";

const rosterShape = z.tuple([z.string(), z.number(), z.number()]);

describe("EnergyLedger roster versions", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  let used: Address;

  before(async () => {
    stage = await openStage();
    at = await deployCommunity(stage, [{ firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH }]);
    await send(stage, "secretary", communityCalls(at).enrol(KINDS.map((kind) => enrolment(kind))));
    await send(stage, "secretary", communityCalls(at).closeAccount(6));
    used = ledgerAt(at, 0);
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

  const view = (ledger: Address, functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: energyLedgerAbi, address: ledger, functionName, args });

  describe("many rosters", () => {
    const large = (first: number): RawRoster => ({
      injection: [],
      withdrawal: Array.from({ length: 1500 }, (_, i) => rawChannel(first + i)),
      plants: [],
    });
    const MONTH_HOURS = 745;

    it("have 6,000 rows in force within 745 hours: RostersTooClose, one hour earlier than allowed", async () => {
      const ledger = await anotherLedger();
      for (let version = 0; version < 4; version++) await adopt(ledger, FIRST_HOUR + version, large(1));
      const earliest = FIRST_HOUR + MONTH_HOURS;
      const tooClose = (hour: number, rows: bigint) => ["RostersTooClose", [hour, rows, 6000n]] as const;
      await assertRefused(propose(ledger, earliest - 1, large(1)), ...tooClose(earliest - 1, 7500n));
      await propose(ledger, earliest, large(1));
      const small = { ...NONE, withdrawal: [rawChannel(1)] };
      await assertRefused(propose(ledger, FIRST_HOUR + 4, small), ...tooClose(FIRST_HOUR + 4, 6001n));
      // In the place of the last two there is room again: what is superseded does not count.
      await adopt(ledger, FIRST_HOUR + 2, large(1));
      await propose(ledger, FIRST_HOUR + 4, large(1));
    });

    it("together number 12,000 channels: ChannelsExhausted", async () => {
      const ledger = await anotherLedger();
      for (let version = 0; version < 8; version++) {
        await adopt(ledger, FIRST_HOUR + version * MONTH_HOURS, large(1 + 1500 * version));
      }
      const next = { ...NONE, withdrawal: [rawChannel(12_001)] };
      await assertRefused(propose(ledger, FIRST_HOUR + 9 * MONTH_HOURS, next), "ChannelsExhausted", [12_001n, 12_000n]);
    });

    async function anotherLedger(): Promise<Address> {
      const other = await deployCommunity(stage, [{ firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH }]);
      await send(stage, "secretary", communityCalls(other).enrol([enrolment("member")]));
      return ledgerAt(other, 0);
    }
  });

  describe("a later roster", () => {
    const keep = {
      injection: [rawChannel(1)],
      withdrawal: [rawChannel(2), rawChannel(4, { account: 2, class: 3 })],
      plants: [rawPlant(1, 0)],
    };
    const [one, two, four] = [rawChannel(1), rawChannel(2), rawChannel(4, { account: 2, class: 3 })];
    for (const { what, roster, error, values } of [
      {
        what: "another account",
        roster: { ...keep, withdrawal: [rawChannel(2, { account: 2 }), four] },
        error: "ChannelChanged",
        values: [2],
      },
      {
        what: "another class",
        roster: { ...keep, withdrawal: [two, rawChannel(4, { account: 2, class: 4 })] },
        error: "ChannelChanged",
        values: [4],
      },
      {
        what: "another direction",
        roster: { injection: [one, two], withdrawal: [four], plants: [rawPlant(1, 0), rawPlant(3, 1)] },
        error: "PlantChannelNotNew",
        values: [3, 2],
      },
      {
        what: "an injection channel as withdrawal",
        roster: { ...NONE, withdrawal: [one, two, four] },
        error: "ChannelChanged",
        values: [1],
      },
      {
        what: "a closed channel of another account",
        roster: { ...keep, withdrawal: [...keep.withdrawal, rawChannel(5, { account: 2 })] },
        error: "ChannelChanged",
        values: [5],
      },
      {
        what: "a closed channel of another direction",
        roster: { ...keep, withdrawal: [two, rawChannel(3, { account: 4, class: 2 }), four] },
        error: "ChannelChanged",
        values: [3],
      },
      {
        what: "a gap after the highest ever",
        roster: { ...keep, withdrawal: [two, rawChannel(7)] },
        error: "ChannelNumberSkipped",
        values: [6, 5n],
      },
      {
        what: "an old plant on a new channel",
        roster: { ...NONE, injection: [rawChannel(6)], plants: [rawPlant(1, 0)] },
        error: "PlantChanged",
        values: [1],
      },
      {
        what: "a new plant on an old channel",
        roster: { ...keep, plants: [rawPlant(3, 0)] },
        error: "PlantChannelNotNew",
        values: [3, 1],
      },
      {
        what: "a closed plant on an open channel",
        roster: { ...keep, plants: [rawPlant(2, 0)] },
        error: "PlantChanged",
        values: [2],
      },
      {
        what: "a plant number beyond the next",
        roster: { ...keep, injection: [one, rawChannel(6)], plants: [rawPlant(1, 0), rawPlant(4, 1)] },
        error: "PlantNumberSkipped",
        values: [3, 2n],
      },
      {
        what: "a plant number that skips one",
        roster: {
          injection: [one, rawChannel(6), rawChannel(7)],
          withdrawal: [two],
          plants: [rawPlant(1, 0), rawPlant(4, 1), rawPlant(5, 2)],
        },
        error: "PlantNumberSkipped",
        values: [3, 2n],
      },
    ] as const) {
      it(`refuses ${what}: ${error}`, () => assertRefused(propose(used, FIRST_HOUR + 6, roster), error, values));
    }

    for (const [what, change] of [
      ["commissioning day", { commissioned: 17_999 }],
      ["power", { power: 19_999 }],
      ["tariff", { tariff: 1_000_000 }],
      ["regime", { regime: 3, tariff: 0 }],
    ] as const) {
      it(`refuses another ${what} of a plant: PlantChanged`, () =>
        assertRefused(
          propose(used, FIRST_HOUR + 6, { ...keep, plants: [rawPlant(1, 0, change)] }),
          "PlantChanged",
          [1],
        ));
    }

    it("may change weight and exempt, close channels, take closed ones up again, and open the next", async () => {
      await propose(used, FIRST_HOUR + 6, {
        injection: [rawChannel(1, { weight: 9 }), rawChannel(7)],
        withdrawal: [rawChannel(2, { exempt: 1 }), rawChannel(5), rawChannel(6)],
        plants: [rawPlant(1, 0), rawPlant(3, 1)],
      });
    });

    it("may have its plants in another row", async () => {
      await propose(used, FIRST_HOUR + 6, {
        injection: [rawChannel(3, { account: 4, class: 2 })],
        withdrawal: [two],
        plants: [rawPlant(2, 0, { commissioned: 18_500 })],
      });
    });

    it("keeps the channels of an account that was closed since, and opens no new one for it", async () => {
      const other = await deployCommunity(stage);
      await send(stage, "secretary", communityCalls(other).enrol([enrolment("member")]));
      const ledger = ledgerAt(other, 0);
      await adopt(ledger, FIRST_HOUR, { ...NONE, withdrawal: [rawChannel(1)] });
      await send(stage, "secretary", communityCalls(other).closeAccount(1));
      await propose(ledger, FIRST_HOUR, { ...NONE, withdrawal: [rawChannel(1, { weight: 2 })] });
      const opened = { ...NONE, withdrawal: [rawChannel(1), rawChannel(2)] };
      await assertRefused(propose(ledger, FIRST_HOUR, opened), "AccountCannotMeter", [2, 1]);
    });
  });

  describe("time and the second person", () => {
    let ledger: Address;
    let own: CommunityAddresses;
    beforeEach(async () => {
      own = await deployCommunity(stage);
      ledger = ledgerAt(own, 0);
      await send(
        stage,
        "secretary",
        communityCalls(own).enrol([enrolment("member"), ...KINDS.slice(1).map((kind) => enrolment(kind))]),
      );
    });

    it("refuses a version before the ledger's first hour: RosterTooEarly", async () => {
      await assertRefused(propose(ledger, FIRST_HOUR - 1, BASE), "RosterTooEarly", [FIRST_HOUR - 1, FIRST_HOUR]);
      await propose(ledger, FIRST_HOUR, BASE);
    });

    it("supersedes from its hour on all before it, which stay in force until then", async () => {
      const hours = [0, 10, 20, 30, 15, 15, 40, 0].map((offset) => FIRST_HOUR + offset);
      const before: number[] = [];
      for (const [index, hour] of hours.entries()) {
        await adopt(ledger, hour, BASE);
        const [, effectiveHour, predecessor] = rosterShape.parse(await view(ledger, "rosterAt", index + 1));
        assert.equal(effectiveHour, hour);
        before.push(predecessor);
      }
      assert.deepEqual(before, [0, 1, 2, 3, 2, 2, 6, 0]);
    });

    it("is a change of its month and all later ones if it reaches back into recorded hours", async () => {
      const roster = smallRoster(2);
      await send(stage, "secretary", communityCalls(own).enrol([]));
      await adoptRoster(stage, ledger, FIRST_HOUR, roster);
      const changed = async (since: number, from: number, to: number) => view(ledger, "hasChanged", since, from, to);
      await record(stage, ledger, batchOf(roster, FIRST_HOUR, 3), roster);
      await adoptRoster(stage, ledger, FIRST_HOUR + 3, roster);
      assert.equal(await view(ledger, "changeCount"), 0, "from the next hour on");
      assert.equal(await changed(0, FIRST_MONTH, FIRST_MONTH), false);
      await adoptRoster(stage, ledger, FIRST_HOUR + 2, roster);
      assert.equal(await view(ledger, "changeCount"), 1);
      assert.equal(await changed(0, FIRST_MONTH - 2, FIRST_MONTH - 1), false);
      assert.equal(await changed(0, FIRST_MONTH - 1, FIRST_MONTH), true);
      assert.equal(await changed(0, FIRST_MONTH + 5, FIRST_MONTH + 6), true);
      assert.equal(await changed(1, FIRST_MONTH, FIRST_MONTH), false, "not since");
    });

    it("adopts late what was proposed for hours recorded meanwhile, as a version that reaches back", async () => {
      const roster = smallRoster(2);
      await adoptRoster(stage, ledger, FIRST_HOUR, roster);
      const reweighted = { ...roster, withdrawal: roster.withdrawal.map((channel) => ({ ...channel, weight: 7 })) };
      const late = await propose(ledger, FIRST_HOUR + 1, encodeRoster(reweighted));
      await record(stage, ledger, batchOf(roster, FIRST_HOUR, 2), roster);
      await send(stage, "president", ledgerCalls(ledger).adoptRoster(2, late.pointer));
      assert.equal(await view(ledger, "changeCount"), 1);
    });

    it("adopts the very proposal that the second person saw, once: RosterNotProposed", async () => {
      const { adoptRoster: adoptCall } = ledgerCalls(ledger);
      await assertRefused(send(stage, "president", adoptCall(1, zeroAddress)), "RosterNotProposed", [1]);
      const first = await propose(ledger, FIRST_HOUR, BASE);
      const second = await propose(ledger, FIRST_HOUR + 1, BASE);
      assert.equal(second.version, 1);
      await assertRefused(send(stage, "president", adoptCall(1, first.pointer)), "RosterNotProposed", [1]);
      await assertRefused(send(stage, "president", adoptCall(2, second.pointer)), "RosterNotProposed", [2]);
      await assertRefused(send(stage, "president", adoptCall(0, second.pointer)), "RosterNotProposed", [0]);
      const receipt = await send(stage, "president", adoptCall(1, second.pointer));
      const [adopted] = parseEventLogs({ abi: energyLedgerAbi, eventName: "RosterAdopted", logs: receipt.logs });
      const { address: adopter } = stage.people.president;
      const { pointer } = second;
      assert.deepEqual(adopted?.args, { version: 1, effectiveHour: FIRST_HOUR + 1, pointer, adopter });
      assert.deepEqual(await view(ledger, "rosterAt", 1), [pointer, FIRST_HOUR + 1, 0]);
      await assertRefused(send(stage, "president", adoptCall(2, pointer)), "RosterNotProposed", [2]);
    });

    it("refuses the proposer as the second person: SamePerson", async () => {
      const { president } = stage.people;
      await send(stage, "council", rolesCalls(own).grantRole(ROLE_IDS.secretary, president.address));
      const receipt = await send(stage, "president", ledgerCalls(ledger).proposeRoster(FIRST_HOUR, encodeRaw(BASE)));
      const [proposed] = parseEventLogs({ abi: energyLedgerAbi, eventName: "RosterProposed", logs: receipt.logs });
      assert(proposed);
      assert.equal(proposed.args.proposer, president.address);
      const adoptCall = ledgerCalls(ledger).adoptRoster(1, proposed.args.pointer);
      await assertRefused(send(stage, "president", adoptCall), "SamePerson", [president.address]);
    });

    it("keeps the roster behind a STOP: a call of it does nothing", async () => {
      const { pointer } = await propose(ledger, FIRST_HOUR, BASE);
      const code = await stage.client.getCode({ address: pointer });
      assert(code);
      assert.equal(slice(code, 0, 1), "0x00");
      assert.equal(slice(code, 1), encodeRaw(BASE));
      assert.equal((await stage.client.call({ to: pointer, data: "0x01" })).data, undefined);
    });
  });
});

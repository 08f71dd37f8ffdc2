/*
 * EnergyLedger.premiumSums, isProvisional
 *   a range of months: the accrued premium of all plants, and both sets of CACER plants, added up
 *   no month in the range, or none with batches → nothing
 *   an hour without a price: counted, and provisional, if a CACER plant is on the roster; else not
 */

import assert from "node:assert/strict";
import type { Address } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { maskBit } from "../../settlement/batch.ts";
import { endOfMonth } from "../../settlement/hours.ts";
import { powerClassOf } from "../../settlement/premium.ts";
import type { Plant, Roster } from "../../settlement/roster.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { ledgerAt } from "../support/runsOnChain.ts";

const LAST_HOUR = endOfMonth(FIRST_MONTH) - 1;
const TERMS = { commissioned: "2024-05-01", power: 20_000, regime: "CACER", correction: 0 } as const;
const CLASS = powerClassOf(20_000) ?? assert.fail();

/** Plant 1 without a grant, plant 2 with F = ½, plant 3 under art. 42-bis; nobody is exempt. */
const PLANTS: readonly Plant[] = [
  { ...TERMS, ...CLASS, number: 1, channel: 1, reduction: { numerator: 0, denominator: 1 } },
  { ...TERMS, ...CLASS, number: 2, channel: 2, reduction: { numerator: 1, denominator: 2 } },
  { ...TERMS, regime: "42-bis", tariff: 1_100_000, number: 3, channel: 3 },
];
const BASE = smallRoster(4);
const ROSTER: Roster = {
  injection: [1, 2, 3].map((number) => ({ ...(BASE.injection[0] ?? assert.fail()), number, account: number })),
  withdrawal: BASE.withdrawal.slice(2),
  plants: PLANTS,
};
const FIXED_ONLY: Roster = {
  ...ROSTER,
  plants: PLANTS.map(({ number, channel, commissioned, power }): Plant => {
    return { number, channel, commissioned, power, regime: "42-bis", tariff: 1_100_000 };
  }),
};

describe("EnergyLedger, the premium of months", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage(LAST_HOUR - 24);
  });
  after(() => stage.chain.close());

  async function ledgerWith(roster: Roster): Promise<Address> {
    const at = await deployCommunity(stage, [{ firstHour: LAST_HOUR, firstMonth: FIRST_MONTH }]);
    await enrol(stage, at, 4);
    await adoptRoster(stage, ledgerAt(at, 0), LAST_HOUR, roster);
    return ledgerAt(at, 0);
  }
  /** Each plant injects 10 Wh and 40 are drawn; the price is 300 €/MWh, so that the base counts. */
  const hour = (roster: Roster, firstHour: number, hasPrice: boolean) => ({
    ...batchOf(roster, firstHour, 1, (row) => (row < 3 ? 10 : 40)),
    priceMask: hasPrice ? 0 : maskBit(0),
    prices: [hasPrice ? 3_000_000 : 0, ...new Array<number>(23).fill(0)],
  });
  const premiumSums = (address: Address, from: number, to: number) =>
    stage.client.readContract({ abi: energyLedgerAbi, address, functionName: "premiumSums", args: [from, to] });
  const isProvisional = (address: Address, month: number) =>
    stage.client.readContract({ abi: energyLedgerAbi, address, functionName: "isProvisional", args: [month] });

  it("adds up the months of a range, for all plants and for both sets", async () => {
    const ledger = await ledgerWith(ROSTER);
    for (const offset of [0, 1, 2]) await record(stage, ledger, hour(ROSTER, LAST_HOUR + offset, true), ROSTER);
    const ofHours = (hours: bigint) => [
      hours * (10n * 800_000n + 10n * 400_000n + 10n * 1_100_000n),
      { accrued: hours * 10n * 800_000n, injected: hours * 10n, attributed: hours * 10n },
      { accrued: hours * 10n * 400_000n, injected: hours * 10n, attributed: hours * 10n },
    ];
    assert.deepEqual(await premiumSums(ledger, FIRST_MONTH, FIRST_MONTH), ofHours(1n));
    assert.deepEqual(await premiumSums(ledger, FIRST_MONTH + 1, FIRST_MONTH + 1), ofHours(2n));
    assert.deepEqual(await premiumSums(ledger, FIRST_MONTH - 3, FIRST_MONTH + 9), ofHours(3n));
    assert.deepEqual(await premiumSums(ledger, FIRST_MONTH + 2, FIRST_MONTH + 9), ofHours(0n));
    assert.deepEqual(await premiumSums(ledger, FIRST_MONTH + 1, FIRST_MONTH), ofHours(0n));
    assert.equal(await isProvisional(ledger, FIRST_MONTH), false);
  });

  for (const { what, roster, counted, accrued } of [
    { what: "with CACER plants", roster: ROSTER, counted: 1, accrued: 10n * 1_100_000n },
    { what: "with plants of art. 42-bis only", roster: FIXED_ONLY, counted: 0, accrued: 30n * 1_100_000n },
  ]) {
    it(`counts an hour without a price as ${counted} ${what}`, async () => {
      const ledger = await ledgerWith(roster);
      await record(stage, ledger, hour(roster, LAST_HOUR, false), roster);
      const state = await stage.client.readContract({
        abi: energyLedgerAbi,
        address: ledger,
        functionName: "monthState",
        args: [FIRST_MONTH],
      });
      assert.equal(state.hoursWithoutPrice, counted);
      assert.equal(state.accrued, accrued);
      assert.equal(await isProvisional(ledger, FIRST_MONTH), counted > 0);
    });
  }
});

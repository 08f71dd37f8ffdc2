/*
 * The worked example of three hours: shared energy, attribution, coincident energy and premium, under art. 42-bis and under
 * CACER, on the contract and in settlement/. The example's own file is compared with when it stands beside the
 * repository; the numbers are written out here too.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type Address, parseEventLogs } from "viem";
import { z } from "zod";
import { energyLedgerAbi } from "../chain/abi.ts";
import type { Batch } from "../settlement/batch.ts";
import { addPlantSums, NO_PLANT_SUMS, powerClassOf, reductionOfGrant, TARIFF_42BIS } from "../settlement/premium.ts";
import type { MemberClass, Plant, Roster } from "../settlement/roster.ts";
import { tallyBatch } from "../settlement/tally.ts";
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
} from "./support/communityOnChain.ts";
import { ledgerAt } from "./support/runsOnChain.ts";

const FILE = `${import.meta.dirname}/../../shared/golden/three-hours.json`;

/** kWh by hour; fractions as strings. */
const GOLDEN = {
  inputs: {
    inj: { P1: [55, 60, 10], P2: [20, 65, 15] },
    wd: { C1: [5, 8, 10], C2: [3, 4, 6], C3: [12, 40, 0], C4: [10, 48, 24] },
    Pz: ["60", "150", "190"],
  },
  shared_per_hour: [30, 100, 25],
  attribution_by_cod: { P1: [30, 60, 10], P2: [0, 40, 15] },
  coincident_kwh: { C1: ["5", "8", "25/4"], C2: ["3", "4", "15/4"], C3: ["12", "40", "0"], C4: ["10", "48", "15"] },
  legacy_42bis: { CER_110: "341/20", AUC_100: "31/2" },
  tip_no_grant: { P1: ["130", "120", "90"], P2: ["120", "110", "80"] },
  tip_with_F: { P1: ["130", "120", "90"], P2: ["60", "55", "40"] },
  C_ACI_by_plant: { P1: "12", P2: "523/125" },
  C_ACI: "2023/125",
  C_ACI_ecc_by_plant: { P1: "3", P2: "523/1250" },
};

const numbers = z.array(z.number());
const fractions = z.array(z.string());
const byPlant = z.object({ P1: z.string(), P2: z.string() });
const shape = z.object({
  inputs: z.object({
    inj: z.object({ P1: numbers, P2: numbers }),
    wd: z.object({ C1: numbers, C2: numbers, C3: numbers, C4: numbers }),
    Pz: fractions,
  }),
  shared_per_hour: numbers,
  attribution_by_cod: z.object({ P1: numbers, P2: numbers }),
  coincident_kwh: z.object({ C1: fractions, C2: fractions, C3: fractions, C4: fractions }),
  legacy_42bis: z.object({ CER_110: z.string(), AUC_100: z.string() }),
  tip_no_grant: z.object({ P1: fractions, P2: fractions }),
  tip_with_F: z.object({ P1: fractions, P2: fractions }),
  C_ACI_by_plant: byPlant,
  C_ACI: z.string(),
  C_ACI_ecc_by_plant: byPlant,
});

const CLASS_OF: readonly MemberClass[] = ["persona_fisica", "persona_fisica", "ente_territoriale", "impresa"];
const { inputs } = GOLDEN;
const INJECTED = [inputs.inj.P1, inputs.inj.P2];
const WITHDRAWN = [inputs.wd.C1, inputs.wd.C2, inputs.wd.C3, inputs.wd.C4];

const ALL_PLANTS: readonly Plant[] = [
  { ...cacer(180_000, 0), number: 1, channel: 1, commissioned: "2024-05-01" },
  { ...cacer(300_000, 4000), number: 2, channel: 2, commissioned: "2025-03-01" },
];

/** A photovoltaic plant in the North with a grant of so many basis points of its cost. */
function cacer(power: number, grant: number) {
  const found = powerClassOf(power);
  assert(found);
  return { power, regime: "CACER", ...found, correction: 100_000, reduction: reductionOfGrant(grant) } as const;
}

function rosterWith(plants: readonly Plant[], isExempt = true): Roster {
  const channel = (number: number, memberClass: MemberClass) => ({
    number,
    account: number,
    class: memberClass,
    exempt: isExempt && number >= 3 && number <= 5,
    weight: 1,
  });
  return {
    injection: [channel(1, "impresa"), channel(2, "impresa")],
    withdrawal: CLASS_OF.map((memberClass, i) => channel(i + 3, memberClass)),
    plants,
  };
}

/** The same plants under art. 42-bis, which covers them up to 200 kW. */
function rosterAt(tariff: number): Roster {
  return rosterWith(
    ALL_PLANTS.map(({ number, channel, commissioned }) => {
      return { number, channel, commissioned, power: 180_000, regime: "42-bis", tariff };
    }),
  );
}

/** A batch of one of the three hours, with its price. */
function hourOf(roster: Roster, hour: number, kwh: (row: number) => number): Batch {
  const price = Number(inputs.Pz[hour]) * 10_000;
  return {
    ...batchOf(roster, FIRST_HOUR + hour, 1, (row) => kwh(row) * 1000),
    priceMask: 0,
    prices: [price, ...new Array<number>(23).fill(0)],
  };
}

const metered = (hour: number) => (row: number) => [...INJECTED, ...WITHDRAWN][row]?.[hour] ?? 0;

describe("the golden example, art. 42-bis", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  it("is the file's, where the file stands", () => {
    if (!existsSync(FILE)) {
      console.log(`      ${FILE} is not there: only the numbers written out here are compared`);
    } else {
      assert.deepEqual(shape.parse(JSON.parse(readFileSync(FILE, "utf8"))), GOLDEN);
    }
    assert.deepEqual(
      GOLDEN.shared_per_hour,
      [0, 1, 2].map((hour) => Math.min(sumAt(INJECTED, hour), sumAt(WITHDRAWN, hour))),
    );
  });

  for (const [name, tariff, premium] of [
    ["110 €/MWh of a community", TARIFF_42BIS.community, GOLDEN.legacy_42bis.CER_110],
    ["100 €/MWh of collective self-consumers", TARIFF_42BIS.collective, GOLDEN.legacy_42bis.AUC_100],
  ] as const) {
    it(`comes out at ${name}: ${premium} €, on the contract and in settlement/`, async () => {
      const roster = rosterAt(tariff);
      const at = await deployCommunity(stage);
      const ledger = ledgerAt(at, 0);
      await enrol(stage, at, 6);
      await adoptRoster(stage, ledger, FIRST_HOUR, roster);
      const view = { abi: energyLedgerAbi, address: ledger, args: [FIRST_MONTH] } as const;
      let [accruedThere, accruedHere] = [0n, 0n];
      let before = { coincident: new Array<bigint>(7).fill(0n), attributed: new Array<bigint>(3).fill(0n) };
      for (const hour of [0, 1, 2]) {
        const kwh = [...INJECTED, ...WITHDRAWN];
        const batch = batchOf(roster, FIRST_HOUR + hour, 1, (row) => (kwh[row]?.[hour] ?? 0) * 1000);
        const { logs } = await record(stage, ledger, batch, roster);
        const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs });
        const tally = tallyBatch(batch, roster);
        const shared = BigInt(GOLDEN.shared_per_hour[hour] ?? 0) * 1000n;
        assert.equal((event?.args.shared.w0 ?? 0n) >> 192n, shared);
        assert.equal(tally.shared[0], shared);

        const [coincident, attributed] = await stage.client.readContract({ ...view, functionName: "monthSums" });
        const after = { coincident: unpack(coincident, 7), attributed: unpack(attributed, 3) };
        for (const [index, plant] of (["P1", "P2"] as const).entries()) {
          const expected = BigInt(GOLDEN.attribution_by_cod[plant][hour] ?? 0) * 1000n;
          assert.equal((after.attributed[index + 1] ?? 0n) - (before.attributed[index + 1] ?? 0n), expected, plant);
          assert.equal(tally.attributed.get(index + 1), expected, plant);
        }
        for (const [index, consumer] of (["C1", "C2", "C3", "C4"] as const).entries()) {
          const channel = index + 3;
          const there = (after.coincident[channel] ?? 0n) - (before.coincident[channel] ?? 0n);
          const exact = scaled(GOLDEN.coincident_kwh[consumer][hour] ?? "", 1000n);
          assert(there <= exact && exact - there <= 1n, `${consumer}: ${there} of ${exact} Wh`);
          assert.equal(tally.coincident.get(channel), there, consumer);
        }
        before = after;
        accruedThere += event?.args.accrued ?? 0n;
        accruedHere += tally.accrued;
      }
      assert.equal(accruedThere, scaled(premium, 10_000_000_000n));
      assert.equal(accruedHere, accruedThere);
      const state = await stage.client.readContract({ ...view, functionName: "monthState" });
      assert.equal(state.accrued, accruedThere);
    });
  }
});

describe("the golden example, CACER", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  async function ledgerWith(roster: Roster) {
    const at = await deployCommunity(stage);
    await enrol(stage, at, 6);
    await adoptRoster(stage, ledgerAt(at, 0), FIRST_HOUR, roster);
    return ledgerAt(at, 0);
  }
  const sumsOf = async (ledger: Address) => {
    const call = { abi: energyLedgerAbi, address: ledger, functionName: "premiumSums" } as const;
    const [accrued, withoutGrant, withGrant] = await stage.client.readContract({
      ...call,
      args: [FIRST_MONTH, FIRST_MONTH],
    });
    return { accrued, plantSets: { withoutGrant, withGrant } };
  };

  for (const [plant, index] of [
    ["P1", 0],
    ["P2", 1],
  ] as const) {
    for (const [what, tips, grant] of [
      ["without a grant", GOLDEN.tip_no_grant, 0],
      ["with its grant, nobody exempt", GOLDEN.tip_with_F, plant === "P1" ? 0 : 4000],
    ] as const) {
      it(`has the tariff of ${plant} in each hour ${what}`, async () => {
        const plants = ALL_PLANTS.map((each): Plant => ({ ...each, ...cacer(each.power, grant) }));
        const roster = rosterWith(plants, false);
        const ledger = await ledgerWith(roster);
        for (const hour of [0, 1, 2]) {
          // A kWh of this plant alone, drawn by one consumer.
          const batch = hourOf(roster, hour, (row) => (row === index || row === 5 ? 1 : 0));
          const { logs } = await record(stage, ledger, batch, roster);
          const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs });
          const expected = BigInt(tips[plant][hour] ?? 0) * 10_000n * 1000n;
          assert.equal(event?.args.accrued, expected);
          assert.equal(tallyBatch(batch, roster).accrued, expected);
        }
      });
    }
  }

  it(`comes out at ${GOLDEN.C_ACI} €, by plant and in all, and so does the excess`, async () => {
    const roster = rosterWith(ALL_PLANTS);
    const ledger = await ledgerWith(roster);
    let here: Awaited<ReturnType<typeof sumsOf>> = {
      accrued: 0n,
      plantSets: { withoutGrant: NO_PLANT_SUMS, withGrant: NO_PLANT_SUMS },
    };
    for (const hour of [0, 1, 2]) {
      const batch = hourOf(roster, hour, metered(hour));
      await record(stage, ledger, batch, roster);
      const { accrued, plantSets } = tallyBatch(batch, roster);
      here = {
        accrued: here.accrued + accrued,
        plantSets: {
          withoutGrant: addPlantSums(here.plantSets.withoutGrant, plantSets.withoutGrant),
          withGrant: addPlantSums(here.plantSets.withGrant, plantSets.withGrant),
        },
      };
      assert.deepEqual(await sumsOf(ledger), here, `after hour ${hour}`);
    }
    assertWithin(here.accrued, GOLDEN.C_ACI);
    for (const [plant, set, threshold] of [
      ["P1", here.plantSets.withoutGrant, 55n],
      ["P2", here.plantSets.withGrant, 45n],
    ] as const) {
      assertWithin(set.accrued, GOLDEN.C_ACI_by_plant[plant]);
      const excess = (set.accrued * (100n * set.attributed - threshold * set.injected)) / (100n * set.injected);
      assertWithin(excess, GOLDEN.C_ACI_ecc_by_plant[plant]);
    }
  });
});

/** Whether an accrual in 10⁻¹⁰ € is at most a micro-euro from a fraction of euros. */
function assertWithin(accrual: bigint, euros: string): void {
  const [numerator = "", denominator = "1"] = euros.split("/");
  const off = accrual * BigInt(denominator) - BigInt(numerator) * 10_000_000_000n;
  assert((off < 0n ? -off : off) <= 10_000n * BigInt(denominator), `${accrual} of ${euros} €`);
}

/** A fraction as an integer of the unit; exact. */
function scaled(fraction: string, unit: bigint): bigint {
  const [numerator = "", denominator = "1"] = fraction.split("/");
  const product = BigInt(numerator) * unit;
  assert.equal(product % BigInt(denominator), 0n, fraction);
  return product / BigInt(denominator);
}

function unpack(words: readonly bigint[], count: number): bigint[] {
  return Array.from({ length: count }, (_, number) =>
    BigInt.asUintN(42, (words[Math.floor(number / 6)] ?? 0n) >> BigInt(42 * (number % 6))),
  );
}

function sumAt(rows: readonly (readonly number[])[], hour: number): number {
  return rows.reduce((total, row) => total + (row[hour] ?? 0), 0);
}

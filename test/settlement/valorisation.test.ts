import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import {
  collectiveValorisationDown,
  communityValorisationDown,
  type PricedEnergy,
  type UnitRates,
} from "../../settlement/valorisation.ts";

const GOLDEN = `${import.meta.dirname}/../../../shared/golden/three-hours.json`;

const of2022: UnitRates = { year: 2022, trase: 77_800n, btau: 5_900n, source: "test" };
const of2024: UnitRates = { year: 2024, trase: 105_700n, btau: 6_500n, source: "test" };
const free: UnitRates = { year: 2024, trase: 0n, btau: 0n, source: "test" };
const MEDIUM = 120n;
const LOW = 260n;

/** The golden example: 30, 100 and 25 kWh at 60, 150 and 190 €/MWh. */
const goldenHours: PricedEnergy[] = [
  { energy: 30_000n, price: 600_000n },
  { energy: 100_000n, price: 1_500_000n },
  { energy: 25_000n, price: 1_900_000n },
];
const shared = 155_000n;
const at = (energy: bigint, price: bigint) => [{ energy, price }];

describe("valorisation of shared energy", () => {
  for (const { name, rates, wattHours, of42bis, expected } of [
    { name: "the golden example", rates: of2024, wattHours: shared, of42bis: 0n, expected: 1_638_350n },
    {
      name: "the golden example under art. 42-bis",
      rates: of2022,
      wattHours: shared,
      of42bis: shared,
      expected: 1_297_350n,
    },
    { name: "a part under art. 42-bis", rates: of2022, wattHours: shared, of42bis: 100_000n, expected: 1_264_900n },
    { name: "nothing shared", rates: of2024, wattHours: 0n, of42bis: 0n, expected: 0n },
    { name: "1 Wh is 10.57 micro-euro, rounded down", rates: of2024, wattHours: 1n, of42bis: 0n, expected: 10n },
    { name: "10 MWh", rates: of2024, wattHours: 10_000_000n, of42bis: 0n, expected: 105_700_000n },
  ]) {
    it(`of a community: ${name}`, () => {
      assert.equal(communityValorisationDown(rates, wattHours, of42bis), expected);
    });
  }

  for (const { name, rates, wattHours, atVoltages, expected } of [
    {
      name: "losses at low voltage of the golden example",
      rates: free,
      wattHours: shared,
      atVoltages: [{ lossCoefficient: LOW, hours: goldenHours }],
      expected: 560_300n,
    },
    {
      name: "TRASE, BTAU and losses of the golden example",
      rates: of2024,
      wattHours: shared,
      atVoltages: [{ lossCoefficient: LOW, hours: goldenHours }],
      expected: 1_638_350n + 100_750n + 560_300n,
    },
    {
      name: "the same with the rates of 2022",
      rates: of2022,
      wattHours: shared,
      atVoltages: [{ lossCoefficient: LOW, hours: goldenHours }],
      expected: 1_297_350n + 560_300n,
    },
    {
      name: "two voltages, each with its losses",
      rates: free,
      wattHours: 2_000_000n,
      atVoltages: [
        { lossCoefficient: LOW, hours: at(1_000_000n, 1_000_000n) },
        { lossCoefficient: MEDIUM, hours: at(1_000_000n, 1_000_000n) },
      ],
      expected: 2_600_000n + 1_200_000n,
    },
    {
      name: "only part of the shared energy stays in the building",
      rates: of2024,
      wattHours: 2_000_000n,
      atVoltages: [{ lossCoefficient: LOW, hours: at(500_000n, 0n) }],
      expected: 21_140_000n + 325_000n,
    },
    {
      name: "a price below zero reduces it",
      rates: free,
      wattHours: 1_000_000n,
      atVoltages: [{ lossCoefficient: LOW, hours: at(1_000_000n, -50_000n) }],
      expected: -130_000n,
    },
    {
      name: "below zero it is rounded down too, away from zero",
      rates: free,
      wattHours: 1n,
      atVoltages: [{ lossCoefficient: LOW, hours: at(1n, -1n) }],
      expected: -1n,
    },
    {
      name: "rounded once, not once an hour",
      rates: free,
      wattHours: 2n,
      atVoltages: [{ lossCoefficient: LOW, hours: [...at(1n, 200_000n), ...at(1n, 200_000n)] }],
      expected: 1n,
    },
    { name: "nothing in the building", rates: of2022, wattHours: shared, atVoltages: [], expected: 1_205_900n },
  ]) {
    it(`of collective self-consumers: ${name}`, () => {
      assert.equal(collectiveValorisationDown(rates, wattHours, atVoltages), expected);
    });
  }

  it("is as in the file of the worked example, where it stands beside the repository", () => {
    if (!existsSync(GOLDEN)) return;
    const { C_ACV_CER, legacy_42bis } = z
      .object({
        C_ACV_CER: z.string(),
        legacy_42bis: z.object({ ARERA_2022_CER: z.string(), AUC_losses_LV: z.string() }),
      })
      .parse(JSON.parse(readFileSync(GOLDEN, "utf8")));
    const atLow = [{ lossCoefficient: LOW, hours: goldenHours }];
    assert.equal(communityValorisationDown(of2024, shared, 0n), micro(C_ACV_CER));
    assert.equal(communityValorisationDown(of2022, shared, shared), micro(legacy_42bis.ARERA_2022_CER));
    assert.equal(collectiveValorisationDown(free, shared, atLow), micro(legacy_42bis.AUC_losses_LV));
  });
});

/** A fraction of euro as micro-euro, rounded down. */
function micro(fraction: string): bigint {
  const [numerator = "", denominator = "1"] = fraction.split("/");
  return (BigInt(numerator) * 1_000_000n) / BigInt(denominator);
}

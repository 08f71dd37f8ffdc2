import assert from "node:assert/strict";
import fc from "fast-check";
import { excessAccrued, NO_SUMS, type PlantSetSums, poolsOf } from "../../settlement/pools.ts";
import { PAY_ALL } from "../../settlement/rules.ts";

/** kWh and 10⁻¹⁰ € as the example of three hours has them. */
const P1: PlantSetSums = { injected: 125_000n, attributed: 100_000n, accrued: 120_000_000_000n };
const P2: PlantSetSums = { injected: 100_000n, attributed: 55_000n, accrued: 41_840_000_000n };
const GOLDEN = { accrued: P1.accrued + P2.accrued, withoutGrant: P1, withGrant: P2 };
const NOTHING = { accrued: 0n, withoutGrant: NO_SUMS, withGrant: NO_SUMS };
const amounts = (premium: bigint, shared = 0n) => ({ premium, shared, passedThrough: new Map<number, bigint>() });

describe("the excess of a year", () => {
  for (const [name, year, expected] of [
    ["of the golden example: 3 € + 0.4184 €", GOLDEN, 34_184_000_000n],
    ["at the threshold", { ...NOTHING, withoutGrant: { injected: 100n, attributed: 55n, accrued: 999n } }, 0n],
    ["a Wh beyond it", { ...NOTHING, withoutGrant: { injected: 100n, attributed: 56n, accrued: 999n } }, 9n],
    ["with a grant, at 45%", { ...NOTHING, withGrant: { injected: 100n, attributed: 45n, accrued: 999n } }, 0n],
    ["with a grant, beyond", { ...NOTHING, withGrant: { injected: 100n, attributed: 46n, accrued: 999n } }, 9n],
    ["one set below, one beyond", { ...GOLDEN, withGrant: { ...P2, attributed: 1n } }, 30_000_000_000n],
    ["all attributed", { ...NOTHING, withoutGrant: { injected: 7n, attributed: 7n, accrued: 100n } }, 45n],
    ["of nothing", NOTHING, 0n],
  ] as const) {
    it(name, () => assert.equal(excessAccrued(year), expected));
  }
});

describe("the pools of a month", () => {
  const pools = (ordinary: bigint, excess: bigint, heldExcess: bigint, heldAdvance: bigint) => ({
    ordinary,
    excess,
    heldExcess,
    heldAdvance,
  });
  for (const [name, given, policy, isAdjusted, expected] of [
    [
      "hold the excess until the adjustment",
      amounts(16_184_000n),
      PAY_ALL,
      false,
      pools(12_765_600n, 0n, 3_418_400n, 0n),
    ],
    ["release it then", amounts(16_184_000n), PAY_ALL, true, pools(12_765_600n, 3_418_400n, 0n, 0n)],
    ["take it of the premium alone", amounts(16_184_000n, 5n), PAY_ALL, true, pools(12_765_605n, 3_418_400n, 0n, 0n)],
    [
      "hold a part of the advance back, rounded down",
      amounts(16_184_000n, 7n),
      { ...PAY_ALL, holdBack: 3333 },
      false,
      pools(8_510_833n, 0n, 3_418_400n, 4_254_774n),
    ],
    [
      "but not after the adjustment",
      amounts(16_184_000n),
      { ...PAY_ALL, holdBack: 3333 },
      true,
      pools(12_765_600n, 3_418_400n, 0n, 0n),
    ],
    [
      "hold everything with a yearly calendar",
      amounts(16_184_000n, 7n),
      { ...PAY_ALL, isYearly: true },
      false,
      pools(0n, 0n, 3_418_400n, 12_765_607n),
    ],
    ["take a claw-back from both", amounts(-16_184_001n), PAY_ALL, true, pools(-12_765_601n, -3_418_400n, 0n, 0n)],
  ] as const) {
    it(name, () => assert.deepEqual(poolsOf(given, GOLDEN, policy, isAdjusted), expected));
  }

  it("have no excess where nothing was accrued", () => {
    assert.deepEqual(poolsOf(amounts(100n), NOTHING, PAY_ALL, true), pools(100n, 0n, 0n, 0n));
  });

  it("add up to what is divided, and the excess is never more than the premium", () => {
    const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
    const set = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat(100), fc.bigInt({ min: 0n, max: 10n ** 20n }))
      .map(([injected, percent, accrued]) => ({ injected, attributed: (injected * BigInt(percent)) / 100n, accrued }));
    const policy = fc.record({ holdBack: fc.nat(10_000), isYearly: fc.boolean(), minimumPayment: fc.constant(0n) });
    fc.assert(
      fc.property(
        amount,
        amount,
        set,
        set,
        fc.nat(10),
        policy,
        fc.boolean(),
        (premium, shared, a, b, other, terms, adjusted) => {
          const year = { accrued: a.accrued + b.accrued + BigInt(other), withoutGrant: a, withGrant: b };
          const made = poolsOf(amounts(premium, shared), year, terms, adjusted);
          assert.equal(made.ordinary + made.excess + made.heldExcess + made.heldAdvance, premium + shared);
          const excess = made.excess + made.heldExcess;
          assert(premium < 0n ? excess <= 0n && excess >= premium : excess >= 0n && excess <= premium);
        },
      ),
    );
  });
});

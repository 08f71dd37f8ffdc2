/**
 * The golden example: three hours, two plants, four consumers, computed with exact rational arithmetic. Its part that art.
 * 42-bis covers, through the contract and through settlement/. The numbers stand here; where the file that they come from is
 * at hand, they are compared with it.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zeroHash } from "viem";
import { z } from "zod";
import { readHistory } from "../chain/history.ts";
import { divide } from "../settlement/entitlements.ts";
import { endOfMonth } from "../settlement/hours.ts";
import { keysOfMonth } from "../settlement/keys.ts";
import { TARIFF_42BIS } from "../settlement/premium.ts";
import { type Channel, CLASSES, type MemberClass, type Roster } from "../settlement/roster.ts";
import type { RuleSet } from "../settlement/rules.ts";
import { openStage } from "./support/communityOnChain.ts";
import {
  beginCommunity,
  book,
  type PlayedCommunity,
  playRun,
  premium,
  recordHours,
} from "./support/playedCommunity.ts";

const FILE = join(import.meta.dirname, "../../shared/golden/three-hours.json");
const MONTH = 2026 * 12 + 2;
const FIRST_HOUR = endOfMonth(MONTH) - 3;

/** kWh of the three hours, in the order of the channels: P1, P2, C1, C2, C3, C4. */
const KWH = [
  [55, 60, 10],
  [20, 65, 15],
  [5, 8, 10],
  [3, 4, 6],
  [12, 40, 0],
  [10, 48, 24],
] as const;
const CONSUMER_CLASSES: readonly MemberClass[] = ["persona_fisica", "persona_fisica", "ente_territoriale", "impresa"];
const SHARED_KWH = [30, 100, 25];
/** P1, commissioned first, and P2. */
const ATTRIBUTED_WH = [100_000n, 55_000n];
/** C1 19 1/4, C2 10 3/4, C3 52, C4 73 kWh; P1 and P2 by the ratio of each hour. */
const COINCIDENT_WH = [19_250n, 10_750n, 52_000n, 73_000n];
/** 341/20 € at 110 €/MWh and 31/2 € at 100 €/MWh, in 10⁻¹⁰ €. */
const ACCRUED = { community: 170_500_000_000n, collective: 155_000_000_000n } as const;

function roster(tariff: number): Roster {
  const channel = (number: number, memberClass: MemberClass): Channel => ({
    number,
    account: number,
    class: memberClass,
    exempt: false,
    weight: 0,
  });
  const plant = (number: number, commissioned: string) =>
    ({ number, channel: number, commissioned, power: 180_000, regime: "42-bis", tariff }) as const;
  return {
    injection: [channel(1, "persona_fisica"), channel(2, "persona_fisica")],
    withdrawal: CONSUMER_CLASSES.map((memberClass, index) => channel(index + 3, memberClass)),
    plants: [plant(1, "2024-05-01"), plant(2, "2025-03-01")],
  };
}

/** 10% management, 10% social, the rest half by attributed and half by coincident energy. */
const RULES: RuleSet = {
  fromMonth: MONTH,
  fallbackFund: 8,
  documentHash: zeroHash,
  rules: [
    { share: 1000, key: "fund", classes: [], fund: 7 },
    { share: 1000, key: "fund", classes: [], fund: 8 },
    { share: 4000, key: "attributed-injection", classes: CLASSES, fund: 0 },
    { share: 4000, key: "coincident-withdrawal", classes: CLASSES, fund: 0 },
  ],
};

const community = (tariff: number): PlayedCommunity => ({
  members: 6,
  funds: 2,
  configurations: [{ firstHour: FIRST_HOUR, rosters: [{ effectiveHour: FIRST_HOUR, roster: roster(tariff) }] }],
  ruleSets: [RULES],
  reading: (_, channel, hour) => (KWH[channel - 1]?.[hour - FIRST_HOUR] ?? 0) * 1000,
  grade: "distributor",
});

describe("the golden example under art. 42-bis", function () {
  this.timeout(30_000);

  for (const kind of ["community", "collective"] as const) {
    it(`at the tariff of a ${kind}: every intermediate value, on chain and recomputed`, async () => {
      const stage = await openStage(FIRST_HOUR - 24);
      const played = community(TARIFF_42BIS[kind]);
      const at = await beginCommunity(stage, played);
      await recordHours(stage, at, played, FIRST_HOUR, endOfMonth(MONTH));
      const net = ACCRUED[kind] / 10_000n;
      await book(stage, at, [premium(0, MONTH, net)]);
      await playRun(stage, at, { from: MONTH, to: MONTH });
      const { ledgers, treasury, runs } = await readHistory(stage.client, at);
      await stage.chain.close();

      const [ledger] = ledgers;
      const [batch] = ledger?.batches ?? [];
      const [month] = ledger?.months ?? [];
      assert(batch && month);
      assert.deepEqual(
        batch.event.shared.slice(0, 3),
        SHARED_KWH.map((kwh) => BigInt(kwh) * 1000n),
      );
      assert.deepEqual([month.attributed.get(1), month.attributed.get(2)], ATTRIBUTED_WH);
      for (const [index, exact] of COINCIDENT_WH.entries()) {
        // One floor a row: at most 1 Wh below the exact value.
        const difference: bigint = exact - (month.coincident.get(index + 3) ?? 0n);
        assert(difference === 0n || difference === 1n, `C${index + 1}: ${difference} Wh`);
      }
      assert.equal(month.accrued, ACCRUED[kind]);

      const sums = { coincident: month.coincident, attributed: month.attributed };
      const versions = [{ effectiveHour: FIRST_HOUR, roster: roster(TARIFF_42BIS[kind]) }];
      const keys = RULES.rules.map((rule) => keysOfMonth(rule, MONTH, versions, sums));
      const { entitlements } = divide(net, RULES, keys);
      for (const { number, paid, owed } of treasury.accounts) {
        assert.equal(paid, entitlements.get(number) ?? 0n);
        assert.equal(owed, 0n);
      }
      for (const [account, exact] of exactEntitlements(net)) {
        const paid = runs[0]?.payouts.find((payout) => payout.account === account)?.amount ?? 0n;
        const difference = (paid * exact.denominator - exact.numerator) / exact.denominator;
        // A consumer's key lacks up to 1 Wh of 155,000.
        const tolerance = 1n + (net * 4000n) / 10_000n / 155_000n;
        assert(difference >= -tolerance && difference <= tolerance, `account ${account}: ${difference} micro-euro off`);
      }
    });
  }

  it(`is the one in the file of exact rationals${existsSync(FILE) ? "" : ", which is not here"}`, () => {
    if (!existsSync(FILE)) return;
    const hours = z.array(z.number());
    const shape = z.object({
      inputs: z.object({ inj: z.record(z.string(), hours), wd: z.record(z.string(), hours) }),
      shared_per_hour: hours,
      attribution_by_cod: z.record(z.string(), hours),
      legacy_42bis: z.object({ CER_110: z.string(), AUC_100: z.string() }),
    });
    const golden = shape.parse(JSON.parse(readFileSync(FILE, "utf8")));
    assert.deepEqual([...Object.values(golden.inputs.inj), ...Object.values(golden.inputs.wd)], KWH);
    assert.deepEqual(golden.shared_per_hour, SHARED_KWH);
    assert.deepEqual(
      Object.values(golden.attribution_by_cod).map((kwh) => kwh.reduce((sum, each) => sum + each, 0) * 1000),
      ATTRIBUTED_WH.map(Number),
    );
    assert.deepEqual(golden.legacy_42bis, { CER_110: "341/20", AUC_100: "31/2" });
    assert.equal((341n * 10n ** 10n) / 20n, ACCRUED.community);
    assert.equal((31n * 10n ** 10n) / 2n, ACCRUED.collective);
  });
});

/** Net × share × own energy / all energy, as fractions. */
function exactEntitlements(net: bigint): Map<number, { numerator: bigint; denominator: bigint }> {
  const part = (energy: bigint) => ({ numerator: net * 4n * energy, denominator: 10n * 155_000n });
  return new Map([
    ...ATTRIBUTED_WH.map((energy, index) => [index + 1, part(energy)] as const),
    ...COINCIDENT_WH.map((energy, index) => [index + 3, part(energy)] as const),
  ]);
}

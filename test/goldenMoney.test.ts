/*
 * The worked example of three hours, the money: threshold, excess and who gets what, on the contracts and in
 * settlement/. The three hours stand for a year: they are the last of one, whose adjustment is booked.
 *
 * Its 16.184 € of premium are no whole cents, which receipts are: everything is a hundred thousand times as much here,
 * so that a micro-euro is that much less of it.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { receiptBookAbi } from "../chain/abi.ts";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { readHistory } from "../chain/history.ts";
import { audit } from "../settlement/audit.ts";
import { endOfMonth, parseMonth } from "../settlement/hours.ts";
import { powerClassOf, reductionOfGrant } from "../settlement/premium.ts";
import { recompute } from "../settlement/recompute.ts";
import { CLASSES, type MemberClass, type Roster } from "../settlement/roster.ts";
import { PAY_ALL, type Rule } from "../settlement/rules.ts";
import { communityCalls, enrolment, receiptBookCalls, receiptOf } from "./support/communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  openStage,
  record,
  type Stage,
} from "./support/communityOnChain.ts";
import { balanceOf, book, ledgerAt, settle } from "./support/runsOnChain.ts";

const FILE = `${import.meta.dirname}/../../shared/golden/three-hours.json`;

/** €; fractions as strings. */
const GOLDEN = {
  C_ACI: "2023/125",
  C_ACI_ecc: "4273/1250",
  C_ACV_CER: "32767/20000",
  allocation_exact: {
    P1: "288079/77500",
    P2: "3168869/1550000",
    C1: "1929430503/1271000000",
    C2: "1077474177/1271000000",
    C3: "325748007/79437500",
    C4: "21029767/7750000",
    FUND_MGMT: "288079/200000",
    FUND_SOCIAL: "288079/200000",
  },
};
const text = z.string();
const shape = z.object({
  C_ACI: text,
  C_ACI_ecc: text,
  C_ACV_CER: text,
  allocation_exact: z.object({
    P1: text,
    P2: text,
    C1: text,
    C2: text,
    C3: text,
    C4: text,
    FUND_MGMT: text,
    FUND_SOCIAL: text,
  }),
});

/** Accounts by number, in the order of the example, then the two reserves. */
const NAMES = ["P1", "P2", "C1", "C2", "C3", "C4", "FUND_MGMT", "FUND_SOCIAL"] as const;
const [MANAGEMENT, SOCIAL, EXCESS_RESERVE, ADVANCE_RESERVE] = [7, 8, 9, 10];
const SCALE = 100_000n;

const KWH = [
  [55, 60, 10],
  [20, 65, 15],
  [5, 8, 10],
  [3, 4, 6],
  [12, 40, 0],
  [10, 48, 24],
];
const PRICES = [60, 150, 190];
const CLASS_OF: readonly MemberClass[] = ["persona_fisica", "persona_fisica", "ente_territoriale", "impresa"];

const DECEMBER = parseMonth("2025-12") ?? 0;
const FIRST = endOfMonth(DECEMBER) - 3;

function roster(): Roster {
  const channel = (number: number, memberClass: MemberClass) => ({
    number,
    account: number,
    class: memberClass,
    exempt: memberClass !== "impresa",
    weight: 0,
  });
  const plant = (number: number, commissioned: string, power: number, grant: number) => {
    const powerClass = powerClassOf(power);
    assert(powerClass);
    const terms = { regime: "CACER", ...powerClass, correction: 100_000, reduction: reductionOfGrant(grant) } as const;
    return { number, channel: number, commissioned, power, ...terms };
  };
  return {
    injection: [channel(1, "impresa"), channel(2, "impresa")],
    withdrawal: CLASS_OF.map((memberClass, i) => channel(i + 3, memberClass)),
    plants: [plant(1, "2024-05-01", 180_000, 0), plant(2, "2025-03-01", 300_000, 4000)],
  };
}

const rule = (share: number, key: Rule["key"], change: Partial<Rule> = {}): Rule => ({
  pool: "ordinary",
  share,
  key,
  classes: key === "fund" ? [] : CLASSES,
  fund: 0,
  ...change,
});

describe("the golden example, money", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage(FIRST - 48);
    at = await deployCommunity(stage, [{ firstHour: FIRST, firstMonth: DECEMBER }]);
    const kinds = [
      "producer",
      "producer",
      "member",
      "member",
      "member",
      "member",
      "fund",
      "fund",
      "reserve",
      "reserve",
    ] as const;
    const enrolments = kinds.map((kind, index) => enrolment(kind, undefined, index === SOCIAL - 1));
    await stage.people.secretary.send(communityCalls(at).enrol(enrolments));
    await adoptRoster(stage, ledgerAt(at, 0), FIRST, roster());
    await adoptRuleSet(stage, at, {
      fromMonth: DECEMBER,
      remainders: {
        fallbackFund: SOCIAL,
        excessFallbackFund: SOCIAL,
        excessReserve: EXCESS_RESERVE,
        advanceReserve: ADVANCE_RESERVE,
      },
      policy: PAY_ALL,
      documentHash: `0x${"00".repeat(32)}`,
      rules: [
        rule(1000, "fund", { fund: MANAGEMENT }),
        rule(1000, "fund", { fund: SOCIAL }),
        rule(4000, "attributed-injection"),
        rule(4000, "coincident-withdrawal"),
        rule(10_000, "coincident-withdrawal", {
          pool: "excess",
          classes: CLASSES.filter((name) => name !== "impresa"),
        }),
      ],
    });
    for (const hour of [0, 1, 2]) {
      const batch = {
        ...batchOf(roster(), FIRST + hour, 1, (row) => (KWH[row]?.[hour] ?? 0) * 1000),
        priceMask: 0,
        prices: [(PRICES[hour] ?? 0) * 10_000, ...new Array<number>(23).fill(0)],
      };
      await record(stage, ledgerAt(at, 0), batch, roster());
    }
    await book(stage, at, receiptOf(DECEMBER, scaled(GOLDEN.C_ACI)));
    await book(stage, at, receiptOf(DECEMBER, scaled(GOLDEN.C_ACV_CER), { kind: "valorisation" }));
  });
  after(() => stage.chain.close());

  it("is the file's, where the file stands", () => {
    if (!existsSync(FILE)) console.log(`      ${FILE} is not there: only the numbers written out here are compared`);
    else assert.deepEqual(shape.parse(JSON.parse(readFileSync(FILE, "utf8"))), GOLDEN);
  });

  it("has the threshold's excess exactly, on the contract and in settlement/", async () => {
    const args = [0, DECEMBER] as const;
    const call = { abi: receiptBookAbi, address: at.receiptBook, functionName: "excessOf", args } as const;
    const [excess, accrued] = await stage.client.readContract(call);
    assert.deepEqual([excess, accrued], [exact(GOLDEN.C_ACI_ecc, 10n ** 10n), exact(GOLDEN.C_ACI, 10n ** 10n)]);
  });

  it("holds the excess until the adjustment, then gives everybody what is exact, to a micro-euro", async () => {
    await settle(stage, at, DECEMBER, DECEMBER);
    assert.equal((await balanceOf(stage, at, EXCESS_RESERVE)).owed, scaled(GOLDEN.C_ACI_ecc));
    await stage.people.treasurer.send(receiptBookCalls(at).adjustYear(0, 2025));
    await settle(stage, at, DECEMBER, DECEMBER);
    for (const [index, name] of NAMES.entries()) {
      const { owed, paid } = await balanceOf(stage, at, index + 1);
      const { numerator, denominator } = fractionOf(GOLDEN.allocation_exact[name]);
      // Each of its parts is rounded down; what that leaves is the social fund's.
      const off = (owed + paid) * denominator - numerator * 1_000_000n * SCALE;
      assert(
        off <= (name === "FUND_SOCIAL" ? 6n : 1n) * denominator && off > -2n * denominator,
        `${name}: ${owed + paid}`,
      );
    }
    const history = await readHistory(stage.client, at);
    assert.deepEqual(await audit(history, recompute(history)), []);
  });
});

function fractionOf(fraction: string): { numerator: bigint; denominator: bigint } {
  const [numerator = "", denominator = "1"] = fraction.split("/");
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** A fraction as an integer of the unit; exact. */
function exact(fraction: string, unit: bigint): bigint {
  const { numerator, denominator } = fractionOf(fraction);
  assert.equal((numerator * unit) % denominator, 0n, fraction);
  return (numerator * unit) / denominator;
}

/** Euro in micro-euro, a hundred thousand times. */
function scaled(fraction: string): bigint {
  return exact(fraction, 1_000_000n * SCALE);
}

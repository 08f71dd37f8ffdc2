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
import type { Names } from "../api/documents/names.ts";
import { receiptBookAbi } from "../chain/abi.ts";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { readHistory } from "../chain/history.ts";
import { audit } from "../settlement/audit.ts";
import { excessEvidence } from "../settlement/excessEvidence.ts";
import { recompute } from "../settlement/recompute.ts";
import { receiptBookCalls } from "./support/communityCalls.ts";
import type { Stage } from "./support/communityOnChain.ts";
import { checkDocuments } from "./support/documents.ts";
import { checkCertificates, checkEvidence, checkKinds, checkPostings } from "./support/exports.ts";
import { GOLDEN_MONTH, GOLDEN_NAMES, goldenCommunity, openGoldenStage } from "./support/goldenMoney.ts";
import { chainTimes, checkHours, checkPeriods } from "./support/periods.ts";
import { balanceOf, settle } from "./support/runsOnChain.ts";

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

const EXCESS_RESERVE = 9;
const SCALE = 100_000n;

describe("the golden example, money", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openGoldenStage();
    at = await goldenCommunity(stage, { premium: scaled(GOLDEN.C_ACI), valorisation: scaled(GOLDEN.C_ACV_CER) });
  });
  after(() => stage.chain.close());

  it("is the file's, where the file stands", () => {
    if (!existsSync(FILE)) console.log(`      ${FILE} is not there: only the numbers written out here are compared`);
    else assert.deepEqual(shape.parse(JSON.parse(readFileSync(FILE, "utf8"))), GOLDEN);
  });

  it("has the threshold's excess exactly, on the contract and in settlement/", async () => {
    const args = [0, GOLDEN_MONTH] as const;
    const call = { abi: receiptBookAbi, address: at.receiptBook, functionName: "excessOf", args } as const;
    const [excess, accrued] = await stage.client.readContract(call);
    assert.deepEqual([excess, accrued], [exact(GOLDEN.C_ACI_ecc, 10n ** 10n), exact(GOLDEN.C_ACI, 10n ** 10n)]);
  });

  it("holds the excess until the adjustment, then gives everybody what is exact, to a micro-euro", async () => {
    await settle(stage, at, GOLDEN_MONTH, GOLDEN_MONTH);
    assert.equal((await balanceOf(stage, at, EXCESS_RESERVE)).owed, scaled(GOLDEN.C_ACI_ecc));
    await stage.people.treasurer.send(receiptBookCalls(at).adjustYear(0, 2025));
    await settle(stage, at, GOLDEN_MONTH, GOLDEN_MONTH);
    for (const [index, name] of GOLDEN_NAMES.entries()) {
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

  it("has statements, CSV and PDF, whose totals are the chain's, and exports that account for all of it", async function () {
    this.timeout(30_000);
    const history = await readHistory(stage.client, at);
    const recomputed = recompute(history);
    const timeOf = await chainTimes(stage.client, history);
    const names: Names = {
      community: "Comunità dell'esempio",
      nameOf: (account) => GOLDEN_NAMES[account - 1],
      meterOf: (_, channel) => GOLDEN_NAMES[channel - 1],
    };
    for (const statement of checkPeriods(history, recomputed, timeOf)) await checkDocuments(history, statement, names);
    checkHours(history, recomputed);
    checkKinds(history, recomputed);
    checkPostings(history);
    checkCertificates(history, recomputed, timeOf);
    checkEvidence(history, recomputed);
    const { totals } = excessEvidence(history, recomputed, 0, Math.floor(GOLDEN_MONTH / 12));
    assert.equal(totals.pools.excess, scaled(GOLDEN.C_ACI_ecc));
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

/*
 * EnergyLedger, its oracles and their signatures
 *   setOracles
 *     not the council's → refused
 *     quorum below ⌊(n+f)/2⌋+1 with f = ⌊(n−1)/3⌋, or above n, or no oracles → refused; so at the constructor
 *     not strictly ascending, or zero → refused
 *     else in force at once: the old ones' signatures no longer count
 *   signatures
 *     fewer than the quorum, not ascending, twice, of nobody, of another batch, ledger or chain, malformed → refused
 *     as many as the quorum or more → accepted
 *   a first hour outside its month → refused
 */

import assert from "node:assert/strict";
import {
  type Address,
  concat,
  type Hex,
  hexToBigInt,
  numberToHex,
  parseEventLogs,
  recoverAddress,
  size,
  slice,
  zeroAddress,
} from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { createCommunity } from "../../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { type Batch, encodeBatch } from "../../settlement/batch.ts";
import { batchDigest, batchTypedData } from "../../settlement/batchDigest.ts";
import { endOfMonth, secondsOf } from "../../settlement/hours.ts";
import { ledgerCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  type Stage,
  setupOf,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, read, send } from "../support/refusals.ts";
import { ledgerAt } from "../support/runsOnChain.ts";
import { oracleKeys, sign } from "../support/submissions.ts";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("EnergyLedger oracles", () => {
  let stage: Stage;
  let ledger: Address;
  const roster = smallRoster(3);
  const [a, b, c, d] = oracleKeys(["oracle a", "oracle b", "oracle c", "oracle d"]) as [Key, Key, Key, Key];
  const four = [a, b, c, d].map(({ address }) => address);

  before(async () => {
    stage = await openStage();
    const at = await deployCommunity(stage);
    await enrol(stage, at, 3);
    ledger = ledgerAt(at, 0);
    await adoptRoster(stage, ledger, FIRST_HOUR, roster);
    stage.chain.advanceTo(secondsOf(FIRST_HOUR + 48));
  });
  after(() => stage.chain.close());

  const setOracles = (oracles: readonly Address[], quorum: number) =>
    send(stage, "council", ledgerCalls(ledger).setOracles(oracles, quorum));
  const view = (functionName: string) => read(stage, { abi: energyLedgerAbi, address: ledger, functionName, args: [] });
  const submit = (batch: Batch, signatures: readonly Hex[]) =>
    send(stage, "stranger", ledgerCalls(ledger).record(encodeBatch(batch), signatures));

  itIsRestricted(
    () => stage,
    [{ allowed: "council", call: () => ledgerCalls(ledger).setOracles(four, 3) }],
    () => "setOracles",
  );

  describe("quorum", () => {
    const many = oracleKeys(Array.from({ length: 10 }, (_, i) => `oracle ${i}`)).map(({ address }) => address);
    for (const [count, lowest] of [
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 4],
      [7, 5],
      [10, 7],
    ] as const) {
      it(`of ${count} oracles lies between ${lowest} and ${count}: QuorumOutOfRange`, async () => {
        const oracles = many.slice(0, count);
        for (const quorum of [0, lowest - 1, count + 1, 255]) {
          await assertRefused(setOracles(oracles, quorum), "QuorumOutOfRange", [quorum, BigInt(lowest), BigInt(count)]);
        }
        for (const quorum of count === 0 ? [] : [lowest, count]) await setOracles(oracles, quorum);
        if (count > 0) assert.deepEqual(await view("oracles"), [oracles, count]);
      });
    }

    it("is checked when the ledger is made, too", async () => {
      const configuration = { area: "AREA", firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH, oracles: four, quorum: 2 };
      const made = createCommunity(stage.people.creator, stage.factory, setupOf(stage), [configuration]);
      await assertRefused(made, "QuorumOutOfRange", [2, 3n, 4n]);
    });
  });

  for (const [what, oracles, previous, oracle] of [
    ["zero address", [zeroAddress], zeroAddress, zeroAddress],
    ["oracle twice", [a.address, a.address], a.address, a.address],
    ["descending oracle", [b.address, a.address], b.address, a.address],
  ] as const) {
    it(`refuses a ${what}: OraclesNotAscending`, () =>
      assertRefused(setOracles(oracles, oracles.length), "OraclesNotAscending", [previous, oracle]));
  }

  it("keeps the oracles that it has when new ones are refused, and says so when it takes them", async () => {
    const receipt = await setOracles(four, 3);
    const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "OraclesSet", logs: receipt.logs });
    assert.deepEqual(event?.args, { oracles: four, quorum: 3 });
    await assertRefused(setOracles([d.address, a.address], 2), "OraclesNotAscending", [d.address, a.address]);
    assert.deepEqual(await view("oracles"), [four, 3]);
  });

  describe("signatures of three of four", () => {
    const batch = batchOf(roster, FIRST_HOUR, 24);
    let [ofA, ofB, ofC, ofD]: Hex[] = [];
    let digest: Hex;
    before(async () => {
      await setOracles(four, 3);
      [ofA, ofB, ofC, ofD] = await sign(batch, roster, ledger, [a, b, c, d]);
      digest = batchDigest(batch, roster, { chainId: EMBEDDED_CHAIN_ID, ledger });
    });
    const signatures = (...given: (Hex | undefined)[]) => given.map((signature) => signature ?? "0x");

    it("refuses two: TooFewSignatures", () =>
      assertRefused(submit(batch, signatures(ofA, ofD)), "TooFewSignatures", [2n, 3]));

    it("refuses none: TooFewSignatures", () => assertRefused(submit(batch, []), "TooFewSignatures", [0n, 3]));

    it("refuses one that counts twice: SignersNotAscending", () =>
      assertRefused(submit(batch, signatures(ofA, ofB, ofB)), "SignersNotAscending", [b.address, b.address]));

    it("refuses another order: SignersNotAscending", () =>
      assertRefused(submit(batch, signatures(ofB, ofA, ofC)), "SignersNotAscending", [b.address, a.address]));

    it("refuses whoever is no oracle, even beyond the quorum: NotAnOracle", async () => {
      const everyone = oracleKeys(["oracle a", "oracle b", "oracle c", "oracle d", "an intruder"]);
      const intruder = everyone.find(({ address }) => !four.includes(address));
      assert(intruder);
      await assertRefused(submit(batch, await sign(batch, roster, ledger, everyone)), "NotAnOracle", [
        intruder.address,
      ]);
    });

    it("refuses signatures of another batch, another ledger or another chain", async () => {
      const other = { ...batch, injected: [batch.injected[0]?.map((wattHours) => wattHours + 1) ?? []] };
      const onOther = batchTypedData(batch, roster, { chainId: EMBEDDED_CHAIN_ID + 1, ledger });
      for (const wrong of [
        await sign(other, roster, ledger, [a, b, c]),
        await sign(batch, roster, stage.factory, [a, b, c]),
        await Promise.all([a, b, c].map((key) => key.signTypedData(onOther))),
      ]) {
        const recovered = await recoverAddress({ hash: digest, signature: wrong[0] ?? "0x" });
        await assertRefused(submit(batch, wrong), "NotAnOracle", [recovered]);
      }
    });

    it("refuses what is no signature: ECDSAInvalidSignatureLength, ECDSAInvalidSignatureS, ECDSAInvalidSignature", async () => {
      const good = ofA ?? "0x";
      const s = hexToBigInt(slice(good, 32, 64));
      const highS = numberToHex(CURVE_ORDER - s, { size: 32 });
      const mirrored = concat([slice(good, 0, 32), highS, slice(good, 64) === "0x1b" ? "0x1c" : "0x1b"]);
      await assertRefused(submit(batch, signatures(mirrored, ofB, ofC)), "ECDSAInvalidSignatureS", [highS]);
      const short = slice(good, 0, 64);
      await assertRefused(submit(batch, signatures(short, ofB, ofC)), "ECDSAInvalidSignatureLength", [
        BigInt(size(short)),
      ]);
      await assertRefused(
        submit(batch, signatures(concat([slice(good, 0, 64), "0x1d"]), ofB, ofC)),
        "ECDSAInvalidSignature",
        [],
      );
    });

    it("accepts exactly the quorum", () => submit(batch, signatures(ofA, ofB, ofD)));

    it("accepts all four", async () => {
      const next = batchOf(roster, FIRST_HOUR + 24, 1);
      await submit(next, await sign(next, roster, ledger, [a, b, c, d]));
    });
  });

  describe("after a rotation", () => {
    it("leaves only the new oracles, those of both sets included", async () => {
      await setOracles([a.address, b.address], 2);
      const first = batchOf(roster, FIRST_HOUR + 25, 1);
      const signedBefore = await sign(first, roster, ledger, [a, b]);
      await setOracles([b.address, c.address], 2);
      await assertRefused(submit(first, signedBefore), "NotAnOracle", [a.address]);
      await submit(first, await sign(first, roster, ledger, [b, c]));
      await setOracles([c.address], 1);
      const second = batchOf(roster, FIRST_HOUR + 26, 1);
      await assertRefused(submit(second, await sign(second, roster, ledger, [b])), "NotAnOracle", [b.address]);
      await submit(second, await sign(second, roster, ledger, [c]));
    });
  });

  for (const [what, firstHour] of [
    ["before", FIRST_HOUR - 1],
    ["after", endOfMonth(FIRST_MONTH)],
  ] as const) {
    it(`refuses a ledger that begins ${what} its first month: FirstHourOutsideMonth`, () =>
      assertRefused(deployCommunity(stage, [{ firstHour, firstMonth: FIRST_MONTH }]), "FirstHourOutsideMonth", [
        firstHour,
        FIRST_MONTH,
      ]));
  }
});

type Key = ReturnType<typeof oracleKeys>[number];

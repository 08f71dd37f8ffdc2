import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeBatch,
  encodeBatch,
  encodeRow,
  FIRST_REVISION,
  maskBit,
  maskOfHours,
  missingCount,
  withoutPrices,
} from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { decodeRoster, encodeRoster } from "../../settlement/roster.ts";
import { proveRow, type RowProof, rowRoot, UnknownChannelError, verifyRow } from "../../settlement/rowTree.ts";
import { decodeRuleSet, encodeRuleSet } from "../../settlement/rules.ts";
import { batchOf, FIRST_HOUR, smallRoster } from "../support/communityOnChain.ts";

const LEDGER = "0x00000000000000000000000000000000000000aa";
const roster = smallRoster(5);
const batch = batchOf(roster, FIRST_HOUR, 23);

describe("a batch as bytes", () => {
  it("puts hour 0 first, big-endian", () => {
    const bytes = encodeRow([1, 0x01020304]);
    assert.deepEqual([...bytes.subarray(0, 8)], [0, 0, 0, 1, 1, 2, 3, 4]);
    assert.equal(bytes.length, 96);
  });

  it("comes back as it went", () => {
    const reading = fc.integer({ min: 0, max: 0xffff_ffff });
    const row = fc.array(reading, { minLength: 24, maxLength: 24 });
    const mask = fc.integer({ min: 0, max: 0xff_ffff });
    const price = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.array(row, { minLength: 0, maxLength: 4 }),
        fc.array(price, { minLength: 24, maxLength: 24 }),
        mask,
        (injected, withdrawn, prices, priceMask) => {
          const missing = [...injected, ...withdrawn].map((_, index) => (priceMask >> index) & 0xff_ffff);
          const original = { ...batch, injected, withdrawn, missing, prices, priceMask };
          assert.deepEqual(decodeBatch(encodeBatch(original)), original);
        },
      ),
    );
  });

  it("refuses half a row and an unknown grade", () => {
    assert.throws(() => decodeBatch({ ...encodeBatch(batch), injected: "0x0011" }), /not whole rows/);
    assert.throws(() => decodeBatch({ ...encodeBatch(batch), grade: 4 }), /grade 4/);
  });

  it("marks hours from the top bit", () => {
    assert.equal(maskBit(0), 0x80_0000);
    assert.equal(maskBit(23), 1);
    assert.equal(maskOfHours(23), 0xff_fffe);
    assert.equal(missingCount({ ...batch, missing: [0x80_0001, 0, 0xff_ffff] }), 26);
    assert.deepEqual(withoutPrices(1).priceMask, 0x80_0000);
  });
});

describe("the digest of a batch", () => {
  const digest = batchDigest(batch, roster, { chainId: 1, ledger: LEDGER });
  const [firstRow = [], ...otherRows] = batch.injected;
  for (const [what, changed] of [
    ["a reading", { injected: [[...firstRow.slice(0, 5), 1, ...firstRow.slice(6)], ...otherRows] }],
    ["a mask", { missing: [1 << 20, ...batch.missing.slice(1)] }],
    ["the seed", { seed: `0x${"11".repeat(32)}` }],
    ["the grade", { grade: "estimated" }],
    ["the first hour", { firstHour: FIRST_HOUR + 1 }],
    ["the hour count", { hourCount: 22 }],
    ["the roster version", { rosterVersion: 2 }],
    ["the revision", { revision: 1 }],
    ["the batch it replaces", { replaces: `0x${"22".repeat(32)}` }],
    ["a price", { prices: [1, ...batch.prices.slice(1)] }],
    ["the price mask", { priceMask: 0 }],
  ] as const) {
    it(`changes with ${what}`, () => {
      assert.notEqual(batchDigest({ ...batch, ...changed }, roster, { chainId: 1, ledger: LEDGER }), digest);
    });
  }

  it("is bound to one ledger on one chain", () => {
    assert.notEqual(batchDigest(batch, roster, { chainId: 2, ledger: LEDGER }), digest);
    assert.notEqual(batchDigest(batch, roster, { chainId: 1, ledger: `0x${"bb".repeat(20)}` }), digest);
  });
});

describe("the proof of a row", () => {
  const root = rowRoot(batch, roster);
  const proof = proveRow(batch, roster, 3);

  it("leads to the root for every channel", () => {
    for (let channel = 1; channel <= 5; channel++) assert(verifyRow(root, proveRow(batch, roster, channel)));
  });

  const forged: [string, Partial<RowProof>][] = [
    ["another row", { row: proveRow(batch, roster, 4).row }],
    ["another channel", { channel: 4 }],
    ["another mask", { mask: 1 }],
    ["another salt", { salt: proveRow(batch, roster, 4).salt }],
    ["other siblings", { siblings: proveRow(batch, roster, 4).siblings }],
  ];
  for (const [what, change] of forged) {
    it(`fails with ${what}`, () => assert(!verifyRow(root, { ...proof, ...change })));
  }

  it("names a channel that is not on the roster", () => {
    assert.throws(() => proveRow(batch, roster, 6), UnknownChannelError);
  });

  it("is the whole tree where there is one row", () => {
    const alone = { injection: roster.injection, withdrawal: [], plants: roster.plants };
    const single = { ...batch, withdrawn: [], missing: [0] };
    const own = proveRow(single, alone, 1);
    assert.deepEqual(own.siblings, []);
    assert(verifyRow(rowRoot(single, alone), own));
  });

  it("hides an empty row behind its salt", () => {
    const empty = { ...batch, injected: [new Array<number>(24).fill(0)] };
    const reseeded = { ...empty, seed: `0x${"33".repeat(32)}` } as const;
    assert.notEqual(rowRoot(empty, roster), rowRoot(reseeded, roster));
  });
});

describe("rosters and rule sets as the chain keeps them", () => {
  it("come back as they went", () => {
    assert.deepEqual(decodeRoster(encodeRoster(roster)), roster);
    const ruleSet = {
      fromMonth: 24_314,
      remainders: { fallbackFund: 6, excessFallbackFund: 7, excessReserve: 8, advanceReserve: 9 },
      policy: { holdBack: 1250, isYearly: true, minimumPayment: 5_000_000n },
      documentHash: FIRST_REVISION.replaces,
      rules: [
        {
          pool: "ordinary",
          share: 4000,
          key: "attributed-injection",
          classes: ["impresa", "ente_ambientale"],
          fund: 0,
        },
        { pool: "excess", share: 6000, key: "fund", classes: [], fund: 6 },
      ],
    } as const;
    assert.deepEqual(decodeRuleSet(encodeRuleSet(ruleSet)), ruleSet);
  });

  it("are refused when damaged", () => {
    const blob = encodeRoster(roster);
    assert.throws(() => decodeRoster(`${blob}00`), /bytes long/);
    assert.throws(() => decodeRoster("0x00"), /header/);
    assert.throws(() => encodeRoster({ ...roster, injection: [] }), /no channel 1/);
  });
});

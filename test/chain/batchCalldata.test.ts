/* What calls and events of a ledger bring, encoded by ethers and read by the product: all of it, or nothing if it is not whole. */

import assert from "node:assert/strict";
import { Interface, type InterfaceAbi } from "ethers";
import fc from "fast-check";
import { type Hex, hexToBytes, isHex, zeroHash } from "viem";
import { z } from "zod";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { decodeCalldata, decodeInput } from "../../chain/batchCalldata.ts";
import { decodeBatchEvent, isBatchEvent } from "../../chain/batchEvent.ts";
import { LANES } from "../../settlement/batch.ts";

const LEDGER = new Interface(z.custom<InterfaceAbi>().parse(energyLedgerAbi));

const SELECTOR_BYTES = 4;
const WORD = 32;
/** The words before a recorded batch: where it begins, and where its signatures do. */
const ARGUMENTS = 2;
/** Numbers of a batch: which word, and how many bits it may have. */
const NUMBERS = [
  [0, "first hour", 31],
  [1, "hour count", 8],
  [2, "roster version", 16],
  [3, "grade", 8],
  [4, "revision", 16],
  [10, "price mask", 24],
] as const;

const hex = z.custom<Hex>((value) => isHex(value));
const bytes = (constraints: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((read): Hex => `0x${Buffer.from(read).toString("hex")}`);
const word = bytes({ minLength: 32, maxLength: 32 });
/** Objects as the product makes them. */
const PLAIN = { noNullPrototype: true };
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const batch = fc.record(
  {
    firstHour: uint(31),
    hourCount: uint(8),
    rosterVersion: uint(16),
    grade: uint(8),
    revision: uint(16),
    replaces: word,
    seed: word,
    injected: bytes({ maxLength: 300 }),
    withdrawn: bytes({ maxLength: 300 }),
    missing: bytes({ maxLength: 40 }),
    priceMask: uint(24),
    prices: fc.tuple(word, word, word),
  },
  PLAIN,
);
const signatures = fc.array(bytes({ maxLength: 70 }), { maxLength: 4 });

describe("the calldata of a batch", () => {
  it("of a recording has the batch and its signatures", () => {
    fc.assert(
      fc.property(batch, signatures, (recorded, signed) => {
        const calldata = callOf("record", [recorded, signed]);
        assert.deepEqual(decodeInput(calldata), { batch: recorded, replaced: undefined, signatures: signed });
      }),
    );
  });

  it("of a correction has the old batch, too", () => {
    fc.assert(
      fc.property(batch, batch, signatures, (old, corrected, signed) => {
        const calldata = callOf("amend", [old, corrected, signed]);
        assert.deepEqual(decodeInput(calldata), { batch: corrected, replaced: old, signatures: signed });
      }),
    );
  });

  it("cut off anywhere, or of another call, is none", () => {
    fc.assert(
      fc.property(batch, signatures, fc.nat(), (recorded, signed, cut) => {
        const calldata = hexToBytes(callOf("record", [recorded, signed]));
        const whole = decodeCalldata(calldata);
        const shorter = decodeCalldata(calldata.subarray(0, cut % calldata.length));
        // The last signature is filled up to whole words.
        if (shorter !== undefined) assert.deepEqual(shorter, whole);
        if (cut % calldata.length < calldata.length - 31) assert.equal(shorter, undefined);
      }),
    );
    assert.equal(decodeInput("0x"), undefined);
    assert.equal(decodeInput("0x12345678"), undefined);
    assert.equal(decodeInput(callOf("pause", [])), undefined);
  });

  for (const [place, name, bits] of NUMBERS) {
    it(`with a ${name} of more than ${bits} bits is none`, () => {
      for (const recorded of fc.sample(batch, 20)) {
        const calldata = Buffer.from(hexToBytes(callOf("record", [recorded, []])));
        const lowest = SELECTOR_BYTES + (ARGUMENTS + place) * WORD + WORD - 1;
        calldata[lowest - Math.floor(bits / 8)] = 1 << (bits % 8);
        assert.equal(decodeCalldata(calldata), undefined);
      }
    });
  }
});

describe("the event of a batch", () => {
  const lanes = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: LANES, maxLength: LANES });
  const event = fc.record(
    {
      month: uint(16),
      hourCount: uint(8),
      revision: uint(16),
      grade: uint(2),
      missing: uint(32),
      accrued: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      digest: word,
      replaced: word,
      rowRoot: word,
      injected: lanes,
      withdrawn: lanes,
      shared: lanes,
    },
    PLAIN,
  );

  it("of a recording or a correction is read as it was logged, and not at all if it is cut off", () => {
    fc.assert(
      fc.property(uint(31), event, fc.boolean(), fc.nat(), (firstHour, told, isFirst, cut) => {
        const { revision, replaced, ...first } = told;
        const logged = isFirst ? { ...first, revision: 0, replaced: zeroHash } : told;
        const log = logOf(isFirst ? "BatchRecorded" : "BatchAmended", { firstHour, ...logged });
        const [topics, data] = [log.topics, hexToBytes(log.data)];
        assert(topics[0] !== undefined && isBatchEvent(topics[0]));
        assert.deepEqual(decodeBatchEvent(topics, data), { firstHour, event: logged });
        const shorter = data.subarray(0, cut % data.length);
        assert.equal(decodeBatchEvent(topics, shorter), undefined);
        assert.equal(decodeBatchEvent(topics.slice(0, 2), data), undefined);
      }),
    );
  });
});

function callOf(name: string, values: readonly unknown[]): Hex {
  return hex.parse(LEDGER.encodeFunctionData(name, values));
}

function logOf(name: string, told: Readonly<Record<string, unknown>>): { topics: Hex[]; data: Hex } {
  const inputs = LEDGER.getEvent(name)?.inputs ?? [];
  const values = inputs.map((input) => {
    const value = told[input.name];
    return Array.isArray(value) ? dayOf(value) : value;
  });
  return z.object({ topics: z.array(hex), data: hex }).parse(LEDGER.encodeEventLog(name, values));
}

/** Words of four lanes: of eight hours, the even ones in the first, the odd ones in the second. */
function dayOf(lanes: readonly bigint[]): bigint[] {
  return [0, 1, 8, 9, 16, 17].map((first) =>
    [0, 2, 4, 6].reduce((packed, later) => (packed << 64n) | (lanes[first + later] ?? 0n), 0n),
  );
}

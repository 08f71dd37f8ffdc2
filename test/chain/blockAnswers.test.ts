/* What a node may say of blocks and logs: read as it is, or refused with what could not be read. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { getAddress, type Hex } from "viem";
import { BlockAnswerError, blockOf, headerOf, logsOf, numberOf } from "../../chain/blockAnswers.ts";

const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;
const ADDRESS = `0x${"ab".repeat(20)}`;
const HEADER = { number: "0x10", hash: hash("1"), parentHash: hash("2"), timestamp: "0x5f5e100" };
const BLOCK = {
  ...HEADER,
  logsBloom: `0x${"00".repeat(256)}`,
  transactions: [
    { hash: hash("3"), to: ADDRESS, input: "0x0102ff" },
    { hash: hash("4"), to: null, input: "0x" },
  ],
};
const LOG = {
  address: ADDRESS,
  topics: [hash("5"), hash("6")],
  data: "0x0a0b",
  blockNumber: "0x10",
  blockHash: hash("1"),
  logIndex: "0x3",
  transactionHash: hash("3"),
};

describe("a node's answers about blocks", () => {
  it("are read with numbers, bytes and addresses with their checksums", () => {
    const [log] = logsOf([LOG]);
    assert(log);
    const address = getAddress(ADDRESS);
    assert.deepEqual(
      { ...log, data: [...log.data] },
      { ...LOG, address, data: [10, 11], blockNumber: 16, logIndex: 3 },
    );
    const { block, hasNone } = blockOf(BLOCK, [log]);
    assert.deepEqual(headerOf(HEADER), { ...HEADER, number: 16, timestamp: 100_000_000 });
    assert.deepEqual(
      block.transactions.map(({ to, input }) => [to, ...input]),
      [[address, 1, 2, 255], [undefined]],
    );
    assert.deepEqual([block.number, block.logs, hasNone], [16, [log], true]);
  });

  it("say whether the block has logs at all", () => {
    assert.equal(blockOf({ ...BLOCK, logsBloom: `0x${"00".repeat(255)}01` }, []).hasNone, false);
  });

  const refused: readonly (readonly [what: string, read: () => unknown, says: RegExp])[] = [
    ["a number that is none", () => headerOf({ ...HEADER, number: "16" }), /"16": not hexadecimal/],
    ["a number without digits", () => numberOf("0x"), /"0x": no number/],
    ["a number beyond 53 bits", () => numberOf("0xffffffffffffffff"), /no number of at most 53 bits/],
    ["a header without its parent", () => headerOf({ ...HEADER, parentHash: undefined }), /parentHash/],
    ["no block at all", () => blockOf("0x", []), /no block or log/],
    ["half a byte of calldata", () => blockOf(withInput("0x012"), []), /"0x012": no bytes/],
    ["calldata of other digits", () => blockOf(withInput("0x01zz"), []), /"0x01zz": no bytes/],
    ["calldata without its mark", () => blockOf(withInput("0102"), []), /"0102": no bytes/],
    ["a log of no address", () => logsOf([{ ...LOG, address: "0xab" }]), /"0xab": no address/],
    ["a topic that is none", () => logsOf([{ ...LOG, topics: ["x"] }]), /"x": not hexadecimal/],
    ["data that are none", () => logsOf([{ ...LOG, data: 5 }]), /0\.data/],
  ];
  for (const [what, read, says] of refused) {
    it(`are refused: ${what}`, () => {
      assert.throws(read, (error: unknown) => error instanceof BlockAnswerError && says.test(error.message));
    });
  }

  it("are read or refused, and nothing else, whatever JSON they are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(LOG)), (value, key) => {
        for (const read of [
          () => headerOf(value),
          () => logsOf([{ ...LOG, [key]: value }]),
          () => blockOf(value, []),
        ]) {
          try {
            read();
          } catch (error) {
            assert(error instanceof BlockAnswerError, String(error));
          }
        }
      }),
    );
  });
});

function withInput(input: string) {
  return { ...BLOCK, transactions: [{ hash: hash("3"), to: ADDRESS, input }] };
}

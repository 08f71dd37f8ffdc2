/*
 * ethers as a second encoder, so that an encoding mistake cannot hide on both sides
 *   the EIP-712 digest, the row root and the row proofs of random batches are those of settlement/
 *   a batch encoded, signed and sent by ethers alone is recorded, and its event decodes alike
 *   a rule set's hash, a receipt's hash and a run's content hash are those of the contracts
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, concat, getBytes, Interface, keccak256, TypedDataEncoder, toBeHex, Wallet } from "ethers";
import fc from "fast-check";
import { type Address, isHex, parseEventLogs, toHex, keccak256 as viemKeccak } from "viem";
import { z } from "zod";
import { energyLedgerAbi, receiptBookAbi, ruleBookAbi } from "../chain/abi.ts";
import { EMBEDDED_CHAIN_ID } from "../chain/embedded.ts";
import { type Batch, encodeBatch } from "../settlement/batch.ts";
import { batchDigest } from "../settlement/batchDigest.ts";
import { GRADES } from "../settlement/grade.ts";
import { secondsOf } from "../settlement/hours.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { proofLeaf, proveRow, rowRoot, verifyRow } from "../settlement/rowTree.ts";
import { encodeRuleSet } from "../settlement/rules.ts";
import { receiptOf, ruleBookCalls } from "./support/communityCalls.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  type Stage,
  smallRoster,
} from "./support/communityOnChain.ts";
import {
  book,
  closedMonthCommunity,
  computeRun,
  contentOf,
  ledgerAt,
  runOf,
  threeRules,
} from "./support/runsOnChain.ts";

const RUNS = 60;
const ROSTER = smallRoster(7);
const LEDGER = "0x00000000000000000000000000000000000a11ce";

/** Written out here, not taken from settlement/. */
const TYPES = {
  Batch: [
    { name: "firstHour", type: "uint32" },
    { name: "hourCount", type: "uint8" },
    { name: "rosterVersion", type: "uint16" },
    { name: "grade", type: "uint8" },
    { name: "revision", type: "uint16" },
    { name: "replaces", type: "bytes32" },
    { name: "rowRoot", type: "bytes32" },
    { name: "missingHash", type: "bytes32" },
    { name: "priceMask", type: "uint24" },
    { name: "prices", type: "bytes32[3]" },
  ],
};
const RULE_SET =
  "tuple(uint16,tuple(uint24,uint24,uint24,uint24),tuple(uint16,bool,uint64),bytes32,tuple(uint8,uint16,uint8,uint16,uint24)[])";

const domainOf = (ledger: string) => ({
  name: "Condivisa",
  version: "1",
  chainId: EMBEDDED_CHAIN_ID,
  verifyingContract: ledger,
});

/** A batch as ethers has it: byte strings from plain numbers. */
function encode(batch: Batch, roster: Roster) {
  const rows = (all: Batch["injected"]) =>
    concat(all.map((row) => concat(row.map((wattHours) => toBeHex(wattHours, 4)))));
  const masks = batch.missing.map((mask) => toBeHex(mask, 3));
  const price = (value: number) => toBeHex(value < 0 ? 2 ** 32 + value : value, 4);
  const prices = [0, 8, 16].map((from) => concat(batch.prices.slice(from, from + 8).map(price)));
  const all = [...batch.injected, ...batch.withdrawn];
  const leaves = channelsOf(roster).map(({ number }, index) => {
    const salt = keccak256(concat([batch.seed, toBeHex(number, 3)]));
    return keccak256(concat([toBeHex(number, 3), salt, rows([all[index] ?? []]), masks[index] ?? "0x"]));
  });
  const { firstHour, hourCount, rosterVersion, revision, replaces, seed, priceMask } = batch;
  const grade = GRADES.indexOf(batch.grade);
  const missing = concat(masks);
  const message = {
    firstHour,
    hourCount,
    rosterVersion,
    grade,
    revision,
    replaces,
    rowRoot: fold(leaves),
    missingHash: keccak256(missing),
    priceMask,
    prices,
  };
  const tuple = [
    firstHour,
    hourCount,
    rosterVersion,
    grade,
    revision,
    replaces,
    seed,
    rows(batch.injected),
    rows(batch.withdrawn),
    missing,
    priceMask,
    prices,
  ];
  return { message, tuple };
}

/** The two oldest nodes become a new one, the lesser hashed first, until one is left. */
function fold(leaves: readonly string[]): string {
  const queue = [...leaves];
  while (queue.length > 1) queue.push(pair(queue.shift() ?? "", queue.shift() ?? ""));
  return queue[0] ?? "";
}

function pair(a: string, b: string): string {
  return keccak256(BigInt(a) < BigInt(b) ? concat([a, b]) : concat([b, a]));
}

const uint32 = fc.oneof(fc.constant(0), fc.constant(0xffffffff), fc.nat(5000), fc.integer({ min: 0, max: 0xffffffff }));
const lanes = fc.array(uint32, { minLength: 24, maxLength: 24 });
const batches: fc.Arbitrary<Batch> = fc.record({
  firstHour: fc.nat(0xffffffff),
  hourCount: fc.integer({ min: 1, max: 24 }),
  rosterVersion: fc.nat(0xffff),
  grade: fc.constantFrom(...GRADES),
  revision: fc.nat(0xffff),
  replaces: fc.nat().map((n) => viemKeccak(toHex(n))),
  seed: fc.nat().map((n) => viemKeccak(toHex(n))),
  injected: fc.array(lanes, { minLength: 1, maxLength: 1 }),
  withdrawn: fc.array(lanes, { minLength: 6, maxLength: 6 }),
  missing: fc.array(fc.nat(0xffffff), { minLength: 7, maxLength: 7 }),
  priceMask: fc.nat(0xffffff),
  prices: fc.array(fc.integer(), { minLength: 24, maxLength: 24 }),
});

describe("ethers and settlement/", () => {
  it("agree on row root and digest of random batches", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const { message } = encode(batch, ROSTER);
        assert.equal(message.rowRoot, rowRoot(batch, ROSTER));
        const digest = TypedDataEncoder.hash(domainOf(LEDGER), TYPES, message);
        assert.equal(digest, batchDigest(batch, ROSTER, { chainId: EMBEDDED_CHAIN_ID, ledger: LEDGER }));
      }),
      { numRuns: RUNS },
    );
  });

  it("agree on every row proof, and that no other row has it", () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 7 }), (batch, channel) => {
        const { message } = encode(batch, ROSTER);
        const proof = proveRow(batch, ROSTER, channel);
        const leaf = proofLeaf(proof);
        assert.equal(proof.siblings.reduce(pair, leaf as string), message.rowRoot);
        assert(SimpleMerkleTree.verify(message.rowRoot, leaf, [...proof.siblings]));
        assert.equal(verifyRow(rowRoot(batch, ROSTER), proof), true);
        const flipped = getBytes(proof.row);
        flipped[5] = (flipped[5] ?? 0) ^ 1;
        for (const other of [{ mask: proof.mask ^ 1 }, { channel: channel + 1 }, { row: toHex(flipped) }]) {
          assert.equal(verifyRow(rowRoot(batch, ROSTER), { ...proof, ...other }), false);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe("ethers and the contracts", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  it("a batch encoded, signed and sent by ethers alone is recorded, and its event decodes alike", async () => {
    const oracle = new Wallet(viemKeccak(toHex("test key of oracle")));
    assert.equal(oracle.address, stage.people.oracle.address);
    const at = await deployCommunity(stage);
    const ledger: Address = ledgerAt(at, 0);
    await enrol(stage, at, 7);
    await adoptRoster(stage, ledger, FIRST_HOUR, ROSTER);
    const gap = { row: 3, hour: 22 };
    const prices = Array.from({ length: 24 }, (_, hour) => hour * 10_000 - 50_000);
    const batch = {
      ...batchOf(ROSTER, FIRST_HOUR, 24, (row, hour) => (row === gap.row && hour === gap.hour ? 0 : 40 * row + hour)),
      missing: [0, 0, 0, 2, 0, 0, 0],
      prices,
      priceMask: 0,
    };
    stage.chain.advanceTo(secondsOf(FIRST_HOUR + 24));
    const { message, tuple } = encode(batch, ROSTER);
    const signature = await oracle.signTypedData(domainOf(ledger), TYPES, message);
    const artifact = `${import.meta.dirname}/../artifacts/contracts/EnergyLedger.sol/EnergyLedger.json`;
    const { abi } = z.object({ abi: z.array(z.looseObject({})) }).parse(JSON.parse(readFileSync(artifact, "utf8")));
    const contract = new Interface(JSON.stringify(abi));
    const transaction = await oracle.signTransaction({
      type: 2,
      chainId: EMBEDDED_CHAIN_ID,
      nonce: await stage.client.getTransactionCount({ address: stage.people.oracle.address }),
      to: ledger,
      gasLimit: 10_000_000n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      data: contract.encodeFunctionData("record", [tuple, [signature]]),
    });
    assert(isHex(transaction));
    const hash = await stage.client.sendRawTransaction({ serializedTransaction: transaction });
    const receipt = await stage.client.getTransactionReceipt({ hash });
    assert.equal(receipt.status, "success");

    const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs: receipt.logs });
    const [log] = receipt.logs;
    assert(event && log);
    const decoded = contract.parseLog({ topics: [...log.topics], data: log.data });
    assert(decoded);
    const plain = (value: unknown): string =>
      typeof value === "object" && value !== null ? Object.values(value).map(plain).join() : String(value);
    assert.equal(decoded.name, "BatchRecorded");
    assert.equal(plain(decoded.args.toArray()), plain(Object.values(event.args)));
    const expected = encodeBatch(batch);
    assert.equal(
      concat(tuple.slice(7, 10).map(String)),
      concat([expected.injected, expected.withdrawn, expected.missing]),
    );
  });

  it("a rule set's hash is the one that is adopted", async () => {
    const at = await deployCommunity(stage);
    await enrol(stage, at, 1);
    const { fromMonth, remainders, policy, documentHash, rules } = encodeRuleSet(threeRules(2));
    const tuple = [
      fromMonth,
      [remainders.fallbackFund, remainders.excessFallbackFund, remainders.excessReserve, remainders.advanceReserve],
      [policy.holdBack, policy.isYearly, policy.minimumPayment],
      documentHash,
      rules.map(({ pool, share, key, classes, fund }) => [pool, share, key, classes, fund]),
    ];
    const hash = keccak256(AbiCoder.defaultAbiCoder().encode([RULE_SET], [tuple]));
    const receipt = await stage.people.secretary.send(ruleBookCalls(at).propose(encodeRuleSet(threeRules(2))));
    const [proposed] = parseEventLogs({ abi: ruleBookAbi, eventName: "RuleSetProposed", logs: receipt.logs });
    assert.equal(proposed?.args.ruleSetHash, hash);
    assert(isHex(hash));
    await stage.people.president.send(ruleBookCalls(at).adopt(1, hash));
  });

  it("receipts chain, and a run's content hash covers them", async () => {
    const at = await closedMonthCommunity(stage, 2);
    const coder = AbiCoder.defaultAbiCoder();
    let chained = `0x${"00".repeat(32)}`;
    for (const [index, net] of [70_000n, -30_000n].entries()) {
      const { logs } = await book(stage, at, receiptOf(FIRST_MONTH, net, { document: "of GSE" }));
      const [event] = parseEventLogs({ abi: receiptBookAbi, eventName: "ReceiptBooked", logs });
      assert(event);
      const fields = Object.values(event.args.receipt);
      const types = ["uint16", "uint16", "uint8", "uint24", "int64", "int64", "int64", "int64", "bytes32"];
      const receiptHash = keccak256(coder.encode(types, fields));
      chained = keccak256(coder.encode(["bytes32", "uint32", "bytes32"], [chained, index + 1, receiptHash]));
      assert.equal(event.args.receiptsHash, chained);
    }
    const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    const { attempt } = await runOf(stage, at, run);
    const content = coder.encode(
      ["uint32", "uint32", "uint16", "uint16", "bytes32", "uint64", "bool"],
      [run, attempt, FIRST_MONTH, FIRST_MONTH, chained, 40_000n, false],
    );
    assert.equal(await contentOf(stage, at, run), keccak256(content));
  });
});

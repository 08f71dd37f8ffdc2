/** ethers as a second encoder, so that a mistake of one library cannot hide on both sides of the chain. */

import assert from "node:assert/strict";
import { AbiCoder, concat, Interface, keccak256, TypedDataEncoder, toBeHex, Wallet } from "ethers";
import fc from "fast-check";
import { keccak256 as hashOfBytes, isHex, toHex, zeroHash } from "viem";
import { energyLedgerAbi, ruleBookAbi } from "../chain/abi.ts";
import { EMBEDDED_CHAIN_ID } from "../chain/embedded.ts";
import { type Batch, LANES } from "../settlement/batch.ts";
import { BATCH_TYPES, batchDigest } from "../settlement/batchDigest.ts";
import { GRADES } from "../settlement/grade.ts";
import { secondsOf } from "../settlement/hours.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { rowRoot } from "../settlement/rowTree.ts";
import { encodeRuleSet } from "../settlement/rules.ts";
import { batchOf, FIRST_HOUR, keyOf, openStage, type Stage, smallRoster } from "./support/communityOnChain.ts";
import { beginCommunity, ledgerOf, type PlayedCommunity } from "./support/playedCommunity.ts";

const ROSTER = smallRoster(4);
const LEDGER = "0x00000000000000000000000000000000000000aa";
const ledgerInterface = new Interface(JSON.stringify(energyLedgerAbi));

/** 24 integers of 32 bits as 96 bytes, by ethers. */
const lanes = (values: readonly number[]) =>
  concat(values.map((value) => toBeHex(BigInt.asUintN(32, BigInt(value)), 4)));
const rows = (values: readonly (readonly number[])[]) => concat(values.map(lanes));
const masks = (values: readonly number[]) => concat(values.map((mask) => toBeHex(mask, 3)));
const words = (bytes: string) => [0, 1, 2].map((word) => `0x${bytes.slice(2 + 64 * word, 66 + 64 * word)}`);

/** The row root by ethers: leaves in row order, then the two oldest nodes become a new one until one is left. */
function rootByEthers(batch: Batch, roster: Roster): string {
  const allRows = [...batch.injected, ...batch.withdrawn];
  const nodes = channelsOf(roster).map(({ number }, index) => {
    const channel = toBeHex(number, 3);
    const salt = keccak256(concat([batch.seed, channel]));
    return keccak256(concat([channel, salt, lanes(allRows[index] ?? []), toBeHex(batch.missing[index] ?? 0, 3)]));
  });
  while (nodes.length > 1) {
    const [a = "", b = "", ...rest] = nodes;
    nodes.splice(0, nodes.length, ...rest, keccak256(concat(a < b ? [a, b] : [b, a])));
  }
  return nodes[0] ?? "";
}

function messageByEthers(batch: Batch, roster: Roster) {
  return {
    firstHour: batch.firstHour,
    hourCount: batch.hourCount,
    rosterVersion: batch.rosterVersion,
    grade: GRADES.indexOf(batch.grade),
    revision: batch.revision,
    replaces: batch.replaces,
    rowRoot: rootByEthers(batch, roster),
    missingHash: keccak256(masks(batch.missing)),
    priceMask: batch.priceMask,
    prices: words(lanes(batch.prices)),
  };
}

const domain = (verifyingContract: string) => ({
  name: "Condivisa",
  version: "1",
  chainId: EMBEDDED_CHAIN_ID,
  verifyingContract,
});
const types = { Batch: BATCH_TYPES.Batch.map((field) => ({ ...field })) };

describe("ethers as a second encoder", function () {
  this.timeout(30_000);

  it("finds the same row root and digest for random batches", () => {
    const reading = fc.integer({ min: 0, max: 0xffff_ffff });
    const row = fc.array(reading, { minLength: LANES, maxLength: LANES });
    const price = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const arbitrary = fc.record({
      firstHour: reading,
      hourCount: fc.integer({ min: 1, max: 24 }),
      grade: fc.constantFrom(...GRADES),
      revision: fc.integer({ min: 0, max: 0xffff }),
      injected: fc.tuple(row),
      withdrawn: fc.tuple(row, row, row),
      missing: fc.array(fc.integer({ min: 0, max: 0xff_ffff }), { minLength: 4, maxLength: 4 }),
      priceMask: fc.integer({ min: 0, max: 0xff_ffff }),
      prices: fc.array(price, { minLength: LANES, maxLength: LANES }),
      seed: fc.nat().map((number) => hashOfBytes(toHex(number))),
    });
    fc.assert(
      fc.property(arbitrary, (fields) => {
        const batch: Batch = { ...batchOf(ROSTER, FIRST_HOUR, 24), ...fields };
        assert.equal(rootByEthers(batch, ROSTER), rowRoot(batch, ROSTER));
        const digest = TypedDataEncoder.hash(domain(LEDGER), types, messageByEthers(batch, ROSTER));
        assert.equal(digest, batchDigest(batch, ROSTER, { chainId: EMBEDDED_CHAIN_ID, ledger: LEDGER }));
      }),
    );
  });

  describe("on the chain", () => {
    let stage: Stage;
    before(async () => {
      stage = await openStage();
    });
    after(() => stage.chain.close());

    const community: PlayedCommunity = {
      members: 4,
      funds: 1,
      configurations: [{ firstHour: FIRST_HOUR, rosters: [{ effectiveHour: FIRST_HOUR, roster: ROSTER }] }],
      ruleSets: [],
      reading: () => 0,
      grade: "distributor",
    };

    it("a batch that ethers encoded, signed and sent is recorded, and its event reads back", async () => {
      const at = await beginCommunity(stage, community);
      const ledger = ledgerOf(at, 0);
      const batch = { ...batchOf(ROSTER, FIRST_HOUR, 24), missing: [0, 0, 0, 0] };
      const message = messageByEthers(batch, ROSTER);
      const wallet = new Wallet(hashOfBytes(toHex("test key of oracle")));
      assert.equal(wallet.address, keyOf("oracle").address);
      const signature = await wallet.signTypedData(domain(ledger), types, message);
      const data = ledgerInterface.encodeFunctionData("record", [
        {
          ...message,
          seed: batch.seed,
          injected: rows(batch.injected),
          withdrawn: rows(batch.withdrawn),
          missing: masks(batch.missing),
        },
        [signature],
      ]);

      stage.chain.advanceTo(secondsOf(FIRST_HOUR + 24));
      const transaction = await wallet.signTransaction({
        type: 2,
        chainId: EMBEDDED_CHAIN_ID,
        nonce: 0,
        to: ledger,
        data,
        gasLimit: 5_000_000,
        maxFeePerGas: 0,
        maxPriorityFeePerGas: 0,
      });
      assert(isHex(transaction));
      const hash = await stage.client.sendRawTransaction({ serializedTransaction: transaction });
      const receipt = await stage.client.getTransactionReceipt({ hash });
      assert.equal(receipt.status, "success");
      const [log] = receipt.logs;
      const event = ledgerInterface.parseLog({ topics: [...(log?.topics ?? [])], data: log?.data ?? "0x" });
      assert.equal(event?.name, "BatchRecorded");
      assert.equal(event?.args.getValue("digest"), TypedDataEncoder.hash(domain(ledger), types, message));
      assert.equal(event?.args.getValue("rowRoot"), message.rowRoot);
    });

    it("the hash of a rule set is that of ethers", async () => {
      const at = await beginCommunity(stage, community);
      const ruleSet = encodeRuleSet({
        fromMonth: 24_315,
        fallbackFund: 5,
        documentHash: zeroHash,
        rules: [{ share: 10_000, key: "equal", classes: ["impresa"], fund: 0 }],
      });
      const propose = new Interface(JSON.stringify(ruleBookAbi)).getFunction("propose");
      assert(propose);
      const encoded = AbiCoder.defaultAbiCoder().encode(propose.inputs, [ruleSet]);
      const hash = keccak256(encoded);
      assert(isHex(hash));
      const call = { abi: ruleBookAbi, address: at.ruleBook } as const;
      await stage.people.secretary.send({ ...call, functionName: "propose", args: [ruleSet] });
      await stage.people.president.send({ ...call, functionName: "adopt", args: [1, hash] });
      assert.equal(await stage.client.readContract({ ...call, functionName: "ruleSetCount" }), 1);
    });
  });
});

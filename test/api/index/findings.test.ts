/*
 * A node that says of a chain what its contracts would not: every figure of a batch that differs from the readings brought with it
 * is found, and so is code that these sources do not compile. Calldata of any bytes is read without harm.
 */

import assert from "node:assert/strict";
import {
  decodeEventLog,
  decodeFunctionData,
  encodeAbiParameters,
  getAbiItem,
  getAddress,
  type Hex,
  hexToNumber,
  isHex,
  slice,
  toEventSelector,
  toHex,
} from "viem";
import { z } from "zod";
import { keptBatch, sortLogs } from "../../../api/index/applyBlock.ts";
import { batchFindings } from "../../../api/index/batchFindings.ts";
import { alarmsOf } from "../../../api/index/indexAlarms.ts";
import { readRosters } from "../../../api/index/ledgerSums.ts";
import { IndexReader } from "../../../api/index/reader.ts";
import { energyLedgerAbi } from "../../../chain/abi.ts";
import type { Block } from "../../../chain/blockAnswers.ts";
import { BlockSource } from "../../../chain/blocks.ts";
import { EMBEDDED_CHAIN_ID } from "../../../chain/embedded.ts";
import { seededRandom } from "../../../settlement/random.ts";
import { openStage } from "../../support/communityOnChain.ts";
import { type Answer, type FakeNode, nodeWith, serveNode } from "../../support/fakeNode.ts";
import { newIndex, type TestIndex } from "../../support/indexes.ts";
import { type RecordedChain, recordChain } from "../../support/recordedChain.ts";
import { correctedHistory } from "../../support/settledHistory.ts";

const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);
const MUTATIONS = 500;
const COMMUNITY = 1;

const RECORDED = getAbiItem({ abi: energyLedgerAbi, name: "BatchRecorded" });
const ROSTER_TOPIC = toEventSelector(getAbiItem({ abi: energyLedgerAbi, name: "RosterAdopted" }));
const hex = z.custom<Hex>((value) => isHex(value));
const logShape = z.looseObject({ data: hex, topics: z.tuple([hex]).rest(hex) });
const transactionShape = z.looseObject({ hash: hex, input: hex });
type Told = ReturnType<typeof toldBy>;

describe("an index of a chain whose node lies", () => {
  let chain: RecordedChain;
  let node: FakeNode;
  let factory: ReturnType<typeof getAddress>;
  let answer: Answer;
  let index: TestIndex;

  before(async () => {
    const stage = await openStage();
    await correctedHistory(stage);
    factory = getAddress(stage.factory);
    chain = await recordChain(stage.chain);
    await stage.chain.close();
    node = await serveNode((method, params) => answer(method, params));
  });
  beforeEach(() => {
    index = newIndex(factory);
  });
  afterEach(() => index.close());
  after(() => node.close());

  const findings = async (lied: RecordedChain) => {
    answer = nodeWith(lied);
    await index.catchUp(node.url);
    return new IndexReader(index.store.database).findings(COMMUNITY);
  };
  const subjects = async (lied: RecordedChain) => (await findings(lied)).map(({ subject }) => subject);

  const otherDay = (day: Told["injected"]) => ({ ...day, w0: day.w0 + 1n });
  const lies: [string, (told: Told) => Told, string[]][] = [
    ["its digest", (told) => ({ ...told, digest: `0x${"17".repeat(32)}` }), ["digest"]],
    ["the root of its rows", (told) => ({ ...told, rowRoot: `0x${"17".repeat(32)}` }), ["row root"]],
    ["what it accrued", (told) => ({ ...told, accrued: told.accrued + 1n }), ["accrued (10⁻¹⁰ €)"]],
    ["how many readings are missing", (told) => ({ ...told, missing: told.missing + 1 }), ["missing readings"]],
    ["its grade", (told) => ({ ...told, grade: 0 }), ["grade"]],
    ["how many hours it has", (told) => ({ ...told, hourCount: 11 }), ["hours"]],
    ...(["injected", "withdrawn", "shared"] as const).map((name): [string, (told: Told) => Told, string[]] => [
      `what was ${name} in an hour`,
      (told) => ({ ...told, [name]: otherDay(told[name]) }),
      [`${name} in all (Wh)`, `${name} by hour (Wh)`],
    ]),
  ];
  for (const [what, lie, found] of lies) {
    it(`finds a batch of which the event has another word on ${what}`, async () => {
      assert.deepEqual(await subjects(withEvent(chain, lie)), found);
    });
  }

  it("finds nothing where nobody lies", async () => {
    assert.deepEqual(await findings(withEvent(chain, (told) => told)), []);
  });

  it("finds readings that are not those that were signed, and says in which block", async () => {
    const changed = await findings(withCalldata(chain, (input) => withReading(input)));
    assert(changed.some(({ subject }) => subject === "digest"));
    const block = chain.blocks.findIndex(({ logs }) => logs.some(isBatch));
    assert(changed.every((finding) => finding.block === block));
  });

  it("finds calldata that is no batch, and a batch brought through another contract", async () => {
    assert.deepEqual(await subjects(withCalldata(chain, () => "0x12345678")), ["calldata"]);
  });

  it("finds a roster that is none, by the batches that cannot be tallied with it", async () => {
    const rosters = chain.blocks.flatMap(({ logs }) => logs).filter(({ topics }) => topics[0] === ROSTER_TOPIC);
    const pointer = `0x${rosters[0]?.data.slice(-40)}`;
    const lied = { ...chain, codes: new Map([...chain.codes, [pointer, "0x00ffff"]]) };
    assert((await subjects(lied)).every((subject) => subject === "calldata"));
  });

  it("flags a contract whose code is foreign, and says all that it found as alarms", async () => {
    const [batch] = batchesIn(chain);
    const ledger = String(batch?.log["address"]);
    const codes = new Map([...chain.codes, [ledger, `${chain.codes.get(ledger)}00`]]);
    const found = await findings(withEvent({ ...chain, codes }, (told) => ({ ...told, missing: 5 })));
    const reader = new IndexReader(index.store.database);
    assert.deepEqual(
      reader
        .contracts(COMMUNITY)
        .filter(({ isForeign }) => isForeign)
        .map(({ kind, address }) => [kind, address]),
      [["ledger", getAddress(ledger)]],
    );
    const alarms = alarmsOf(reader, COMMUNITY, { block: 1, head: 1, problem: undefined }, 0);
    assert.deepEqual(
      alarms.filter(({ kind }) => kind !== "readings-missing").map(({ kind }) => kind),
      ["foreign-code", ...found.map(() => "chain-differs")],
    );
  });

  it(`reads calldata of any bytes without harm: ${MUTATIONS} changed at random from seed ${SEED}`, async () => {
    await findings(chain);
    const [place] = batchesIn(chain);
    assert(place);
    const source = new BlockSource(node.url);
    const [block] = (await source.blocks(place.number, place.number))?.blocks ?? [];
    source.close();
    assert(block);
    const contractAt = (address: string) => index.store.contracts().find((contract) => contract.address === address);
    const { batches } = sortLogs(block, contractAt);
    const [log] = batches;
    const contract = log && contractAt(log.address);
    assert(log && contract);
    const versions = readRosters(index.store.database, log.address);
    const random = seededRandom(SEED);
    let found = 0;
    for (let count = 0; count < MUTATIONS; count++) {
      const kept = keptBatch(log, mutated(block, random), contract, versions, EMBEDDED_CHAIN_ID);
      assert(kept);
      if (batchFindings(kept).length > 0) found++;
    }
    assert(found > MUTATIONS / 2, `${found} of ${MUTATIONS}`);
  });
});

function toldBy(log: z.infer<typeof logShape>) {
  return decodeEventLog({ abi: [RECORDED], ...log }).args;
}

function isBatch(log: unknown): boolean {
  try {
    toldBy(logShape.parse(log));
    return true;
  } catch {
    return false;
  }
}

function batchesIn({ blocks }: RecordedChain) {
  return blocks.flatMap(({ logs }, number) => logs.filter(isBatch).map((log) => ({ number, log })));
}

/** The chain, with another word of its first batch. */
function withEvent(chain: RecordedChain, lie: (told: Told) => Told): RecordedChain {
  const [first] = batchesIn(chain);
  assert(first);
  const inputs = RECORDED.inputs.filter((input) => !input.indexed);
  const told = lie(toldBy(logShape.parse(first.log)));
  const values = inputs.map(({ name }) => Object.entries(told).find(([key]) => key === name)?.[1]);
  const data = encodeAbiParameters(inputs, z.custom<never>().parse(values));
  return withBlock(chain, first.number, (block) => ({
    ...block,
    logs: block.logs.map((log) => (log === first.log ? { ...log, data } : log)),
  }));
}

/** Calldata in which the first hour of the first row has one watt-hour more. */
function withReading(input: string): string {
  const { args = [] } = decodeFunctionData({ abi: energyLedgerAbi, data: hex.parse(input) });
  const [batch] = z
    .tuple([z.looseObject({ injected: hex })])
    .rest(z.unknown())
    .parse(args);
  const { injected } = batch;
  return input.replace(
    injected.slice(2),
    `${toHex(hexToNumber(slice(injected, 0, 4)) + 1, { size: 4 }).slice(2)}${injected.slice(10)}`,
  );
}

/** The chain, with other calldata of its first batch. */
function withCalldata(chain: RecordedChain, change: (input: string) => string): RecordedChain {
  const [first] = batchesIn(chain);
  assert(first);
  return withBlock(chain, first.number, (block) => ({
    ...block,
    transactions: block.transactions.map((each) => {
      const transaction = transactionShape.parse(each);
      const input = change(transaction.input);
      assert.notEqual(input, transaction.input);
      return { ...transaction, input };
    }),
  }));
}

function withBlock(
  chain: RecordedChain,
  number: number,
  change: (block: RecordedChain["blocks"][number]) => RecordedChain["blocks"][number],
): RecordedChain {
  return { ...chain, blocks: chain.blocks.map((block, place) => (place === number ? change(block) : block)) };
}

/** One to four bytes of the calldata changed, or its end cut off. */
function mutated(block: Block, random: () => number): Block {
  const transactions = block.transactions.map((transaction) => {
    const bytes = Buffer.from(transaction.input);
    if (random() < 0.1) {
      return { ...transaction, input: bytes.subarray(0, Math.floor(random() * bytes.length)) };
    }
    for (let count = Math.ceil(random() * 4); count > 0; count--) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    return { ...transaction, input: bytes };
  });
  return { ...block, transactions };
}

/*
 * Chains as a network makes them, where nearly all blocks are empty: those that are too old to be undone are passed over, and what
 * the index has in the end is what it has where every block was looked at.
 */

import assert from "node:assert/strict";
import { Follower } from "../../../api/index/follow.ts";
import { catchUpOnce, workOut } from "../../../api/index/followChain.ts";
import { HEADERS } from "../../../api/index/indexStore.ts";
import { BlockSource, InconsistentBlocksError } from "../../../chain/blocks.ts";
import { EMBEDDED_CHAIN_ID } from "../../../chain/embedded.ts";
import { seededRandom } from "../../../settlement/random.ts";
import { type Branches, recordBranches } from "../../support/branches.ts";
import { withEmptyBlocks } from "../../support/emptyBlocks.ts";
import { type Answer, type FakeNode, nodeWith, serveNode } from "../../support/fakeNode.ts";
import { newIndex, type Rows, type TestIndex } from "../../support/indexes.ts";
import { commonBlocks, type RecordedChain } from "../../support/recordedChain.ts";

const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);
/** The newest are read one by one; these are a few more. */
const NEWEST = HEADERS + 500;
const MOST_BETWEEN = 1000;
/** In front of the second half of the blocks, which follow each other without a gap. */
const LONG_SILENCE = 20_000;

describe(`an index of a chain whose blocks are nearly all empty, from seed ${SEED}`, () => {
  let branches: Branches;
  let one: RecordedChain;
  let other: RecordedChain;
  /** Of the first chain, where every block was looked at. */
  let lookedAt: Rows;
  let node: FakeNode;
  let index: TestIndex;
  let answer: Answer;
  let onRequest = () => {};

  before(async function () {
    this.timeout(120_000);
    branches = await recordBranches();
    node = await serveNode(
      (method, params) => answer(method, params),
      () => onRequest(),
    );
    const random = seededRandom(SEED);
    const half = Math.floor(branches.one.blocks.length / 2);
    const gaps = branches.one.blocks.map((_, number) => {
      if (number >= half) return number === half ? LONG_SILENCE : 0;
      return number > 0 && random() < 0.3 ? Math.floor(random() * MOST_BETWEEN) : 0;
    });
    one = withEmptyBlocks(branches.one, gaps, NEWEST);
    other = withEmptyBlocks(branches.other, gaps, NEWEST);
    lookedAt = await rowsOfGrowing(one);
  });
  beforeEach(() => {
    index = newIndex(branches.factory);
    node.asked.length = 0;
    onRequest = () => {};
  });
  afterEach(() => index.close());
  after(() => node.close());

  /** No more new blocks at a time than are read one by one. */
  const rowsOfGrowing = async (chain: RecordedChain): Promise<Rows> => {
    const growing = newIndex(branches.factory);
    const end = chain.blocks.length - 1;
    for (let head = Math.min(end, HEADERS); ; head = Math.min(end, head + HEADERS)) {
      answer = nodeWith(chain, head);
      await growing.catchUp(node.url);
      if (head === end) break;
    }
    const rows = growing.rows();
    growing.close();
    return rows;
  };
  /** Stops after so many stretches. */
  const followFor = async (chain: RecordedChain, stretches: number): Promise<void> => {
    answer = nodeWith(chain);
    const source = new BlockSource(node.url);
    const settings = { chainId: EMBEDDED_CHAIN_ID, factory: branches.factory, finality: "latest" } as const;
    const end = new AbortController();
    let told = 0;
    // It tells once before the first one, too.
    const count = () => {
      if (told++ === stretches) end.abort();
    };
    await new Follower(source, index.store, settings).catchUp(count, end.signal);
    await workOut(index.store, EMBEDDED_CHAIN_ID);
    source.close();
  };
  const headOf = (chain: RecordedChain) => chain.blocks.length - 1;

  it("has what it has where every block was looked at, and asks for few of them", async () => {
    answer = nodeWith(one);
    await index.catchUp(node.url);
    assert.deepEqual(index.rows(), lookedAt);
    const blocks = node.asked.filter((method) => method === "eth_getBlockByNumber").length;
    assert(one.blocks.length > 2 * NEWEST);
    const logging = one.blocks.filter(({ logs }) => logs.length > 0).length;
    assert(blocks < NEWEST + 3 * logging, `${blocks} questions for ${logging} blocks that logged something`);
  });

  it("goes on where it was stopped among them", async () => {
    for (let stretches = 1; (index.store.head()?.number ?? -1) < headOf(one) - HEADERS; stretches++) {
      await followFor(one, stretches);
    }
    answer = nodeWith(one);
    await index.catchUp(node.url);
    assert.deepEqual(index.rows(), lookedAt);
  });

  it("undoes them where the chain has others", async () => {
    const fork = commonBlocks(one, other);
    while ((index.store.head()?.number ?? -1) < fork + 10) await followFor(one, 1);
    assert((index.store.head()?.number ?? 0) < headOf(one) - HEADERS);
    answer = nodeWith(other);
    assert.notEqual(await index.catchUp(node.url), 0);
    const rows = index.rows();
    assert.deepEqual(rows, await rowsOfGrowing(other));
  });

  it("refuses what does not follow what it has, and logs and blocks of different branches", async () => {
    const fork = commonBlocks(one, other);
    const mixed = (of: (method: string, params: readonly unknown[]) => RecordedChain): Answer => {
      return (method, params) => nodeWith(of(method, params))(method, params);
    };
    const liars: Answer[] = [
      mixed((method) => (method === "eth_getLogs" ? other : one)),
      mixed((method, [, isWhole]) => (method === "eth_getBlockByNumber" && isWhole === true ? other : one)),
      // All beyond a block is of the other one: another node answers there, or the chain changed meanwhile.
      mixed((method, [first]) => {
        const isBeyond = method !== "eth_getCode" && Number(Object(first).fromBlock ?? first) > fork + 5;
        return isBeyond ? other : one;
      }),
    ];
    for (const lying of liars) {
      answer = lying;
      await assert.rejects(index.catchUp(node.url), InconsistentBlocksError);
    }
    answer = nodeWith(one);
    await index.catchUp(node.url);
    assert.deepEqual(index.rows(), lookedAt);
  });

  it("waits where a node does not have them all, and loses nothing where others do that answer at the same address", async () => {
    const random = seededRandom(SEED);
    const heads = [3000, LONG_SILENCE, headOf(one)].map((head) => nodeWith(one, head));
    const whole = nodeWith(one);
    let answering = whole;
    answer = (method, params) => (params[0] === "latest" ? whole : answering)(method, params);
    onRequest = () => {
      answering = heads[Math.floor(random() * heads.length)] ?? whole;
    };
    for (let tries = 0; (index.store.head()?.number ?? -1) < headOf(one); tries++) {
      assert(tries < 1000, "it never came to the head");
      await index.catchUp(node.url).catch((error: unknown) => {
        assert(error instanceof InconsistentBlocksError, String(error));
      });
    }
    assert.deepEqual(index.rows(), lookedAt);
  });

  it("asks for logs of fewer blocks where a node searches no more, without being told so again and again", async () => {
    let refused = 0;
    answer = (method, params) => {
      const { fromBlock, toBlock } = Object(params[0]);
      if (method === "eth_getLogs" && toBlock - fromBlock >= 700) {
        refused++;
        throw new Error("range exceeds the limit of 700");
      }
      return nodeWith(one)(method, params);
    };
    const source = new BlockSource(node.url);
    const settings = { chainId: EMBEDDED_CHAIN_ID, factory: branches.factory, finality: "latest" } as const;
    await catchUpOnce(source, index.store, settings, () => undefined);
    source.close();
    assert.deepEqual(index.rows(), lookedAt);
    assert(refused > 0 && refused < 20, `${refused} times refused`);
  });
});

/*
 * Chains that take blocks back, nodes that are behind or disagree. Whatever the index was before, it ends as one made anew:
 * - one block, thirty, so many that communities vanish and others come in their place;
 * - a node that is behind undoes nothing; nor do several behind one address;
 * - blocks and logs of different branches, code of another branch, logs that are not there yet: refused, and asked again;
 * - of a chain that only grows, after every block.
 */

import assert from "node:assert/strict";
import { Follower } from "../../../api/index/follow.ts";
import { BlockSource, InconsistentBlocksError } from "../../../chain/blocks.ts";
import { EMBEDDED_CHAIN_ID } from "../../../chain/embedded.ts";
import { seededRandom } from "../../../settlement/random.ts";
import { type Branches, recordBranches } from "../../support/branches.ts";
import { type Answer, type FakeNode, nodeWith, serveNode } from "../../support/fakeNode.ts";
import { newIndex, type Rows, rowsMadeAnew, type TestIndex } from "../../support/indexes.ts";
import { commonBlocks, type RecordedChain } from "../../support/recordedChain.ts";

const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);
const STEPS = 12;
/** Part of the blocks after which an index made anew is compared. */
const COMPARED = 0.06;

describe("an index of a chain that takes blocks back", () => {
  let branches: Branches;
  let node: FakeNode;
  let index: TestIndex;
  let answer: Answer;

  before(async function () {
    this.timeout(60_000);
    branches = await recordBranches();
    node = await serveNode((method, params) => answer(method, params));
  });
  beforeEach(() => {
    index = newIndex(branches.factory);
  });
  afterEach(() => index.close());
  after(() => node.close());

  const follow = (chain: RecordedChain, head?: number) => {
    answer = nodeWith(chain, head);
    return index.catchUp(node.url);
  };
  const anew = (chain: RecordedChain, head?: number): Promise<Rows> => {
    answer = nodeWith(chain, head);
    return rowsMadeAnew(node.url, branches.factory);
  };

  for (const depth of [1, 2, 30]) {
    it(`undoes ${depth} blocks`, async () => {
      const { one, other } = branches;
      const fork = commonBlocks(one, other);
      await follow(one, fork + depth - 1);
      assert.equal(await follow(other), depth);
      assert.deepEqual(index.rows(), await anew(other));
    });
  }

  it("goes from branch to branch and back", async () => {
    const { one, other } = branches;
    await follow(one);
    const before = index.rows();
    await follow(other);
    assert.equal(await follow(one), other.blocks.length - commonBlocks(one, other));
    assert.deepEqual(index.rows(), before);
  });

  it("undoes communities that another branch never had, and rosters with another content at the same address", async () => {
    const { one, young } = branches;
    await follow(one);
    await follow(young);
    assert.deepEqual(index.rows(), await anew(young));
    await follow(one);
    assert.deepEqual(index.rows(), await anew(one));
  });

  it("ends up on a chain that is shorter, once that has what differs", async () => {
    const { one, other } = branches;
    const fork = commonBlocks(one, other);
    await follow(one);
    await follow(other, fork);
    assert.deepEqual(index.rows(), await anew(other, fork));
  });

  it("begins anew where not even the first block is the same", async () => {
    const { one, young } = branches;
    const blocks = young.blocks.map((block, number) => {
      const [hash, parentHash] = [block, young.blocks[number - 1]].map((each) => `0xff${each?.hash.slice(4) ?? "00"}`);
      return { ...block, hash: hash ?? "", parentHash, logs: block.logs.map((log) => ({ ...log, blockHash: hash })) };
    });
    await follow(one);
    assert.equal(await follow({ ...young, blocks }), one.blocks.length);
    assert.deepEqual(index.rows(), await anew({ ...young, blocks }));
  });

  it("undoes nothing for a node that is behind, however far", async () => {
    const { one } = branches;
    await follow(one);
    const before = index.rows();
    for (const head of [one.blocks.length - 2, 40, 0]) {
      assert.equal(await follow(one, head), 0);
      assert.deepEqual(index.rows(), before);
    }
  });

  it("undoes nothing where one of several nodes behind an address is behind the others", async () => {
    const { one } = branches;
    const random = seededRandom(SEED);
    const heads = [one.blocks.length - 1, one.blocks.length - 3, one.blocks.length - 40];
    answer = (method, params) => nodeWith(one, heads[Math.floor(random() * heads.length)])(method, params);
    for (let tries = 0; (index.store.head()?.number ?? -1) < one.blocks.length - 1; tries++) {
      assert(tries < 500, "it never came to the head");
      const undone = await index.catchUp(node.url).catch((error: unknown) => {
        assert(error instanceof InconsistentBlocksError, String(error));
        return 0;
      });
      assert.equal(undone, 0);
    }
    await follow(one);
    assert.deepEqual(index.rows(), await anew(one));
  });

  it("refuses logs of another branch, logs that are not there yet, and blocks that do not follow each other", async () => {
    const { one, other } = branches;
    const fork = commonBlocks(one, other);
    await follow(one, fork - 1);
    const logs = (of: RecordedChain, head?: number): Answer => {
      return (method, params) => (method === "eth_getLogs" ? nodeWith(of, head) : nodeWith(one))(method, params);
    };
    const jumping: Answer = (method, params) =>
      nodeWith(method === "eth_getBlockByNumber" && Number(params[0]) === fork + 3 ? other : one)(method, params);
    for (const lying of [logs(other), logs(one, fork), jumping]) {
      answer = lying;
      await assert.rejects(index.catchUp(node.url), InconsistentBlocksError);
    }
    await follow(one);
    assert.deepEqual(index.rows(), await anew(one));
  });

  it("takes no code from a branch that came in between, nor none from a node that does not have it yet", async () => {
    const { one, other } = branches;
    const fork = commonBlocks(one, other);
    await follow(one, fork - 1);
    let asksForCode = false;
    answer = (method, params) => {
      asksForCode ||= method === "eth_getCode";
      return nodeWith(asksForCode ? other : one)(method, params);
    };
    await assert.rejects(index.catchUp(node.url), InconsistentBlocksError);
    answer = (method, params) => nodeWith(one, method === "eth_getCode" ? 0 : undefined)(method, params);
    const codeless: Answer = (method, params) => (method === "eth_getCode" ? "0x" : nodeWith(one)(method, params));
    answer = codeless;
    await assert.rejects(index.catchUp(node.url), InconsistentBlocksError);
    await follow(other);
    assert.deepEqual(index.rows(), await anew(other));
  });

  it(`ends as one made anew after ${STEPS} random turns from seed ${SEED}`, async function () {
    this.timeout(60_000);
    const random = seededRandom(SEED);
    const chains = [branches.one, branches.other, branches.young];
    for (let step = 0; step < STEPS; step++) {
      const chain = chains[Math.floor(random() * chains.length)] ?? branches.one;
      const head = Math.floor(random() * chain.blocks.length);
      await follow(chain, head);
      const kept = index.store.head()?.number ?? -1;
      // It may be further on the same branch: then the node is behind.
      assert(kept >= head);
      if (kept === head) assert.deepEqual(index.rows(), await anew(chain, head), `step ${step}`);
    }
    await follow(branches.young);
    await follow(branches.other);
    assert.deepEqual(index.rows(), await anew(branches.other));
  });

  for (const name of ["one", "young"] as const) {
    it(`is after every block of a chain that grows as one made anew: ${name}`, async function () {
      this.timeout(60_000);
      const chain = branches[name];
      const random = seededRandom(SEED);
      for (let head = 0; head < chain.blocks.length; head++) {
        await follow(chain, head);
        if (random() < COMPARED) assert.deepEqual(index.rows(), await anew(chain, head), `block ${head}`);
      }
      assert.deepEqual(index.rows(), await anew(chain));
    });
  }

  it("asks for fewer blocks at once where a node cannot hand over so many", async () => {
    const { one } = branches;
    const source = new BlockSource(node.url);
    const settings = { chainId: EMBEDDED_CHAIN_ID, factory: branches.factory, finality: "latest" } as const;
    const follower = new Follower(source, index.store, settings);
    answer = (method, params) => {
      const [range] = params;
      const { fromBlock, toBlock } = Object(range);
      if (method === "eth_getLogs" && toBlock - fromBlock >= 10) throw new Error("the answer would be too large");
      return nodeWith(one)(method, params);
    };
    const { signal } = new AbortController();
    for (let tries = 0; (index.store.head()?.number ?? -1) < one.blocks.length - 1; tries++) {
      assert(tries < 100, "it never came to the head");
      await follower.catchUp(() => undefined, signal).catch(() => undefined);
    }
  });
});

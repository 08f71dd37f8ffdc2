/* Of a stretch of a node's blocks those that logged something: which they are, where the stretch ends, and what does not fit together. */

import assert from "node:assert/strict";
import { BlockSource, InconsistentBlocksError } from "../../chain/blocks.ts";
import { type Answer, type FakeNode, nodeWith, serveNode } from "../support/fakeNode.ts";
import type { RecordedBlock, RecordedChain } from "../support/recordedChain.ts";

const LOGGED = [0, 3, 4, 9, 19];
const HEAD = 25;

describe("blocks of a stretch that logged something", () => {
  const chain = chainOf("a");
  const branch = chainOf("b");
  let node: FakeNode;
  let source: BlockSource;
  let answer: Answer;
  before(async () => {
    node = await serveNode((method, params) => answer(method, params));
    source = new BlockSource(node.url);
  });
  beforeEach(() => {
    answer = nodeWith(chain);
  });
  after(async () => {
    source.close();
    await node.close();
  });

  for (const [first, last, most, expected] of [
    [0, 25, 100, [0, 3, 4, 9, 19, 25]],
    [0, 19, 100, [0, 3, 4, 9, 19]],
    [0, 0, 100, [0]],
    [1, 2, 100, [2]],
    [5, 5, 100, [5]],
    [3, 4, 100, [3, 4]],
    [0, 25, 1, [0]],
    [0, 25, 3, [0, 3, 4]],
    [0, 4, 3, [0, 3, 4]],
    [2, 25, 5, [3, 4, 9, 19, 25]],
  ] as const) {
    it(`are ${expected.join(", ")} with the last of ${first}–${last}, at most ${most}`, async () => {
      const stretch = await source.loggedBlocks(first, last, most);
      assert.deepEqual(
        stretch?.blocks.map(({ number, logs }) => [number, logs.length]),
        expected.map((number) => [number, LOGGED.includes(number) ? 1 : 0]),
      );
      assert.equal(stretch?.parentHash, chain.blocks[first]?.["parentHash"]);
    });
  }

  it("are none where the node does not have the last one, or those that it told of no more", async () => {
    assert.equal(await source.loggedBlocks(0, HEAD + 1, 100), undefined);
    answer = (method, params) => nodeWith(chain, params[1] === true ? 8 : HEAD)(method, params);
    assert.equal(await source.loggedBlocks(0, HEAD, 100), undefined);
  });

  const liars: readonly (readonly [string, Answer])[] = [
    ["logs of another branch", (method, params) => nodeWith(method === "eth_getLogs" ? branch : chain)(method, params)],
    ["ends of another branch", (method, params) => nodeWith(params[1] === false ? branch : chain)(method, params)],
    [
      "logs outside of the stretch",
      (method, params) => {
        const whole = method === "eth_getLogs" ? [{ fromBlock: "0x0", toBlock: "0x19" }] : params;
        return nodeWith(chain)(method, whole);
      },
    ],
    [
      "no logs of an end that has some",
      (method, params) => (method === "eth_getLogs" ? [] : nodeWith(chain)(method, params)),
    ],
    ["another block", (method, params) => nodeWith(chain)(method, params[1] === true ? ["0x0", true] : params)],
  ];
  for (const [what, lying] of liars) {
    it(`are refused where the node says ${what}`, async () => {
      answer = lying;
      await assert.rejects(source.loggedBlocks(3, 9, 100), InconsistentBlocksError);
    });
  }
});

function chainOf(name: string): RecordedChain {
  const hashOf = (number: number) => `0x${name.repeat(60)}${String(number).padStart(4, "0")}`;
  const blocks = Array.from({ length: HEAD + 1 }, (_, index): RecordedBlock => {
    const number = `0x${index.toString(16)}`;
    const log = {
      address: `0x${"11".repeat(20)}`,
      topics: [],
      data: "0x",
      blockNumber: number,
      blockHash: hashOf(index),
      logIndex: "0x0",
      transactionHash: hashOf(index),
    };
    const isLogged = LOGGED.includes(index);
    return {
      number,
      hash: hashOf(index),
      parentHash: index === 0 ? `0x${"00".repeat(32)}` : hashOf(index - 1),
      timestamp: number,
      logsBloom: `0x${isLogged ? "01" : "00"}${"00".repeat(255)}`,
      transactions: isLogged ? [{ hash: hashOf(index), to: null, input: "0x" }] : [],
      logs: isLogged ? [log] : [],
    };
  });
  return { chainId: "0x1", blocks, codes: new Map() };
}

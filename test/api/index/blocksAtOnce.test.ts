/* How many blocks a node is asked for at once: as wished for, within what it hands over. */

import assert from "node:assert/strict";
import { BlocksAtOnce } from "../../../api/index/blocksAtOnce.ts";

const MOST = 5000;
const TRIES = 20_000;

describe("blocks asked for at once", () => {
  it("are as many as wished for, at least one and no more than ever allowed", () => {
    const atOnce = new BlocksAtOnce(50, MOST);
    assert.equal(atOnce.count, 50);
    atOnce.wishAtLeast(400);
    atOnce.wishAtLeast(100);
    assert.equal(atOnce.count, 400);
    atOnce.wishAtMost(30.5);
    assert.equal(atOnce.count, 30);
    atOnce.wishAtMost(0.5);
    assert.equal(atOnce.count, 1);
    atOnce.wishAtLeast(10_000);
    assert.equal(atOnce.count, MOST);
  });

  it("are half as many where a node refused", () => {
    const atOnce = new BlocksAtOnce(50, 50);
    atOnce.refused(50);
    // Others of as many were on their way.
    atOnce.refused(50);
    assert.equal(atOnce.count, 25);
    // One block is never too much.
    atOnce.refused(1);
    assert.equal(atOnce.count, 25);
    for (let refusals = 0; refusals < 20; refusals++) atOnce.refused(atOnce.count);
    assert.equal(atOnce.count, 1);
  });

  it("are no more again because of answers to fewer", () => {
    const atOnce = new BlocksAtOnce(50, 50);
    atOnce.refused(50);
    for (let answers = 0; answers < 100; answers++) atOnce.answered(24);
    assert.equal(atOnce.count, 25);
    for (let answers = 0; answers < 20; answers++) atOnce.answered(25);
    assert.equal(atOnce.count, 50);
  });

  for (const limit of [1, 49, 700, 5000]) {
    it(`come close to a node's limit of ${limit}, meet it seldom, and find out where it is gone`, () => {
      const atOnce = new BlocksAtOnce(50, MOST);
      let refused = 0;
      let blocks = 0;
      const ask = (most: number) => {
        const { count } = atOnce;
        if (count > most) {
          refused++;
          atOnce.refused(count);
        } else {
          blocks += count;
          atOnce.answered(count);
          atOnce.wishAtLeast(count * 2);
        }
      };
      for (let tries = 0; tries < TRIES; tries++) ask(limit);
      assert(blocks > (TRIES * limit) / 3, `${blocks} blocks`);
      assert(refused <= TRIES / 20 + 10, `${refused} times refused`);
      for (let tries = 0; tries < 1000; tries++) ask(MOST);
      assert.equal(atOnce.count, MOST);
    });
  }
});

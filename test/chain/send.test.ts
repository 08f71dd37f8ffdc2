/** Sending over a line that fails: each transaction gets into exactly one block, or an error says whether to retry. */

import assert from "node:assert/strict";
import { createPublicClient, custom, HttpRequestError } from "viem";
import { embeddedClient } from "../../chain/client.ts";
import { dataContract } from "../../chain/deploy.ts";
import { type EmbeddedChain, openEmbeddedChain, type RpcRequest } from "../../chain/embedded.ts";
import { ChainUnreachableError } from "../../chain/errors.ts";
import { Sender } from "../../chain/send.ts";
import { keyOf } from "../support/communityOnChain.ts";

const DATA = dataContract("0x01");

describe("sending over a line that fails", function () {
  this.timeout(30_000);
  let chain: EmbeddedChain;
  beforeEach(async () => {
    chain = await openEmbeddedChain({ genesisTime: 1_772_300_000 });
  });
  afterEach(() => chain.close());

  /** A sender whose requests go through `line`. */
  const senderOver = (line: (request: RpcRequest, pass: () => Promise<unknown>) => Promise<unknown>) => {
    const { chain: description } = embeddedClient(chain);
    const transport = custom(
      { request: (request: RpcRequest) => line(request, () => chain.request(request)) },
      { retryCount: 0 },
    );
    return new Sender(createPublicClient({ chain: description, transport, cacheTime: 0 }), keyOf("creator"));
  };
  const broken = () => new HttpRequestError({ url: "http://node", details: "connection reset" });
  const height = async () => Number(await embeddedClient(chain).getBlockNumber());

  it("tries again when a request is lost", async () => {
    let failures = 2;
    const sender = senderOver(({ method }, pass) => {
      if (method === "eth_sendRawTransaction" && failures-- > 0) throw broken();
      return pass();
    });
    await sender.deploy("data", DATA);
    assert.equal(await height(), 1);
  });

  it("sends once when only the answer is lost", async () => {
    let failures = 2;
    const sender = senderOver(async ({ method }, pass) => {
      const answer = await pass();
      if (method === "eth_sendRawTransaction" && failures-- > 0) throw broken();
      return answer;
    });
    await sender.deploy("data", DATA);
    await sender.deploy("data", DATA);
    assert.equal(await height(), 2);
  });

  it("goes on after a transaction of which it did not learn that it is in a block", async () => {
    let isLost = false;
    const sender = senderOver(({ method }, pass) => {
      if (isLost && method === "eth_getTransactionReceipt") throw broken();
      return pass();
    });
    await sender.deploy("data", DATA);
    isLost = true;
    await assert.rejects(sender.deploy("lost", dataContract("0x02")), ChainUnreachableError);
    isLost = false;
    await sender.deploy("other data", dataContract("0x03"));
    assert.equal(await height(), 3);
  });

  it("says to retry later when the node stays away", async () => {
    const sender = senderOver(({ method }, pass) => {
      if (method === "eth_sendRawTransaction") throw broken();
      return pass();
    });
    await assert.rejects(sender.deploy("data", DATA), ChainUnreachableError);
    assert.equal(await height(), 0);
  });

  it("sends in the order of the calls, though they were not awaited", async () => {
    const sender = senderOver((_, pass) => pass());
    const addresses = await Promise.all([sender.deploy("a", DATA), sender.deploy("b", DATA), sender.deploy("c", DATA)]);
    assert.equal(new Set(addresses).size, 3);
    assert.equal(await height(), 3);
  });
});

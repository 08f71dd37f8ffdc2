/*
 * A node's blocks over a websocket, as Hardhat's own server speaks it: the same as over HTTP; told of when they come; from another
 * connection where one was lost.
 */

import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { BlockSource } from "../../chain/blocks.ts";
import { RpcSocketError } from "../../chain/rpcSocket.ts";

const PROJECT = `${import.meta.dirname}/../..`;

/** Creation code of a contract that logs 32 bytes and has no code: MSTORE 1 at 0, LOG1 of it with topic 1, return nothing. */
const LOGGING = "0x60015f52600160205fa15f5ff3";

describe("a node's blocks over a websocket", () => {
  let node: Awaited<ReturnType<typeof serve>>;
  let socket: BlockSource;
  let polled: BlockSource;
  beforeEach(async () => {
    node = await serve();
    socket = new BlockSource(`ws://${node.host}`);
    polled = new BlockSource(`http://${node.host}`);
  });
  afterEach(async () => {
    socket.close();
    polled.close();
    await node.close();
  });

  it("are those that it has over HTTP, with their logs", async () => {
    await node.mine();
    await node.mine();
    const stretch = await socket.blocks(0, 5);
    assert.deepEqual(stretch, await polled.blocks(0, 5));
    assert.deepEqual(
      stretch?.blocks.map(({ number, logs }) => [number, logs.length]),
      [
        [0, 0],
        [1, 1],
        [2, 1],
      ],
    );
    assert.deepEqual(await socket.head("latest"), await polled.head("latest"));
    assert.equal((await socket.head("finalized")).number <= 2, true);
    assert.equal(await socket.header(3), undefined);
  });

  it("are told of as they come", async () => {
    const told = new Promise<void>((resolve) => socket.watch(resolve));
    await socket.chainId();
    await node.mine();
    await told;
  });

  it("are asked for over another connection after one was lost, and told of there", async () => {
    const line = await lineTo(node.port);
    const source = new BlockSource(`ws://127.0.0.1:${line.port}`);
    try {
      assert.equal((await source.head("latest")).number, 0);
      await line.cut();
      await assert.rejects(source.head("latest"), RpcSocketError);
      await assert.rejects(source.head("latest"), RpcSocketError);
      await line.mend();
      const told = new Promise<void>((resolve) => source.watch(resolve));
      assert.equal((await source.head("latest")).number, 0);
      await node.mine();
      await told;
      assert.equal((await source.blocks(1, 1))?.blocks.length, 1);
    } finally {
      source.close();
      await line.cut();
    }
  });
});

/** A node of Hardhat's with a chain of its own. */
async function serve() {
  const network = { type: "edr-simulated", chainType: "l1", initialDate: "2026-03-01T00:00:00Z" } as const;
  const runtime = await createHardhatRuntimeEnvironment({ networks: { node: network } }, {}, PROJECT);
  const server = await runtime.network.createServer("node", "127.0.0.1", 0);
  const listening = await server.listen();
  const host = `${listening.address}:${listening.port}`;
  const ask = async (method: string, ...params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer: unknown = await (await fetch(`http://${host}`, { method: "POST", body })).json();
    assert(typeof answer === "object" && answer !== null && "result" in answer, JSON.stringify(answer));
    return answer.result;
  };
  return {
    host,
    port: listening.port,
    async mine() {
      const accounts = await ask("eth_accounts");
      assert(Array.isArray(accounts));
      await ask("eth_sendTransaction", { from: accounts[0], data: LOGGING, gas: "0x100000" });
    },
    async close() {
      await server.close();
    },
  };
}

/** A line to a port of this machine, which can be cut and mended. */
async function lineTo(port: number) {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.pipe(other);
      end.on("error", () => other.destroy());
    }
  });
  const listen = (own: number) =>
    new Promise<number>((resolve) => {
      server.listen(own, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  const own = await listen(0);
  return {
    port: own,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const end of ends) end.destroy();
      ends.clear();
      await closed;
    },
    mend: () => listen(own),
  };
}

/** The embedded chain keeps what it acknowledged, offers nothing that would change it otherwise, and tells errors apart. */

import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { embeddedClient } from "../../chain/client.ts";
import { dataContract } from "../../chain/deploy.ts";
import { MethodRefusedError, openEmbeddedChain, TRANSACTION_GAS_CAP } from "../../chain/embedded.ts";
import { ChainUnreachableError, ContractRefusedError, explain } from "../../chain/errors.ts";
import { Journal, JournalError } from "../../chain/journal.ts";
import { Sender } from "../../chain/send.ts";
import { keyOf } from "../support/communityOnChain.ts";

const GENESIS = 1_772_300_000;

describe("the embedded chain", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-chain-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the identical chain after a restart", async () => {
    const journal = join(folder, "chain.sqlite");
    const first = await openEmbeddedChain({ journal, genesisTime: GENESIS });
    const sender = new Sender(embeddedClient(first), keyOf("creator"));
    for (let i = 0; i < 5; i++) {
      first.advanceTo(GENESIS + 100 * i);
      await sender.deploy("data", dataContract(`0x0${i}`));
    }
    const head = await embeddedClient(first).getBlock();
    await first.close();

    const again = await openEmbeddedChain({ journal, genesisTime: 0 });
    const replayed = await embeddedClient(again).getBlock();
    assert.equal(replayed.hash, head.hash);
    assert.equal(replayed.number, 5n);
    assert.equal(again.time(), GENESIS + 400);
    await again.close();
  });

  for (const [what, change] of [
    ["a transaction", "UPDATE block SET tx = CAST(substr(tx, 1, length(tx) - 1) || x'00' AS BLOB) WHERE number = 2"],
    ["a time", "UPDATE block SET time = time + 1 WHERE number = 2"],
    ["the randomness", "UPDATE block SET randomness = zeroblob(32) WHERE number = 2"],
    ["the order", "UPDATE block SET number = CASE number WHEN 2 THEN 99 ELSE number END"],
  ] as const) {
    it(`names the block when ${what} in the journal was changed`, async () => {
      const journal = join(folder, "chain.sqlite");
      const chain = await openEmbeddedChain({ journal, genesisTime: GENESIS });
      const sender = new Sender(embeddedClient(chain), keyOf("creator"));
      for (let i = 0; i < 3; i++) await sender.deploy("data", dataContract(`0x0${i}`));
      await chain.close();
      const database = new DatabaseSync(journal);
      database.exec(change);
      database.close();
      await assert.rejects(openEmbeddedChain({ journal, genesisTime: 0 }), (error) => {
        assert(error instanceof JournalError);
        assert.match(error.message, /block 2 is not the one that was acknowledged/);
        return true;
      });
    });
  }

  it("accepts nothing more once a block could not be kept", async () => {
    const journal = join(folder, "chain.sqlite");
    const chain = await openEmbeddedChain({ journal, genesisTime: GENESIS });
    const sender = new Sender(embeddedClient(chain), keyOf("creator"));
    await sender.deploy("data", dataContract("0x01"));
    const append = Journal.prototype.append;
    try {
      Journal.prototype.append = () => {
        throw new Error("disk full");
      };
      await assert.rejects(sender.deploy("data", dataContract("0x02")), /block 2 could not be kept/);
    } finally {
      Journal.prototype.append = append;
    }
    await assert.rejects(sender.deploy("data", dataContract("0x03")), /block 2 could not be kept/);
    await chain.close();
    const again = await openEmbeddedChain({ journal, genesisTime: 0 });
    assert.equal(await embeddedClient(again).getBlockNumber(), 1n);
    await again.close();
  });

  it("mines and journals a transaction that reverts, so that the replay does not diverge", async () => {
    const journal = join(folder, "chain.sqlite");
    const chain = await openEmbeddedChain({ journal, genesisTime: GENESIS });
    const client = embeddedClient(chain);
    const account = keyOf("creator");
    const transaction = await account.signTransaction({
      type: "eip1559",
      chainId: client.chain.id,
      nonce: 0,
      gas: 100_000n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      data: "0x5f5ffd",
    });
    const hash = await client.sendRawTransaction({ serializedTransaction: transaction });
    assert.equal((await client.getTransactionReceipt({ hash })).status, "reverted");
    const head = await client.getBlock();
    await chain.close();
    const again = await openEmbeddedChain({ journal, genesisTime: 0 });
    assert.equal((await embeddedClient(again).getBlock()).hash, head.hash);
    await again.close();
  });

  it("refuses the methods with which a development chain is changed behind its transactions", async () => {
    const chain = await openEmbeddedChain({ genesisTime: GENESIS });
    for (const method of [
      "evm_mine",
      "evm_setNextBlockTimestamp",
      "hardhat_setStorageAt",
      "hardhat_setBalance",
      "eth_sendTransaction",
      "hardhat_impersonateAccount",
      "evm_revert",
    ]) {
      await assert.rejects(chain.request({ method, params: [] }), MethodRefusedError, method);
    }
    await assert.rejects(chain.request({ method: "eth_sendRawTransaction", params: ["nothing"] }), MethodRefusedError);
    await chain.close();
  });

  it("lets time only move forward", async () => {
    const chain = await openEmbeddedChain({ genesisTime: GENESIS });
    chain.advanceTo(GENESIS + 50);
    chain.advanceTo(GENESIS + 10);
    assert.equal(chain.time(), GENESIS + 50);
    await chain.close();
  });

  it("deploys no transaction beyond the cap of gas", async () => {
    const chain = await openEmbeddedChain({ genesisTime: GENESIS });
    const client = embeddedClient(chain);
    const transaction = await keyOf("creator").signTransaction({
      type: "eip1559",
      chainId: client.chain.id,
      nonce: 0,
      gas: TRANSACTION_GAS_CAP + 1n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      data: "0x00",
    });
    await assert.rejects(client.sendRawTransaction({ serializedTransaction: transaction }), /gas/i);
    await chain.close();
  });

  it("a journal has one user at a time, and says what is wrong with a file that is none", async () => {
    const file = join(folder, "chain.sqlite");
    const chain = await openEmbeddedChain({ journal: file, genesisTime: GENESIS });
    assert.throws(() => Journal.open(file), /in use by another process/);
    await chain.close();
    writeFileSync(join(folder, "text"), "this is not a database, but long enough to be looked at as one".repeat(20));
    assert.throws(() => Journal.open(join(folder, "text")), JournalError);
    assert.throws(() => Journal.checkHoldsChain(join(folder, "none")), /the chain is missing/);
  });

  it("loses nothing that it acknowledged through kill −9 under load", async function () {
    this.timeout(60_000);
    const journal = join(folder, "chain.sqlite");
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      const child = fork(join(import.meta.dirname, "../support/sendUntilKilled.ts"), [journal, String(GENESIS)]);
      acknowledged = await killAfter(child, acknowledged + 40 + 25 * round);
      const chain = await openEmbeddedChain({ journal, genesisTime: 0 });
      const height = Number(await embeddedClient(chain).getBlockNumber());
      assert(height >= acknowledged, `acknowledged ${acknowledged}, kept ${height}`);
      acknowledged = height;
      await chain.close();
    }
  });
});

/** Kills the child once it has acknowledged so many blocks; returns the last that it told of. */
function killAfter(child: ChildProcess, blocks: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let last = 0;
    child.on("message", (height) => {
      last = Number(height);
      if (last >= blocks) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (signal === "SIGKILL") resolve(last);
      else reject(new Error(`ended with ${code}`));
    });
  });
}

describe("errors of the chain", () => {
  it("tells retry from give up", async () => {
    const { createPublicClient, http } = await import("viem");
    const nobody = createPublicClient({ transport: http("http://127.0.0.1:9", { retryCount: 0, timeout: 500 }) });
    const failure = await nobody.getBlockNumber().catch((error: unknown) => error);
    assert(explain("asking", failure) instanceof ChainUnreachableError);
    assert(!(explain("asking", new Error("no")) instanceof ChainUnreachableError));
  });

  it("says in a sentence what a contract refused", () => {
    const data = "0xd5a56a2c";
    const unknown = explain("calling", { data });
    assert(unknown instanceof ContractRefusedError);
    assert.match(unknown.message, /calling: the contract refused with 0xd5a56a2c/);
  });
});

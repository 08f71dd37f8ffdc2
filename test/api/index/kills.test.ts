/*
 * Processes that follow a chain are killed without warning, while they catch up from nothing, from where another one stopped, or
 * while the chain grows. What they leave is gone on with, and equals an index made anew.
 *
 * CONDIVISA_KILL_ROUNDS kills (6 by default) from seed CONDIVISA_SEED (any by default; the title says which).
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { IndexError, IndexStore } from "../../../api/index/indexStore.ts";
import { EMBEDDED_CHAIN_ID } from "../../../chain/embedded.ts";
import { type ChainServer, serveChain } from "../../../chain/server.ts";
import { seededRandom } from "../../../settlement/random.ts";
import { openStage, type Stage } from "../../support/communityOnChain.ts";
import { growingCommunity } from "../../support/growingCommunity.ts";
import { openIndex, rowsMadeAnew } from "../../support/indexes.ts";
import { redeemedHistory } from "../../support/redeemedHistory.ts";

const ROUNDS = Number(process.env["CONDIVISA_KILL_ROUNDS"] ?? 6);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);
const MOST_MILLISECONDS = 800;

describe(`an index whose process is killed ${ROUNDS} times, from seed ${SEED}`, () => {
  let stage: Stage;
  let server: ChainServer;
  let folder: string;
  let grow: () => Promise<void>;
  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), "condivisa-index-"));
    stage = await openStage();
    grow = await growingCommunity(stage);
    await redeemedHistory(stage);
    server = await serveChain(stage.chain, 0);
  });
  after(async () => {
    await server.close();
    await stage.chain.close();
    rmSync(folder, { recursive: true });
  });

  it("goes on where it was, and equals one made anew", async function () {
    this.timeout(60_000 + ROUNDS * 20_000);
    const random = seededRandom(SEED);
    const file = join(folder, "index.sqlite");
    for (let round = 0; round < ROUNDS; round++) {
      if (random() < 0.3) forget(file);
      for (let days = Math.floor(random() * 10); days > 0; days--) await grow();
      const process = await follower(file);
      const end = Date.now() + random() * MOST_MILLISECONDS;
      const isStill = random() < 0.3;
      while (Date.now() < end) await (isStill ? sleep(5) : grow());
      await process.kill();
      if (random() < 0.3) await assertEqualsNew(file);
    }
    await assertEqualsNew(file);
  });

  it("is not followed into by two processes", async function () {
    this.timeout(60_000);
    const file = join(folder, "shared.sqlite");
    const process = await follower(file);
    try {
      assert.throws(() => new IndexStore(file, EMBEDDED_CHAIN_ID, stage.factory), IndexError);
    } finally {
      await process.kill();
    }
    new IndexStore(file, EMBEDDED_CHAIN_ID, stage.factory).close();
  });

  async function assertEqualsNew(file: string): Promise<void> {
    const index = openIndex(file, stage.factory);
    try {
      await index.catchUp(server.url);
      assert.deepEqual(index.rows(), await rowsMadeAnew(server.url, stage.factory));
    } finally {
      index.close();
    }
  }

  async function follower(file: string): Promise<{ kill(): Promise<void> }> {
    const script = join(import.meta.dirname, "../../support/followUntilKilled.ts");
    const child = spawn(process.execPath, [script, file, server.url, stage.factory], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit");
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
    await Promise.race([once(child.stdout, "data"), ended]);
    assert.match(said, /^following/);
    return {
      async kill() {
        assert.equal(child.exitCode, null, said);
        child.kill("SIGKILL");
        await ended;
      },
    };
  }
});

function forget(file: string): void {
  for (const suffix of ["", "-wal", "-shm", ".lock"]) rmSync(`${file}${suffix}`, { force: true });
}

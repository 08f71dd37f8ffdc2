/** A ledger is followed at a cost that does not grow with it, and always to what stands on the chain that is there. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "viem";
import { embeddedClient } from "../../chain/client.ts";
import { type EmbeddedChain, openEmbeddedChain } from "../../chain/embedded.ts";
import { followLedger } from "../../chain/followLedger.ts";
import { LedgerAccess } from "../../oracle/ledgerAccess.ts";
import { localSigner } from "../../oracle/record.ts";
import { batchSpans, type Hour } from "../../settlement/hours.ts";
import { encodeRoster } from "../../settlement/roster.ts";
import {
  adoptRoster,
  amend,
  batchOf,
  correctionOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  keyOf,
  openStage,
  record,
  type Stage,
  smallRoster,
  stageOn,
} from "../support/communityOnChain.ts";

const ROSTER = smallRoster(3);

describe("following a ledger", () => {
  let folder: string;
  let journal: string;
  let stage: Stage;
  let ledger: Address;
  /** The one that the client of `counted` talks to. */
  let chain: EmbeddedChain;
  let asked: { calls: number; logs: number };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-follow-"));
    journal = join(folder, "chain.sqlite");
    stage = await openStage(undefined, journal);
    chain = stage.chain;
    const at = await deployCommunity(stage);
    ledger = at.ledgers[0] ?? assert.fail();
    await enrol(stage, at, 3);
    await adoptRoster(stage, ledger, FIRST_HOUR, ROSTER);
  });
  afterEach(async () => {
    await chain.close();
    rmSync(folder, { recursive: true });
  });

  const counted = () =>
    embeddedClient({
      ...chain,
      async request(request) {
        asked.calls++;
        const answer = await chain.request(request);
        if (request.method === "eth_getLogs" && Array.isArray(answer)) asked.logs += answer.length;
        return answer;
      },
    });

  /** Says how many batches they were. */
  async function recordUntil(from: Hour, end: Hour) {
    const spans = batchSpans(from, end);
    for (const { firstHour, hourCount } of spans) {
      await record(stage, ledger, batchOf(ROSTER, firstHour, hourCount), ROSTER);
    }
    return spans.length;
  }

  /** What the oracle asks in one round of its work, with a correction of the first day and one of the last. */
  async function costOfStep(access: LedgerAccess) {
    asked = { calls: 0, logs: 0 };
    const versions = await access.versions();
    const next = await access.nextHour();
    for (const hour of [FIRST_HOUR + 5, next - 1]) {
      const standing = (await access.standing(hour, versions)) ?? assert.fail();
      assert(standing.batch.firstHour <= hour && hour < standing.batch.firstHour + standing.batch.hourCount);
    }
    return asked;
  }

  it("asks as much after many days and rosters as after few", async () => {
    const access = new LedgerAccess(counted(), ledger, localSigner(keyOf("nobody")), stage.people.stranger);
    await recordUntil(FIRST_HOUR, FIRST_HOUR + 3 * 24);
    await costOfStep(access);
    const few = await costOfStep(access);
    const batches = await recordUntil(FIRST_HOUR + 3 * 24, FIRST_HOUR + 60 * 24);
    for (let version = 2; version <= 9; version++) await adoptRoster(stage, ledger, FIRST_HOUR + 100 * 24, ROSTER);
    assert.equal((await costOfStep(access)).logs, batches + 8, "each event once");
    assert.deepEqual(await costOfStep(access), few);
    assert.deepEqual(few, { calls: 6, logs: 0 });

    const logs = await recordUntil(FIRST_HOUR + 60 * 24, FIRST_HOUR + 61 * 24);
    assert.deepEqual(await costOfStep(access), { calls: 8, logs }, "with what came since");
  });

  it("knows rosters and batches, corrected ones too, however few blocks a node looks at in one call", async () => {
    const days = batchSpans(FIRST_HOUR, FIRST_HOUR + 5 * 24);
    await recordUntil(FIRST_HOUR, FIRST_HOUR + 5 * 24);
    const second = batchOf(ROSTER, FIRST_HOUR + 24, 24);
    await amend(stage, ledger, second, correctionOf(second, ROSTER, ledger, { grade: "GSE-matched" }), ROSTER);
    const wider = smallRoster(2);
    await adoptRoster(stage, ledger, FIRST_HOUR + 5 * 24, wider);
    for (const blocksAtOnce of [1n, 3n, 1000n]) {
      const followed = followLedger(stage.client, ledger, blocksAtOnce);
      assert.deepEqual(await followed.rosters(), [
        { effectiveHour: FIRST_HOUR, blob: encodeRoster(ROSTER) },
        { effectiveHour: FIRST_HOUR + 5 * 24, blob: encodeRoster(wider) },
      ]);
      for (const [index, { firstHour }] of days.entries()) {
        for (const hour of [firstHour, firstHour + 23]) {
          const batch = (await followed.batchOf(hour)) ?? assert.fail();
          assert.deepEqual([batch.firstHour, batch.revision], [firstHour, index === 1 ? 1 : 0]);
        }
      }
      assert.equal(await followed.batchOf(FIRST_HOUR - 1), undefined);
      assert.equal(await followed.batchOf(FIRST_HOUR + 5 * 24), undefined);
    }
  });

  it("goes on where it was when the chain begins again", async () => {
    asked = { calls: 0, logs: 0 };
    await recordUntil(FIRST_HOUR, FIRST_HOUR + 2 * 24);
    const followed = followLedger(counted(), ledger);
    const before = await followed.batchOf(FIRST_HOUR);
    await chain.close();
    await assert.rejects(followed.batchOf(FIRST_HOUR));
    chain = await openEmbeddedChain({ journal, genesisTime: 0 });
    asked = { calls: 0, logs: 0 };
    assert.deepEqual(await followed.batchOf(FIRST_HOUR), before);
    assert.equal(asked.logs, 0);
  });

  it("tells what stands on a chain that was put back to a backup, and has gone another way since", async () => {
    asked = { calls: 0, logs: 0 };
    const day = batchOf(ROSTER, FIRST_HOUR, 24);
    await record(stage, ledger, day, ROSTER);
    await chain.close();
    const backup = join(folder, "backup.sqlite");
    cpSync(journal, backup);
    const reopen = async (file: string) => {
      chain = await openEmbeddedChain({ journal: file, genesisTime: 0 });
      stage = { ...stage, ...stageOn(chain) };
    };
    await reopen(journal);
    const [soon, late] = [followLedger(counted(), ledger), followLedger(counted(), ledger)];
    await amend(stage, ledger, day, correctionOf(day, ROSTER, ledger, { grade: "GSE-matched" }), ROSTER);
    await adoptRoster(stage, ledger, FIRST_HOUR + 24, smallRoster(2));
    for (const followed of [soon, late]) {
      assert.equal((await followed.batchOf(FIRST_HOUR))?.revision, 1);
      assert.equal((await followed.rosters()).length, 2);
    }
    await chain.close();

    await reopen(backup);
    assert.equal((await soon.batchOf(FIRST_HOUR))?.revision, 0);
    assert.equal((await soon.rosters()).length, 1);
    // Longer than the other was, but not with its blocks.
    await recordUntil(FIRST_HOUR + 24, FIRST_HOUR + 8 * 24);
    for (const followed of [soon, late]) {
      assert.equal((await followed.batchOf(FIRST_HOUR))?.revision, 0);
      assert.equal((await followed.batchOf(FIRST_HOUR + 24))?.firstHour, FIRST_HOUR + 24);
      assert.equal((await followed.rosters()).length, 1);
    }
  });
});

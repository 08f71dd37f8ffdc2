/** Nothing is prepared that contradicts what the index has recomputed, or what stands on the chain. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { keccak256, toHex } from "viem";
import { z } from "zod";
import { INDEX_FILE } from "../../../api/index/indexStore.ts";
import { bankFile, madeBankFile, overview, runPreview } from "../../../api/schemas/treasury.ts";
import { asking } from "../../../api/treasury/context.ts";
import { clientOf } from "../../../chain/client.ts";
import type { CommunityAddresses } from "../../../chain/deploy.ts";
import { officer } from "../../support/apiCallers.ts";
import { type ApiWorld, apiOn } from "../../support/apiWorld.ts";
import { receiptOf, treasuryCalls } from "../../support/communityCalls.ts";
import { FIRST_MONTH, openStage, type Stage } from "../../support/communityOnChain.ts";
import { Officers } from "../../support/preparedTransactions.ts";
import { paidCommunity, proposedFile, transferOf } from "../../support/redemptionsOnChain.ts";
import { send } from "../../support/refusals.ts";
import { book, computeRun } from "../../support/runsOnChain.ts";

describe("prepared transactions", function () {
  this.timeout(60_000);
  let world: Omit<ApiWorld, "community">;
  let officers: Officers;
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage();
    at = await paidCommunity(stage, 3);
    await book(stage, at, receiptOf(FIRST_MONTH, 9_000_000n, { document: "late" }));
    await send(stage, "treasurer", treasuryCalls(at).propose(await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH)));
    world = await apiOn(stage);
    officers = await Officers.signIn(world);
  });
  after(() => world.end());

  const inIndex = (sql: string, ...values: (string | number)[]) => {
    const database = new DatabaseSync(join(world.data, INDEX_FILE));
    try {
      database.exec("PRAGMA busy_timeout = 5000");
      database.prepare(sql).run(...values);
    } finally {
      database.close();
    }
  };
  const approval = async () => {
    const { run } = await officers.browser("president").get("/communities/1/treasury", overview);
    return { kind: "approve-run", run: 2, contentHash: run?.contentHash };
  };

  it("approve no run that was computed from a batch about which the chain is wrong", async () => {
    assert.equal((await officers.ask("president", await approval())).status, 200);
    inIndex("INSERT INTO finding VALUES (1000000, 1, 'digest', '0xaa', '0xbb')");
    const refused = await officers.ask("president", await approval());
    assert.equal(refused.status, 422);
    assert.match(refused.text, /batch of block 1.*digest: the chain says 0xaa, recomputed it is 0xbb/);
    inIndex("DELETE FROM finding");
    assert.equal((await officers.ask("president", await approval())).status, 200);
  });

  it("are made for no contract with code of others", async () => {
    inIndex("UPDATE contract SET is_foreign = 1 WHERE kind = 'treasury'");
    const refused = await officers.ask("president", await approval());
    assert.equal(refused.status, 409);
    assert.match(refused.text, /The code of treasury 0x/);
    inIndex("UPDATE contract SET is_foreign = 0");
  });

  it("drop a run whose receipts another one is to divide, by treasurer and president alike", async () => {
    for (const role of ["treasurer", "president"] as const) {
      const { transactions } = await officers.prepare(role, { kind: "drop-run", run: 2 });
      assert.deepEqual(transactions[0]?.check, { result: "accepted" });
    }
  });

  it("approve no run that the same data do not give when it is recomputed", async () => {
    const path = "/communities/1/runs/2/preview";
    const before = await officers.browser("president").get(path, runPreview);
    assert.deepEqual(before.differences, []);
    // As if readings had been missing: the chain says that none were.
    const missing = (count: number) => inIndex(`UPDATE batch SET sums = json_set(sums, '$.counts[1]', ${count})`);
    missing(7);
    inIndex("UPDATE derived SET position = position + 1 WHERE community = 1");
    const { differences } = await officers.browser("president").get(path, runPreview);
    assert.match(JSON.stringify(differences), /"subject":"provisional","chain":"false","recomputed":"true"/);
    const refused = await officers.ask("president", await approval());
    assert.equal(refused.status, 422);
    assert.match(refused.text, /run 2.*provisional: the chain says false, recomputed it is true/);
    missing(0);
    inIndex("UPDATE derived SET position = position - 1 WHERE community = 1");
  });

  describe("of files for the bank", () => {
    const path = "/communities/1/treasury/bank-files";
    const input = { format: "sepa", debtor: { name: "CER", iban: "IT60 X054 2811 1010 0000 0123 456" } };
    let secretary: Awaited<ReturnType<typeof officer>>["browser"];
    let person: number;
    before(async () => {
      secretary = (await officer(world.api.url, "secretary")).browser;
      const anna = { name: "Anna Bianchi", accounts: [{ account: 1, iban: "IT60 X054 2811 1010 0000 0123 456" }] };
      person = (await secretary.post("/communities/1/persons", anna, z.object({ person: z.int() }))).person;
    });
    const make = () => officers.browser("treasurer").post(path, input, madeBankFile);

    it("are refused with every mistake of the order", async () => {
      const debtor = { name: "CER", iban: "IT60 X054 2811 1010 0000 0123 457" };
      const wrong = await officers.browser("treasurer").ask("POST", path, { ...input, debtor });
      assert.equal(wrong.status, 422);
      assert.match(wrong.text, /debtor\.iban.*not an IBAN/);
      const cbi = await officers.browser("treasurer").ask("POST", path, { ...input, format: "cbi" });
      assert.match(cbi.text, /debtor\.cuc.*CUC/);
      const sunday = await officers.browser("treasurer").ask("POST", path, { ...input, executionDate: "2030-01-06" });
      assert.match(sunday.text, /not a business day/);
      const poor = await officers.browser("treasurer").ask("POST", path, { ...input, minimum: "1000000.00" });
      assert.equal(poor.status, 422);
      assert.match(poor.text, /account 1.*below-minimum/);
      const strange = await officers.browser("treasurer").ask("POST", path, { ...input, accounts: [1, 99] });
      assert.equal(strange.status, 422);
      assert.match(strange.text, /body\.accounts\.1.*there is no account 99/);
    });

    it("made twice before the chain has one: the second takes the place of the first", async () => {
      const [first, second] = [await make(), await make()];
      assert.deepEqual(first.messageId, second.messageId);
      const treasurer = officers.browser("treasurer");
      assert.equal((await treasurer.ask("GET", `${path}/${first.documentHash}`)).status, 404);
      assert.equal((await treasurer.get(`${path}/${second.documentHash}`, bankFile)).salt, second.salt);
      const old = { kind: "propose-redemption-file", documentHash: first.documentHash };
      const replaced = await officers.ask("treasurer", old);
      assert.equal(replaced.status, 404);
      assert.match(replaced.text, /another took its place/);
    });

    it("do not fit any more when another file took the number; and approve only what an order here says", async () => {
      const { documentHash } = await make();
      const file = await proposedFile(stage, at, [transferOf(2, 10_000n, "ELSEWHERE-1")]);
      await world.caughtUp();
      const late = await officers.ask("treasurer", { kind: "propose-redemption-file", documentHash });
      assert.equal(late.status, 409);
      assert.match(late.text, /made for another: make it anew/);
      const unfinished = await officers.browser("treasurer").ask("POST", path, input);
      assert.equal(unfinished.status, 409);
      assert.match(unfinished.text, /File 1 is proposed: have it approved, or drop it/);
      const unknown = { kind: "approve-redemption-file", file, contentHash: keccak256(toHex("x")) };
      assert.equal((await officers.ask("president", unknown)).status, 404);
      await officers.act("treasurer", { kind: "drop-redemption-file", file });
      const { file: newest } = await officers.browser("treasurer").get("/communities/1/treasury", overview);
      assert.equal(newest?.state, "dropped");
    });

    it("name nobody who was erased", async () => {
      const { documentHash } = await make();
      const erased = await secretary.ask("DELETE", `/communities/1/persons/${person}`);
      assert(erased.status < 300, erased.text);
      const gone = await officers.browser("treasurer").ask("GET", `${path}/${documentHash}`);
      assert.equal(gone.status, 410);
      assert(!gone.text.includes("Bianchi"));
      const nobody = await officers.browser("treasurer").ask("POST", path, input);
      assert.match(nobody.text, /account 1.*erased/);
    });
  });

  it("are not to be had while the chain does not answer", async () => {
    const client = clientOf("http://127.0.0.1:9", stage.client.chain.id);
    const asked = asking("the chain", () => client.getBlockNumber());
    await assert.rejects(asked, { status: 503, message: /does not answer now/ });
  });
});

/*
 * Treasury.bookReceipt
 *   not the treasurer's → refused
 *   an unknown configuration, a month before its first or that has not begun, no kind → refused
 *   gross, fee or VAT that are not whole cents, a net that is not gross − fee − VAT → refused; negative ones alike
 *   the same receipt twice → refused; different in anything → another receipt
 *   else it is numbered, adds to the month's pool and to what was received, and chains into the receipts' hash
 *   while a run that covers the month is weighing or apportioning → it restarts; else it stands
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, getAbiItem, keccak256, parseEventLogs, zeroHash } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { secondsOf, startOfMonth } from "../../settlement/hours.ts";
import { type Receipt, receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import { deployCommunity, FIRST_HOUR, FIRST_MONTH, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, itRefuses, read, send } from "../support/refusals.ts";
import { apportionAll, book, closedMonthCommunity, openRun, phase, runOf, weighAll } from "../support/runsOnChain.ts";

const CENT = 10_000n;

describe("Treasury.bookReceipt", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const good = receiptOf(FIRST_MONTH, 1234n * CENT);
  const calls = () => treasuryCalls(at);
  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: treasuryAbi, address: at.treasury, functionName, args });

  before(async () => {
    stage = await openStage();
    stage.chain.advanceTo(secondsOf(startOfMonth(FIRST_MONTH + 6)) - 1);
    at = await deployCommunity(stage, [
      { firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH },
      { firstHour: FIRST_HOUR + 31 * 24, firstMonth: FIRST_MONTH + 1 },
    ]);
  });
  after(() => stage.chain.close());

  itIsRestricted(
    () => stage,
    [{ allowed: "treasurer", call: () => calls().bookReceipt(good) }],
    () => "bookReceipt",
  );

  const refused: [string, Partial<Receipt>, string, readonly unknown[]][] = [
    ["an unknown configuration", { configuration: 2 }, "ConfigurationUnknown", [2]],
    ["a month before the first", { month: FIRST_MONTH - 1 }, "MonthBeforeStart", [FIRST_MONTH - 1, FIRST_MONTH]],
    [
      "a month before a later configuration's first",
      { configuration: 1 },
      "MonthBeforeStart",
      [FIRST_MONTH, FIRST_MONTH + 1],
    ],
    ["a month that begins in a second", { month: FIRST_MONTH + 6 }, "MonthNotBegun", [FIRST_MONTH + 6]],
    ["no kind", { kind: 0 }, "ReceiptKindMissing", []],
    ["a part of a cent of gross", { gross: 1n }, "NotWholeCents", [1n]],
    ["a part of a cent taken back", { gross: -CENT - 1n }, "NotWholeCents", [-CENT - 1n]],
    ["a part of a cent of fee", { fee: CENT / 2n }, "NotWholeCents", [CENT / 2n]],
    ["a part of a cent of VAT", { vat: CENT * 3n - 1n }, "NotWholeCents", [CENT * 3n - 1n]],
    ["a net above gross", { net: good.net + CENT }, "NetDiffers", [good.net + CENT, good.net]],
    ["a net that forgets the fee", { fee: CENT }, "NetDiffers", [good.net, good.net - CENT]],
    ["a net that forgets the VAT", { vat: CENT }, "NetDiffers", [good.net, good.net - CENT]],
    ["a net of the other sign", { gross: -good.gross }, "NetDiffers", [good.net, -good.net]],
    [
      "a net beyond 64 bits",
      { gross: (2n ** 63n / CENT) * CENT - CENT, fee: -2n * CENT },
      "NetDiffers",
      [good.net, (2n ** 63n / CENT) * CENT + CENT],
    ],
  ];
  itRefuses(
    () => stage,
    refused.map(([what, change, error, values]) => ({
      what,
      by: "treasurer",
      call: () => calls().bookReceipt({ ...good, ...change }),
      error,
      values: () => values,
    })),
  );

  it("numbers receipts, adds them to pool and total, and chains their hashes", async () => {
    at = await deployCommunity(
      stage,
      [0, 1].map(() => ({ firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH })),
    );
    const receipts: Receipt[] = [
      { ...good, gross: 1500n * CENT, fee: 200n * CENT, vat: 66n * CENT },
      { ...good, net: -334n * CENT, gross: -300n * CENT, fee: 34n * CENT, kind: 2 },
      { ...good, configuration: 1, kind: 3 },
      { ...good, month: FIRST_MONTH + 5 },
      { ...good, net: 0n, gross: 0n },
    ];
    let chained = zeroHash as `0x${string}`;
    for (const [index, receipt] of receipts.entries()) {
      const { logs } = await book(stage, at, receipt);
      const [event] = parseEventLogs({ abi: treasuryAbi, eventName: "ReceiptBooked", logs });
      chained = keccak256(
        encodeAbiParameters(
          [{ type: "bytes32" }, { type: "uint32" }, { type: "bytes32" }],
          [chained, index + 1, hashOf(receipt)],
        ),
      );
      assert.deepEqual(event?.args, { number: index + 1, receipt, receiptsHash: chained });
    }
    assert.equal(await view("poolOf", 0, FIRST_MONTH), 900n * CENT);
    assert.equal(await view("poolOf", 1, FIRST_MONTH), 1234n * CENT);
    assert.equal(await view("poolOf", 0, FIRST_MONTH + 5), 1234n * CENT);
    assert.equal(await view("poolOf", 1, FIRST_MONTH + 5), 0n);
    assert.equal(await view("received"), (900n + 1234n + 1234n) * CENT);
    assert.equal(await view("receiptCount"), 5);
  });

  it("takes a receipt once: ReceiptRepeated; another document, kind, month or configuration is another receipt", async () => {
    at = await deployCommunity(
      stage,
      [0, 1].map(() => ({ firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH })),
    );
    await book(stage, at, good);
    await assertRefused(book(stage, at, good), "ReceiptRepeated", [hashOf(good)]);
    const documentHash = `0x${"00".repeat(31)}01` as const;
    for (const other of [{ documentHash }, { kind: 2 }, { month: FIRST_MONTH + 1 }, { configuration: 1 }]) {
      await book(stage, at, { ...good, ...other });
    }
    await assertRefused(book(stage, at, { ...good, documentHash }), "ReceiptRepeated", [
      hashOf({ ...good, documentHash }),
    ]);
  });

  describe("while a run is live", () => {
    const extra = (document: string, month = FIRST_MONTH) => receiptOf(month, 500n * CENT, { document });
    const restarted = (receipt: Awaited<ReturnType<typeof book>>) =>
      parseEventLogs({ abi: treasuryAbi, eventName: "RunRestarted", logs: receipt.logs }).map(({ args }) => args);

    beforeEach(async () => {
      at = await closedMonthCommunity(stage, 9);
      await book(stage, at, good);
    });

    it("restarts it while weighing and while apportioning", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await send(stage, "treasurer", calls().weigh(run, 1n));
      assert.deepEqual(restarted(await book(stage, at, extra("while weighing"))), [{ run, attempt: 2 }]);
      const begun = await runOf(stage, at, run);
      assert.deepEqual([begun.phase, begun.cell, begun.word, begun.attempt], [phase("weigh"), 0, 0, 2]);
      await weighAll(stage, at, run);
      await send(stage, "treasurer", calls().apportion(run, 2n));
      assert.deepEqual(restarted(await book(stage, at, extra("while apportioning"))), [{ run, attempt: 3 }]);
      assert.equal((await runOf(stage, at, run)).phase, phase("weigh"));
      await weighAll(stage, at, run);
      await apportionAll(stage, at, run);
      assert.equal((await runOf(stage, at, run)).totalOwed, good.net + 1000n * CENT);
    });

    it("lets it stand when the month is not covered, on either side", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      assert.deepEqual(restarted(await book(stage, at, extra("after", FIRST_MONTH + 1))), []);
      assert.equal((await runOf(stage, at, run)).attempt, 1);
    });

    it("lets it stand once it is apportioned, proposed or dropped", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await weighAll(stage, at, run);
      await apportionAll(stage, at, run);
      assert.deepEqual(restarted(await book(stage, at, extra("apportioned"))), []);
      await send(stage, "treasurer", calls().propose(run));
      assert.deepEqual(restarted(await book(stage, at, extra("proposed"))), []);
      await send(stage, "treasurer", calls().drop(run));
      assert.deepEqual(restarted(await book(stage, at, extra("dropped"))), []);
      assert.equal((await runOf(stage, at, run)).totalOwed, good.net);
    });
  });
});

/** keccak256(abi.encode(receipt)). */
function hashOf(receipt: Receipt) {
  return keccak256(encodeAbiParameters(getAbiItem({ abi: treasuryAbi, name: "bookReceipt" }).inputs, [receipt]));
}

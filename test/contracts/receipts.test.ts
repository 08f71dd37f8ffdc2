/*
 * ReceiptBook.bookReceipt
 *   not the treasurer's → refused
 *   an unknown configuration, a month before its first or that has not begun, no kind → refused
 *   gross, fee or VAT that are not whole cents, a net that is not gross − fee − VAT → refused; negative ones alike
 *   the same receipt twice → refused; different in anything → another receipt
 *   else it is numbered, adds to the month's pool and to what was received, and chains into the receipts' hash
 *   while a run that covers the month is weighing or apportioning → it restarts; else it stands
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, getAbiItem, keccak256, parseEventLogs, type TransactionReceipt, zeroHash } from "viem";
import { receiptBookAbi, treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import type { ReceiptKind } from "../../settlement/history.ts";
import { secondsOf, startOfMonth } from "../../settlement/hours.ts";
import {
  communityCalls,
  enrolment,
  type Receipt,
  receiptBookCalls,
  receiptOf,
  treasuryCalls,
} from "../support/communityCalls.ts";
import { deployCommunity, FIRST_HOUR, FIRST_MONTH, openStage, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, itRefuses, read, send } from "../support/refusals.ts";
import { apportionAll, book, closedMonthCommunity, openRun, phase, runOf, weighAll } from "../support/runsOnChain.ts";

const CENT = 10_000n;

describe("ReceiptBook.bookReceipt", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const good = receiptOf(FIRST_MONTH, 1234n * CENT);
  const calls = () => receiptBookCalls(at);
  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: receiptBookAbi, address: at.receiptBook, functionName, args });

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
      { ...good, configuration: 1, kind: 5 },
      { ...good, month: FIRST_MONTH + 5 },
      { ...good, net: 0n, gross: 0n },
    ];
    let chained = zeroHash as `0x${string}`;
    for (const [index, receipt] of receipts.entries()) {
      const { logs } = await book(stage, at, receipt);
      const [event] = parseEventLogs({ abi: receiptBookAbi, eventName: "ReceiptBooked", logs });
      chained = keccak256(
        encodeAbiParameters(
          [{ type: "bytes32" }, { type: "uint32" }, { type: "bytes32" }],
          [chained, index + 1, hashOf(receipt)],
        ),
      );
      assert.deepEqual(event?.args, { number: index + 1, receipt, receiptsHash: chained });
    }
    const amounts = (premium: bigint, shared: bigint) => ({ premium, shared, passedThrough: 0n, passesThrough: false });
    assert.deepEqual(await view("amountsOf", 0, FIRST_MONTH), amounts(1234n * CENT, -334n * CENT));
    assert.deepEqual(await view("amountsOf", 1, FIRST_MONTH), amounts(0n, 1234n * CENT));
    assert.deepEqual(await view("amountsOf", 0, FIRST_MONTH + 5), amounts(1234n * CENT, 0n));
    assert.deepEqual(await view("amountsOf", 1, FIRST_MONTH + 5), amounts(0n, 0n));
    assert.equal(await view("receiptsHash"), chained);
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

  it("passes an energy sale through to a member or producer, a reserve to a fund: else ReceiptAccountInvalid", async () => {
    at = await deployCommunity(stage);
    const kinds = ["member", "producer", "fund", "supplier", "reserve"] as const;
    await send(stage, "secretary", communityCalls(at).enrol(kinds.map((kind) => enrolment(kind))));
    const [member, producer, fund, supplier, reserve, unknown] = [1, 2, 3, 4, 5, 6];
    for (const [kind, account] of [
      ["premium", member],
      ["valorisation", fund],
      ["other", producer],
      ["energy-sale", 0],
      ["energy-sale", fund],
      ["energy-sale", supplier],
      ["energy-sale", reserve],
      ["energy-sale", unknown],
      ["reserve", 0],
      ["reserve", member],
      ["reserve", reserve],
      ["reserve", unknown],
    ] as const) {
      const receipt = receiptOf(FIRST_MONTH, 100n * CENT, { kind, account });
      await assertRefused(book(stage, at, receipt), "ReceiptAccountInvalid", [receipt.kind, account]);
    }
    const take = (kind: ReceiptKind, account: number, cents: bigint) =>
      book(stage, at, receiptOf(FIRST_MONTH, cents * CENT, { kind, account, document: String(cents) }));
    assert.deepEqual(await view("passedThroughTo", 0, FIRST_MONTH, 0n, 2n), []);
    await take("energy-sale", producer, 700n);
    await take("energy-sale", producer, -50n);
    await take("energy-sale", member, 30n);
    await take("reserve", fund, 9n);
    await take("premium", 0, 1000n);
    await take("other", 0, 2n);
    await take("valorisation", 0, 20n);
    const amount = (cents: bigint) => BigInt.asUintN(64, cents * CENT);
    const word = amount(30n) | (amount(650n) << 64n) | (amount(9n) << 128n);
    assert.deepEqual(await view("passedThroughTo", 0, FIRST_MONTH, 0n, 2n), [word, 0n]);
    assert.deepEqual(await view("amountsOf", 0, FIRST_MONTH), {
      premium: 1000n * CENT,
      shared: 22n * CENT,
      passedThrough: 689n * CENT,
      passesThrough: true,
    });
  });

  describe("while a run is live", () => {
    const extra = (document: string, month = FIRST_MONTH) => receiptOf(month, 500n * CENT, { document });
    const restarted = (receipt: TransactionReceipt) =>
      parseEventLogs({ abi: treasuryAbi, eventName: "RunRestarted", logs: receipt.logs }).map(({ args }) => args);
    const treasurer = (call: Parameters<typeof send>[2]) => send(stage, "treasurer", call);

    beforeEach(async () => {
      at = await closedMonthCommunity(stage, 9);
      await book(stage, at, good);
    });

    it("begins it anew at its next step, while weighing and while apportioning", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await treasurer(treasuryCalls(at).weigh(run, 1n));
      await book(stage, at, extra("while weighing"));
      assert.deepEqual(restarted(await treasurer(treasuryCalls(at).weigh(run, 1n))), [{ run, attempt: 2 }]);
      const begun = await runOf(stage, at, run);
      assert.deepEqual([begun.phase, begun.cell, begun.word, begun.attempt], [phase("weigh"), 0, 0, 2]);
      await weighAll(stage, at, run);
      await treasurer(treasuryCalls(at).apportion(run, 2n));
      await book(stage, at, extra("while apportioning"));
      assert.deepEqual(restarted(await treasurer(treasuryCalls(at).apportion(run, 2n))), [{ run, attempt: 3 }]);
      assert.equal((await runOf(stage, at, run)).phase, phase("weigh"));
      await weighAll(stage, at, run);
      await apportionAll(stage, at, run);
      assert.equal((await runOf(stage, at, run)).totalOwed, good.net + 1000n * CENT);
    });

    it("lets it stand when the month is not covered, on either side", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await book(stage, at, extra("after", FIRST_MONTH + 1));
      assert.deepEqual(restarted(await treasurer(treasuryCalls(at).weigh(run, 1n))), []);
      assert.equal((await runOf(stage, at, run)).attempt, 1);
    });

    it("lets it stand once it is apportioned or proposed", async () => {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await weighAll(stage, at, run);
      await apportionAll(stage, at, run);
      await book(stage, at, extra("apportioned"));
      assert.deepEqual(restarted(await treasurer(treasuryCalls(at).propose(run))), []);
      await book(stage, at, extra("proposed"));
      const { phase: now, totalOwed } = await runOf(stage, at, run);
      assert.deepEqual([now, totalOwed], [phase("proposed"), good.net]);
    });
  });
});

/** keccak256(abi.encode(receipt)). */
function hashOf(receipt: Receipt) {
  return keccak256(encodeAbiParameters(getAbiItem({ abi: receiptBookAbi, name: "bookReceipt" }).inputs, [receipt]));
}

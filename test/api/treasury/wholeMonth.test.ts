/** A month from the receipt to the bank's word, by nothing but what the API prepares and officers sign. */

import assert from "node:assert/strict";
import { Interface } from "ethers";
import { keccak256, toHex, zeroHash } from "viem";
import { z } from "zod";
import { statement } from "../../../api/schemas/statement.ts";
import { bankFile, madeBankFile, overview, runPreview } from "../../../api/schemas/treasury.ts";
import type { CommunityAddresses } from "../../../chain/deploy.ts";
import { advanceRun, approveRun, bookReceipt, isLive, newestRun, openRun, proposeRun } from "../../../chain/payout.ts";
import { idOf } from "../../../chain/redemption.ts";
import { officer } from "../../support/apiCallers.ts";
import { type ApiWorld, apiOn } from "../../support/apiWorld.ts";
import { FIRST_MONTH, openStage, type Stage } from "../../support/communityOnChain.ts";
import { type Officer, Officers } from "../../support/preparedTransactions.ts";
import { stateOf, totalsOf } from "../../support/redemptionsOnChain.ts";
import { balanceOf, closedMonthCommunity } from "../../support/runsOnChain.ts";

const MEMBERS = 3;
const ACCOUNTS = [1, 2, 3, 4, 5, 6];
const DOCUMENT = keccak256(toHex("GSE, March"));
const RECEIPT = {
  ...{ configuration: 0, month: "2026-03", receiptKind: "premium" },
  ...{ gross: "110.00", fee: "8.20", vat: "1.80", net: "100.00", documentHash: DOCUMENT },
};
const DEBTOR = { name: "CER Magliano", iban: "IT60 X054 2811 1010 0000 0123 456" };
/** Written by hand: what the prepared calldata is compared with. */
const CONTRACTS = new Interface([
  "function bookReceipt((uint16,uint16,uint8,uint24,int64,int64,int64,int64,bytes32))",
  "function adjustYear(uint16,uint16,bytes32)",
  "function open(uint16,uint16)",
  "function weigh(uint32,uint256)",
  "function apportion(uint32,uint256)",
  "function propose(uint32)",
  "function approve(uint32,bytes32,string)",
  "function approve(uint32,bytes32)",
  "function object(uint32,string)",
  "function withdrawObjection(uint32)",
  "function drop(uint32)",
  "function drop(uint32,bytes32[])",
  "function pay(uint32,uint256)",
  "function open(bytes32,uint32,uint64)",
  "function add(uint32,(uint24,uint64,bytes32)[])",
  "function proposeOutcomes(uint8,bytes32[])",
  "function approveOutcomes(uint32,uint8,bytes32[])",
]);

describe("a month by prepared transactions", function () {
  this.timeout(60_000);
  let world: Omit<ApiWorld, "community">;
  let officers: Officers;
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage();
    at = await closedMonthCommunity(stage, MEMBERS);
    world = await apiOn(stage);
    officers = await Officers.signIn(world);
  });
  after(() => world.end());

  const dataOf = async (role: Officer, action: object) =>
    (await officers.prepare(role, action)).transactions.map(({ data }) => data);
  const treasury = () => officers.browser("treasurer").get("/communities/1/treasury", overview);

  it("prepares a receipt as ethers encodes it, and says what it is in both languages", async () => {
    const { transactions, from, more } = await officers.prepare("treasurer", { kind: "book-receipt", ...RECEIPT });
    const [only] = transactions;
    const micro = [110_000_000n, 8_200_000n, 1_800_000n, 100_000_000n];
    const expected = CONTRACTS.encodeFunctionData("bookReceipt", [[0, FIRST_MONTH, 1, 0, ...micro, DOCUMENT]]);
    assert.deepEqual(
      [transactions.length, only?.data, only?.to, only?.value, only?.chainId, more],
      [...[1, expected, at.receiptBook, "0", stage.client.chain.id, false]],
    );
    assert.equal(from, stage.people.treasurer.address);
    assert.match(only?.description.it ?? "", /100,00 €.*tariffa premio.*2026-03/);
    assert.match(only?.description.en ?? "", /100\.00 €.*premium.*2026-03/);
    assert.equal(only?.call.function, "bookReceipt");
    const told = z.object({ receipt: z.looseObject({ net: z.string(), month: z.int() }) }).parse(only?.call.arguments);
    assert.deepEqual([told.receipt.net, told.receipt.month], ["100000000", FIRST_MONTH]);
  });

  it("sends nothing by itself", async () => {
    const before = await stage.client.getBlockNumber();
    await officers.prepare("treasurer", { kind: "book-receipt", ...RECEIPT });
    assert.equal(await stage.client.getBlockNumber(), before);
  });

  it("books it, and then tells that the contract would refuse the same again, and why", async () => {
    await officers.act("treasurer", { kind: "book-receipt", ...RECEIPT });
    const { transactions } = await officers.prepare("treasurer", { kind: "book-receipt", ...RECEIPT });
    const reason = "this receipt is booked already";
    assert.deepEqual(transactions[0]?.check, { result: "refused", error: "ReceiptRepeated", reason });
  });

  it("shows what a run would pay before it is opened, with the reasons of one account", async () => {
    const path = "/communities/1/treasury/run-preview?from=2026-03&to=2026-03";
    const preview = await officers.browser("president").get(path, runPreview);
    assert.deepEqual([preview.run, preview.isComputed, preview.payable], [undefined, false, "100000000"]);
    assert.equal(sumOf(preview.accounts), 100_000_000n);
    const one = await officers.browser("president").get(`${path}&account=1`, runPreview);
    const parts = one.accounts[0]?.months[0]?.parts ?? [];
    assert.deepEqual(
      one.accounts.map(({ account }) => account),
      [1],
    );
    assert.equal(
      parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
      BigInt(one.accounts[0]?.amount ?? 0),
    );
  });

  it("says which months, runs, files and outcomes there are not", async () => {
    const before = "/communities/1/treasury/run-preview?from=2026-01&to=2026-02";
    const early = await officers.browser("president").ask("GET", before);
    assert.equal(early.status, 422);
    assert.match(early.text, /query\.to.*before 2026-03, the first month of the community/);
    for (const [role, action, expected] of [
      ["treasurer", { kind: "pay-run", run: 9 }, /There is no run 9/],
      ["treasurer", { kind: "drop-redemption-file", file: 9 }, /There is no file 9/],
      ["president", { kind: "approve-outcomes", number: 9 }, /No outcomes 9 are proposed/],
      [
        "treasurer",
        { kind: "split-adjustment", configuration: 9, year: 2026, net: "1.00", documentHash: DOCUMENT },
        /There is no configuration 9/,
      ],
    ] as const) {
      const refused = await officers.ask(role, action);
      assert.equal(refused.status, 404);
      assert.match(refused.text, expected);
    }
  });

  it("takes a run from opening to the proposal, each step by where the chain is", async () => {
    assert.deepEqual(await dataOf("treasurer", { kind: "open-run", fromMonth: "2026-03", toMonth: "2026-03" }), [
      CONTRACTS.encodeFunctionData("open(uint16,uint16)", [FIRST_MONTH, FIRST_MONTH]),
    ]);
    await officers.act("treasurer", { kind: "open-run", fromMonth: "2026-03", toMonth: "2026-03" });
    const { transactions } = await officers.act("treasurer", { kind: "continue-run", run: 1 });
    assert.deepEqual(
      transactions.map(({ call, check }) => [call.function, check.result]),
      [
        ["weigh", "accepted"],
        ["apportion", "needs-earlier"],
        ["propose", "needs-earlier"],
      ],
    );
    assert.deepEqual(transactions.at(-1)?.data, CONTRACTS.encodeFunctionData("propose", [1]));
    assert.equal((await treasury()).run?.phase, "proposed");
    const again = await officers.ask("treasurer", { kind: "continue-run", run: 1 });
    assert.equal(again.status, 409);
    assert.match(again.text, /the president approves it next/);
  });

  it("lets the auditor stop it, and go on", async () => {
    const reason = "il contatore 3";
    assert.deepEqual(await dataOf("auditor", { kind: "object-to-run", run: 1, reason }), [
      CONTRACTS.encodeFunctionData("object", [1, reason]),
    ]);
    await officers.act("auditor", { kind: "object-to-run", run: 1, reason });
    assert.equal((await treasury()).run?.isObjected, true);
    await officers.act("auditor", { kind: "withdraw-run-objection", run: 1 });
    assert.equal((await treasury()).run?.isObjected, false);
  });

  it("prepares the approval of what was seen and of nothing else", async () => {
    const wrong = await officers.ask("president", { kind: "approve-run", run: 1, contentHash: zeroHash });
    assert.equal(wrong.status, 409);
    assert.match(wrong.text, /look at its preview again/);
    const preview = await officers.browser("president").get("/communities/1/runs/1/preview", runPreview);
    assert.deepEqual([preview.isComputed, preview.differences, preview.needsReason], [true, [], false]);
    const { run } = await treasury();
    const action = { kind: "approve-run", run: 1, contentHash: run?.contentHash };
    assert.deepEqual(await dataOf("president", action), [
      CONTRACTS.encodeFunctionData("approve(uint32,bytes32,string)", [1, run?.contentHash, ""]),
    ]);
    await officers.act("president", action);
  });

  it("tells that payment waits for objections, then pays what the preview said", async () => {
    const preview = await officers.browser("treasurer").get("/communities/1/runs/1/preview", runPreview);
    const one = await officers.browser("treasurer").get("/communities/1/runs/1/preview?account=1", runPreview);
    const early = await officers.prepare("treasurer", { kind: "pay-run", run: 1 });
    assert.match(JSON.stringify(early.transactions[0]?.check), /NotYetPayable.*the auditor can object until/);
    stage.chain.advanceTo(Date.parse((await treasury()).run?.payableFrom ?? "") / 1000);
    await officers.act("treasurer", { kind: "pay-run", run: 1 });
    assert.equal((await treasury()).run?.phase, "paid");
    for (const { account, amount } of preview.accounts) {
      assert.equal((await balanceOf(stage, at, account)).paid, BigInt(amount), `account ${account}`);
    }
    const path = "/communities/1/accounts/1/statement?from=2026-03&to=2026-12";
    const { bookings } = await officers.browser("treasurer").get(path, statement);
    const parts = bookings
      .flatMap((each) => (each.kind === "entitlement" ? each.changes : []))
      .flatMap((each) => each.parts);
    assert.deepEqual(
      one.accounts[0]?.months[0]?.parts,
      parts.map(({ rule, ownKey, totalKey, amount }) => ({ rule, ownKey, totalKey, amount })),
    );
    const over = await officers.browser("treasurer").ask("GET", "/communities/1/runs/1/preview");
    assert.equal(over.status, 409);
  });

  it("leaves the chain where chain/payout.ts leaves it", async () => {
    const other = await openStage();
    const there = await closedMonthCommunity(other, MEMBERS);
    const { treasurer, president } = other.people;
    const amounts = { gross: 110_000_000n, fee: 8_200_000n, vat: 1_800_000n, net: 100_000_000n };
    const receipt = { configuration: 0, month: FIRST_MONTH, kind: "premium", account: 0, ...amounts } as const;
    await bookReceipt(treasurer, there.receiptBook, { ...receipt, documentHash: DOCUMENT });
    await openRun(treasurer, there.treasury, FIRST_MONTH, FIRST_MONTH);
    for (;;) {
      const run = await newestRun(other.client, there.treasury);
      assert(run !== undefined);
      if (!isLive(run)) break;
      if (run.phase === "apportioned") await proposeRun(treasurer, there.treasury, run);
      else if (run.phase === "proposed") await approveRun(other.client, president, there.treasury, run, "");
      else if (run.phase === "approved") {
        other.chain.advanceTo(run.payableFrom);
        await advanceRun(treasurer, there.treasury, run, "pay");
      } else if (run.phase === "weigh" || run.phase === "apportion") {
        await advanceRun(treasurer, there.treasury, run, run.phase);
      }
    }
    for (const account of ACCOUNTS) {
      const [own, others] = [await balanceOf(stage, at, account), await balanceOf(other, there, account)];
      assert.deepEqual([own.paid, own.owed], [others.paid, others.owed], `account ${account}`);
    }
  });

  describe("and its file for the bank", () => {
    let hash: string;
    let ids: string[];

    it("names who is left out and why, and keeps what is in it under lock", async () => {
      const secretary = (await officer(world.api.url, "secretary")).browser;
      const persons = [
        { name: "Niccolò Conti", accounts: [{ account: 1, iban: "IT60 X054 2811 1010 0000 0123 456" }] },
        { name: "Bruno Rossi", accounts: [{ account: 2, iban: "DE89 3704 0044 0532 0130 00" }] },
        { name: "Carla Neri", accounts: [{ account: 3 }] },
      ];
      for (const person of persons) await secretary.post("/communities/1/persons", person, z.unknown());
      const input = { format: "sepa", minimum: "0.01", debtor: DEBTOR };
      const path = "/communities/1/treasury/bank-files";
      const made = await officers.browser("treasurer").post(path, input, madeBankFile);
      assert.deepEqual(
        made.payments.map(({ account, name }) => [account, name]),
        [
          [1, "Niccolo Conti"],
          [2, "Bruno Rossi"],
        ],
      );
      assert.deepEqual(
        made.leftOut.map(({ account, reason }) => [account, reason]),
        [
          [3, "no-iban"],
          [4, "no-person"],
        ],
      );
      [hash, ids] = [made.documentHash, made.payments.map(({ endToEndId }) => endToEndId)];
      assert.deepEqual(
        made.prepared.transactions.map(({ data }) => data),
        [
          CONTRACTS.encodeFunctionData("open(bytes32,uint32,uint64)", [hash, 2, made.total]),
          CONTRACTS.encodeFunctionData("add", [
            1,
            made.payments.map(({ account, amount, endToEndId }) => [account, amount, idOf(endToEndId)]),
          ]),
        ],
      );
      const accesses = await secretary.get("/communities/1/accesses", z.looseObject({}));
      assert.match(JSON.stringify(accesses), /\(treasurer\).*makeBankFile/);
    });

    it("is handed out to nobody before the president has approved it", async () => {
      const document = `/communities/1/treasury/bank-files/${hash}/document`;
      const early = await officers.browser("treasurer").ask("GET", document);
      assert.equal(early.status, 409);
      await officers.act("treasurer", { kind: "propose-redemption-file", documentHash: hash });
      const proposed = await officers.browser("treasurer").ask("GET", document);
      assert.equal(proposed.status, 409);
      assert.match(proposed.text, /once the president has approved it/);
      const seen = await officers.browser("president").get(`/communities/1/treasury/bank-files/${hash}`, bankFile);
      assert.equal(seen.payments[0]?.iban, "IT60X0542811101000000123456");

      const { file } = await treasury();
      const wrong = { kind: "approve-redemption-file", file: 1, contentHash: zeroHash };
      assert.equal((await officers.ask("president", wrong)).status, 409);
      await officers.act("president", { ...wrong, contentHash: file?.contentHash });
      const { browser } = await officer(world.api.url, "treasurer");
      const response = await fetch(`${world.api.url}/api/v1${document}`, { headers: { Cookie: browser.cookie } });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.match(text, /pain\.001\.001\.09/);
      assert.match(text, /Niccolo Conti/);
      assert.equal(keccak256(Buffer.from(`${seen.salt.slice(2)}${Buffer.from(text).toString("hex")}`, "hex")), hash);
    });

    it("is booked by what the bank says, proposed by one and approved by another", async () => {
      const [first = "", second = ""] = ids;
      const outcomes = [
        { endToEndId: first, outcome: "executed" },
        { endToEndId: second, outcome: "returned" },
      ];
      const unknown = {
        kind: "propose-outcomes",
        outcomes: [...outcomes, { endToEndId: "CER-0", outcome: "executed" }],
      };
      const refused = await officers.ask("treasurer", unknown);
      assert.equal(refused.status, 422);
      assert.match(refused.text, /outcomes\.2.*CER-0: no such payment/);
      assert.deepEqual(await dataOf("treasurer", { kind: "propose-outcomes", outcomes }), [
        CONTRACTS.encodeFunctionData("proposeOutcomes", [0, [idOf(first)]]),
        CONTRACTS.encodeFunctionData("proposeOutcomes", [1, [idOf(second)]]),
      ]);
      await officers.act("treasurer", { kind: "propose-outcomes", outcomes });
      const waiting = (await treasury()).outcomes;
      assert.deepEqual(
        waiting.map(({ number, outcome, payments }) => [number, outcome, payments[0]?.endToEndId]),
        [
          [1, "executed", first],
          [2, "returned", second],
        ],
      );
      for (const { number } of waiting) await officers.act("president", { kind: "approve-outcomes", number });
      assert.deepEqual(
        [await stateOf(stage, at, idOf(first)), await stateOf(stage, at, idOf(second))],
        ["executed", "refused"],
      );
      const { escrow } = await totalsOf(stage, at);
      assert.equal(escrow, 0n);
      assert.deepEqual((await treasury()).outcomes, []);
    });
  });

  it("compares what came with what should have come, as JSON and CSV", async () => {
    const treasurer = officers.browser("treasurer");
    const shape = z.looseObject({ years: z.array(z.looseObject({ year: z.int(), months: z.array(z.unknown()) })) });
    const { years } = await treasurer.get("/communities/1/reconciliation?year=2026", shape);
    assert.deepEqual(
      years.map(({ year, months }) => [year, months.length]),
      [[2026, 1]],
    );
    const headers = { Cookie: treasurer.cookie };
    const csv = await (await fetch(`${world.api.url}/api/v1/communities/1/reconciliation.csv`, { headers })).text();
    assert.match(csv, /^configuration,area,period,kind,expected_eur/);
    assert.match(csv, /0,AREA-0,2026-03,advance,[\d.]*,110\.000000,/);
  });

  it("is for the officer whose action it is, and for nobody else", async () => {
    const actions: [Officer, object][] = [
      ["president", { kind: "open-run", fromMonth: "2026-03", toMonth: "2026-03" }],
      ["treasurer", { kind: "approve-run", run: 1, contentHash: zeroHash }],
      ["auditor", { kind: "pay-run", run: 1 }],
      ["treasurer", { kind: "object-to-run", run: 1, reason: "no" }],
      ["auditor", { kind: "drop-run", run: 1 }],
      ["president", { kind: "propose-outcomes", outcomes: [{ endToEndId: "A", outcome: "executed" }] }],
    ];
    for (const [role, action] of actions) {
      assert.equal((await officers.ask(role, action)).status, 403, JSON.stringify(action));
    }
    const { browser: secretary } = await officer(world.api.url, "secretary");
    const action = { kind: "open-run", fromMonth: "2026-03", toMonth: "2026-03" };
    const asked = await secretary.ask("POST", "/communities/1/treasury/transactions", { action });
    assert.equal(asked.status, 403);
    const bank = await officers.browser("president").ask("POST", "/communities/1/treasury/bank-files", {});
    assert.equal(bank.status, 403);
  });

  it("tries for a multisig what the multisig will send", async () => {
    const from = stage.people.stranger.address;
    const action = { kind: "open-run", fromMonth: "2026-03", toMonth: "2026-03" };
    const answer = await officers.ask("treasurer", action, { from });
    assert.match(answer.text, /AccessManagedUnauthorized.*does not have the role for this/);
  });
});

function sumOf(accounts: readonly { readonly amount: string }[]): bigint {
  return accounts.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

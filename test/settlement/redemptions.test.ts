/*
 * What became of tokens
 *   states of payments: approved outcomes in the order of their approval, whatever the order in which they were proposed
 *   sums of accounts, and what is left of what was paid
 *   the hash that the president approves
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, keccak256, zeroAddress, zeroHash } from "viem";
import {
  balanceOf,
  fileContentHash,
  type RedeemedPayment,
  redeemedPayments,
  tokenSums,
} from "../../settlement/redemptions.ts";
import type {
  OutcomesRecord,
  PaymentState,
  RedemptionFileRecord,
  TokenHistory,
} from "../../settlement/tokenHistory.ts";
import { redeemed } from "./histories/redeemed.ts";

const placeAt = (position: number) => ({ position, block: 1n, transaction: zeroHash }) as const;
const payment = (endToEndId: string, account: number, amount: bigint, file = 1) => ({
  place: placeAt(1),
  file,
  account,
  amount,
  endToEndId,
});
const file = (number: number, dropped: boolean, isApproved: boolean): RedemptionFileRecord => ({
  place: placeAt(1),
  number,
  count: 1,
  total: 1n,
  documentHash: zeroHash,
  openedBy: zeroAddress,
  contentHash: zeroHash,
  approved: isApproved ? { by: zeroAddress, contentHash: zeroHash } : undefined,
  dropped,
  state: dropped ? "dropped" : "approved",
});
const outcomes = (
  outcome: OutcomesRecord["outcome"],
  approvedAt: number | undefined,
  ...ids: string[]
): OutcomesRecord => ({
  number: 1,
  outcome,
  endToEndIds: ids,
  proposedBy: zeroAddress,
  approved: approvedAt === undefined ? undefined : { place: placeAt(approvedAt), by: zeroAddress },
});
const NOTHING: TokenHistory = {
  payeeChanges: [],
  transfers: [],
  files: [file(1, false, true)],
  payments: [payment("A", 1, 10n)],
  settled: [],
  outcomes: [],
  redeemed: 0n,
  reversed: 0n,
  escrow: 0n,
  sums: [],
};

describe("the state of a payment", () => {
  const told = (state: PaymentState) => [{ ...payment("A", 1, 10n), state }];
  const cases: readonly [string, Partial<TokenHistory>, PaymentState][] = [
    ["escrowed, without outcomes", {}, "escrowed"],
    ["executed", { outcomes: [outcomes("executed", 5, "A")] }, "executed"],
    [
      "escrowed, as long as the outcome is not approved",
      { outcomes: [outcomes("executed", undefined, "A")] },
      "escrowed",
    ],
    ["refused by the bank", { outcomes: [outcomes("returned", 5, "A")] }, "refused"],
    [
      "reversed: executed, then returned",
      { outcomes: [outcomes("executed", 5, "A"), outcomes("returned", 6, "A")] },
      "reversed",
    ],
    [
      "reversed, in the order of approval and not of proposal",
      { outcomes: [outcomes("returned", 6, "A"), outcomes("executed", 5, "A")] },
      "reversed",
    ],
    ["none: executed twice", { outcomes: [outcomes("executed", 5, "A"), outcomes("executed", 6, "A")] }, "none"],
    ["none: returned twice", { outcomes: [outcomes("returned", 5, "A"), outcomes("returned", 6, "A")] }, "none"],
    [
      "none: executed after it was refused",
      { outcomes: [outcomes("returned", 5, "A"), outcomes("executed", 6, "A")] },
      "none",
    ],
    ["another payment's outcome", { outcomes: [outcomes("executed", 5, "B")] }, "escrowed"],
    ["dropped with its file", { files: [file(1, true, false)], settled: told("dropped") }, "dropped"],
    ["escrowed: of a dropped file, not given back yet", { files: [file(1, true, false)] }, "escrowed"],
    [
      "escrowed: of a dropped file, told otherwise",
      { files: [file(1, true, false)], settled: told("refused") },
      "escrowed",
    ],
    ["escrowed: of a file that stands", { settled: told("dropped") }, "escrowed"],
    [
      "executed: a file that was approved cannot be dropped",
      { files: [file(1, true, true)], settled: told("dropped"), outcomes: [outcomes("executed", 5, "A")] },
      "executed",
    ],
    ["escrowed: another file was dropped", { files: [file(2, true, false)], settled: told("dropped") }, "escrowed"],
  ];
  for (const [name, change, state] of cases) {
    it(name, () => {
      assert.deepEqual(redeemedPayments({ ...NOTHING, ...change }), [{ ...payment("A", 1, 10n), state }]);
    });
  }
});

describe("the tokens of accounts", () => {
  const of = (account: number, amount: bigint, state: PaymentState): RedeemedPayment => ({
    ...payment(state, account, amount),
    state,
  });

  it("are in escrow, redeemed, reversed or transferred", () => {
    const payments = [
      of(1, 1n, "escrowed"),
      of(1, 2n, "escrowed"),
      of(1, 4n, "executed"),
      of(1, 8n, "reversed"),
      of(1, 16n, "refused"),
      of(1, 32n, "dropped"),
      of(1, 64n, "none"),
      of(2, 128n, "executed"),
    ];
    const transfer = (from: number, to: number, amount: bigint) => ({ place: placeAt(1), from, to, amount });
    const tokens = { ...NOTHING, transfers: [transfer(1, 3, 1000n), transfer(2, 3, 500n), transfer(3, 1, 100n)] };
    assert.deepEqual(
      tokenSums(tokens, payments),
      new Map([
        [1, { inEscrow: 3n, redeemed: 12n, reversed: 8n, transferred: -900n }],
        [2, { inEscrow: 0n, redeemed: 128n, reversed: 0n, transferred: -500n }],
        [3, { inEscrow: 0n, redeemed: 0n, reversed: 0n, transferred: 1400n }],
      ]),
    );
  });

  it("are what was paid, less escrow and redeemed, plus reversed and transferred", () => {
    assert.equal(balanceOf(10_000n, { inEscrow: 1n, redeemed: 20n, reversed: 300n, transferred: 4000n }), 14_279n);
    assert.equal(balanceOf(10_000n), 10_000n);
  });
});

describe("the content of a file", () => {
  it("chains account, amount and id of each payment, with number, document, count and total", () => {
    const document = `0x${"d0".repeat(32)}` as const;
    const link = [{ type: "bytes32" }, { type: "uint24" }, { type: "uint64" }, { type: "bytes32" }] as const;
    const content = [
      { type: "uint32" },
      { type: "bytes32" },
      { type: "bytes32" },
      { type: "uint32" },
      { type: "uint64" },
    ] as const;
    const idOf = (text: string) => `0x${Buffer.from(text).toString("hex").padEnd(64, "0")}` as const;
    const first = keccak256(encodeAbiParameters(link, [zeroHash, 4, 7n, idOf("A")]));
    const second = keccak256(encodeAbiParameters(link, [first, 5, 8n, idOf("B-2")]));
    const expected = keccak256(encodeAbiParameters(content, [3, document, second, 2, 15n]));
    assert.equal(fileContentHash(3, document, [payment("A", 4, 7n), payment("B-2", 5, 8n)]), expected);
  });

  it("is what the contract says of it", () => {
    const [file_] = redeemed.tokens.files;
    assert(file_);
    const own = redeemed.tokens.payments.filter(({ file: number }) => number === file_.number);
    assert.equal(fileContentHash(file_.number, file_.documentHash, own), file_.contentHash);
  });
});

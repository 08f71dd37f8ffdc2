/*
 * If any one fact of what became of a community's tokens is another (payees, transfers, files, payments, outcomes, sums), the
 * first difference of its audit says where.
 */

import assert from "node:assert/strict";
import { zeroAddress, zeroHash } from "viem";
import { audit } from "../../settlement/audit.ts";
import { recompute } from "../../settlement/recompute.ts";
import { first, onTokens, onTreasury, type Tampering } from "../support/tampering.ts";
import { redeemed } from "./histories/redeemed.ts";

describe("a history with tampered tokens", () => {
  it("is found in order as it is", async () => assert.deepEqual(await audit(redeemed, recompute(redeemed)), []));

  const PAYEES = /^payees$/;
  const REDEMPTIONS = /^redemptions$/;
  const TOKENS = /^tokens$/;
  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    [
      "a first payee",
      (given) => ({ ...given, accounts: first(given.accounts, () => ({ firstPayee: zeroAddress })) }),
      PAYEES,
      /^payee of account 1 before change 1$/,
    ],
    [
      "a payee",
      (given) => ({ ...given, accounts: first(given.accounts, () => ({ payee: zeroAddress })) }),
      PAYEES,
      /^payee of account 1$/,
    ],
    ["a change left out", onTokens(() => ({ payeeChanges: [] })), PAYEES, /^payee of account 1$/],
    [
      "a change approved by who proposed it",
      onTokens(({ payeeChanges }) => ({
        payeeChanges: first(payeeChanges, ({ proposedBy }) => ({ approvedBy: proposedBy })),
      })),
      PAYEES,
      /^change 1 of a payee approved by$/,
    ],
    [
      "a change that nobody approved",
      onTokens(({ payeeChanges }) => ({ payeeChanges: first(payeeChanges, () => ({ approvedBy: undefined })) })),
      PAYEES,
      /^approval of change 1/,
    ],
    [
      "a file approved by who proposed it",
      onTokens(({ files }) => ({
        files: first(files, ({ approved, openedBy }) => ({ approved: approved && { ...approved, by: openedBy } })),
      })),
      REDEMPTIONS,
      /^file 1 approved by$/,
    ],
    [
      "other content approved",
      onTokens(({ files }) => ({
        files: first(files, ({ approved }) => ({ approved: approved && { ...approved, contentHash: zeroHash } })),
      })),
      REDEMPTIONS,
      /^content that was approved of file 1$/,
    ],
    [
      "the hash of the document",
      onTokens(({ files }) => ({ files: first(files, () => ({ documentHash: zeroHash })) })),
      REDEMPTIONS,
      /^content of file 1$/,
    ],
    [
      "the total of a file",
      onTokens(({ files }) => ({ files: first(files, ({ total }) => ({ total: total + 1n })) })),
      REDEMPTIONS,
      /^total of file 1/,
    ],
    [
      "a file that was never approved",
      onTokens(({ files }) => ({ files: first(files, () => ({ approved: undefined })) })),
      REDEMPTIONS,
      /^payment A$/,
    ],
    [
      "the amount of a payment",
      onTokens(({ payments }) => ({ payments: first(payments, ({ amount }) => ({ amount: amount + 1n })) })),
      REDEMPTIONS,
      /^content of file 1$/,
    ],
    [
      "the account of a payment",
      onTokens(({ payments }) => ({ payments: first(payments, () => ({ account: 2 })) })),
      REDEMPTIONS,
      /^content of file 1$/,
    ],
    [
      "a payment left out",
      onTokens(({ payments }) => ({ payments: payments.slice(1) })),
      REDEMPTIONS,
      /^content of file 1$/,
    ],
    [
      "a payment twice",
      onTokens(({ payments }) => ({ payments: [...payments, ...payments.slice(0, 1)] })),
      REDEMPTIONS,
      /^end-to-end id A$/,
    ],
    [
      "outcomes approved by who proposed them",
      onTokens(({ outcomes }) => ({
        outcomes: first(outcomes, ({ approved, proposedBy }) => ({
          approved: approved && { ...approved, by: proposedBy },
        })),
      })),
      REDEMPTIONS,
      /^outcomes 1 approved by$/,
    ],
    [
      "outcomes that nobody approved",
      onTokens(({ outcomes }) => ({ outcomes: first(outcomes, () => ({ approved: undefined })) })),
      REDEMPTIONS,
      /^state of payment A$/,
    ],
    [
      "an outcome",
      onTokens(({ outcomes }) => ({ outcomes: first(outcomes, () => ({ outcome: "returned" })) })),
      REDEMPTIONS,
      /^state of payment A$/,
    ],
    [
      "a payment told as settled",
      onTokens(({ settled }) => ({ settled: settled.filter(({ endToEndId }) => endToEndId !== "C") })),
      REDEMPTIONS,
      /^state of payment C$/,
    ],
    [
      "what an account has in escrow",
      onTokens(({ sums }) => ({ sums: first(sums, () => ({ inEscrow: 1n })) })),
      TOKENS,
      /^in escrow of account 1/,
    ],
    [
      "what an account redeemed",
      onTokens(({ sums }) => ({ sums: first(sums, () => ({ redeemed: 1n })) })),
      TOKENS,
      /^redeemed by account 1/,
    ],
    [
      "what came back to an account",
      onTokens(({ sums }) => ({ sums: first(sums, () => ({ reversed: 1n })) })),
      TOKENS,
      /^reversed to account 1/,
    ],
    [
      "a transfer that never was",
      onTokens(({ files }) => ({ transfers: files.map(({ place }) => ({ place, from: 1, to: 2, amount: 1n })) })),
      TOKENS,
      /^tokens of account 1/,
    ],
    ["what was redeemed in all", onTokens(() => ({ redeemed: 0n })), TOKENS, /^redeemed in all/],
    ["what was reversed in all", onTokens(() => ({ reversed: 0n })), TOKENS, /^reversed in all/],
    ["what is in escrow", onTokens(({ escrow }) => ({ escrow: escrow + 1n })), TOKENS, /^tokens in escrow/],
    [
      "tokens",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ balance }) => ({ balance: balance + 1n })) })),
      TOKENS,
      /^tokens of account 1/,
    ],
    ["the token's supply", onTreasury(({ supply }) => ({ supply: supply + 1n })), TOKENS, /^token supply/],
  ];

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(redeemed);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
      assert.notEqual(difference.chain, difference.recomputed);
    });
  }
});

/*
 * CreditToken
 *   approve, transfer, transferFrom → refused, whoever calls
 *   pay by anyone but the treasury → refused
 *   paid by a run: the payee's balance and the supply grow by the payout, to the micro-euro
 */

import assert from "node:assert/strict";
import { creditTokenAbi, treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { receiptOf, tokenCalls } from "../support/communityCalls.ts";
import { FIRST_MONTH, openStage, ROLES, type Stage } from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";
import { book, closedMonthCommunity, settle } from "../support/runsOnChain.ts";

describe("CreditToken", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage();
    at = await closedMonthCommunity(stage, 5);
  });
  after(() => stage.chain.close());

  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: creditTokenAbi, address: at.token, functionName, args });

  for (const name of ["approve", "transfer", "transferFrom"] as const) {
    it(`refuses ${name}, whoever calls and whatever the amount: TransfersOff`, async () => {
      const { stranger, treasurer } = stage.people;
      for (const role of ROLES) {
        for (const amount of [0n, 1n]) {
          const calls = tokenCalls(at);
          const call =
            name === "transferFrom"
              ? calls.transferFrom(treasurer.address, stranger.address, amount)
              : calls[name](stranger.address, amount);
          await assertRefused(send(stage, role, call), "TransfersOff", []);
        }
      }
    });
  }

  it("is paid out by the treasury only: NotTreasury", async () => {
    for (const role of ROLES) {
      const { address } = stage.people[role];
      await assertRefused(send(stage, role, tokenCalls(at).pay([address], [1n])), "NotTreasury", [address]);
      await assertRefused(send(stage, role, tokenCalls(at).pay([], [])), "NotTreasury", [address]);
    }
  });

  it("has six decimals, a name, and its community's treasury", async () => {
    assert.deepEqual([await view("decimals"), await view("symbol"), await view("treasury")], [6, "CER", at.treasury]);
    assert.equal(
      await read(stage, { abi: treasuryAbi, address: at.treasury, functionName: "token", args: [] }),
      at.token,
    );
  });

  it("grows by what a run pays and by nothing else", async () => {
    assert.equal(await view("totalSupply"), 0n);
    await book(stage, at, receiptOf(FIRST_MONTH, 1_230_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    assert.equal(await view("totalSupply"), 1_230_000n);
  });
});

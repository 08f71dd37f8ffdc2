/*
 * CreditToken
 *   approve, transfer, transferFrom → refused, whoever calls
 *   pay by anyone but the treasury → refused
 *   escrow, release, burn, restore by anyone but Redemptions, move by anyone but Community → refused
 *   setTransfers is the council's, proposeAccreditation the secretary's, accredit and its withdrawal the president's
 *   accredit: not proposed, by the proposer, a fund or a producer → refused
 *   transfer, once turned on: by anyone but a member, to anyone but an open accredited account → refused; turned off again,
 *     or the accreditation withdrawn → refused
 *   paid by a run: the payee's balance and the supply grow by the payout, to the micro-euro
 */

import assert from "node:assert/strict";
import { type Address, parseEventLogs } from "viem";
import { creditTokenAbi, treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { readHistory } from "../../chain/history.ts";
import { approvePayee, executePayee, nextWalletLink, proposePayee, signWalletLink } from "../../chain/payees.ts";
import { Sender } from "../../chain/send.ts";
import { audit } from "../../settlement/audit.ts";
import { recompute } from "../../settlement/recompute.ts";
import { communityCalls, enrolment, ROLE_IDS, receiptOf, rolesCalls, tokenCalls } from "../support/communityCalls.ts";
import { FIRST_MONTH, keyOf, openStage, ROLES, type Stage } from "../support/communityOnChain.ts";
import { paidCommunity } from "../support/redemptionsOnChain.ts";
import { assertRefused, itIsRestricted, read, send } from "../support/refusals.ts";
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

  it("is escrowed, released, burnt and restored by redemptions only, moved by the community only", async () => {
    const calls = tokenCalls(at);
    for (const role of ROLES) {
      const { address } = stage.people[role];
      for (const call of [calls.escrow([], []), calls.release([], []), calls.burn(0n), calls.restore([], [])]) {
        await assertRefused(send(stage, role, call), "NotRedemptions", [address]);
      }
      await assertRefused(send(stage, role, calls.move(address, address)), "NotCommunity", [address]);
    }
  });

  const names = ["setTransfers", "proposeAccreditation", "accredit", "withdrawAccreditation"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "council", call: () => tokenCalls(at).setTransfers(true) },
      { allowed: "secretary", call: () => tokenCalls(at).proposeAccreditation(1) },
      { allowed: "president", call: () => tokenCalls(at).accredit(1) },
      { allowed: "president", call: () => tokenCalls(at).withdrawAccreditation(1) },
    ],
    (index) => `${names[index]}`,
  );

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

  describe("transfers", () => {
    const member = new Map<string, Sender>();
    let supplier: Address;
    let own: CommunityAddresses;
    const calls = () => tokenCalls(own);
    const [FUND, SUPPLIER] = [4, 7];

    beforeEach(async () => {
      own = await paidCommunity(stage, 3);
      for (const [account, name] of [
        [1, "member"],
        [FUND, "fund"],
      ] as const) {
        const key = keyOf(`wallet of the ${name}`);
        const link = await nextWalletLink(stage.client, own.community, account, key.address);
        const signature = await signWalletLink(key, EMBEDDED_CHAIN_ID, own.community, link);
        const change = await proposePayee(stage.people.secretary, own.community, account, {
          to: key.address,
          signature,
        });
        stage.chain.advanceTo(await approvePayee(stage.people.president, own.community, account, change));
        await executePayee(stage.people.stranger, own.community, account);
        member.set(name, new Sender(stage.client, key));
      }
      supplier = keyOf("wallet of a supplier").address;
      const producer = keyOf("wallet of a producer").address;
      const enrolments = [enrolment("supplier", supplier), enrolment("producer", producer)];
      await send(stage, "secretary", communityCalls(own).enrol(enrolments));
    });

    const pay = (who: "member" | "fund", to: Address, amount = 1_000_000n) =>
      sender(who).send(calls().transfer(to, amount));
    const sender = (who: "member" | "fund"): Sender => {
      const found = member.get(who);
      assert(found);
      return found;
    };
    const accredit = async (account: number) => {
      await send(stage, "secretary", calls().proposeAccreditation(account));
      await send(stage, "president", calls().accredit(account));
    };

    it("are off, go from members to accredited accounts once they are on, and can be turned off again", async () => {
      await accredit(SUPPLIER);
      await assertRefused(pay("member", supplier), "TransfersOff", []);
      await send(stage, "council", calls().setTransfers(true));
      const receipt = await pay("member", supplier);
      const [event] = parseEventLogs({ abi: creditTokenAbi, eventName: "AccountTransfer", logs: receipt.logs });
      assert.deepEqual(event?.args, { from: 1, to: SUPPLIER, amount: 1_000_000n });
      assert.deepEqual(await audited(own), []);
      await send(stage, "council", calls().setTransfers(false));
      await assertRefused(pay("member", supplier), "TransfersOff", []);
    });

    it("reach open accredited accounts only: ReceiverNotAccredited", async () => {
      await send(stage, "council", calls().setTransfers(true));
      const { address } = stage.people.stranger;
      await assertRefused(pay("member", supplier), "ReceiverNotAccredited", [supplier]);
      await assertRefused(pay("member", address), "ReceiverNotAccredited", [address]);
      await accredit(SUPPLIER);
      await pay("member", supplier);
      await send(stage, "secretary", communityCalls(own).closeAccount(SUPPLIER));
      await assertRefused(pay("member", supplier), "ReceiverNotAccredited", [supplier]);
    });

    it("come from members only: SenderNotMember", async () => {
      await accredit(SUPPLIER);
      await send(stage, "council", calls().setTransfers(true));
      const { address } = stage.people.stranger;
      await assertRefused(pay("fund", supplier), "SenderNotMember", [sender("fund").address]);
      await assertRefused(send(stage, "stranger", calls().transfer(supplier, 0n)), "SenderNotMember", [address]);
    });

    it("need an accreditation by two persons, which one can withdraw: AccreditationNotProposed, SamePerson, NotAccredited", async () => {
      const { president } = stage.people;
      await assertRefused(send(stage, "president", calls().accredit(SUPPLIER)), "AccreditationNotProposed", [SUPPLIER]);
      const withdraw = () => send(stage, "president", calls().withdrawAccreditation(SUPPLIER));
      await assertRefused(withdraw(), "NotAccredited", [SUPPLIER]);
      await send(stage, "secretary", calls().proposeAccreditation(SUPPLIER));
      await withdraw();
      await assertRefused(send(stage, "president", calls().accredit(SUPPLIER)), "AccreditationNotProposed", [SUPPLIER]);
      await send(stage, "council", rolesCalls(own).grantRole(ROLE_IDS.secretary, president.address));
      await send(stage, "president", calls().proposeAccreditation(SUPPLIER));
      await assertRefused(send(stage, "president", calls().accredit(SUPPLIER)), "SamePerson", [president.address]);
      await accredit(SUPPLIER);
      await send(stage, "council", calls().setTransfers(true));
      await pay("member", supplier);
      await withdraw();
      await assertRefused(pay("member", supplier), "ReceiverNotAccredited", [supplier]);
    });

    it("are for suppliers and members: CannotBeAccredited", async () => {
      for (const account of [FUND, 6]) {
        const proposal = send(stage, "secretary", calls().proposeAccreditation(account));
        await assertRefused(proposal, "CannotBeAccredited", [account]);
      }
      await send(stage, "secretary", calls().proposeAccreditation(2));
    });

    async function audited(addresses: CommunityAddresses) {
      const history = await readHistory(stage.client, addresses);
      return audit(history, recompute(history));
    }
  });
});

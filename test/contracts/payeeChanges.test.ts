/*
 * Community: changes of payee
 *   proposePayee: not the secretary's, an unknown account, another's or a former payee of another, a keyless address, the
 *     same payee, another change pending, a signature that is missing, another's or of another change → refused
 *   approvePayee: not the president's, unknown, another number, twice, the proposer → refused
 *   objectToPayee: neither the auditor's nor the old wallet's, twice, without a reason → refused; then nothing is executed
 *   withdrawPayeeObjection: another's than who objected or the auditor's → refused; the auditor's dismissal is final
 *   dropPayee: neither the secretary's nor the president's → refused
 *   executePayee: not approved, too early, objected to → refused; else the payee changes and the whole balance moves,
 *     what is in escrow stays the account's
 */

import assert from "node:assert/strict";
import { type Address, type Hex, parseEventLogs, zeroAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { communityAbi, creditTokenAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { approvePayee, executePayee, nextWalletLink, proposePayee, signWalletLink } from "../../chain/payees.ts";
import { idOf } from "../../chain/redemption.ts";
import { Sender } from "../../chain/send.ts";
import { communityCalls, enrolment, RETURNED, ROLE_IDS, rolesCalls } from "../support/communityCalls.ts";
import { keyOf, OBJECTION_SECONDS, openStage, type Stage } from "../support/communityOnChain.ts";
import { approvedFile, paidCommunity, settleOutcomes, transferOf } from "../support/redemptionsOnChain.ts";
import { assertRefused, itIsRestricted, send } from "../support/refusals.ts";

const EURO = 1_000_000n;

describe("changes of payee", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => communityCalls(at);
  const wallet = keyOf("a first wallet");
  const newWallet = keyOf("a new wallet");

  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await paidCommunity(stage, 3);
  });
  after(() => stage.chain.close());

  const payeeOf = (account: number): Promise<Address> =>
    stage.client.readContract({ abi: communityAbi, address: at.community, functionName: "payeeOf", args: [account] });
  const accountOf = (payee: Address) =>
    stage.client.readContract({ abi: communityAbi, address: at.community, functionName: "accountOf", args: [payee] });
  const tokensAt = (address: Address) =>
    stage.client.readContract({ abi: creditTokenAbi, address: at.token, functionName: "balanceOf", args: [address] });

  async function signedBy(key: PrivateKeyAccount, account: number, to = key.address): Promise<Hex> {
    const link = await nextWalletLink(stage.client, at.community, account, to);
    return signWalletLink(key, EMBEDDED_CHAIN_ID, at.community, link);
  }
  async function proposed(key: PrivateKeyAccount, account = 1): Promise<number> {
    const signature = await signedBy(key, account);
    return proposePayee(stage.people.secretary, at.community, account, { to: key.address, signature });
  }
  async function approved(key: PrivateKeyAccount, account = 1): Promise<number> {
    const change = await proposed(key, account);
    return approvePayee(stage.people.president, at.community, account, change);
  }
  async function link(key: PrivateKeyAccount, account = 1): Promise<void> {
    stage.chain.advanceTo(await approved(key, account));
    await executePayee(stage.people.stranger, at.community, account);
  }

  itIsRestricted(
    () => stage,
    [
      { allowed: "secretary", call: () => calls().proposePayee(1, wallet.address) },
      { allowed: "president", call: () => calls().approvePayee(1, 1) },
    ],
    (index) => ["proposePayee", "approvePayee"][index] ?? "",
  );

  it("moves the whole balance with the payee, keeps what is in escrow the account's, and says so", async () => {
    const old = await payeeOf(1);
    const before = await tokensAt(old);
    await approvedFile(stage, at, [transferOf(1, EURO, "A")]);
    const from = await approved(wallet);
    assert.equal(from, stage.chain.time() + OBJECTION_SECONDS);
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeTooEarly", [from]);
    stage.chain.advanceTo(from - 1);
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeTooEarly", [from]);
    stage.chain.advanceTo(from);
    const receipt = await send(stage, "stranger", calls().executePayee(1));
    const [event] = parseEventLogs({ abi: communityAbi, eventName: "PayeeChanged", logs: receipt.logs });
    assert.deepEqual(event?.args, { account: 1, change: 1, from: old, to: wallet.address });
    assert.equal(await payeeOf(1), wallet.address);
    assert.deepEqual([await accountOf(wallet.address), await accountOf(old)], [1, 0]);
    assert.deepEqual([await tokensAt(wallet.address), await tokensAt(old)], [before - EURO, 0n]);
    await settleOutcomes(stage, at, RETURNED, [idOf("A")]);
    assert.equal(await tokensAt(wallet.address), before);
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeUnknown", [1, 0]);
  });

  it("takes a wallet's signature over this very change only: WalletSignatureInvalid", async () => {
    const propose = (signature: Hex, account = 1) =>
      send(stage, "secretary", calls().proposePayee(account, wallet.address, signature));
    const invalid = "WalletSignatureInvalid";
    await assertRefused(propose("0x"), invalid, [wallet.address]);
    await assertRefused(propose(await signedBy(newWallet, 1, wallet.address)), invalid, [wallet.address]);
    await assertRefused(propose(await signedBy(wallet, 2)), invalid, [wallet.address]);
    const link = await nextWalletLink(stage.client, at.community, 1, wallet.address);
    const stale = await signWalletLink(wallet, EMBEDDED_CHAIN_ID, at.community, { ...link, change: link.change + 1 });
    await assertRefused(propose(stale), invalid, [wallet.address]);
    const elsewhere = await signWalletLink(wallet, EMBEDDED_CHAIN_ID, at.treasury, link);
    await assertRefused(propose(elsewhere), invalid, [wallet.address]);
    await propose(await signedBy(wallet, 1));
  });

  it("refuses payees that are another's, keyless, the same, and accounts that are not there", async () => {
    const propose = (account: number, to: Address) => send(stage, "secretary", calls().proposePayee(account, to));
    await send(stage, "secretary", calls().enrol([enrolment("member", newWallet.address)]));
    await assertRefused(propose(1, newWallet.address), "PayeeTaken", [newWallet.address, 7]);
    const other = await payeeOf(2);
    await assertRefused(propose(1, other), "KeylessWallet", [other]);
    await assertRefused(propose(1, zeroAddress), "PayeeUnchanged", [1, await payeeOf(1)]);
    await assertRefused(propose(9, wallet.address), "AccountUnknown", [9]);
    await link(wallet);
    await link(keyOf("a third wallet"));
    await assertRefused(propose(2, wallet.address), "PayeeTaken", [wallet.address, 1]);
    await assertRefused(send(stage, "secretary", calls().enrol([enrolment("member", wallet.address)])), "PayeeTaken", [
      wallet.address,
      1,
    ]);
    await link(wallet);
    assert.equal(await payeeOf(1), wallet.address);
  });

  it("goes back to the keyless address without a signature", async () => {
    const keyless = await payeeOf(1);
    await link(wallet);
    const change = await proposePayee(stage.people.secretary, at.community, 1, undefined);
    stage.chain.advanceTo(await approvePayee(stage.people.president, at.community, 1, change));
    await executePayee(stage.people.stranger, at.community, 1);
    assert.equal(await payeeOf(1), keyless);
  });

  it("refuses a change whose payee another account has got meanwhile: PayeeTaken", async () => {
    stage.chain.advanceTo(await approved(wallet));
    await send(stage, "secretary", calls().enrol([enrolment("member", wallet.address)]));
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeTaken", [wallet.address, 7]);
  });

  it("has one change pending, approved once, by its number: PayeeChangePending, -Unknown, -AlreadyApproved, -NotApproved", async () => {
    await assertRefused(send(stage, "president", calls().approvePayee(1, 0)), "PayeeChangeUnknown", [1, 0]);
    const change = await proposed(wallet);
    const second = send(stage, "secretary", calls().proposePayee(1, newWallet.address));
    await assertRefused(second, "PayeeChangePending", [1, change]);
    await assertRefused(send(stage, "president", calls().approvePayee(1, 2)), "PayeeChangeUnknown", [1, 2]);
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeNotApproved", [1]);
    await send(stage, "president", calls().approvePayee(1, change));
    await assertRefused(send(stage, "president", calls().approvePayee(1, change)), "PayeeChangeAlreadyApproved", [1]);
  });

  it("is never approved by who proposed, though one person has both roles: SamePerson", async () => {
    const { president } = stage.people;
    await send(stage, "council", rolesCalls(at).grantRole(ROLE_IDS.secretary, president.address));
    await proposePayee(president, at.community, 1, { to: wallet.address, signature: await signedBy(wallet, 1) });
    await assertRefused(send(stage, "president", calls().approvePayee(1, 1)), "SamePerson", [president.address]);
  });

  it("is stopped by the old wallet, which only the auditor can overrule, for good", async () => {
    await link(wallet);
    const owner = new Sender(stage.client, wallet);
    stage.chain.advanceTo(await approved(newWallet));
    await assertRefused(owner.send(calls().objectToPayee(1, "")), "ReasonMissing", []);
    await owner.send(calls().objectToPayee(1, "I have not lost it"));
    await assertRefused(owner.send(calls().objectToPayee(1, "again")), "PayeeChangeObjectedTo", [1, wallet.address]);
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeObjectedTo", [1, wallet.address]);
    const { address } = stage.people.secretary;
    await assertRefused(send(stage, "secretary", calls().withdrawPayeeObjection(1)), "CannotWithdraw", [address]);
    await owner.send(calls().withdrawPayeeObjection(1));
    await owner.send(calls().objectToPayee(1, "a thief objects as well"));
    await send(stage, "auditor", calls().withdrawPayeeObjection(1));
    await assertRefused(owner.send(calls().objectToPayee(1, "again")), "ObjectionDismissed", [1]);
    await send(stage, "stranger", calls().executePayee(1));
    assert.equal(await payeeOf(1), newWallet.address);
  });

  it("is stopped by the auditor until withdrawn, and by nobody else: CannotObject, PayeeChangeNotObjectedTo", async () => {
    await assertRefused(send(stage, "auditor", calls().objectToPayee(1, "why?")), "PayeeChangeUnknown", [1, 0]);
    stage.chain.advanceTo(await approved(wallet));
    for (const role of ["secretary", "president", "treasurer", "stranger"] as const) {
      const { address } = stage.people[role];
      await assertRefused(send(stage, role, calls().objectToPayee(1, "why?")), "CannotObject", [address]);
    }
    await assertRefused(send(stage, "auditor", calls().withdrawPayeeObjection(1)), "PayeeChangeNotObjectedTo", [1]);
    await send(stage, "auditor", calls().objectToPayee(1, "why?"));
    const { address } = stage.people.auditor;
    await assertRefused(send(stage, "stranger", calls().executePayee(1)), "PayeeChangeObjectedTo", [1, address]);
    await send(stage, "auditor", calls().withdrawPayeeObjection(1));
    await send(stage, "stranger", calls().executePayee(1));
  });

  it("is given up by secretary or president: NotSecretaryOrPresident", async () => {
    for (const role of ["secretary", "president"] as const) {
      const change = await proposed(wallet);
      const { address } = stage.people.treasurer;
      await assertRefused(send(stage, "treasurer", calls().dropPayee(1)), "NotSecretaryOrPresident", [address]);
      const receipt = await send(stage, role, calls().dropPayee(1));
      const [event] = parseEventLogs({ abi: communityAbi, eventName: "PayeeChangeDropped", logs: receipt.logs });
      assert.deepEqual(event?.args, { account: 1, change, by: stage.people[role].address });
      await assertRefused(send(stage, role, calls().dropPayee(1)), "PayeeChangeUnknown", [1, 0]);
    }
  });
});

/** The history of a community whose members redeemed what they were paid: executed, returned, dropped; one has a new wallet. */

import { EMBEDDED_CHAIN_ID } from "../../chain/embedded.ts";
import { readHistory } from "../../chain/history.ts";
import { approvePayee, executePayee, nextWalletLink, proposePayee, signWalletLink } from "../../chain/payees.ts";
import { idOf } from "../../chain/redemption.ts";
import type { History } from "../../settlement/history.ts";
import { EXECUTED, RETURNED, redemptionCalls } from "./communityCalls.ts";
import { keyOf, type Stage } from "./communityOnChain.ts";
import { approvedFile, paidCommunity, proposedFile, settleOutcomes, transferOf } from "./redemptionsOnChain.ts";
import { send } from "./refusals.ts";

const EURO = 1_000_000n;

export async function redeemedHistory(stage: Stage): Promise<History> {
  const at = await paidCommunity(stage);
  await approvedFile(stage, at, [
    transferOf(1, EURO, "A"),
    transferOf(1, 2n * EURO, "B"),
    transferOf(2, EURO, "C"),
    transferOf(3, EURO, "D"),
  ]);
  await settleOutcomes(stage, at, EXECUTED, [idOf("A"), idOf("B")]);
  await settleOutcomes(stage, at, RETURNED, [idOf("B"), idOf("C")]);
  const dropped = await proposedFile(stage, at, [transferOf(1, EURO, "E")]);
  await send(stage, "treasurer", redemptionCalls(at).drop(dropped, [idOf("E")]));
  const wallet = keyOf("a wallet");
  const link = await nextWalletLink(stage.client, at.community, 1, wallet.address);
  const signature = await signWalletLink(wallet, EMBEDDED_CHAIN_ID, at.community, link);
  const proposal = { to: wallet.address, signature };
  const change = await proposePayee(stage.people.secretary, at.community, 1, proposal);
  stage.chain.advanceTo(await approvePayee(stage.people.president, at.community, 1, change));
  await executePayee(stage.people.stranger, at.community, 1);
  return readHistory(stage.client, at);
}

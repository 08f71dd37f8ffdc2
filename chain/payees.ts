/** Changes of an account's payee: a first wallet, a new one, a lost one replaced, heirs. */

import { type Address, type Hex, parseEventLogs, zeroAddress } from "viem";
import type { LocalAccount } from "viem/accounts";
import { communityAbi } from "./abi.ts";
import { events } from "./events.ts";
import type { ChainClient, Sender } from "./send.ts";

export type WalletLink = {
  readonly account: number;
  readonly from: Address;
  readonly to: Address;
  /** The number that the change will have. */
  readonly change: number;
};

/** What a new wallet signs. */
export function walletLinkData(chainId: number, community: Address, message: WalletLink) {
  return {
    domain: { name: "Condivisa Community", version: "1", chainId, verifyingContract: community },
    types: {
      LinkWallet: [
        { name: "account", type: "uint24" },
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "change", type: "uint32" },
      ],
    },
    primaryType: "LinkWallet",
    message,
  } as const;
}

/** The link that a wallet would sign now. */
export async function nextWalletLink(
  client: ChainClient,
  community: Address,
  account: number,
  to: Address,
): Promise<WalletLink> {
  const call = { abi: communityAbi, address: community } as const;
  const from = await client.readContract({ ...call, functionName: "payeeOf", args: [account] });
  const change = (await client.readContract({ ...call, functionName: "payeeChangeCount" })) + 1;
  return { account, from, to, change };
}

export function signWalletLink(
  wallet: LocalAccount,
  chainId: number,
  community: Address,
  link: WalletLink,
): Promise<Hex> {
  return wallet.signTypedData(walletLinkData(chainId, community, link));
}

/**
 * Proposes another payee.
 * @param link undefined to go back to the address that nobody holds a key to
 * @returns the change's number
 */
export async function proposePayee(
  secretary: Sender,
  community: Address,
  account: number,
  link: { readonly to: Address; readonly signature: Hex } | undefined,
): Promise<number> {
  const args = [account, link?.to ?? zeroAddress, link?.signature ?? "0x"] as const;
  const proposed = await secretary.send({ abi: communityAbi, address: community, functionName: "proposePayee", args });
  const [event] = parseEventLogs({ abi: communityAbi, eventName: "PayeeChangeProposed", logs: proposed.logs });
  if (event === undefined) throw new Error("proposing the payee: the community did not say which change it is");
  return event.args.change;
}

/** Approves a change; returns when it can be executed, in seconds since the Unix epoch. */
export async function approvePayee(
  president: Sender,
  community: Address,
  account: number,
  change: number,
): Promise<number> {
  const args = [account, change] as const;
  const approved = await president.send({ abi: communityAbi, address: community, functionName: "approvePayee", args });
  const [event] = parseEventLogs({ abi: communityAbi, eventName: "PayeeChangeApproved", logs: approved.logs });
  if (event === undefined) throw new Error("approving the payee: the community did not say from when");
  return event.args.executableFrom;
}

export async function executePayee(anyone: Sender, community: Address, account: number): Promise<void> {
  await anyone.send({ abi: communityAbi, address: community, functionName: "executePayee", args: [account] });
}

/** Stops a change. The auditor's, or the account's present wallet's. */
export async function objectToPayee(
  objector: Sender,
  community: Address,
  account: number,
  reason: string,
): Promise<void> {
  const args = [account, reason] as const;
  await objector.send({ abi: communityAbi, address: community, functionName: "objectToPayee", args });
}

/** Lets a change go on. The objector's; the auditor can also dismiss the old wallet's objection. */
export async function withdrawPayeeObjection(objector: Sender, community: Address, account: number): Promise<void> {
  const call = { abi: communityAbi, address: community, functionName: "withdrawPayeeObjection" } as const;
  await objector.send({ ...call, args: [account] });
}

/** Gives a change up. The secretary's and the president's. */
export async function dropPayee(officer: Sender, community: Address, account: number): Promise<void> {
  await officer.send({ abi: communityAbi, address: community, functionName: "dropPayee", args: [account] });
}

export type PayeeChangeState = "proposed" | "approved" | "completed" | "cancelled";

/** A change of payee and how far it is. */
export type PayeeChange = {
  readonly number: number;
  readonly account: number;
  readonly from: Address;
  readonly to: Address;
  readonly state: PayeeChangeState;
  readonly proposedBy: Address;
  readonly approvedBy: Address | undefined;
  /** When it can be carried out, in seconds since the Unix epoch; until then at least, objections are possible. */
  readonly executableFrom: number | undefined;
  /** The objection that stands. */
  readonly objection: { readonly by: Address; readonly reason: string } | undefined;
};

/** Every change that was ever proposed, by its number. */
export async function readPayeeProposals(client: ChainClient, community: Address): Promise<PayeeChange[]> {
  const read = <TName extends PayeeEvent>(name: TName) => events(client, communityAbi, community, name);
  const proposed = await read("PayeeChangeProposed");
  const approved = await read("PayeeChangeApproved");
  const objected = await read("PayeeChangeObjected");
  const withdrawn = await read("PayeeObjectionWithdrawn");
  const dropped = await read("PayeeChangeDropped");
  const completed = await read("PayeeChanged");
  return proposed.map(({ args: { account, change, from, to, by } }) => {
    const ofChange = (log: { args: { change: number } }) => log.args.change === change;
    const approval = approved.find(ofChange)?.args;
    const objections = objected.filter(ofChange);
    const stands = objections.length > withdrawn.filter(ofChange).length ? objections.at(-1)?.args : undefined;
    return {
      number: change,
      account,
      from,
      to,
      state: completed.some(ofChange)
        ? "completed"
        : dropped.some(ofChange)
          ? "cancelled"
          : approval === undefined
            ? "proposed"
            : "approved",
      proposedBy: by,
      approvedBy: approval?.by,
      executableFrom: approval?.executableFrom,
      objection: stands && { by: stands.by, reason: stands.reason },
    };
  });
}

type PayeeEvent =
  | "PayeeChangeProposed"
  | "PayeeChangeApproved"
  | "PayeeChangeObjected"
  | "PayeeObjectionWithdrawn"
  | "PayeeChangeDropped"
  | "PayeeChanged";

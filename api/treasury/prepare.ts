/** From an action to transactions that a wallet or a multisig can send: decoded, and tried beforehand. */

import { type Abi, type AbiParameter, type Address, encodeFunctionData, getAbiItem, type Hex } from "viem";
import type { Call } from "../../chain/call.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { TRANSACTION_GAS_CAP } from "../../chain/embedded.ts";
import { ContractRefusedError, explain } from "../../chain/errors.ts";
import type { ChainClient } from "../../chain/send.ts";
import type { Action } from "./actions.ts";
import type { TreasuryContext } from "./context.ts";
import type { Planned, Words } from "./planned.ts";
import { planAdjustYear, planReceipt, planSplitAdjustment } from "./receipts.ts";
import {
  type OrderOf,
  planApproveFile,
  planApproveOutcomes,
  planDropFile,
  planFile,
  planFileObjection,
  planOutcomes,
  planWithdrawFileObjection,
} from "./redemptions.ts";
import {
  planApproveRun,
  planContinueRun,
  planDropRun,
  planOpenRun,
  planPayRun,
  planRunObjection,
  planWithdrawRunObjection,
} from "./runs.ts";

/** So many are given at once: the rest when these are in blocks. */
export const MOST_TRANSACTIONS = 100;

export type Check =
  | { readonly result: "accepted" }
  | { readonly result: "refused"; readonly error: string; readonly reason: string }
  | { readonly result: "needs-earlier" };

export type PreparedTransaction = {
  readonly to: Address;
  readonly data: Hex;
  readonly value: "0";
  readonly chainId: number;
  readonly description: Words;
  readonly call: {
    readonly contract: string;
    readonly function: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
  readonly check: Check;
};

export type Prepared = {
  readonly from: Address;
  /** By the state of which they were tried. */
  readonly block: number;
  readonly transactions: readonly PreparedTransaction[];
  /** More follow: ask again once these are in blocks. */
  readonly more: boolean;
};

/** @throws Problem that says why an action cannot be prepared */
export async function plan(
  context: TreasuryContext,
  community: number,
  at: CommunityAddresses,
  action: Action,
  orderOf: OrderOf,
): Promise<Planned[]> {
  switch (action.kind) {
    case "book-receipt":
      return planReceipt(at, action);
    case "adjust-year":
      return planAdjustYear(at, action);
    case "split-adjustment":
      return planSplitAdjustment(context.reader, community, at, action);
    case "open-run":
      return planOpenRun(at, action);
    case "continue-run":
      return planContinueRun(context, at, action);
    case "approve-run":
      return planApproveRun(context, community, at, action);
    case "pay-run":
      return planPayRun(context, community, at, action);
    case "object-to-run":
      return planRunObjection(at, action);
    case "withdraw-run-objection":
      return planWithdrawRunObjection(at, action.run);
    case "drop-run":
      return planDropRun(at, action.run);
    case "propose-redemption-file":
      return planFile(context, at, action.documentHash, orderOf(action.documentHash));
    case "approve-redemption-file":
      return planApproveFile(context, at, action, orderOf);
    case "object-to-redemption-file":
      return planFileObjection(at, action);
    case "withdraw-redemption-file-objection":
      return planWithdrawFileObjection(at, action.file);
    case "drop-redemption-file":
      return planDropFile(context, at, action.file);
    case "propose-outcomes":
      return planOutcomes(context, at, action);
    case "approve-outcomes":
      return planApproveOutcomes(context, at, action.number);
  }
}

/** Encodes, decodes again for who reads, and tries what can be tried. Nothing is sent. */
export async function prepare(
  client: ChainClient,
  at: CommunityAddresses,
  from: Address,
  all: readonly Planned[],
): Promise<Prepared> {
  const block = Number(await client.getBlockNumber());
  const shown = all.slice(0, MOST_TRANSACTIONS);
  const transactions = await Promise.all(
    shown.map(async ({ call, description, needsEarlier }): Promise<PreparedTransaction> => {
      const data = encodeFunctionData<Abi, string>(call);
      return {
        ...{ to: call.address, data, value: "0", chainId: client.chain.id, description },
        call: { contract: nameOf(at, call.address), function: call.functionName, arguments: namedArguments(call) },
        check: needsEarlier ? { result: "needs-earlier" } : await tried(client, from, call, data),
      };
    }),
  );
  return { from, block, transactions, more: shown.length < all.length };
}

/** As the sender of a transaction tries it. */
async function tried(client: ChainClient, from: Address, call: Call, data: Hex): Promise<Check> {
  try {
    await client.call({ account: from, to: call.address, data, gas: TRANSACTION_GAS_CAP, blockTag: "pending" });
    return { result: "accepted" };
  } catch (error) {
    const explained = explain(call.functionName, error);
    if (!(explained instanceof ContractRefusedError)) throw explained;
    return { result: "refused", error: explained.errorName, reason: explained.sentence };
  }
}

function nameOf(at: CommunityAddresses, address: Address): string {
  const known = [
    ["Treasury", at.treasury],
    ["ReceiptBook", at.receiptBook],
    ["Redemptions", at.redemptions],
  ] as const;
  return known.find(([, own]) => own === address)?.[0] ?? address;
}

function namedArguments({ abi, functionName, args }: Call): Record<string, unknown> {
  const item = getAbiItem<Abi, string>({ abi, name: functionName });
  const inputs = item !== undefined && "inputs" in item ? (item.inputs ?? []) : [];
  return Object.fromEntries(inputs.map(({ name }: AbiParameter, index) => [name ?? String(index), args[index]]));
}

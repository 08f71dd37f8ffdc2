/** The calls of a community's contracts, ready to send. */

import { type Address, encodePacked, type Hex, keccak256, zeroAddress, zeroHash } from "viem";
import {
  communityAbi,
  communityRolesAbi,
  creditTokenAbi,
  energyLedgerAbi,
  receiptBookAbi,
  redemptionsAbi,
  ruleBookAbi,
  treasuryAbi,
} from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import type { WriteOff } from "../../chain/writeOffs.ts";
import type { EncodedBatch } from "../../settlement/batch.ts";
import { ACCOUNT_KINDS, type AccountKind, RECEIPT_KINDS, type ReceiptKind } from "../../settlement/history.ts";
import type { Month } from "../../settlement/hours.ts";
import type { EncodedRuleSet } from "../../settlement/rules.ts";

export const ROLE_IDS = { admin: 0n, secretary: 1n, treasurer: 2n, president: 3n, auditor: 4n } as const;

export type Receipt = {
  readonly configuration: number;
  readonly month: Month;
  readonly kind: number;
  readonly account: number;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly vat: bigint;
  readonly net: bigint;
  readonly documentHash: Hex;
};

/** A receipt of a whole net amount in micro-euro; its document's hash tells it from others with the same amount. */
export function receiptOf(
  month: Month,
  net: bigint,
  {
    configuration = 0,
    kind = "premium",
    document = "",
    account = 0,
  }: { configuration?: number; kind?: ReceiptKind; document?: string; account?: number } = {},
): Receipt {
  const documentHash = document === "" ? zeroHash : keccak256(encodePacked(["string"], [document]));
  const kindNumber = RECEIPT_KINDS.indexOf(kind);
  return { configuration, month, kind: kindNumber, account, gross: net, fee: 0n, vat: 0n, net, documentHash };
}

export type Enrolment = { readonly kind: number; readonly social: boolean; readonly payee: Address };

export function enrolment(kind: AccountKind, payee: Address = zeroAddress, social = false): Enrolment {
  return { kind: ACCOUNT_KINDS.indexOf(kind), social, payee };
}

export function communityCalls(at: CommunityAddresses) {
  const community = { abi: communityAbi, address: at.community } as const;
  return {
    enrol: (enrolments: readonly Enrolment[]) => ({ ...community, functionName: "enrol", args: [enrolments] }) as const,
    closeAccount: (number: number) => ({ ...community, functionName: "closeAccount", args: [number] }) as const,
    addConfiguration: (ledger: Address, area: Hex = zeroHash) =>
      ({ ...community, functionName: "addConfiguration", args: [ledger, area] }) as const,
    connect: (token: Address, redemptions: Address) =>
      ({ ...community, functionName: "connect", args: [token, redemptions] }) as const,
    proposePayee: (account: number, to: Address, signature: Hex = "0x") =>
      ({ ...community, functionName: "proposePayee", args: [account, to, signature] }) as const,
    approvePayee: (account: number, change: number) =>
      ({ ...community, functionName: "approvePayee", args: [account, change] }) as const,
    objectToPayee: (account: number, reason: string) =>
      ({ ...community, functionName: "objectToPayee", args: [account, reason] }) as const,
    withdrawPayeeObjection: (account: number) =>
      ({ ...community, functionName: "withdrawPayeeObjection", args: [account] }) as const,
    dropPayee: (account: number) => ({ ...community, functionName: "dropPayee", args: [account] }) as const,
    executePayee: (account: number) => ({ ...community, functionName: "executePayee", args: [account] }) as const,
  };
}

export function ledgerCalls(ledger: Address) {
  const call = { abi: energyLedgerAbi, address: ledger } as const;
  return {
    record: (batch: EncodedBatch, signatures: readonly Hex[]) =>
      ({ ...call, functionName: "record", args: [batch, signatures] }) as const,
    amend: (old: EncodedBatch, corrected: EncodedBatch, signatures: readonly Hex[]) =>
      ({ ...call, functionName: "amend", args: [old, corrected, signatures] }) as const,
    proposeRoster: (effectiveHour: number, blob: Hex) =>
      ({ ...call, functionName: "proposeRoster", args: [effectiveHour, blob] }) as const,
    adoptRoster: (version: number, pointer: Address) =>
      ({ ...call, functionName: "adoptRoster", args: [version, pointer] }) as const,
    setOracles: (oracles: readonly Address[], quorum: number) =>
      ({ ...call, functionName: "setOracles", args: [oracles, quorum] }) as const,
    pause: () => ({ ...call, functionName: "pause", args: [] }) as const,
    unpause: () => ({ ...call, functionName: "unpause", args: [] }) as const,
  };
}

export function ruleBookCalls(at: CommunityAddresses) {
  const ruleBook = { abi: ruleBookAbi, address: at.ruleBook } as const;
  return {
    propose: (ruleSet: EncodedRuleSet) => ({ ...ruleBook, functionName: "propose", args: [ruleSet] }) as const,
    adopt: (version: number, hash: Hex) => ({ ...ruleBook, functionName: "adopt", args: [version, hash] }) as const,
  };
}

export function receiptBookCalls(at: CommunityAddresses) {
  const book = { abi: receiptBookAbi, address: at.receiptBook } as const;
  return {
    bookReceipt: (receipt: Receipt) => ({ ...book, functionName: "bookReceipt", args: [receipt] }) as const,
    adjustYear: (configuration: number, year: number, documentHash: Hex = zeroHash) =>
      ({ ...book, functionName: "adjustYear", args: [configuration, year, documentHash] }) as const,
  };
}

export function treasuryCalls(at: CommunityAddresses) {
  const treasury = { abi: treasuryAbi, address: at.treasury } as const;
  return {
    open: (from: Month, to: Month) => ({ ...treasury, functionName: "open", args: [from, to] }) as const,
    weigh: (run: number, words: bigint) => ({ ...treasury, functionName: "weigh", args: [run, words] }) as const,
    apportion: (run: number, words: bigint) =>
      ({ ...treasury, functionName: "apportion", args: [run, words] }) as const,
    propose: (run: number) => ({ ...treasury, functionName: "propose", args: [run] }) as const,
    approve: (run: number, content: Hex, reason: string) =>
      ({ ...treasury, functionName: "approve", args: [run, content, reason] }) as const,
    object: (run: number, reason: string) => ({ ...treasury, functionName: "object", args: [run, reason] }) as const,
    withdrawObjection: (run: number) => ({ ...treasury, functionName: "withdrawObjection", args: [run] }) as const,
    drop: (run: number) => ({ ...treasury, functionName: "drop", args: [run] }) as const,
    proposeWriteOff: (writeOff: WriteOff) =>
      ({ ...treasury, functionName: "proposeWriteOff", args: [writeOff] }) as const,
    approveWriteOff: (hash: Hex) => ({ ...treasury, functionName: "approveWriteOff", args: [hash] }) as const,
    pay: (run: number, words: bigint) => ({ ...treasury, functionName: "pay", args: [run, words] }) as const,
    pause: () => ({ ...treasury, functionName: "pause", args: [] }) as const,
    unpause: () => ({ ...treasury, functionName: "unpause", args: [] }) as const,
  };
}

export function rolesCalls(at: CommunityAddresses) {
  const roles = { abi: communityRolesAbi, address: at.roles } as const;
  return {
    grantRole: (role: bigint, account: Address, executionDelay = 0) =>
      ({ ...roles, functionName: "grantRole", args: [role, account, executionDelay] }) as const,
    revokeRole: (role: bigint, account: Address) =>
      ({ ...roles, functionName: "revokeRole", args: [role, account] }) as const,
    setGrantDelay: (role: bigint, seconds: number) =>
      ({ ...roles, functionName: "setGrantDelay", args: [role, seconds] }) as const,
  };
}

export function tokenCalls(at: CommunityAddresses) {
  const token = { abi: creditTokenAbi, address: at.token } as const;
  return {
    pay: (payees: readonly Address[], amounts: readonly bigint[]) =>
      ({ ...token, functionName: "pay", args: [payees, amounts] }) as const,
    approve: (spender: Address, amount: bigint) =>
      ({ ...token, functionName: "approve", args: [spender, amount] }) as const,
    transfer: (to: Address, amount: bigint) => ({ ...token, functionName: "transfer", args: [to, amount] }) as const,
    transferFrom: (from: Address, to: Address, amount: bigint) =>
      ({ ...token, functionName: "transferFrom", args: [from, to, amount] }) as const,
    escrow: (holders: readonly Address[], amounts: readonly bigint[]) =>
      ({ ...token, functionName: "escrow", args: [holders, amounts] }) as const,
    release: (holders: readonly Address[], amounts: readonly bigint[]) =>
      ({ ...token, functionName: "release", args: [holders, amounts] }) as const,
    restore: (holders: readonly Address[], amounts: readonly bigint[]) =>
      ({ ...token, functionName: "restore", args: [holders, amounts] }) as const,
    burn: (amount: bigint) => ({ ...token, functionName: "burn", args: [amount] }) as const,
    move: (from: Address, to: Address) => ({ ...token, functionName: "move", args: [from, to] }) as const,
    setTransfers: (on: boolean) => ({ ...token, functionName: "setTransfers", args: [on] }) as const,
    proposeAccreditation: (account: number) =>
      ({ ...token, functionName: "proposeAccreditation", args: [account] }) as const,
    accredit: (account: number) => ({ ...token, functionName: "accredit", args: [account] }) as const,
    withdrawAccreditation: (account: number) =>
      ({ ...token, functionName: "withdrawAccreditation", args: [account] }) as const,
  };
}

export type RedemptionTransfer = { readonly account: number; readonly amount: bigint; readonly id: Hex };

/** In the order of `IRedemptions.Outcome`. */
export const EXECUTED = 0;
export const RETURNED = 1;

export function redemptionCalls(at: CommunityAddresses) {
  const redemptions = { abi: redemptionsAbi, address: at.redemptions } as const;
  return {
    open: (documentHash: Hex, count: number, total: bigint) =>
      ({ ...redemptions, functionName: "open", args: [documentHash, count, total] }) as const,
    add: (file: number, transfers: readonly RedemptionTransfer[]) =>
      ({ ...redemptions, functionName: "add", args: [file, transfers] }) as const,
    approve: (file: number, content: Hex) =>
      ({ ...redemptions, functionName: "approve", args: [file, content] }) as const,
    object: (file: number, reason: string) =>
      ({ ...redemptions, functionName: "object", args: [file, reason] }) as const,
    withdrawObjection: (file: number) => ({ ...redemptions, functionName: "withdrawObjection", args: [file] }) as const,
    drop: (file: number, ids: readonly Hex[]) => ({ ...redemptions, functionName: "drop", args: [file, ids] }) as const,
    proposeOutcomes: (outcome: number, ids: readonly Hex[]) =>
      ({ ...redemptions, functionName: "proposeOutcomes", args: [outcome, ids] }) as const,
    approveOutcomes: (number: number, outcome: number, ids: readonly Hex[]) =>
      ({ ...redemptions, functionName: "approveOutcomes", args: [number, outcome, ids] }) as const,
    pause: () => ({ ...redemptions, functionName: "pause", args: [] }) as const,
    unpause: () => ({ ...redemptions, functionName: "unpause", args: [] }) as const,
  };
}

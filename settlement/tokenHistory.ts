/** What a chain says of tokens after they were paid. No I/O; chain/tokenHistory.ts reads it. */

import type { Address, Hex } from "viem";
import type { Place } from "./history.ts";

export type PayeeChangeRecord = {
  readonly place: Place;
  readonly account: number;
  readonly change: number;
  readonly from: Address;
  readonly to: Address;
  readonly proposedBy: Address | undefined;
  readonly approvedBy: Address | undefined;
};

/** A member paid an accredited account. */
export type AccountTransferRecord = {
  readonly place: Place;
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
};

/** In the order of `IRedemptions.FileState`. */
export const FILE_STATES = ["none", "open", "proposed", "approved", "dropped"] as const;
export type FileState = (typeof FILE_STATES)[number];

/** In the order of `IRedemptions.PaymentState`. */
export const PAYMENT_STATES = ["none", "escrowed", "dropped", "executed", "refused", "reversed"] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export type RedemptionFileRecord = {
  readonly place: Place;
  readonly number: number;
  readonly count: number;
  readonly total: bigint;
  readonly documentHash: Hex;
  readonly openedBy: Address;
  /** Of the complete file, as it was proposed. */
  readonly contentHash: Hex | undefined;
  readonly approved: { readonly by: Address; readonly contentHash: Hex } | undefined;
  readonly dropped: boolean;
  readonly state: FileState;
};

export type RedemptionPaymentRecord = {
  readonly place: Place;
  readonly file: number;
  readonly account: number;
  readonly amount: bigint;
  readonly endToEndId: string;
};

export type OutcomesRecord = {
  readonly number: number;
  readonly outcome: "executed" | "returned";
  readonly endToEndIds: readonly string[];
  readonly proposedBy: Address;
  readonly approved: { readonly place: Place; readonly by: Address } | undefined;
};

/** What became of tokens after they were paid, step by step. Micro-euro. */
export type TokenEvents = {
  readonly payeeChanges: readonly PayeeChangeRecord[];
  readonly transfers: readonly AccountTransferRecord[];
  readonly files: readonly RedemptionFileRecord[];
  readonly payments: readonly RedemptionPaymentRecord[];
  /** Each change of a payment's state, as the contract told it. */
  readonly settled: readonly (RedemptionPaymentRecord & { readonly state: PaymentState })[];
  readonly outcomes: readonly OutcomesRecord[];
};

/** The same, with the sums that the contracts keep. Micro-euro. */
export type TokenHistory = TokenEvents & {
  readonly redeemed: bigint;
  readonly reversed: bigint;
  /** Tokens in escrow. */
  readonly escrow: bigint;
  readonly sums: readonly {
    readonly number: number;
    readonly inEscrow: bigint;
    readonly redeemed: bigint;
    readonly reversed: bigint;
  }[];
};

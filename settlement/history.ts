/** Everything a chain says about one community: what an audit starts from. No I/O; chain/history.ts reads it. */

import type { Address, Hex } from "viem";
import type { EncodedBatch } from "./batch.ts";
import type { Hour, Month } from "./hours.ts";
import type { Pools } from "./pools.ts";
import type { PlantSetName, PlantSetSums } from "./premium.ts";
import type { EncodedRuleSet } from "./rules.ts";
import type { TokenEvents, TokenHistory } from "./tokenHistory.ts";

/** Where something stands on the chain; later things have a greater position. */
export type Place = { readonly position: number; readonly block: bigint; readonly transaction: Hex };

export const ACCOUNT_KINDS = ["none", "member", "fund", "producer", "supplier", "reserve"] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export const RECEIPT_KINDS = ["none", "premium", "valorisation", "energy-sale", "reserve", "other"] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

export type EnrolledAccount = {
  readonly place: Place;
  readonly number: number;
  readonly kind: AccountKind;
  readonly social: boolean;
  /** With which it was enrolled. */
  readonly firstPayee: Address;
};

export type AccountRecord = EnrolledAccount & {
  /** Where its tokens go now. */
  readonly payee: Address;
  /** When it was closed; undefined while it is open. */
  readonly closed: Place | undefined;
};

export type ReceiptRecord = {
  readonly place: Place;
  readonly number: number;
  readonly configuration: number;
  readonly month: Month;
  readonly kind: ReceiptKind;
  /** Whom an energy sale or a reserve is passed through to; 0 for other kinds. */
  readonly account: number;
  /** Micro-euro, as are the next three. */
  readonly gross: bigint;
  readonly fee: bigint;
  readonly vat: bigint;
  readonly net: bigint;
  readonly documentHash: Hex;
};

/** GSE's adjustment of a year is booked: what was held of its months is released. */
export type AdjustmentRecord = {
  readonly place: Place;
  readonly configuration: number;
  readonly year: number;
  readonly documentHash: Hex;
};

/** A fund has taken over what an account owed. */
export type WriteOffRecord = {
  readonly place: Place;
  readonly account: number;
  readonly fund: number;
  /** Micro-euro. */
  readonly amount: bigint;
  readonly reason: string;
  readonly proposedBy: Address | undefined;
  readonly approvedBy: Address;
};

export type RuleSetRecord = {
  readonly place: Place;
  readonly version: number;
  readonly encoded: EncodedRuleSet;
};

export type RosterRecord = {
  readonly place: Place;
  readonly version: number;
  readonly effectiveHour: Hour;
  /** The code of the contract that holds it, without the leading STOP. */
  readonly blob: Hex;
};

export type OracleRecord = { readonly place: Place; readonly oracles: readonly Address[]; readonly quorum: number };

/** What the ledger said of a batch when it recorded or amended it. Wh by lane. */
export type BatchEvent = {
  readonly month: Month;
  readonly hourCount: number;
  /** 0 when recorded. */
  readonly revision: number;
  /** The digest in whose place it was put; zero when recorded. */
  readonly replaced: Hex;
  readonly grade: number;
  readonly missing: number;
  readonly accrued: bigint;
  readonly digest: Hex;
  readonly rowRoot: Hex;
  readonly injected: readonly bigint[];
  readonly withdrawn: readonly bigint[];
  readonly shared: readonly bigint[];
};

/** What a batch's transaction brought. */
export type BatchInput = {
  readonly batch: EncodedBatch;
  /** The old content that an amendment gave as evidence; undefined when recorded. */
  readonly replaced: EncodedBatch | undefined;
  readonly signatures: readonly Hex[];
};

/** A batch as it was first recorded, or a correction of it. */
export type BatchRevision = {
  readonly place: Place;
  /** From the transaction's calldata; undefined if that is not a call of `record` or `amend`. */
  readonly input: BatchInput | undefined;
  readonly event: BatchEvent;
};

export type BatchRecord = {
  readonly firstHour: Hour;
  /** As it was recorded, then its corrections, in the order in which they came. */
  readonly revisions: readonly BatchRevision[];
  /** The digest that the ledger keeps for this hour now. */
  readonly storedDigest: Hex;
};

export type MonthRecord = {
  readonly month: Month;
  readonly accrued: bigint;
  readonly plantSets: Readonly<Record<PlantSetName, PlantSetSums>>;
  readonly missing: number;
  readonly hoursWithoutPrice: number;
  readonly hoursRecorded: number;
  readonly grade: number;
  readonly injected: bigint;
  readonly withdrawn: bigint;
  readonly shared: bigint;
  /** Wh by channel and by plant number, unpacked; zeros left out. */
  readonly coincident: ReadonlyMap<number, bigint>;
  readonly attributed: ReadonlyMap<number, bigint>;
};

export type LedgerHistory = {
  readonly address: Address;
  readonly area: string;
  readonly firstMonth: Month;
  readonly nextHour: Hour;
  readonly rosters: readonly RosterRecord[];
  readonly oracles: readonly OracleRecord[];
  readonly batches: readonly BatchRecord[];
  readonly months: readonly MonthRecord[];
};

export type WeighedRecord = {
  readonly place: Place;
  readonly configuration: number;
  readonly month: Month;
  readonly pools: Pools;
  readonly ruleSet: number;
  readonly totals: readonly bigint[];
};

export type ApportionedRecord = {
  readonly configuration: number;
  readonly month: Month;
  readonly firstAccount: number;
  readonly entitlements: readonly bigint[];
};

export type DustRecord = {
  readonly configuration: number;
  readonly month: Month;
  readonly fund: number;
  readonly amount: bigint;
};

export type PayoutRecord = {
  readonly place: Place;
  readonly account: number;
  readonly delta: bigint;
  readonly amount: bigint;
  readonly owed: bigint;
};

/** A run with the events of its last attempt. */
export type RunRecord = {
  readonly number: number;
  readonly opened: Place;
  readonly fromMonth: Month;
  readonly toMonth: Month;
  readonly weighed: readonly WeighedRecord[];
  readonly apportioned: readonly ApportionedRecord[];
  readonly dust: readonly DustRecord[];
  readonly proposed: { readonly by: Address; readonly totalOwed: bigint; readonly provisional: boolean } | undefined;
  readonly approved:
    | { readonly place: Place; readonly by: Address; readonly payable: bigint; readonly overrideReason: string }
    | undefined;
  readonly payouts: readonly PayoutRecord[];
  /** `paidInAll`: Σ of all payouts so far. */
  readonly paid: { readonly place: Place; readonly paidInAll: bigint } | undefined;
  readonly dropped: boolean;
};

/** State of the treasury and the token. Micro-euro. */
export type TreasuryState = {
  readonly received: bigint;
  readonly paid: bigint;
  readonly supply: bigint;
  readonly accounts: readonly {
    readonly number: number;
    readonly owed: bigint;
    readonly paid: bigint;
    /** Balance of the account's payee in the token. */
    readonly balance: bigint;
  }[];
  readonly amounts: readonly {
    readonly configuration: number;
    readonly month: Month;
    readonly premium: bigint;
    readonly shared: bigint;
    readonly passedThrough: bigint;
  }[];
  readonly settled: readonly {
    readonly configuration: number;
    readonly month: Month;
    readonly account: number;
    readonly amount: bigint;
  }[];
};

/** A contract whose code is not what this version of Condivisa compiles. */
export type ForeignCode = { readonly contract: string; readonly address: Address };

export type History = {
  readonly chainId: number;
  readonly foreignCode: readonly ForeignCode[];
  readonly accounts: readonly AccountRecord[];
  readonly ledgers: readonly LedgerHistory[];
  readonly ruleSets: readonly RuleSetRecord[];
  readonly receipts: readonly ReceiptRecord[];
  readonly adjustments: readonly AdjustmentRecord[];
  readonly writeOffs: readonly WriteOffRecord[];
  readonly runs: readonly RunRecord[];
  readonly treasury: TreasuryState;
  readonly tokens: TokenHistory;
};

/** What a settlement goes by: a history without what only an audit looks at. */
export type SettledHistory = Omit<History, "foreignCode" | "ledgers" | "treasury" | "tokens"> & {
  readonly ledgers: readonly (Pick<LedgerHistory, "address" | "area" | "nextHour"> & {
    readonly months: readonly Pick<MonthRecord, "month">[];
  })[];
  readonly treasury: Omit<TreasuryState, "amounts" | "settled">;
  readonly tokens: TokenEvents;
};

/** Ways to change one fact of a history, each as a function from history to history. */

import assert from "node:assert/strict";
import type {
  BatchInput,
  BatchRecord,
  BatchRevision,
  History,
  LedgerHistory,
  MonthRecord,
  RunRecord,
  TreasuryState,
} from "../../settlement/history.ts";
import type { TokenHistory } from "../../settlement/tokenHistory.ts";
import { overwrite } from "./submissions.ts";

export type Tampering = (given: History) => History;

export const onLedger =
  (change: (ledger: LedgerHistory) => Partial<LedgerHistory>): Tampering =>
  (given) => ({
    ...given,
    ledgers: given.ledgers.map((ledger) => ({ ...ledger, ...change(ledger) })),
  });
/** Changes the second batch. */
export const onBatch = (change: (batch: BatchRecord) => Partial<BatchRecord>): Tampering =>
  onLedger(({ batches }) => ({
    batches: batches.map((batch, i) => (i === 1 ? { ...batch, ...change(batch) } : batch)),
  }));
/** Changes a revision of the second batch, as recorded by default. */
export const onRevision = (change: (revision: BatchRevision) => Partial<BatchRevision>, number = 0): Tampering =>
  onBatch(({ revisions }) => ({
    revisions: revisions.map((revision, i) => (i === number ? { ...revision, ...change(revision) } : revision)),
  }));
export const onEvent = (
  change: (event: BatchRevision["event"]) => Partial<BatchRevision["event"]>,
  number = 0,
): Tampering => onRevision(({ event }) => ({ event: { ...event, ...change(event) } }), number);
export const onInput = (change: (input: BatchInput) => Partial<BatchInput>, number = 0): Tampering =>
  onRevision(({ input }) => {
    assert(input);
    return { input: { ...input, ...change(input) } };
  }, number);
export const onCalldata = (
  change: (batch: BatchInput["batch"]) => Partial<BatchInput["batch"]>,
  number = 0,
): Tampering => onInput(({ batch }) => ({ batch: { ...batch, ...change(batch) } }), number);
export const onMonth = (change: (month: MonthRecord) => Partial<MonthRecord>): Tampering =>
  onLedger(({ months }) => ({ months: months.map((month) => ({ ...month, ...change(month) })) }));
export const onBlob = (offset: number, byte: `0x${string}`): Tampering =>
  onLedger(({ rosters }) => ({
    rosters: rosters.map((roster) => ({ ...roster, blob: overwrite(roster.blob, offset, byte) })),
  }));
export type Encoded = History["ruleSets"][number]["encoded"];
export const onRuleSet =
  (change: (encoded: Encoded) => Partial<Encoded>): Tampering =>
  (given) => ({
    ...given,
    ruleSets: given.ruleSets.map((ruleSet) => ({
      ...ruleSet,
      encoded: { ...ruleSet.encoded, ...change(ruleSet.encoded) },
    })),
  });
export const onRule = (index: number, change: Partial<Encoded["rules"][number]>): Tampering =>
  onRuleSet(({ rules }) => ({ rules: rules.map((rule, i) => (i === index ? { ...rule, ...change } : rule)) }));
export const onReceipt =
  (change: (net: bigint) => Partial<History["receipts"][number]>): Tampering =>
  (given) => ({
    ...given,
    receipts: given.receipts.map((receipt, i) => (i === 0 ? { ...receipt, ...change(receipt.net) } : receipt)),
  });
/** Changes the second run. */
export const onRun =
  (change: (run: RunRecord) => Partial<RunRecord>): Tampering =>
  (given) => ({
    ...given,
    runs: given.runs.map((run, i) => (i === 1 ? { ...run, ...change(run) } : run)),
  });
export const onTreasury =
  (change: (treasury: TreasuryState) => Partial<TreasuryState>): Tampering =>
  (given) => ({
    ...given,
    treasury: { ...given.treasury, ...change(given.treasury) },
  });
export const onTokens =
  (change: (tokens: TokenHistory) => Partial<TokenHistory>): Tampering =>
  (given) => ({ ...given, tokens: { ...given.tokens, ...change(given.tokens) } });
export const first = <T>(list: readonly T[], change: (item: T) => Partial<T>): T[] =>
  list.map((item, i) => (i === 0 ? { ...item, ...change(item) } : item));
export const more = (hours: readonly bigint[]) => hours.map((wattHours, i) => (i === 4 ? wattHours + 1n : wattHours));
export const zero = `0x${"00".repeat(32)}` as const;

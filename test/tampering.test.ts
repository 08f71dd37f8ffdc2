/**
 * Whoever could change what a chain says, in a database, a node or a contract, is found out: each fact of a settled
 * community is changed alone, and the audit's first difference must name the place.
 */

import assert from "node:assert/strict";
import { readHistory } from "../chain/history.ts";
import { audit } from "../settlement/audit.ts";
import type {
  BatchEvent,
  BatchRecord,
  History,
  LedgerHistory,
  MonthRecord,
  RosterRecord,
  RunRecord,
  TreasuryState,
} from "../settlement/history.ts";
import { endOfMonth } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import { CLASSES, decodeRoster, encodeRoster } from "../settlement/roster.ts";
import { keyOf, openStage } from "./support/communityOnChain.ts";
import { beginCommunity, book, playRun, recordHours } from "./support/playedCommunity.ts";
import { FEBRUARY, JANUARY, randomCommunity } from "./support/randomCommunity.ts";

const ONE = 1n;
const STRANGER = keyOf("stranger").address;

type Change<T> = (fact: T) => Partial<T>;

/** The same list with one entry changed. */
const changedAt = <T>(list: readonly T[], at: number, change: Change<T>): T[] =>
  list.map((fact, index) => (index === at ? { ...fact, ...change(fact) } : fact));

const inLedger =
  (change: Change<LedgerHistory>): Change<History> =>
  ({ ledgers }) => ({ ledgers: changedAt(ledgers, 0, change) });
const inBatch = (change: Change<BatchRecord>) =>
  inLedger(({ batches }) => ({ batches: changedAt(batches, 1, change) }));
const inEvent = (change: Change<BatchEvent>) => inBatch(({ event }) => ({ event: { ...event, ...change(event) } }));
const inInput = (change: Change<NonNullable<BatchRecord["input"]>>) =>
  inBatch(({ input }) => ({ input: input && { ...input, ...change(input) } }));
const inMonth = (change: Change<MonthRecord>) => inLedger(({ months }) => ({ months: changedAt(months, 0, change) }));
const inRoster = (change: Change<RosterRecord>) =>
  inLedger(({ rosters }) => ({ rosters: changedAt(rosters, 0, change) }));
const inRun =
  (change: Change<RunRecord>): Change<History> =>
  ({ runs }) => ({ runs: changedAt(runs, 0, change) });
const inTreasury =
  (change: Change<TreasuryState>): Change<History> =>
  ({ treasury }) => ({ treasury: { ...treasury, ...change(treasury) } });

const more = (values: readonly bigint[]) => values.map((value, index) => (index === 0 ? value + ONE : value));
const moreIn = (sums: ReadonlyMap<number, bigint>) => new Map([...sums].map(([k, v], i) => [k, i === 0 ? v + ONE : v]));
/** The last digits of a byte string changed: the last reading of a row. */
const lastByte = (hex: `0x${string}`): `0x${string}` => `0x${hex.slice(2, -2)}${hex.endsWith("00") ? "01" : "00"}`;

const TAMPERINGS: readonly [string, Change<History>, RegExp][] = [
  [
    "the code of a contract",
    () => ({ foreignCode: [{ contract: "Treasury", address: STRANGER }] }),
    /contract Treasury at .*: code/,
  ],
  [
    "a reading in the calldata",
    inInput(({ batch }) => ({ batch: { ...batch, withdrawn: lastByte(batch.withdrawn) } })),
    /batch of 2026-01-31.*: row root/,
  ],
  [
    "a mask in the calldata",
    inInput(({ batch }) => ({ batch: { ...batch, missing: lastByte(batch.missing) } })),
    /batch of 2026-01-31.*: row root/,
  ],
  [
    "the seed",
    inInput(({ batch }) => ({ batch: { ...batch, seed: lastByte(batch.seed) } })),
    /batch of 2026-01-31.*: row root/,
  ],
  [
    "the grade in the calldata",
    inInput(({ batch }) => ({ batch: { ...batch, grade: 0 } })),
    /batch of 2026-01-31.*: digest in the event/,
  ],
  ["the calldata as a whole", inBatch(() => ({ input: undefined })), /batch of 2026-01-31.*: calldata/],
  [
    "a signature",
    inInput(({ signatures }) => ({
      signatures: signatures.map((s): `0x${string}` => `0x${s.slice(2, 20)}00${s.slice(22)}`),
    })),
    /batch of 2026-01-31.*: signatures/,
  ],
  [
    "the oracles",
    inLedger(({ oracles }) => ({ oracles: changedAt(oracles, 0, () => ({ oracles: [STRANGER] })) })),
    /: signatures/,
  ],
  ["the row root", inEvent(({ rowRoot }) => ({ rowRoot: lastByte(rowRoot) })), /batch of 2026-01-31.*: row root/],
  ["the digest in the event", inEvent(({ digest }) => ({ digest: lastByte(digest) })), /: digest in the event/],
  ["the stored digest", inBatch(({ storedDigest }) => ({ storedDigest: lastByte(storedDigest) })), /: stored digest/],
  ["the grade in the event", inEvent(() => ({ grade: 0 })), /batch of 2026-01-31.*: grade/],
  [
    "injected energy in the event",
    inEvent(({ injected }) => ({ injected: more(injected) })),
    /batch of 2026-01-31.*: injected Wh at 2026-01-/,
  ],
  [
    "withdrawn energy in the event",
    inEvent(({ withdrawn }) => ({ withdrawn: more(withdrawn) })),
    /: withdrawn Wh at 2026-01-/,
  ],
  ["shared energy in the event", inEvent(({ shared }) => ({ shared: more(shared) })), /: shared Wh at 2026-01-/],
  ["the accrued premium", inEvent(({ accrued }) => ({ accrued: accrued + ONE })), /batch of .*: accrued premium/],
  ["the missing readings", inEvent(({ missing }) => ({ missing: missing + 1 })), /batch of .*: missing readings/],
  [
    "the first batch left out",
    inLedger(({ batches }) => ({ batches: batches.slice(1) })),
    /month 2026-01: injected Wh/,
  ],
  [
    "the last batch left out",
    inLedger(({ batches }) => ({ batches: batches.toSpliced(1, 1) })),
    /ledger AREA-0: next hour/,
  ],
  ["the next hour", inLedger(({ nextHour }) => ({ nextHour: nextHour - 1 })), /ledger AREA-0: next hour/],
  [
    "a weight on the roster",
    inRoster(({ blob }) => ({ blob: heavier(blob) })),
    /run 1: key total of rule \d \(static-weight\)/,
  ],
  ["an account on the roster", inRoster(({ blob }) => ({ blob: reassigned(blob) })), /run 1: /],
  [
    "the hour of a roster",
    inRoster(({ effectiveHour }) => ({ effectiveHour: effectiveHour + 30 })),
    /: roster version/,
  ],
  ["the month's shared energy", inMonth(({ shared }) => ({ shared: shared + ONE })), /month 2026-01: shared Wh/],
  [
    "the month's injected energy",
    inMonth(({ injected }) => ({ injected: injected + ONE })),
    /month 2026-01: injected Wh/,
  ],
  [
    "the month's withdrawn energy",
    inMonth(({ withdrawn }) => ({ withdrawn: withdrawn + ONE })),
    /month 2026-01: withdrawn Wh/,
  ],
  [
    "the month's accrued premium",
    inMonth(({ accrued }) => ({ accrued: accrued + ONE })),
    /month 2026-01: accrued premium/,
  ],
  [
    "the month's missing readings",
    inMonth(({ missing }) => ({ missing: missing + 1 })),
    /month 2026-01: missing readings/,
  ],
  [
    "the month's hours",
    inMonth(({ hoursRecorded }) => ({ hoursRecorded: hoursRecorded - 1 })),
    /month 2026-01: hours recorded/,
  ],
  ["the month's grade", inMonth(() => ({ grade: 0 })), /month 2026-01: grade/],
  [
    "coincident energy of a channel",
    inMonth(({ coincident }) => ({ coincident: moreIn(coincident) })),
    /month 2026-01: coincident Wh of channel \d/,
  ],
  [
    "attributed energy of a plant",
    inMonth(({ attributed }) => ({ attributed: moreIn(attributed) })),
    /month 2026-01: attributed Wh of plant \d/,
  ],
  [
    "the shares of a rule set",
    ({ ruleSets }) => ({
      ruleSets: changedAt(ruleSets, 0, ({ encoded }) => ({ encoded: { ...encoded, rules: encoded.rules.slice(1) } })),
    }),
    /rule set 1: sum of shares/,
  ],
  [
    "the fallback fund",
    ({ ruleSets }) => ({
      ruleSets: changedAt(ruleSets, 0, ({ encoded }) => ({ encoded: { ...encoded, fallbackFund: 1 } })),
    }),
    /rule set 1: fallback fund/,
  ],
  [
    "a receipt's net",
    ({ receipts }) => ({ receipts: changedAt(receipts, 0, ({ net }) => ({ net: net + ONE })) }),
    /receipts: net of receipt 1/,
  ],
  ["a receipt left out", ({ receipts }) => ({ receipts: receipts.slice(1) }), /receipts: pool of configuration/],
  [
    "a pool",
    inTreasury(({ pools }) => ({ pools: changedAt(pools, 0, ({ amount }) => ({ amount: amount + ONE })) })),
    /receipts: pool of configuration 0, month 2026-01/,
  ],
  [
    "what was received in all",
    inTreasury(({ received }) => ({ received: received + ONE })),
    /receipts: received in all/,
  ],
  [
    "the pool of a run",
    inRun(({ weighed }) => ({ weighed: changedAt(weighed, 0, ({ pool }) => ({ pool: pool + ONE })) })),
    /run 1: pool of configuration 0, month 2026-01/,
  ],
  [
    "the rule set of a run",
    inRun(({ weighed }) => ({ weighed: changedAt(weighed, 0, ({ ruleSet }) => ({ ruleSet: ruleSet + 1 })) })),
    /run 1: rule set of/,
  ],
  [
    "a key total",
    inRun(({ weighed }) => ({ weighed: changedAt(weighed, 0, ({ totals }) => ({ totals: more(totals) })) })),
    /run 1: key total of rule 1/,
  ],
  [
    "an entitlement",
    inRun(({ apportioned }) => ({
      apportioned: changedAt(apportioned, 0, ({ entitlements }) => ({ entitlements: more(entitlements) })),
    })),
    /run 1: entitlement of account 1, configuration 0, month 2026-01/,
  ],
  [
    "the dust",
    inRun(({ dust }) => ({ dust: changedAt(dust, 0, ({ amount }) => ({ amount: amount + ONE })) })),
    /run 1: dust of configuration 0/,
  ],
  [
    "the total owed",
    inRun(({ proposed }) => ({ proposed: proposed && { ...proposed, totalOwed: proposed.totalOwed + ONE } })),
    /run 1: owed in all/,
  ],
  [
    "what is payable",
    inRun(({ approved }) => ({ approved: approved && { ...approved, payable: approved.payable + ONE } })),
    /run 1: payable/,
  ],
  [
    "who approved",
    inRun(({ approved, proposed }) => ({ approved: approved && proposed && { ...approved, by: proposed.by } })),
    /run 1: approved by/,
  ],
  ["the approval left out", inRun(() => ({ approved: undefined })), /run 1: approval/],
  [
    "a payout",
    inRun(({ payouts }) => ({ payouts: changedAt(payouts, 0, ({ amount }) => ({ amount: amount + ONE })) })),
    /run 1: payout to account \d/,
  ],
  [
    "a payout's difference",
    inRun(({ payouts }) => ({ payouts: changedAt(payouts, 0, ({ delta }) => ({ delta: delta + ONE })) })),
    /run 1: difference booked for account \d/,
  ],
  [
    "what a payout left owed",
    inRun(({ payouts }) => ({ payouts: changedAt(payouts, 0, ({ owed }) => ({ owed: owed + ONE })) })),
    /run 1: still owed to account \d/,
  ],
  [
    "a payout to somebody else",
    inRun(({ payouts }) => ({ payouts: changedAt(payouts, 0, () => ({ account: 99 })) })),
    /run 1: .* account \d/,
  ],
  ["a run over an open month", inRun(() => ({ toMonth: FEBRUARY })), /run 1: month 2026-02 of configuration 0/],
  [
    "what was settled",
    inTreasury(({ settled }) => ({ settled: changedAt(settled, 0, ({ amount }) => ({ amount: amount + ONE })) })),
    /treasury: settled for account 1, configuration 0, month 2026-01/,
  ],
  [
    "what is owed",
    inTreasury(({ accounts }) => ({ accounts: changedAt(accounts, 0, ({ owed }) => ({ owed: owed + ONE })) })),
    /treasury: owed to account 1/,
  ],
  [
    "what was paid",
    inTreasury(({ accounts }) => ({ accounts: changedAt(accounts, 0, ({ paid }) => ({ paid: paid + ONE })) })),
    /treasury: paid to account 1/,
  ],
  [
    "a token balance",
    inTreasury(({ accounts }) => ({ accounts: changedAt(accounts, 0, ({ balance }) => ({ balance: balance + ONE })) })),
    /treasury: tokens of account 1/,
  ],
  ["what was paid in all", inTreasury(({ paid }) => ({ paid: paid + ONE })), /treasury: paid in all/],
  ["the token supply", inTreasury(({ supply }) => ({ supply: supply + ONE })), /treasury: token supply/],
];

describe("tampering with what a chain says", function () {
  this.timeout(60_000);
  let history: History;

  before(async () => {
    const { community, receipts } = randomCommunity(2);
    const withWeights = {
      ...community,
      ruleSets: community.ruleSets.slice(0, 1).map((ruleSet) => ({
        ...ruleSet,
        rules: [
          {
            share: 4000,
            key: "static-weight",
            classes: CLASSES,
            fund: 0,
          },
          {
            share: 6000,
            key: "coincident-withdrawal",
            classes: CLASSES,
            fund: 0,
          },
        ] as const,
      })),
    };
    const stage = await openStage(Math.min(...community.configurations.map(({ firstHour }) => firstHour)) - 24);
    const at = await beginCommunity(stage, withWeights);
    await recordHours(stage, at, withWeights, 0, endOfMonth(JANUARY));
    await book(
      stage,
      at,
      receipts.map((receipt) => ({
        ...receipt,
        configuration: 0,
        month: JANUARY,
        gross: 50_000_000n,
        net: 50_000_000n,
      })),
    );
    await playRun(stage, at, { from: JANUARY, to: JANUARY });
    history = await readHistory(stage.client, at);
    await stage.chain.close();
  });

  it("finds nothing where nothing was changed", async () => {
    assert.deepEqual(await audit(history, recompute(history)), []);
  });

  for (const [what, change, expected] of TAMPERINGS) {
    it(`names ${what}`, async () => {
      const tampered = { ...history, ...change(history) };
      const [first] = await audit(tampered, recompute(tampered));
      assert(first, "not found");
      assert.match(`${first.place}: ${first.subject}`, expected);
      assert.notEqual(first.chain, first.recomputed);
    });
  }
});

function heavier(blob: `0x${string}`): `0x${string}` {
  const roster = decodeRoster(blob);
  return encodeRoster({
    ...roster,
    withdrawal: changedAt(roster.withdrawal, 0, ({ weight }) => ({ weight: weight + 1 })),
  });
}

function reassigned(blob: `0x${string}`): `0x${string}` {
  const roster = decodeRoster(blob);
  return encodeRoster({
    ...roster,
    withdrawal: changedAt(roster.withdrawal, 0, ({ account }) => ({ account: account + 1 })),
  });
}

/*
 * The audit of a settled community finds nothing; if any one fact is another, its first difference says where.
 */

import assert from "node:assert/strict";
import { readHistory } from "../chain/history.ts";
import { audit } from "../settlement/audit.ts";
import { FIRST_REVISION, maskBit } from "../settlement/batch.ts";
import type {
  BatchRecord,
  History,
  LedgerHistory,
  MonthRecord,
  RunRecord,
  TreasuryState,
} from "../settlement/history.ts";
import { recompute } from "../settlement/recompute.ts";
import { CLASSES } from "../settlement/roster.ts";
import { receiptOf } from "./support/communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "./support/communityOnChain.ts";
import { book, LAST_DAY, ledgerAt, settle, threeRules, WHOLE_CELLS } from "./support/runsOnChain.ts";
import { overwrite, withMask, withPrice, withReading } from "./support/submissions.ts";

const MEMBERS = 5;
const FUND = MEMBERS + 1;

describe("a tampered history", () => {
  let stage: Stage;
  let history: History;

  before(async () => {
    stage = await openStage();
    const at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
    const roster = smallRoster(MEMBERS);
    const ledger = ledgerAt(at, 0);
    await enrol(stage, at, MEMBERS);
    await adoptRoster(stage, ledger, LAST_DAY, roster);
    const rule = { classes: CLASSES, fund: 0 };
    await adoptRuleSet(stage, at, {
      ...threeRules(FUND),
      rules: [
        { share: 1000, key: "fund", classes: [], fund: FUND },
        { ...rule, share: 4000, key: "coincident-withdrawal" },
        { ...rule, share: 3000, key: "attributed-injection" },
        { ...rule, share: 2000, key: "static-weight", classes: ["persona_fisica"] },
      ],
    });
    await record(stage, ledger, batchOf(roster, LAST_DAY, 12), roster);
    const gap = { row: 2, hour: 3 };
    const second = batchOf(roster, LAST_DAY + 12, 12, (row, hour) =>
      row === gap.row && hour === gap.hour ? 0 : 90 + row,
    );
    const missing = second.missing.map((_, row) => (row === gap.row ? maskBit(gap.hour) : 0));
    await record(stage, ledger, { ...second, ...FIRST_REVISION, missing }, roster);
    await book(stage, at, receiptOf(FIRST_MONTH, 77_770_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH, WHOLE_CELLS, "a meter was silent");
    await book(stage, at, receiptOf(FIRST_MONTH, 11_110_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH, { weigh: 1n, apportion: 1n, pay: 1n }, "a meter was silent");
    history = await readHistory(stage.client, at);
  });
  after(() => stage.chain.close());

  type Tampering = (given: History) => History;

  const onLedger =
    (change: (ledger: LedgerHistory) => Partial<LedgerHistory>): Tampering =>
    (given) => ({
      ...given,
      ledgers: given.ledgers.map((ledger) => ({ ...ledger, ...change(ledger) })),
    });
  /** Changes the second batch. */
  const onBatch = (change: (batch: BatchRecord) => Partial<BatchRecord>): Tampering =>
    onLedger(({ batches }) => ({
      batches: batches.map((batch, i) => (i === 1 ? { ...batch, ...change(batch) } : batch)),
    }));
  const onEvent = (change: (event: BatchRecord["event"]) => Partial<BatchRecord["event"]>): Tampering =>
    onBatch(({ event }) => ({ event: { ...event, ...change(event) } }));
  type Input = NonNullable<BatchRecord["input"]>;
  const onInput = (change: (input: Input) => Partial<Input>): Tampering =>
    onBatch(({ input }) => {
      assert(input);
      return { input: { ...input, ...change(input) } };
    });
  const onCalldata = (change: (batch: Input["batch"]) => Partial<Input["batch"]>): Tampering =>
    onInput(({ batch }) => ({ batch: { ...batch, ...change(batch) } }));
  const onMonth = (change: (month: MonthRecord) => Partial<MonthRecord>): Tampering =>
    onLedger(({ months }) => ({ months: months.map((month) => ({ ...month, ...change(month) })) }));
  const onBlob = (offset: number, byte: `0x${string}`): Tampering =>
    onLedger(({ rosters }) => ({
      rosters: rosters.map((roster) => ({ ...roster, blob: overwrite(roster.blob, offset, byte) })),
    }));
  type Encoded = History["ruleSets"][number]["encoded"];
  const onRuleSet =
    (change: (encoded: Encoded) => Partial<Encoded>): Tampering =>
    (given) => ({
      ...given,
      ruleSets: given.ruleSets.map((ruleSet) => ({
        ...ruleSet,
        encoded: { ...ruleSet.encoded, ...change(ruleSet.encoded) },
      })),
    });
  const onRule = (index: number, change: Partial<Encoded["rules"][number]>): Tampering =>
    onRuleSet(({ rules }) => ({ rules: rules.map((rule, i) => (i === index ? { ...rule, ...change } : rule)) }));
  const onReceipt =
    (change: (net: bigint) => Partial<History["receipts"][number]>): Tampering =>
    (given) => ({
      ...given,
      receipts: given.receipts.map((receipt, i) => (i === 0 ? { ...receipt, ...change(receipt.net) } : receipt)),
    });
  /** Changes the second run. */
  const onRun =
    (change: (run: RunRecord) => Partial<RunRecord>): Tampering =>
    (given) => ({
      ...given,
      runs: given.runs.map((run, i) => (i === 1 ? { ...run, ...change(run) } : run)),
    });
  const onTreasury =
    (change: (treasury: TreasuryState) => Partial<TreasuryState>): Tampering =>
    (given) => ({
      ...given,
      treasury: { ...given.treasury, ...change(given.treasury) },
    });
  const first = <T>(list: readonly T[], change: (item: T) => Partial<T>): T[] =>
    list.map((item, i) => (i === 0 ? { ...item, ...change(item) } : item));
  const more = (hours: readonly bigint[]) => hours.map((wattHours, i) => (i === 4 ? wattHours + 1n : wattHours));
  const zero = `0x${"00".repeat(32)}` as const;

  const BATCH = /^ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z$/;
  const MONTH = /^ledger AREA-0, month 2026-03$/;
  const LEDGER = /^ledger AREA-0$/;
  const RULES = /^rule set 1$/;
  const RUN = /^run 2$/;
  const RUN_1 = /^run 1$/;

  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    [
      "foreign code",
      (given) => ({ ...given, foreignCode: [{ contract: "Treasury", address: "0x01" }] }),
      /^contract Treasury at 0x01$/,
      /^code$/,
    ],

    [
      "a reading in calldata",
      onCalldata(({ withdrawn }) => ({ withdrawn: withReading(withdrawn, 1, 2, 5) })),
      BATCH,
      /^row root$/,
    ],
    [
      "a mask in calldata",
      onCalldata(({ missing }) => ({ missing: withMask(missing, 0, maskBit(1)) })),
      BATCH,
      /^row root$/,
    ],
    ["the seed in calldata", onCalldata(() => ({ seed: zero })), BATCH, /^row root$/],
    [
      "a price in calldata",
      onCalldata(({ prices }) => ({ prices: withPrice(prices, 1, 9) })),
      BATCH,
      /^digest in the event$/,
    ],
    ["the grade in calldata", onCalldata(() => ({ grade: 3 })), BATCH, /^digest in the event$/],
    ["the hours in calldata", onCalldata(() => ({ hourCount: 11 })), BATCH, /^digest in the event$/],
    ["rows cut from calldata", onCalldata(() => ({ withdrawn: "0x" })), BATCH, /^calldata$/],
    ["part of a row in calldata", onCalldata(() => ({ withdrawn: "0x00" })), BATCH, /^calldata$/],
    ["calldata of another call", onBatch(() => ({ input: undefined })), BATCH, /^calldata$/],
    [
      "a signature",
      onInput(({ signatures }) => ({ signatures: signatures.map((s) => overwrite(s, 5, "0x55")) })),
      BATCH,
      /^signatures$/,
    ],
    ["no signature", onInput(() => ({ signatures: [] })), BATCH, /^signatures$/],
    [
      "the same signature twice for a quorum of two",
      onLedger(({ oracles, batches }) => ({
        oracles: oracles.map((set) => ({ ...set, quorum: 2 })),
        batches: batches.slice(1).map((batch) => ({
          ...batch,
          input: batch.input && {
            ...batch.input,
            signatures: [...batch.input.signatures, ...batch.input.signatures],
          },
        })),
      })),
      BATCH,
      /^signatures$/,
    ],
    [
      "other oracles",
      onLedger(({ oracles }) => ({
        oracles: oracles.map((set) => ({ ...set, oracles: ["0x0000000000000000000000000000000000000001"] })),
      })),
      /batch of/,
      /^signatures$/,
    ],
    ["the chain id", (given) => ({ ...given, chainId: 1 }), /batch of/, /^digest in the event$/],
    [
      "the ledger's address",
      onLedger(() => ({ address: "0x0000000000000000000000000000000000000001" })),
      /batch of/,
      /^digest in the event$/,
    ],
    ["an event's row root", onEvent(() => ({ rowRoot: zero })), BATCH, /^row root$/],
    ["an event's digest", onEvent(() => ({ digest: zero })), BATCH, /^digest in the event$/],
    ["the stored digest", onBatch(() => ({ storedDigest: zero })), BATCH, /^stored digest$/],
    ["an event's hours", onEvent(() => ({ hourCount: 13 })), BATCH, /^hours$/],
    ["an event's month", onEvent(({ month }) => ({ month: month + 1 })), BATCH, /^month$/],
    ["an event's grade", onEvent(() => ({ grade: 3 })), BATCH, /^grade$/],
    ["an event's missing readings", onEvent(() => ({ missing: 0 })), BATCH, /^missing readings$/],
    [
      "an event's injected energy",
      onEvent(({ injected }) => ({ injected: more(injected) })),
      BATCH,
      /^injected Wh at 2026-03-31T14:00:00Z$/,
    ],
    [
      "an event's withdrawn energy",
      onEvent(({ withdrawn }) => ({ withdrawn: more(withdrawn) })),
      BATCH,
      /^withdrawn Wh at 2026-03-31T14:00:00Z$/,
    ],
    [
      "an event's shared energy",
      onEvent(({ shared }) => ({ shared: more(shared) })),
      BATCH,
      /^shared Wh at 2026-03-31T14:00:00Z$/,
    ],
    ["an event's accrual", onEvent(({ accrued }) => ({ accrued: accrued + 1n })), BATCH, /^accrued premium/],
    [
      "a batch twice",
      onLedger(({ batches }) => ({ batches: [...batches, ...batches.slice(1)] })),
      BATCH,
      /^first hour$/,
    ],
    ["the last batch left out", onLedger(({ batches }) => ({ batches: batches.slice(0, 1) })), LEDGER, /^next hour$/],
    ["the first batch left out", onLedger(({ batches }) => ({ batches: batches.slice(1) })), MONTH, /^injected Wh$/],
    ["the next hour", onLedger(({ nextHour }) => ({ nextHour: nextHour + 1 })), LEDGER, /^next hour$/],

    // Bytes of the blob: 4 of header, then 12 a channel (account at 3, class at 6, weight at 8), then the plant.
    ["a channel's number", onBlob(4 + 12 * 2 + 2, "0x09"), /batch of/, /^row root$/],
    ["a channel's account", onBlob(4 + 12 * 2 + 5, "0x01"), RUN_1, /^entitlement of account 1/],
    ["a channel's class", onBlob(4 + 12 * 2 + 6, "0x02"), RUN_1, /^(entitlement|key total)/],
    ["a channel's weight", onBlob(4 + 12 * 2 + 11, "0x63"), RUN_1, /^key total of rule 4 \(static-weight\)/],
    ["a plant's tariff", onBlob(4 + 12 * MEMBERS + 16, "0x01"), /batch of/, /^accrued premium/],
    [
      "a roster's hour",
      onLedger(({ rosters }) => ({
        rosters: rosters.map((roster) => ({ ...roster, effectiveHour: roster.effectiveHour + 1 })),
      })),
      /batch of/,
      /^roster version$/,
    ],

    ["a month's injected energy", onMonth(({ injected }) => ({ injected: injected + 1n })), MONTH, /^injected Wh$/],
    [
      "a month's withdrawn energy",
      onMonth(({ withdrawn }) => ({ withdrawn: withdrawn + 1n })),
      MONTH,
      /^withdrawn Wh$/,
    ],
    ["a month's shared energy", onMonth(({ shared }) => ({ shared: shared - 1n })), MONTH, /^shared Wh$/],
    ["a month's accrual", onMonth(({ accrued }) => ({ accrued: accrued - 1n })), MONTH, /^accrued premium/],
    ["a month's missing readings", onMonth(() => ({ missing: 0 })), MONTH, /^missing readings$/],
    ["a month's hours", onMonth(() => ({ hoursRecorded: 25 })), MONTH, /^hours recorded$/],
    ["a month's grade", onMonth(() => ({ grade: 3 })), MONTH, /^grade$/],
    [
      "a channel's month sum",
      onMonth(({ coincident }) => ({ coincident: new Map([...coincident, [3, 1n]]) })),
      MONTH,
      /^coincident Wh of channel 3$/,
    ],
    [
      "a month sum of no channel",
      onMonth(({ coincident }) => ({ coincident: new Map([...coincident, [77, 1n]]) })),
      MONTH,
      /^coincident Wh of channel 77$/,
    ],
    ["a plant's month sum", onMonth(() => ({ attributed: new Map() })), MONTH, /^attributed Wh of plant 1$/],

    ["a rule's share", onRule(3, { share: 2001 }), RULES, /^sum of shares$/],
    [
      "shares moved between rules",
      (given) => onRule(1, { share: 3000 })(onRule(2, { share: 4000 })(given)),
      RUN_1,
      /^(dust|entitlement)/,
    ],
    ["a rule's key", onRule(1, { key: 2 }), RUN_1, /^key total of rule 2/],
    ["a rule's classes", onRule(3, { classes: 4 }), RUN_1, /^key total of rule 4/],
    ["a rule's fund", onRule(0, { fund: 2 }), RUN_1, /^entitlement of account 2/],
    ["the fallback", onRuleSet(() => ({ fallbackFund: 1 })), RULES, /^fallback fund$/],
    [
      "the fund's kind",
      (given) => ({ ...given, accounts: given.accounts.map((account) => ({ ...account, kind: "member" })) }),
      RULES,
      /^fallback fund$/,
    ],

    ["a receipt's net", onReceipt((net) => ({ net: net + 1n })), /^receipts$/, /^net of receipt 1/],
    ["a receipt's fee", onReceipt(() => ({ fee: 1n })), /^receipts$/, /^net of receipt 1/],
    [
      "a receipt's amount altogether",
      onReceipt((net) => ({ net: net + 1n, gross: net + 1n })),
      /^receipts$/,
      /^pool of configuration 0, month 2026-03/,
    ],
    [
      "a receipt's month",
      onReceipt(() => ({ month: FIRST_MONTH + 1 })),
      /^receipts$/,
      /^pool of configuration 0, month 2026-03/,
    ],
    [
      "a receipt left out",
      (given) => ({ ...given, receipts: given.receipts.slice(1) }),
      /^receipts$/,
      /^pool of configuration 0, month 2026-03/,
    ],
    [
      "a stored pool",
      onTreasury(({ pools }) => ({ pools: first(pools, ({ amount }) => ({ amount: amount - 1n })) })),
      /^receipts$/,
      /^pool of configuration 0/,
    ],
    [
      "what was received in all",
      onTreasury(({ received }) => ({ received: received + 1n })),
      /^receipts$/,
      /^received in all/,
    ],

    [
      "a run's first month",
      onRun(({ fromMonth, toMonth }) => ({ fromMonth: fromMonth + 1, toMonth })),
      RUN,
      /^months and configurations$/,
    ],
    ["a run's last month", onRun(({ toMonth }) => ({ toMonth: toMonth + 1 })), RUN, /^months and configurations$/],
    [
      "a run's pool",
      onRun(({ weighed }) => ({ weighed: first(weighed, ({ pool }) => ({ pool: pool + 1n })) })),
      RUN,
      /^pool of configuration 0/,
    ],
    [
      "a run's rule set",
      onRun(({ weighed }) => ({ weighed: first(weighed, () => ({ ruleSet: 2 })) })),
      RUN,
      /^rule set of configuration 0/,
    ],
    [
      "a run's key total",
      onRun(({ weighed }) => ({
        weighed: first(weighed, ({ totals }) => ({ totals: totals.map((total) => total + 1n) })),
      })),
      RUN,
      /^key total of rule 1/,
    ],
    [
      "an entitlement",
      onRun(({ apportioned }) => ({
        apportioned: first(apportioned, ({ entitlements }) => ({
          entitlements: entitlements.map((amount, i) => (i === 2 ? amount + 1n : amount)),
        })),
      })),
      RUN,
      /^entitlement of account 3/,
    ],
    [
      "the dust",
      onRun(({ dust }) => ({ dust: first(dust, ({ amount }) => ({ amount: amount + 1n })) })),
      RUN,
      /^dust of configuration 0/,
    ],
    [
      "whose the dust is",
      onRun(({ dust }) => ({ dust: first(dust, () => ({ fallbackFund: 1 })) })),
      RUN,
      /^entitlement of account 1/,
    ],
    ["no dust", onRun(() => ({ dust: [] })), RUN, /^dust of configuration 0/],
    [
      "whether it is provisional",
      onRun(({ proposed }) => ({ proposed: proposed && { ...proposed, provisional: false } })),
      RUN,
      /^provisional$/,
    ],
    [
      "no reason to pay on provisional months",
      onRun(({ approved }) => ({ approved: approved && { ...approved, overrideReason: "" } })),
      RUN,
      /^reason to pay/,
    ],
    [
      "approval by who proposed",
      onRun(({ approved, proposed }) => ({ approved: approved && proposed && { ...approved, by: proposed.by } })),
      RUN,
      /^approved by$/,
    ],
    ["no approval", onRun(() => ({ approved: undefined })), RUN, /^approval$/],
    [
      "what was owed in all",
      onRun(({ proposed }) => ({ proposed: proposed && { ...proposed, totalOwed: 1n } })),
      RUN,
      /^owed in all/,
    ],
    [
      "what was payable",
      onRun(({ approved }) => ({ approved: approved && { ...approved, payable: 1n } })),
      RUN,
      /^payable/,
    ],
    [
      "a payout's amount",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ amount }) => ({ amount: amount + 1n })) })),
      RUN,
      /^payout to account 1/,
    ],
    [
      "a payout's difference",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ delta }) => ({ delta: delta + 1n })) })),
      RUN,
      /^difference booked for account 1/,
    ],
    [
      "what a payout leaves owed",
      onRun(({ payouts }) => ({ payouts: first(payouts, ({ owed }) => ({ owed: owed + 1n })) })),
      RUN,
      /^still owed to account 1/,
    ],
    [
      "a payout left out",
      onRun(({ payouts }) => ({ payouts: payouts.slice(1) })),
      RUN,
      /^difference booked for account 1/,
    ],
    [
      "a payout to one more",
      onRun(({ payouts }) => ({ payouts: [...payouts, ...first(payouts, () => ({ account: 99 })).slice(0, 1)] })),
      RUN,
      /^difference booked for account 99/,
    ],
    ["a payout twice", onRun(({ payouts }) => ({ payouts: [...payouts, ...payouts.slice(0, 1)] })), RUN, /^payouts$/],
    [
      "what was paid in all by then",
      onRun(({ paid }) => ({ paid: paid && { ...paid, paidInAll: paid.paidInAll + 1n } })),
      RUN,
      /^paid in all when it was paid/,
    ],
    ["an account that never was", (given) => ({ ...given, accounts: given.accounts.slice(1) }), RUN_1, /account 1/],

    [
      "a settled amount",
      onTreasury(({ settled }) => ({ settled: first(settled, ({ amount }) => ({ amount: amount + 1n })) })),
      /^treasury$/,
      /^settled for account 1/,
    ],
    [
      "what is owed",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ owed }) => ({ owed: owed + 1n })) })),
      /^treasury$/,
      /^owed to account 1/,
    ],
    [
      "what was paid",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ paid }) => ({ paid: paid + 1n })) })),
      /^treasury$/,
      /^paid to account 1/,
    ],
    [
      "tokens",
      onTreasury(({ accounts }) => ({ accounts: first(accounts, ({ balance }) => ({ balance: balance + 1n })) })),
      /^treasury$/,
      /^tokens of account 1/,
    ],
    ["what was paid in all", onTreasury(({ paid }) => ({ paid: paid + 1n })), /^treasury$/, /^paid in all/],
    ["the token's supply", onTreasury(({ supply }) => ({ supply: supply + 1n })), /^treasury$/, /^token supply/],
  ];

  it("is found nothing in as long as it is what it is", async () => {
    assert.deepEqual(await audit(history, recompute(history)), []);
    assert.equal(history.runs.length, 2);
  });

  for (const [what, tamper, place, subject] of cases) {
    it(`with other ${what} is found out there`, async () => {
      const tampered = tamper(history);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
      assert.notEqual(difference.chain, difference.recomputed);
    });
  }
});

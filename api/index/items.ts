/** The lists that are made of a community's events: receipts, rule sets, runs and what came of them. */

import { GRADES } from "../../settlement/grade.ts";
import type { Place, RunRecord, SettledHistory } from "../../settlement/history.ts";
import { endOfMonth } from "../../settlement/hours.ts";
import type { Recomputed, RecomputedRun } from "../../settlement/recompute.ts";
import { redeemedPayments } from "../../settlement/redemptions.ts";
import { decodeRuleSet } from "../../settlement/rules.ts";
import type { PlaceTold } from "../schemas/place.ts";
import { channelSpans } from "./channelSpans.ts";
import type { KeptCommunity } from "./derive.ts";

export const ITEM_KINDS = [
  "adjustment",
  "channel",
  "configuration",
  "entitlement",
  "month",
  "payee-change",
  "payout",
  "receipt",
  "redemption-file",
  "redemption",
  "rule-set",
  "run",
  "write-off",
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** `number` puts a kind in order and is what a cursor names; `account` is whose it is, if it is anybody's; `parent` the run of an entitlement. */
export type Item = {
  readonly kind: ItemKind;
  readonly number: number;
  readonly account: number | undefined;
  readonly parent: number | undefined;
  readonly content: unknown;
};

const ACCOUNTS = 2 ** 24;

export function itemsOf({ history, recomputed, timeOf }: KeptCommunity): Item[] {
  const placed = ({ block, transaction }: Place): PlaceTold => ({
    block: Number(block),
    transaction,
    time: timeOf(block),
  });
  const item = (
    kind: ItemKind,
    number: number,
    content: object,
    of: { account?: number | undefined; parent?: number } = {},
  ): Item => {
    return { kind, number, account: of.account, parent: of.parent, content };
  };
  return [
    ...history.receipts.map(({ place, account, ...receipt }) => {
      const passedTo = account === 0 ? undefined : account;
      return item(
        "receipt",
        receipt.number,
        { ...receipt, account: passedTo, ...placed(place) },
        { account: passedTo },
      );
    }),
    ...history.adjustments.map(({ place, ...adjustment }) => {
      return item("adjustment", place.position, { ...adjustment, ...placed(place) });
    }),
    ...history.ruleSets.map(({ place, version, encoded }) => {
      return item("rule-set", version, { version, ...decodeRuleSet(encoded), ...placed(place) });
    }),
    ...recomputed.runs.flatMap((run) => runItems(run, placed)),
    ...history.writeOffs.map(({ place, ...writeOff }) => {
      return item("write-off", place.position, { ...writeOff, ...placed(place) });
    }),
    ...redemptionItems(history, placed),
    ...history.tokens.payeeChanges.map(({ place, ...change }) => {
      return item("payee-change", place.position, { ...change, ...placed(place) }, { account: change.account });
    }),
    ...channelItems(recomputed),
    ...monthItems(history, recomputed),
    ...history.ledgers.map(({ address: ledger, area, nextHour }, configuration) => {
      const next = nextHour === 0 ? undefined : nextHour;
      return item("configuration", configuration, { configuration, area, ledger, nextHour: next });
    }),
  ];
}

type Placed = (place: Place) => PlaceTold;

function runItems({ run, cells }: RecomputedRun, placed: Placed): Item[] {
  const { number, opened, fromMonth, toMonth, proposed, approved, paid } = run;
  const told = {
    number,
    state: stateOf(run),
    fromMonth,
    toMonth,
    opened: placed(opened),
    proposed: proposed && { by: proposed.by, totalOwed: proposed.totalOwed, isProvisional: proposed.provisional },
    approved: approved && {
      by: approved.by,
      payable: approved.payable,
      overrideReason: approved.overrideReason,
      ...placed(approved.place),
    },
    paid: paid && { paidInAll: paid.paidInAll, ...placed(paid.place) },
    cells: cells.map(({ cell, amounts, isAdjusted, pools, ruleSetVersion }) => {
      // What is passed through stands in the books of whom it is passed to: all members see the runs.
      const { premium, shared } = amounts;
      return { ...cell, premium, shared, isAdjusted, pools, ruleSet: ruleSetVersion };
    }),
  };
  const entitlements = cells.flatMap(({ cell, division }, index) =>
    [...division.entitlements].map(([account, amount]): Item => {
      const content = { run: number, ...cell, account, amount };
      return {
        kind: "entitlement",
        number: (number * 1000 + index) * ACCOUNTS + account,
        account,
        parent: number,
        content,
      };
    }),
  );
  const payouts = run.payouts.map(({ place, ...payout }): Item => {
    const content = { run: number, ...payout, ...placed(place) };
    return { kind: "payout", number: place.position, account: payout.account, parent: number, content };
  });
  return [{ kind: "run", number, account: undefined, parent: undefined, content: told }, ...entitlements, ...payouts];
}

/** In words: what was last done about a run. */
function stateOf({ dropped, paid, approved, proposed, payouts }: RunRecord) {
  if (dropped) return "dropped";
  if (paid !== undefined) return "paid";
  if (approved !== undefined) return payouts.length > 0 ? "paying" : "approved";
  return proposed === undefined ? "open" : "proposed";
}

function redemptionItems({ tokens }: SettledHistory, placed: Placed): Item[] {
  const files = tokens.files.map(({ place, ...file }): Item => {
    const content = { ...file, ...placed(place) };
    return { kind: "redemption-file", number: file.number, account: undefined, parent: undefined, content };
  });
  const payments = redeemedPayments(tokens).map(({ place, file, account, amount, endToEndId, state }): Item => {
    const content = { file, account, amount, endToEndId, state, ...placed(place) };
    return { kind: "redemption", number: place.position, account, parent: file, content };
  });
  return [...files, ...payments];
}

function channelItems({ ledgers }: Recomputed): Item[] {
  return ledgers.flatMap(({ versions }, configuration) =>
    channelSpans(versions).map((span): Item => {
      const number = configuration * ACCOUNTS + span.channel;
      return {
        kind: "channel",
        number,
        account: span.account,
        parent: configuration,
        content: { configuration, ...span },
      };
    }),
  );
}

/** Of the whole configuration. */
function monthItems(history: SettledHistory, { ledgers }: Recomputed): Item[] {
  return history.ledgers.flatMap(({ nextHour }, configuration) =>
    [...(ledgers[configuration]?.months.values() ?? [])].map((sums): Item => {
      const { month, injected, withdrawn, shared, accrued, missing, hours, hoursWithoutPrice, grade } = sums;
      const content = {
        ...{
          configuration,
          month,
          isOpen: nextHour < endOfMonth(month),
          grade: GRADES[grade],
          hours,
          missing,
          hoursWithoutPrice,
        },
        ...{ injected, withdrawn, shared, accrued },
      };
      const number = configuration * ACCOUNTS + month;
      return { kind: "month", number, account: undefined, parent: configuration, content };
    }),
  );
}

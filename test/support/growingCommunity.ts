/** A community to which something happens every day: batches, receipts, runs. */

import assert from "node:assert/strict";
import { batchSpans, endOfMonth } from "../../settlement/hours.ts";
import { receiptOf } from "./communityCalls.ts";
import { batchOf, FIRST_MONTH, record, type Stage, smallRoster } from "./communityOnChain.ts";
import { book, closedMonthCommunity, LAST_DAY, ledgerAt, settle } from "./runsOnChain.ts";

const MEMBERS = 6;
const RECEIPT_EVERY = 4;
const RUN_EVERY = 12;
const MOST_RUNS = 20;
const MONTHS = 120;

/** Deploys it. Each call of what comes back is one more day: one block, now and then with a receipt or a whole run. */
export async function growingCommunity(stage: Stage): Promise<() => Promise<void>> {
  const at = await closedMonthCommunity(stage, MEMBERS);
  const roster = smallRoster(MEMBERS);
  const spans = batchSpans(LAST_DAY + 24, endOfMonth(FIRST_MONTH + MONTHS)).values();
  let day = 0;
  return async () => {
    day++;
    const { firstHour, hourCount } = spans.next().value ?? assert.fail(`more than ${MONTHS} months`);
    await record(stage, ledgerAt(at, 0), batchOf(roster, firstHour, hourCount), roster);
    if (day % RECEIPT_EVERY === 0) {
      await book(stage, at, receiptOf(FIRST_MONTH, 1_230_000n * BigInt(day), { document: String(day) }));
    }
    if (day % RUN_EVERY === 0 && day / RUN_EVERY <= MOST_RUNS) await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
  };
}

/** A community to which something happens every day: batches, receipts, runs. */

import { receiptOf } from "./communityCalls.ts";
import { batchOf, FIRST_MONTH, record, type Stage, smallRoster } from "./communityOnChain.ts";
import { book, closedMonthCommunity, LAST_DAY, ledgerAt, settle } from "./runsOnChain.ts";

const MEMBERS = 6;
const RECEIPT_EVERY = 4;
const RUN_EVERY = 12;
const MOST_RUNS = 20;

/** Deploys it. Each call of what comes back is one more day: one block, now and then with a receipt or a whole run. */
export async function growingCommunity(stage: Stage): Promise<() => Promise<void>> {
  const at = await closedMonthCommunity(stage, MEMBERS);
  const roster = smallRoster(MEMBERS);
  let day = 0;
  return async () => {
    day++;
    await record(stage, ledgerAt(at, 0), batchOf(roster, LAST_DAY + 24 * day, 24), roster);
    if (day % RECEIPT_EVERY === 0) {
      await book(stage, at, receiptOf(FIRST_MONTH, 1_230_000n * BigInt(day), { document: String(day) }));
    }
    if (day % RUN_EVERY === 0 && day / RUN_EVERY <= MOST_RUNS) await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
  };
}

/** The history of a community that was paid twice, for a month with a missing reading. */

import assert from "node:assert/strict";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { readHistory } from "../../chain/history.ts";
import { type Batch, decodeBatch, FIRST_REVISION, maskBit } from "../../settlement/batch.ts";
import type { History } from "../../settlement/history.ts";
import { CLASSES } from "../../settlement/roster.ts";
import { receiptOf } from "./communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  amend,
  batchOf,
  correctionOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  record,
  type Stage,
  smallRoster,
} from "./communityOnChain.ts";
import { book, LAST_DAY, ledgerAt, settle, threeRules, WHOLE_CELLS } from "./runsOnChain.ts";

export const MEMBERS = 5;
const FUND = MEMBERS + 1;

export async function settledHistory(stage: Stage): Promise<History> {
  return readHistory(stage.client, await settledCommunity(stage));
}

/** The same, and then one batch was corrected twice. */
export async function correctedHistory(stage: Stage): Promise<History> {
  const at = await settledCommunity(stage);
  const [ledger] = (await readHistory(stage.client, at)).ledgers;
  const input = ledger?.batches[1]?.revisions[0]?.input;
  assert(ledger && input);
  const roster = smallRoster(MEMBERS);
  let old: Batch = decodeBatch(input.batch);
  for (const wattHours of [70, 4000]) {
    const withdrawn = old.withdrawn.map((row, i) => (i === 2 ? [wattHours, ...row.slice(1)] : row));
    const corrected = correctionOf(old, roster, ledger.address, { withdrawn });
    await amend(stage, ledger.address, old, corrected, roster);
    old = corrected;
  }
  return readHistory(stage.client, at);
}

async function settledCommunity(stage: Stage): Promise<CommunityAddresses> {
  const at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
  const roster = smallRoster(MEMBERS);
  const ledger = ledgerAt(at, 0);
  await enrol(stage, at, MEMBERS);
  await adoptRoster(stage, ledger, LAST_DAY, roster);
  const rule = { pool: "ordinary", classes: CLASSES, fund: 0 } as const;
  await adoptRuleSet(stage, at, {
    ...threeRules(FUND),
    rules: [
      { pool: "ordinary", share: 1000, key: "fund", classes: [], fund: FUND },
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
  return at;
}

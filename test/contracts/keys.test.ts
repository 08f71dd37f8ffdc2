/*
 * Keys of a month in which the roster changed
 *   energy of a channel and of a plant counts once, on however many rosters they are
 *   hours and weights count for as long as each roster was in force, up to the month's end
 */

import assert from "node:assert/strict";
import { parseEventLogs } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import { CLASSES } from "../../settlement/roster.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  openStage,
  record,
  smallRoster,
} from "../support/communityOnChain.ts";
import { LAST_DAY, ledgerAt, openRun, threeRules, weighAll } from "../support/runsOnChain.ts";

describe("keys of a month with two rosters", () => {
  it("count energy once, and hours as they were in force", async () => {
    const stage = await openStage();
    const at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
    const ledger = ledgerAt(at, 0);
    await enrol(stage, at, 3);
    const first = smallRoster(3);
    // Channel 3 leaves after 10 of the 24 hours.
    const second = { ...first, withdrawal: first.withdrawal.slice(0, 1) };
    await adoptRoster(stage, ledger, LAST_DAY, first);
    await adoptRoster(stage, ledger, LAST_DAY + 10, second);
    const keys = [
      "coincident-injection",
      "coincident-withdrawal",
      "attributed-injection",
      "equal",
      "static-weight",
    ] as const;
    const rules = keys.map((key) => ({
      pool: "ordinary" as const,
      share: 2000,
      key,
      classes: [...CLASSES],
      fund: 0,
    }));
    await adoptRuleSet(stage, at, { ...threeRules(4), rules });
    // Each hour injects 50 Wh; channel 2 withdraws 100 Wh, channel 3 300 Wh.
    const reading = (row: number) => [50, 100, 300][row] ?? 0;
    await record(stage, ledger, batchOf(first, LAST_DAY, 10, reading), first);
    await record(stage, ledger, { ...batchOf(second, LAST_DAY + 10, 14, reading), rosterVersion: 2 }, second);
    const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    const logs = (await weighAll(stage, at, run)).flatMap((receipt) => receipt.logs);
    const [weighed] = parseEventLogs({ abi: treasuryAbi, eventName: "Weighed", logs });
    const energy = 24n * 50n;
    assert.deepEqual(weighed?.args.totals, [
      energy,
      // 100/8 and 300/8 Wh an hour for 10 hours, then all 50 Wh are channel 2's.
      125n + 375n + 14n * 50n,
      energy,
      24n * 2n + 10n,
      24n * (1n + 2n) + 10n * 3n,
    ]);
    await stage.chain.close();
  });
});

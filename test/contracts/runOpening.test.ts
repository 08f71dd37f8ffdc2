/*
 * Treasury.open
 *   while another run is live; months reversed; more than 256 cells; no accounts; a month open in any configuration;
 *   no rule set at the first month → refused
 *   else the next number, a new attempt
 */

import assert from "node:assert/strict";
import { parseEventLogs } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { treasuryCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  FIRST_MONTH,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, send } from "../support/refusals.ts";
import {
  apportionAll,
  closedMonthCommunity,
  contentOf,
  LAST_DAY,
  ledgerAt,
  openRun,
  runOf,
  weighAll,
} from "../support/runsOnChain.ts";

const NEXT_MONTH = FIRST_MONTH + 1;

describe("Treasury.open", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => treasuryCalls(at);

  const open = (from: number, to: number) => send(stage, "treasurer", calls().open(from, to));

  before(async () => {
    stage = await openStage();
    at = await closedMonthCommunity(stage, 9);
  });
  after(() => stage.chain.close());

  describe("open", () => {
    it("refuses months in reverse: MonthsReversed", () =>
      assertRefused(open(FIRST_MONTH, FIRST_MONTH - 1), "MonthsReversed", [FIRST_MONTH, FIRST_MONTH - 1]));

    it("refuses more than 256 months × configurations: TooManyMonths", async () => {
      await assertRefused(open(FIRST_MONTH - 256, FIRST_MONTH), "TooManyMonths", [257n, 256n]);
      await assertRefused(open(0, 65_535), "TooManyMonths", [65_536n, 256n]);
      // 256 are not too many; they are refused for what is looked at next.
      await assertRefused(open(FIRST_MONTH - 255, FIRST_MONTH), "NoRuleSetInForce", [FIRST_MONTH - 255]);
    });

    it("refuses a month that is not closed: MonthOpen", () =>
      assertRefused(open(FIRST_MONTH, NEXT_MONTH), "MonthOpen", [0, NEXT_MONTH]));

    it("refuses a month before the first rule set: NoRuleSetInForce", () =>
      assertRefused(open(FIRST_MONTH - 1, FIRST_MONTH), "NoRuleSetInForce", [FIRST_MONTH - 1]));

    it("refuses a community without accounts: NoAccounts", async () => {
      const empty = await deployCommunity(stage);
      await assertRefused(
        send(stage, "treasurer", treasuryCalls(empty).open(FIRST_MONTH, FIRST_MONTH)),
        "NoAccounts",
        [],
      );
    });

    it("refuses a month that one configuration has not closed: MonthOpen", async () => {
      const two = await deployCommunity(
        stage,
        [LAST_DAY, FIRST_HOUR].map((firstHour) => ({ firstHour, firstMonth: FIRST_MONTH })),
      );
      await enrol(stage, two, 2);
      const roster = smallRoster(2);
      await adoptRoster(stage, ledgerAt(two, 0), LAST_DAY, roster);
      await record(stage, ledgerAt(two, 0), batchOf(roster, LAST_DAY, 24), roster);
      const refused = send(stage, "treasurer", treasuryCalls(two).open(FIRST_MONTH, FIRST_MONTH));
      await assertRefused(refused, "MonthOpen", [1, FIRST_MONTH]);
    });

    it("opens one run at a time, in every phase: RunLive", async () => {
      at = await closedMonthCommunity(stage, 9);
      const { treasurer, president } = stage.people;
      const receipt = await open(FIRST_MONTH, FIRST_MONTH);
      const [opened] = parseEventLogs({ abi: treasuryAbi, eventName: "RunOpened", logs: receipt.logs });
      const expected = { run: 1, attempt: 1, fromMonth: FIRST_MONTH, toMonth: FIRST_MONTH, by: treasurer.address };
      assert.deepEqual(opened?.args, expected);
      const refused = () => assertRefused(open(FIRST_MONTH, FIRST_MONTH), "RunLive", [1]);
      await refused();
      await weighAll(stage, at, 1);
      await refused();
      await apportionAll(stage, at, 1);
      await refused();
      await treasurer.send(calls().propose(1));
      await refused();
      await president.send(calls().approve(1, await contentOf(stage, at, 1), ""));
      await refused();
      await president.send(calls().drop(1));
      assert.equal(await openRun(stage, at, FIRST_MONTH, FIRST_MONTH), 2);
      assert.equal((await runOf(stage, at, 2)).attempt, 2);
    });
  });
});

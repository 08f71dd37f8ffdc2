/*
 * What of its entitlement an account is paid
 *   below the minimum payment of the run's last month → it waits, and is paid once it has grown to it
 *   a closed account has no minimum
 *   an energy sale is passed through to the plant's owner, a reserve to its fund, whatever the rules
 */

import assert from "node:assert/strict";
import { parseEventLogs } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { PAY_ALL } from "../../settlement/rules.ts";
import { communityCalls, receiptOf } from "../support/communityCalls.ts";
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
} from "../support/communityOnChain.ts";
import { send } from "../support/refusals.ts";
import {
  approveRun,
  balanceOf,
  book,
  computeRun,
  LAST_DAY,
  ledgerAt,
  payAll,
  threeRules,
} from "../support/runsOnChain.ts";

const MEMBERS = 3;
const FUND = MEMBERS + 1;
const MINIMUM = 5_000_000n;

describe("Treasury payout policy", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  /** To all three the same, by heads. */
  beforeEach(async () => {
    at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
    await enrol(stage, at, MEMBERS);
    const roster = smallRoster(MEMBERS);
    await adoptRoster(stage, ledgerAt(at, 0), LAST_DAY, roster);
    const { rules, ...terms } = threeRules(FUND);
    const equal = rules.filter(({ key }) => key === "equal").map((rule) => ({ ...rule, share: 10_000 }));
    await adoptRuleSet(stage, at, { ...terms, policy: { ...PAY_ALL, minimumPayment: MINIMUM }, rules: equal });
    await record(stage, ledgerAt(at, 0), batchOf(roster, LAST_DAY, 24), roster);
  });

  /** Delta, amount and what stays owed, by account. */
  async function run(): Promise<Record<number, readonly bigint[]>> {
    const number = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
    await approveRun(stage, at, number);
    const receipts = await payAll(stage, at, number, 1n);
    const logs = receipts.flatMap((receipt) => receipt.logs);
    const payouts = parseEventLogs({ abi: treasuryAbi, eventName: "Payout", logs });
    return Object.fromEntries(payouts.map(({ args }) => [args.account, [args.delta, args.amount, args.owed]]));
  }

  it("lets less than the minimum wait, and says so, until it has grown to it", async () => {
    await book(stage, at, receiptOf(FIRST_MONTH, 3n * (MINIMUM - 10_000n)));
    const waiting = [MINIMUM - 10_000n, 0n, MINIMUM - 10_000n];
    assert.deepEqual(await run(), { 1: waiting, 2: waiting, 3: waiting });
    assert.deepEqual(await run(), {
      1: [0n, ...waiting.slice(1)],
      2: [0n, ...waiting.slice(1)],
      3: [0n, ...waiting.slice(1)],
    });
    await book(stage, at, receiptOf(FIRST_MONTH, 30_000n));
    const grown = [10_000n, MINIMUM, 0n];
    assert.deepEqual(await run(), { 1: grown, 2: grown, 3: grown });
  });

  it("pays a closed account whatever it is owed: its final account", async () => {
    await send(stage, "secretary", communityCalls(at).closeAccount(2));
    await book(stage, at, receiptOf(FIRST_MONTH, 3n * 10_000n));
    assert.deepEqual(await run(), { 1: [10_000n, 0n, 10_000n], 2: [10_000n, 10_000n, 0n], 3: [10_000n, 0n, 10_000n] });
  });

  it("passes energy sales and reserves through, also when they are taken back", async () => {
    const take = (kind: "energy-sale" | "reserve", account: number, net: bigint) =>
      book(stage, at, receiptOf(FIRST_MONTH, net, { kind, account, document: String(net) }));
    await take("energy-sale", 1, 7_000_000n);
    await take("reserve", FUND, 9_000_000n);
    assert.deepEqual(await run(), { 1: [7_000_000n, 7_000_000n, 0n], 4: [9_000_000n, 9_000_000n, 0n] });
    await take("energy-sale", 1, -1_000_000n);
    assert.deepEqual(await run(), { 1: [-1_000_000n, 0n, -1_000_000n] });
    assert.equal((await balanceOf(stage, at, 1)).paid, 7_000_000n);
  });
});

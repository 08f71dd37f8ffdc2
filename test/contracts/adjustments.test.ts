/*
 * ReceiptBook.adjustYear, and what is held until then
 *   not the treasurer's → refused
 *   a year that is not recorded to its end, that was before the configuration, or again → refused
 *   of an advance the held part is the advance reserve's, whatever the rules; the reserve is never paid
 *   with a yearly calendar everything is
 *   the excess goes by the energy of the year to date
 *   adjusting the year → the next run pays it by the rules of each month; a live run begins anew
 */

import assert from "node:assert/strict";
import { parseEventLogs, zeroHash } from "viem";
import { creditTokenAbi, receiptBookAbi, treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { endOfMonth, parseMonth } from "../../settlement/hours.ts";
import type { Plant } from "../../settlement/roster.ts";
import { PAY_ALL, type PayoutPolicy } from "../../settlement/rules.ts";
import { receiptBookCalls, receiptOf, treasuryCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  enrol,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, send } from "../support/refusals.ts";
import { balanceOf, book, ledgerAt, openRun, runOf, settle, threeRules, weighAll } from "../support/runsOnChain.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const YEAR = 2026;
const LAST_DAY = endOfMonth(DECEMBER) - 24;
const MEMBERS = 2;
const [FUND, ADVANCE_RESERVE] = [MEMBERS + 1, MEMBERS + 3];

describe("ReceiptBook.adjustYear", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const adjust = () => send(stage, "treasurer", receiptBookCalls(at).adjustYear(0, YEAR));
  const owed = async (account: number) => (await balanceOf(stage, at, account)).owed;
  const paid = async (account: number) => (await balanceOf(stage, at, account)).paid;

  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  /** Its first day is the last of a year. */
  async function community(policy: PayoutPolicy, records = 24): Promise<void> {
    at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: DECEMBER }]);
    await enrol(stage, at, MEMBERS);
    const roster = smallRoster(MEMBERS);
    await adoptRoster(stage, ledgerAt(at, 0), LAST_DAY, roster);
    await adoptRuleSet(stage, at, { ...threeRules(FUND, DECEMBER), policy });
    await record(stage, ledgerAt(at, 0), batchOf(roster, LAST_DAY, records), roster);
  }

  describe("by whom and when", () => {
    beforeEach(() => community(PAY_ALL, 23));
    itIsRestricted(
      () => stage,
      [{ allowed: "treasurer", call: () => receiptBookCalls(at).adjustYear(0, YEAR) }],
      () => "adjustYear",
    );
    it("refuses a year whose last hour is not recorded: YearOpen", async () => {
      await assertRefused(adjust(), "YearOpen", [0, YEAR]);
    });
    it("refuses a year before the configuration: MonthBeforeStart", async () => {
      const before = send(stage, "treasurer", receiptBookCalls(at).adjustYear(0, YEAR - 1));
      await assertRefused(before, "MonthBeforeStart", [DECEMBER - 12, DECEMBER]);
    });
    it("refuses an unknown configuration: ConfigurationUnknown", async () => {
      const unknown = send(stage, "treasurer", receiptBookCalls(at).adjustYear(1, YEAR));
      await assertRefused(unknown, "ConfigurationUnknown", [1]);
    });
  });

  it("takes a year once, and chains it into the receipts' hash: YearAlreadyAdjusted", async () => {
    await community(PAY_ALL);
    const { logs } = await adjust();
    const [event] = parseEventLogs({ abi: receiptBookAbi, eventName: "YearAdjusted", logs });
    const call = { abi: receiptBookAbi, address: at.receiptBook } as const;
    const receiptsHash = await stage.client.readContract({ ...call, functionName: "receiptsHash" });
    assert.deepEqual(event?.args, { configuration: 0, year: YEAR, documentHash: zeroHash, receiptsHash });
    assert.notEqual(receiptsHash, zeroHash);
    assert.equal(await stage.client.readContract({ ...call, functionName: "changeCount" }), 12);
    await assertRefused(adjust(), "YearAlreadyAdjusted", [0, YEAR]);
  });

  for (const { name, policy, held } of [
    { name: "holds a part of an advance back", policy: { ...PAY_ALL, holdBack: 2500 }, held: 25_000_000n },
    { name: "holds everything with a yearly calendar", policy: { ...PAY_ALL, isYearly: true }, held: 110_000_000n },
  ]) {
    it(`${name}, and releases it once the year is adjusted`, async () => {
      await community(policy);
      await book(stage, at, receiptOf(DECEMBER, 100_000_000n));
      await book(stage, at, receiptOf(DECEMBER, 10_000_000n, { kind: "valorisation" }));
      await settle(stage, at, DECEMBER, DECEMBER);
      assert.deepEqual([await owed(ADVANCE_RESERVE), await paid(ADVANCE_RESERVE)], [held, 0n]);
      assert.equal((await paid(1)) + (await paid(2)) + (await paid(FUND)), 110_000_000n - held);
      await adjust();
      await settle(stage, at, DECEMBER, DECEMBER);
      assert.deepEqual([await owed(ADVANCE_RESERVE), await paid(ADVANCE_RESERVE)], [0n, 0n]);
      assert.equal((await paid(1)) + (await paid(2)) + (await paid(FUND)), 110_000_000n);
      const supply = { abi: creditTokenAbi, address: at.token, functionName: "totalSupply" } as const;
      assert.equal(await stage.client.readContract(supply), 110_000_000n);
    });
  }

  it("goes by the energy of the year to date, from January to the month asked for", async () => {
    const december = endOfMonth(DECEMBER) - 1;
    at = await deployCommunity(stage, [{ firstHour: december, firstMonth: DECEMBER }]);
    await enrol(stage, at, MEMBERS);
    const [ledger, { injection, withdrawal }] = [ledgerAt(at, 0), smallRoster(MEMBERS)];
    const terms = { base: 800_000, cap: 1_200_000, correction: 0, reduction: { numerator: 0, denominator: 1 } };
    const plants: Plant[] = [
      { number: 1, channel: 1, commissioned: "2024-05-01", power: 1000, regime: "CACER", ...terms },
    ];
    const roster = { injection, withdrawal, plants };
    await adoptRoster(stage, ledger, december, roster);
    // The last hour of December, then all of January and the first hour of February; at 180 €/MWh the tariff is 80.
    const prices = { priceMask: 0, prices: new Array<number>(24).fill(1_800_000) };
    const hours = async (first: number, count: number, shared: number) => {
      const batch = batchOf(roster, first, count, (row, hour) => (hour === 0 ? ([1000, shared][row] ?? 0) : 0));
      const ofHours = prices.prices.map((price, hour) => (hour < count ? price : 0));
      await record(stage, ledger, { ...batch, ...prices, prices: ofHours }, roster);
    };
    await hours(december, 1, 1000);
    for (let hour = december + 1; hour < endOfMonth(DECEMBER + 1); hour += 24) await hours(hour, 24, 600);
    await hours(endOfMonth(DECEMBER + 1), 1, 1000);
    const excessOf = (month: number) =>
      stage.client.readContract({
        abi: receiptBookAbi,
        address: at.receiptBook,
        functionName: "excessOf",
        args: [0, month],
      });
    // What accrued, times what is shared beyond 55% of 1,000 Wh in December, of 31,000 in January, of 32,000 with February.
    const tariff = 800_000n;
    assert.deepEqual(await excessOf(DECEMBER), [450n * tariff, 1000n * tariff]);
    assert.deepEqual(await excessOf(DECEMBER + 1), [31n * 30n * tariff, 31n * 600n * tariff]);
    const shared = 31n * 600n + 1000n;
    const beyond = (shared * tariff * (shared * 100n - 32_000n * 55n)) / (32_000n * 100n);
    assert.deepEqual(await excessOf(DECEMBER + 2), [beyond, shared * tariff]);
  });

  it("makes a run that covers its months begin anew", async () => {
    await community({ ...PAY_ALL, holdBack: 5000 });
    await book(stage, at, receiptOf(DECEMBER, 100_000_000n));
    const run = await openRun(stage, at, DECEMBER, DECEMBER);
    await weighAll(stage, at, run);
    await adjust();
    const { logs } = await send(stage, "treasurer", treasuryCalls(at).apportion(run, 1n));
    assert.equal(parseEventLogs({ abi: treasuryAbi, eventName: "RunRestarted", logs }).length, 1);
    const receipts = await weighAll(stage, at, run);
    const [weighed] = parseEventLogs({ abi: treasuryAbi, eventName: "Weighed", logs: receipts.flatMap((r) => r.logs) });
    assert.deepEqual(weighed?.args.pools, { ordinary: 100_000_000n, excess: 0n, heldExcess: 0n, heldAdvance: 0n });
    assert.equal((await runOf(stage, at, run)).attempt, 2);
  });
});

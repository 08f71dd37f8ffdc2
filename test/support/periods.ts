/** What must hold of every account's statements over any periods, and of every channel's hours. */

import assert from "node:assert/strict";
import type { ChainClient } from "../../chain/send.ts";
import { sum } from "../../settlement/amounts.ts";
import { bookEntries, NO_BALANCE } from "../../settlement/bookEntries.ts";
import { channelBatches } from "../../settlement/channelHours.ts";
import type { History } from "../../settlement/history.ts";
import { endOfMonth, type Month, monthOf, secondsOf, startOfMonth } from "../../settlement/hours.ts";
import { type PeriodStatement, periodStatement, type TimeOf } from "../../settlement/periodStatement.ts";
import type { Recomputed } from "../../settlement/recompute.ts";
import { statementOf } from "../../settlement/statement.ts";

/** Times for a history that has none: so many of the blocks in which something was booked in each month. */
export function spreadTimes(history: History, firstMonth: Month, blocksAMonth: number): TimeOf {
  const blocks = [...new Set(bookEntries(history).map(({ place }) => place.block))];
  return (block) => {
    const index = blocks.indexOf(block);
    assert(index >= 0, `nothing was booked in block ${block}`);
    const month = firstMonth + Math.floor(index / blocksAMonth);
    // The first is booked in the month's first second, the last in its last.
    const isLast = index % blocksAMonth === blocksAMonth - 1;
    return isLast && blocksAMonth > 1 ? secondsOf(endOfMonth(month)) - 1 : secondsOf(startOfMonth(month));
  };
}

/** The times of the blocks in which something was booked. */
export async function chainTimes(client: ChainClient, history: History): Promise<TimeOf> {
  const times = new Map<bigint, number>();
  for (const { place } of bookEntries(history)) {
    const { timestamp } = await client.getBlock({ blockNumber: place.block });
    times.set(place.block, Number(timestamp));
  }
  return (block) => times.get(block) ?? assert.fail(`nothing was booked in block ${block}`);
}

/** Every month from the first that has readings or bookings to the last. */
export function monthsWithAny(history: History, timeOf: TimeOf): Month[] {
  const months = [
    ...history.ledgers.flatMap((ledger) => ledger.months.map(({ month }) => month)),
    ...bookEntries(history).map(({ place }) => monthOf(Math.floor(timeOf(place.block) / 3600))),
  ];
  const first = Math.min(...months);
  return Array.from({ length: Math.max(...months) - first + 1 }, (_, index) => first + index);
}

/** Checks every account's monthly statements, and those over all months; returns the latter. */
export function checkPeriods(history: History, recomputed: Recomputed, timeOf: TimeOf): PeriodStatement[] {
  const months = monthsWithAny(history, timeOf);
  const [first = 0, last = 0] = [months[0], months.at(-1)];
  return history.accounts.map((account) => {
    const whole = periodStatement(history, recomputed, account, { fromMonth: first, toMonth: last }, timeOf);
    const monthly = months.map((month) =>
      periodStatement(history, recomputed, account, { fromMonth: month, toMonth: month }, timeOf),
    );
    let before = NO_BALANCE;
    for (const statement of monthly) {
      assert.deepEqual(statement.opening, before, "a period opens as the one before it closed");
      for (const key of ["owed", "credit", "ordered"] as const) {
        const booked = sum(statement.bookings.map(({ effect }) => effect[key]));
        assert.equal(statement.closing[key], statement.opening[key] + booked, key);
      }
      before = statement.closing;
    }
    assert.deepEqual(whole.opening, NO_BALANCE);
    assert.deepEqual(whole.closing, before);
    assert.deepEqual(
      whole.bookings,
      monthly.flatMap(({ bookings }) => bookings),
    );
    assert.deepEqual(
      whole.months,
      monthly.flatMap((statement) => statement.months),
    );
    for (const key of ["entitled", "paid", "writtenOff", "transferred", "passedOn"] as const) {
      assert.equal(whole.totals[key], sum(monthly.map(({ totals }) => totals[key])), key);
    }
    checkAgainstChain(history, whole);
    checkAgainstStatement(history, recomputed, whole);
    for (const booking of whole.bookings) if (booking.kind === "entitlement") checkChanges(booking);
    return whole;
  });
}

function checkAgainstChain(history: History, { account: { number }, closing, totals }: PeriodStatement): void {
  const standing = history.treasury.accounts.find((candidate) => candidate.number === number);
  const tokens = history.tokens.sums.find((candidate) => candidate.number === number);
  assert(standing && tokens);
  assert.deepEqual(closing, { owed: standing.owed, credit: standing.balance, ordered: tokens.inEscrow });
  assert.equal(totals.paid, standing.paid);
  assert.equal(totals.transferred, tokens.redeemed - tokens.reversed);
}

function checkAgainstStatement(history: History, recomputed: Recomputed, whole: PeriodStatement): void {
  const statement = statementOf(history, recomputed, whole.account);
  assert.equal(whole.totals.entitled, statement.entitled);
  assert.equal(whole.totals.paid, statement.paid);
  assert.equal(whole.closing.owed, statement.owed);
  assert.equal(whole.closing.credit, statement.tokens);
  assert.deepEqual(
    whole.months.map(({ channels, entitlement }) => ({ channels, entitlement })),
    statement.months.map(({ channels, entitlement }) => ({ channels, entitlement })),
  );
}

type Entitlement = Extract<PeriodStatement["bookings"][number], { kind: "entitlement" }>;

function checkChanges({ effect, changes }: Entitlement): void {
  assert.equal(sum(changes.map(({ delta }) => delta)), effect.owed, "the months' changes are the run's");
  for (const { parts, remainders, before, delta, receipts, pools } of changes) {
    assert.equal(sum([...parts, ...remainders].map(({ amount }) => amount)) - before, delta);
    const communal = receipts.filter(({ kind }) => kind !== "energy-sale" && kind !== "reserve");
    assert.equal(sum(communal.map(({ net }) => net)), sum(Object.values(pools)), "the receipts are the pools");
  }
}

/** Checks that the hours of every channel add up to its month. */
export function checkHours(history: History, recomputed: Recomputed): number {
  let hours = 0;
  for (const account of history.accounts) {
    for (const { configuration, month, channels } of statementOf(history, recomputed, account).months) {
      const ledger = history.ledgers[configuration];
      assert(ledger);
      const firstHour = startOfMonth(month);
      const span = { firstHour, hourCount: endOfMonth(month) - firstHour };
      for (const { channel, direction, energy, coincident, attributed, missing } of channels) {
        const batches = channelBatches(ledger, channel, span);
        const total = (of: (batch: (typeof batches)[number]) => bigint) => sum(batches.map(of));
        assert.equal(
          total((batch) => batch.energy),
          energy,
        );
        assert.equal(
          total((batch) => batch.coincident),
          coincident,
        );
        assert.equal(
          total((batch) => batch.attributed ?? 0n),
          attributed ?? 0n,
        );
        assert.equal(
          total((batch) => BigInt(batch.missing)),
          BigInt(missing),
        );
        for (const hour of batches.flatMap((batch) => batch.hours)) {
          assert(hour.coincident <= hour.energy + 1n, "no more than the meter counted, but for rounding");
          assert(hour.energy <= hour[direction], "the meter is one of the configuration's");
          hours++;
        }
      }
    }
  }
  return hours;
}

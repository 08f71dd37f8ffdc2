/*
 * The statement of an account over whole months
 *   opening + bookings = closing; a period closes as the next one opens; all periods together are the account's statement
 *   bookings belong to the month of their block, in Europe/Rome; energy to the month in which it flowed
 *   a booking of a run explains itself: receipts, pools, parts, what was settled before
 *   write-offs of debtor and fund; a redemption step by step; credit passed on
 */

import assert from "node:assert/strict";
import { bookEntries } from "../../settlement/bookEntries.ts";
import type { History } from "../../settlement/history.ts";
import { endOfMonth, type Month, parseMonth, secondsOf, startOfMonth } from "../../settlement/hours.ts";
import { type PeriodStatement, periodStatement, type TimeOf } from "../../settlement/periodStatement.ts";
import { recompute } from "../../settlement/recompute.ts";
import { placeAt } from "../support/paperHistory.ts";
import { checkHours, checkPeriods, spreadTimes } from "../support/periods.ts";
import { adjusted } from "./histories/adjusted.ts";
import { corrected } from "./histories/corrected.ts";
import { redeemed } from "./histories/redeemed.ts";
import { settled } from "./histories/settled.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const JANUARY = DECEMBER + 1;
const [HOME, OWNER, FUND] = [2, 4, 7];
const HISTORIES: Readonly<Record<string, History>> = { adjusted, corrected, redeemed, settled };

function statement(history: History, number: number, from: Month, to: Month, timeOf: TimeOf): PeriodStatement {
  const account = history.accounts.find((candidate) => candidate.number === number);
  assert(account);
  return periodStatement(history, recompute(history), account, { fromMonth: from, toMonth: to }, timeOf);
}

/** The first run is paid in December, all that comes later is booked in January. */
const afterFirstRun: TimeOf = (block) => {
  const first = adjusted.runs[0]?.paid?.place.block ?? 0n;
  return block <= first ? secondsOf(endOfMonth(DECEMBER)) - 1 : secondsOf(startOfMonth(JANUARY));
};

describe("statements over whole months", () => {
  for (const [name, history] of Object.entries(HISTORIES)) {
    for (const blocksAMonth of [1, 2, 7, 1000]) {
      it(`of «${name}», ${blocksAMonth} blocks a month: add up, follow each other, and end as the chain says`, () => {
        const recomputed = recompute(history);
        const timeOf = spreadTimes(history, DECEMBER, blocksAMonth);
        const whole = checkPeriods(history, recomputed, timeOf);
        const booked = whole.reduce((count, { bookings }) => count + bookings.length, 0);
        assert(booked >= 5, `only ${booked} bookings`);
        // Every entry but the receipts is somebody's; a write-off is two accounts'.
        const entries = bookEntries(history).filter(({ kind }) => kind !== "receipt");
        assert.equal(booked, entries.length + history.writeOffs.length);
      });
    }

    it(`of «${name}»: the hours of every channel add up to its month`, () => {
      assert(checkHours(history, recompute(history)) > 0);
    });
  }

  it("are refused where the period ends before it begins", () => {
    assert.throws(() => statement(adjusted, HOME, JANUARY, DECEMBER, afterFirstRun), {
      name: "PeriodError",
      message: "the period from 2027-01 to 2026-12 ends before it begins: exchange the two",
    });
  });
});

describe("the statement of a household for the month of the first run, and for the next", () => {
  const december = statement(adjusted, HOME, DECEMBER, DECEMBER, afterFirstRun);
  const january = statement(adjusted, HOME, JANUARY, JANUARY, afterFirstRun);

  it("has the energy of December in the first, as it stands corrected", () => {
    assert.deepEqual(
      december.months.map(({ area, month, isOpen, hours, grade, channels }) => [
        area,
        month,
        isOpen,
        hours,
        grade,
        channels.map(({ channel }) => channel),
      ]),
      [
        ["AREA-0", DECEMBER, false, 24, "estimated", [3, 6, 10]],
        ["AREA-1", DECEMBER, false, 3, "estimated", [1]],
      ],
    );
    assert.equal(december.months[0]?.hoursWithoutPrice, 2);
    assert.deepEqual(january.months, []);
  });

  it("has what the first run booked and paid", () => {
    const { opening, closing, totals, bookings } = december;
    assert.deepEqual(opening, { owed: 0n, credit: 0n, ordered: 0n });
    assert.deepEqual(closing, { owed: 0n, credit: 47_053_787n, ordered: 0n });
    const nothing = { writtenOff: 0n, transferred: 0n, passedOn: 0n };
    assert.deepEqual(totals, { entitled: 47_053_787n, paid: 47_053_787n, ...nothing });
    assert.deepEqual(
      bookings.map(({ kind, effect, balance }) => [kind, effect, balance]),
      [
        ["entitlement", { owed: 47_053_787n, credit: 0n, ordered: 0n }, { owed: 47_053_787n, credit: 0n, ordered: 0n }],
        [
          "payout",
          { owed: -47_053_787n, credit: 47_053_787n, ordered: 0n },
          { owed: 0n, credit: 47_053_787n, ordered: 0n },
        ],
      ],
    );
  });

  it("has the corrections of December in January, with what was settled before and why it changed", () => {
    assert.deepEqual(january.opening, december.closing);
    const [entitlement] = january.bookings;
    assert(entitlement?.kind === "entitlement");
    const { run, owedAfter, because, minimum } = entitlement;
    assert.deepEqual([run, owedAfter, because, minimum], [3, 816_554n, "short", 12_000_000n]);
    const [first] = entitlement.changes;
    assert(first);
    assert.deepEqual(
      [first.area, first.month, first.before, first.delta],
      ["AREA-0", DECEMBER, 37_810_553n, 45_207_963n],
    );
    assert.deepEqual(first.reasons, ["receipts", "adjustment", "roster", "readings", "excess"]);
    assert.deepEqual([first.ruleSet, first.rulesFrom], [1, DECEMBER]);
    // The advance, the valorisation and what was taken back; the sale is another's.
    assert.deepEqual(
      first.receipts.map(({ kind, gross, fee, vat, net }) => [kind, gross, fee, vat, net]),
      [
        ["premium", 310_000_000n, 8_000_000n, 2_000_000n, 300_000_000n],
        ["valorisation", 20_010_000n, 0n, 0n, 20_010_000n],
        ["premium", -30_000_000n, 0n, 0n, -30_000_000n],
      ],
    );
    assert.equal(first.parts.length, 7);
    const kinds = january.bookings.map((booking) => booking.kind);
    assert.deepEqual(kinds, ["entitlement", "payout", "entitlement"]);
  });

  it("shows a sale to its owner alone", () => {
    const [entitlement] = statement(adjusted, OWNER, DECEMBER, DECEMBER, afterFirstRun).bookings;
    assert(entitlement?.kind === "entitlement");
    const kinds = entitlement.changes.flatMap(({ receipts }) => receipts.map(({ kind }) => kind));
    assert.deepEqual(kinds, ["premium", "valorisation", "energy-sale"]);
  });

  it("shows a debt that was written off to both, with its sign", () => {
    const writtenOff = adjusted.writeOffs[0]?.amount ?? 0n;
    for (const [number, role, sign] of [
      [OWNER, "debtor", 1n],
      [FUND, "fund", -1n],
    ] as const) {
      const { bookings, totals } = statement(adjusted, number, JANUARY, JANUARY, afterFirstRun);
      const booking = bookings.find(({ kind }) => kind === "write-off");
      assert(booking?.kind === "write-off");
      assert.deepEqual([booking.role, booking.reason], [role, "the plant was sold"]);
      assert.deepEqual(booking.effect, { owed: sign * writtenOff, credit: 0n, ordered: 0n });
      assert.equal(totals.writtenOff, sign * writtenOff);
    }
  });
});

describe("the statement of a member who redeemed", () => {
  const whole = () => statement(redeemed, 1, DECEMBER, DECEMBER, spreadTimes(redeemed, DECEMBER, 1000));

  it("goes step by step: ordered, executed, given back, given up", () => {
    const euro = 1_000_000n;
    const steps = whole().bookings.flatMap((booking) =>
      booking.kind === "redemption" ? [[booking.endToEndId, booking.state, booking.effect, booking.amount]] : [],
    );
    assert.deepEqual(steps, [
      ["A", "escrowed", { owed: 0n, credit: -euro, ordered: euro }, euro],
      ["B", "escrowed", { owed: 0n, credit: -2n * euro, ordered: 2n * euro }, 2n * euro],
      ["A", "executed", { owed: 0n, credit: 0n, ordered: -euro }, euro],
      ["B", "executed", { owed: 0n, credit: 0n, ordered: -2n * euro }, 2n * euro],
      ["B", "reversed", { owed: 0n, credit: 2n * euro, ordered: 0n }, 2n * euro],
      ["E", "escrowed", { owed: 0n, credit: -euro, ordered: euro }, euro],
      ["E", "dropped", { owed: 0n, credit: euro, ordered: -euro }, euro],
    ]);
  });

  it("has transferred what the bank executed and did not give back", () => {
    const { totals, closing } = whole();
    assert.deepEqual([totals.paid, totals.transferred], [22_000_000n, 1_000_000n]);
    assert.deepEqual(closing, { owed: 0n, credit: 21_000_000n, ordered: 0n });
  });

  it("of another whose payment the bank refused: the credit is back", () => {
    const timeOf = spreadTimes(redeemed, DECEMBER, 1000);
    const { bookings, totals } = statement(redeemed, 2, DECEMBER, DECEMBER, timeOf);
    const states = bookings.flatMap((booking) => (booking.kind === "redemption" ? [booking.state] : []));
    assert.deepEqual(states, ["escrowed", "refused"]);
    assert.equal(totals.transferred, 0n);
  });

  it("shows credit passed on to both, and a payment in an unknown state as nothing", () => {
    const position = 10 ** 12;
    const place = placeAt(position);
    const [payment] = redeemed.tokens.payments;
    assert(payment);
    const history: History = {
      ...redeemed,
      tokens: {
        ...redeemed.tokens,
        transfers: [{ place, from: 1, to: 2, amount: 7n }],
        settled: [...redeemed.tokens.settled, { ...payment, place: placeAt(position + 1), state: "none" }],
      },
    };
    const timeOf = spreadTimes(history, DECEMBER, 1000);
    for (const [number, sign] of [
      [1, -1n],
      [2, 1n],
    ] as const) {
      const { bookings, totals } = statement(history, number, DECEMBER, DECEMBER, timeOf);
      const passed = bookings.find(({ kind }) => kind === "transfer");
      assert(passed?.kind === "transfer");
      assert.deepEqual([passed.from, passed.to, passed.effect.credit], [1, 2, sign * 7n]);
      assert.equal(totals.passedOn, sign * 7n);
    }
    const last = statement(history, 1, DECEMBER, DECEMBER, timeOf).bookings.at(-1);
    assert.deepEqual(last?.effect, { owed: 0n, credit: 0n, ordered: 0n });
  });
});

import assert from "node:assert/strict";
import { type AdvanceState, type MonthOfAdvance, scheduleAdvances } from "../../settlement/advanceSchedule.ts";
import { type Month, parseMonth, startOfMonth } from "../../settlement/hours.ts";

const MINIMUM = 50n;
const MARCH: Month = parseMonth("2026-03") ?? assert.fail();
const LATER = startOfMonth(MARCH + 12);

/** Expected and received for March and the months after it; nothing received where it is left out. */
type Case = readonly [expected: bigint | undefined, received?: bigint];
const months = (cases: readonly Case[]): MonthOfAdvance[] =>
  cases.map(([expected, received], index) => ({
    month: MARCH + index,
    expected,
    received: received ?? 0n,
    hasPremium: received !== undefined,
  }));
type Due = readonly [AdvanceState, bigint | undefined];

describe("the schedule of advances", () => {
  const [april, may] = [startOfMonth(MARCH + 1), startOfMonth(MARCH + 2)];
  for (const { name, cases, nextHour, expected } of [
    { name: "an open month", cases: [[99n]], nextHour: april - 1, expected: [["open", 99n]] },
    { name: "a month that has just closed", cases: [[99n]], nextHour: april, expected: [["awaited", 99n]] },
    { name: "until the next is over", cases: [[99n]], nextHour: may - 1, expected: [["awaited", 99n]] },
    { name: "then", cases: [[99n]], nextHour: may, expected: [["due", 99n]] },
    { name: "an open month that is paid", cases: [[99n, 99n]], nextHour: april - 1, expected: [["due", 99n]] },
    { name: "an awaited month that is paid", cases: [[99n, 0n]], nextHour: april, expected: [["due", 99n]] },
    { name: "what is not known", cases: [[undefined]], nextHour: LATER, expected: [["due", undefined]] },
    { name: "what is not known, open", cases: [[undefined]], nextHour: april - 1, expected: [["open", undefined]] },
    { name: "below the minimum", cases: [[49n]], nextHour: LATER, expected: [["carried", 49n]] },
    { name: "the minimum itself", cases: [[50n]], nextHour: LATER, expected: [["due", 50n]] },
    {
      name: "carried until the minimum is reached, then due in all",
      cases: [[20n], [20n], [20n], [20n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["carried", 20n],
        ["due", 60n],
        ["carried", 20n],
      ],
    },
    {
      name: "paid with a later month",
      cases: [[20n], [40n, 60n], [20n, 20n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 60n],
        ["due", 20n],
      ],
    },
    {
      name: "still carried when a later month is paid alone",
      cases: [[20n], [40n, 40n], [35n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 40n],
        ["due", 55n],
      ],
    },
    {
      name: "whichever is nearer to what was paid, the month alone if both are",
      cases: [[20n], [40n, 49n], [40n, 71n], [1n, 1n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 40n],
        ["due", 60n],
        ["due", 1n],
      ],
    },
    {
      name: "as near to one as to the other",
      cases: [[20n], [40n, 50n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 40n],
      ],
    },
    {
      name: "nearer to what is due in all, though less",
      cases: [[20n], [40n, 55n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 60n],
      ],
    },
    {
      name: "a claw-back is nearer to the month alone",
      cases: [[20n], [40n, -80n]],
      nextHour: LATER,
      expected: [
        ["carried", 20n],
        ["due", 40n],
      ],
    },
  ] satisfies { name: string; cases: Case[]; nextHour: number; expected: Due[] }[]) {
    it(name, () => {
      const scheduled = scheduleAdvances(months(cases), nextHour, MINIMUM, false);
      assert.deepEqual(
        scheduled.map(({ state, due }) => [state, due]),
        expected,
      );
    });
  }

  it("is closed once the year is compared as a whole", () => {
    const scheduled = scheduleAdvances(months([[20n], [40n, 60n], [undefined]]), LATER, MINIMUM, true);
    assert.deepEqual(
      scheduled,
      [20n, 40n, undefined].map((due) => ({ state: "closed", due })),
    );
  });
});

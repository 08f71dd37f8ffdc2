/** From when to when a channel was metered. */

import assert from "node:assert/strict";
import { channelSpans } from "../../../api/index/channelSpans.ts";
import type { Channel, Roster } from "../../../settlement/roster.ts";

const channel = (number: number, account: number): Channel => ({
  number,
  account,
  class: "persona_fisica",
  exempt: false,
  weight: 0,
});

const roster = (injection: readonly number[], withdrawal: readonly number[]): Roster => ({
  injection: injection.map((number) => channel(number, number)),
  withdrawal: withdrawal.map((number) => channel(number, number)),
  plants: [],
});

describe("the spans of channels", () => {
  const spans = (...versions: readonly (readonly [effectiveHour: number, roster: Roster])[]) =>
    channelSpans(versions.map(([effectiveHour, of]) => ({ effectiveHour, roster: of }))).map(
      ({ channel: number, direction, fromHour, endHour }) => [number, direction, fromHour, endHour],
    );

  it("begin with the first roster that has them, and have no end on the newest", () =>
    assert.deepEqual(spans([100, roster([1], [2])], [200, roster([1], [2, 3])]), [
      [1, "injected", 100, undefined],
      [2, "withdrawn", 100, undefined],
      [3, "withdrawn", 200, undefined],
    ]));

  it("end where a roster without them is in force", () =>
    assert.deepEqual(spans([100, roster([], [1, 2])], [200, roster([], [2])]), [
      [1, "withdrawn", 100, 200],
      [2, "withdrawn", 100, undefined],
    ]));

  it("follow a roster that reaches back: what was adopted before it yields", () =>
    assert.deepEqual(spans([100, roster([], [1])], [300, roster([], [1, 2])], [200, roster([], [3])]), [
      [1, "withdrawn", 100, 200],
      [3, "withdrawn", 200, undefined],
    ]));

  it("of a roster that never came into force there are none", () =>
    assert.deepEqual(spans([100, roster([], [1])], [100, roster([], [2])]), [[2, "withdrawn", 100, undefined]]));
});

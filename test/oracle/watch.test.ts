/** What is wrong with meters, clocks and disk: decisions by a clock of one's own. */

import assert from "node:assert/strict";
import { HeardMeters, type MeterHeard } from "../../oracle/heardMeters.ts";
import type { Received } from "../../oracle/inbox.ts";
import {
  clockByChain,
  clockByMeters,
  fullDisk,
  gapsAtDeadline,
  LEAST_FREE_BYTES,
  meterClocks,
  overdueBatch,
  silentMeters,
} from "../../oracle/watch.ts";

const NOW = 1_800_000_000;
const HOUR = 3600;

const never: MeterHeard = { lastReceived: 0, lastMeasured: undefined, aheadBy: undefined, behindSince: undefined };
const heardAt = (lastReceived: number): MeterHeard => ({ ...never, lastReceived });

describe("silent meters", () => {
  for (const [name, heard, listeningSince, expected] of [
    ["heard a moment ago", heardAt(NOW - 60), NOW - 9 * HOUR, undefined],
    ["heard two hours ago", heardAt(NOW - 2 * HOUR), NOW - 9 * HOUR, undefined],
    [
      "not heard for longer",
      heardAt(NOW - 2 * HOUR - 1),
      NOW - 9 * HOUR,
      /^a has been silent since 2027-01-15T05:59:59Z$/,
    ],
    ["never heard, the oracle just started", undefined, NOW - HOUR, undefined],
    [
      "never heard for two hours",
      undefined,
      NOW - 2 * HOUR - 1,
      /^a has not been heard since the oracle began to listen/,
    ],
    ["the broker came back a while ago", heardAt(NOW - 9 * HOUR), NOW - HOUR, undefined],
    ["the broker is not there", heardAt(NOW - 9 * HOUR), undefined, undefined],
  ] as [string, MeterHeard | undefined, number | undefined, RegExp | undefined][]) {
    it(name, () => {
      const [alarm, ...others] = silentMeters(["a"], () => heard, listeningSince, NOW);
      assert.deepEqual(others, []);
      if (expected === undefined) assert.equal(alarm, undefined);
      else {
        assert.match(alarm?.text ?? "", expected);
        assert.deepEqual(
          [alarm?.kind, alarm?.subject, alarm?.remedy],
          ["meter-silent", "a", "See its power, network and password"],
        );
      }
    });
  }
});

describe("meters that are heard", () => {
  let heard: HeardMeters;
  beforeEach(() => {
    heard = new HeardMeters();
  });
  const said = (receivedAt: number, at: number): Received => ({
    meter: "a",
    origin: "meter",
    receivedAt,
    measurements: [{ kind: "register", direction: "withdrawn", at, milliWattHours: 1, device: "" }],
  });
  const letter = (receivedAt: number) => ({
    from: "condivisa/a",
    receivedAt,
    reason: "",
    remedy: "",
    payload: new Uint8Array(),
  });
  const off = (now: number) => meterClocks(["a"], (meter) => heard.of(meter), now).map(({ text }) => text);

  it("are none at first", () => {
    assert.equal(heard.of("a"), undefined);
    assert.deepEqual(off(NOW), []);
  });

  it("are ahead as soon as one message was refused for it, until the next one is not", () => {
    heard.note([], [{ meter: "a", letter: letter(NOW), aheadBy: 2 * HOUR }]);
    assert.deepEqual(off(NOW), ["a: its readings are 2 h ahead of this machine's clock"]);
    assert.equal(heard.of("a")?.lastReceived, NOW, "it is not silent");
    heard.note([said(NOW + 10, NOW + 10)], []);
    assert.deepEqual(off(NOW + 10), []);
  });

  it("are behind if all that they say for an hour is long past", () => {
    heard.note([said(NOW, NOW - 4 * HOUR)], []);
    assert.deepEqual(off(NOW), []);
    heard.note([said(NOW + HOUR, NOW - 3 * HOUR)], []);
    assert.deepEqual(off(NOW + HOUR), ["a: its readings are 4 h behind this machine's clock"]);
    heard.note([said(NOW + HOUR + 1, NOW + HOUR)], []);
    assert.deepEqual(off(NOW + HOUR + 1), []);
  });

  it("are not behind while they catch up, nor when late readings come between others", () => {
    for (let minute = 0; minute <= 59; minute++) heard.note([said(NOW + 60 * minute, NOW - (60 - minute) * HOUR)], []);
    assert.deepEqual(off(NOW + 59 * 60), []);
    heard.note([said(NOW + HOUR, NOW + HOUR)], []);
    heard.note([said(NOW + HOUR + 1, NOW - 50 * HOUR)], []);
    assert.deepEqual(off(NOW + 3 * HOUR), []);
  });

  it("are behind if their messages are refused as before all meters", () => {
    heard.note([], [{ meter: "a", letter: letter(NOW), aheadBy: -NOW }]);
    assert.deepEqual(off(NOW), ["a: its readings are 20833 days behind this machine's clock"]);
  });

  it("have been listened to since the broker came, except for a short break", () => {
    assert.equal(heard.listeningSince, undefined);
    heard.connected(NOW);
    heard.lost(NOW + 100);
    assert.equal(heard.listeningSince, undefined);
    heard.lost(NOW + 200);
    heard.connected(NOW + 700);
    assert.equal(heard.listeningSince, NOW);
    heard.lost(NOW + 1000);
    heard.connected(NOW + 1601);
    assert.equal(heard.listeningSince, NOW + 1601);
  });
});

describe("this machine's clock", () => {
  const ahead: MeterHeard = { ...heardAt(NOW), aheadBy: 7200 };
  for (const [name, meters, isOff] of [
    ["is right if one of three meters is ahead", [ahead, heardAt(NOW), heardAt(NOW)], false],
    ["is late if two of three are", [ahead, ahead, heardAt(NOW)], true],
    ["is not told by two meters", [ahead, ahead], false],
    ["is not told by meters that were never heard", [ahead, ahead, undefined], false],
    ["is right if half of four are", [ahead, ahead, heardAt(NOW), heardAt(NOW)], false],
  ] as [string, (MeterHeard | undefined)[], boolean][]) {
    it(name, () => {
      const alarms = clockByMeters(
        meters.map((_, index) => String(index)),
        (meter) => meters[Number(meter)],
      );
      assert.deepEqual(
        alarms.map(({ kind, subject }) => [kind, subject]),
        isOff ? [["clock-off", "meters"]] : [],
      );
    });
  }

  for (const [name, block, before, expected] of [
    ["agrees with a block of this minute", [7, NOW], undefined, []],
    ["may be a minute late", [7, NOW + 60], undefined, []],
    ["is late", [7, NOW + 300], undefined, ["the chain's newest block is 5 min ahead of this machine's clock"]],
    ["is not told by an old block of a chain with nothing to do", [7, NOW - 9 * HOUR], [7, NOW - 60], []],
    ["is not told by the first look", [7, NOW - 9 * HOUR], undefined, []],
    [
      "is early if new blocks are old",
      [8, NOW - 9 * HOUR],
      [7, NOW - 60],
      ["the chain makes blocks that are 9 h behind this machine's clock"],
    ],
    ["agrees with new blocks", [8, NOW - 30], [7, NOW - 60], []],
  ] as [string, [number, number], [number, number] | undefined, string[]][]) {
    it(name, () => {
      const newest = { number: BigInt(block[0]), timestamp: BigInt(block[1]) };
      const seen = before && { number: BigInt(before[0]), at: before[1] };
      assert.deepEqual(
        clockByChain(newest, seen, NOW).map(({ text }) => text),
        expected,
      );
    });
  }
});

describe("the oracle's own state", () => {
  it("has a disk that is nearly full below 500 MB", () => {
    assert.deepEqual(fullDisk(LEAST_FREE_BYTES, "data"), []);
    const [alarm] = fullDisk(LEAST_FREE_BYTES - 1, "data");
    assert.equal(alarm?.text, "less than 500 MB are free at data");
    assert.match(alarm?.remedy ?? "", /^Make room/);
  });

  it("has gaps as one alarm a ledger, the last of them first", () => {
    assert.deepEqual(gapsAtDeadline("0x1", []), []);
    const gap = (firstHour: number, missing: number) => ({ firstHour, missing });
    const [one] = gapsAtDeadline("0x1", [gap(500_000, 5)]);
    assert.equal(one?.text, "5 readings are missing in the day from 2027-01-15T08:00:00Z, and count as zero");
    const [three] = gapsAtDeadline("0x1", [gap(499_000, 1), gap(499_500, 2), gap(500_000, 5)]);
    assert.equal(three?.subject, "0x1");
    assert.match(three?.text ?? "", /^5 readings .* count as zero; so are some in 2 days before$/);
  });

  it("has a batch that is overdue two hours after it should have been recorded", () => {
    const next = 500_000;
    const end = (next + 24) * HOUR;
    assert.deepEqual(overdueBatch("0x1", next, end, 34 * HOUR, end + 36 * HOUR), []);
    assert.equal(overdueBatch("0x1", next, end, 34 * HOUR, end + 36 * HOUR + 1).length, 1);
  });
});

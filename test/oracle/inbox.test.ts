/** The inbox: what is kept of what was said, twice, late, against itself; and that it is there after kill −9. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Inbox, InboxError, type Received } from "../../oracle/inbox.ts";
import type { Measurement } from "../../oracle/measurement.ts";

const HOUR = 500_000;
const AT = HOUR * 3600;

function register(at: number, milliWattHours: number, device = ""): Measurement {
  return { kind: "register", direction: "withdrawn", at: AT + at, milliWattHours, device };
}
function interval(start: number, milliWattHours: number, quality: "measured" | "estimated" = "measured"): Measurement {
  return { kind: "interval", direction: "withdrawn", start: AT + start, seconds: 900, milliWattHours, quality };
}
function said(measurements: Measurement[], origin: Received["origin"] = "meter", meter = "m1"): Received {
  return { meter, origin, receivedAt: AT + 10_000, measurements };
}

describe("the inbox", () => {
  let folder: string;
  let inbox: Inbox;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-inbox-"));
    inbox = Inbox.open(join(folder, "inbox.sqlite"));
  });
  afterEach(() => {
    inbox.close();
    rmSync(folder, { recursive: true });
  });

  const registers = () =>
    inbox.registers("m1", "withdrawn", AT, AT + 3600).map(({ at, milliWattHours }) => [at - AT, milliWattHours]);
  const intervals = (origin: Received["origin"] = "meter") =>
    inbox
      .intervals("m1", "withdrawn", origin, AT, AT + 3600)
      .map(({ start, milliWattHours, quality }) => [start - AT, milliWattHours, quality]);

  it("keeps of a register the first reading of each quarter of an hour, in whatever order they come", () => {
    inbox.store([said([register(10, 5), register(300, 6), register(905, 7)])]);
    inbox.store([said([register(899, 8), register(3, 4), register(1800, 9)])]);
    assert.deepEqual(registers(), [
      [3, 4],
      [905, 7],
      [1800, 9],
    ]);
  });

  it("keeps all intervals, the same one once, and of a meter its first word", () => {
    assert.deepEqual(inbox.store([said([interval(0, 1), interval(900, 2)])]), []);
    assert.deepEqual(inbox.store([said([interval(0, 1)])]), []);
    const conflicting = inbox.store([said([interval(900, 3), interval(1800, 4)])]);
    assert.deepEqual(conflicting, [{ meter: "m1", measurement: interval(900, 3) }]);
    assert.deepEqual(intervals(), [
      [0, 1, "measured"],
      [900, 2, "measured"],
      [1800, 4, "measured"],
    ]);
  });

  it("keeps the distributor's last word beside the meter's", () => {
    inbox.store([said([interval(0, 1)])]);
    inbox.store([said([interval(0, 2, "estimated")], "distributor")]);
    assert.deepEqual(inbox.store([said([interval(0, 3)], "distributor")]), []);
    assert.deepEqual(intervals(), [[0, 1, "measured"]]);
    assert.deepEqual(intervals("distributor"), [[0, 3, "measured"]]);
  });

  it("says when a register shows two things at one moment: the first counts", () => {
    inbox.store([said([register(0, 5)])]);
    assert.equal(inbox.store([said([register(0, 6)])]).length, 1);
    assert.equal(inbox.store([said([register(0, 5, "other")])]).length, 1);
    assert.equal(inbox.store([said([register(0, 5)])]).length, 0);
    assert.deepEqual(registers(), [[0, 5]]);
  });

  it("knows of which hours something new was said, until they are forgotten", () => {
    const hours = () => inbox.changedHours(HOUR + 9).map(({ hour }) => hour - HOUR);
    inbox.store([said([register(5, 1)])]);
    assert.deepEqual(hours(), [-1, 0]);
    const seen = inbox.changedHours(HOUR + 9);
    inbox.store([said([interval(0, 1)])]);
    inbox.forgetChanges(seen);
    assert.deepEqual(hours(), [0], "what was said meanwhile is not forgotten");
    inbox.forgetChanges(inbox.changedHours(HOUR + 9));
    inbox.store([said([interval(0, 1)]), said([register(5, 1)])]);
    assert.deepEqual(hours(), [], "the same again is nothing new");
    assert.deepEqual(inbox.changedHours(HOUR), []);
  });

  it("takes a register's reading to say something of every hour that lies between it and its neighbours", () => {
    for (const [at, expected] of [
      [0, [-1, 0]],
      [1799, [-1, 0]],
      [1800, [0, 1]],
      [3599, [0, 1]],
    ] as const) {
      inbox.store([said([register(at, 1)], "meter", `m${at}`)]);
      const changed = inbox.changedHours(HOUR + 9);
      assert.deepEqual(
        changed.map(({ hour }) => hour - HOUR),
        expected,
        `read at second ${at}`,
      );
      inbox.forgetChanges(changed);
    }
  });

  it("keeps what could not be read, with the reason and a part of it", () => {
    const payload = new Uint8Array(5000).fill(65);
    inbox.store([], [{ from: "condivisa/m1", receivedAt: 7, reason: "not JSON", remedy: "send JSON", payload }]);
    const [letter] = inbox.deadLetters(10);
    assert.deepEqual(
      [letter?.from, letter?.receivedAt, letter?.reason, letter?.remedy],
      ["condivisa/m1", 7, "not JSON", "send JSON"],
    );
    assert.equal(letter?.payload.length, 4096);
  });

  it("tells when each meter was last heard, and of when it spoke", () => {
    inbox.store([said([interval(900, 1)]), said([register(5, 1)], "meter", "m2"), said([interval(0, 1)])]);
    assert.deepEqual(inbox.seen(), [
      { meter: "m1", lastReceived: AT + 10_000, lastMeasured: AT + 1800, messages: 2 },
      { meter: "m2", lastReceived: AT + 10_000, lastMeasured: AT + 5, messages: 1 },
    ]);
  });

  it("keeps all of a group or nothing", () => {
    const broken = { ...interval(900, 1), milliWattHours: 0.5 };
    assert.throws(() => inbox.store([said([interval(0, 1)]), said([broken])]));
    assert.deepEqual(intervals(), []);
    inbox.store([said([interval(0, 1)])]);
    assert.deepEqual(intervals(), [[0, 1, "measured"]]);
  });

  /** SQLite rolls back by itself when the disk is full; so does this. */
  function whileFull(table: string, tried: () => void) {
    const other = new DatabaseSync(join(folder, "inbox.sqlite"));
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END`);
    assert.throws(tried, /disk is full/);
    other.exec("DROP TRIGGER full");
    other.close();
  }

  it("keeps nothing on a full disk, says so, and keeps again when there is room", () => {
    whileFull("interval", () => inbox.store([said([register(0, 5), interval(0, 1)])]));
    assert.deepEqual([registers(), intervals()], [[], []]);
    whileFull("price", () => inbox.storePrices("CSUD", new Map([[HOUR, 7]])));
    inbox.store([said([register(0, 5), interval(0, 1)])]);
    inbox.storePrices("CSUD", new Map([[HOUR, 7]]));
    const again = Inbox.open(join(folder, "inbox.sqlite"));
    assert.equal(again.intervals("m1", "withdrawn", "meter", AT, AT + 3600).length, 1);
    assert.equal(again.registers("m1", "withdrawn", AT, AT + 3600).length, 1);
    assert.equal(again.prices("CSUD", { firstHour: HOUR, hourCount: 1 }).size, 1);
    again.close();
  });

  it("forgets the oldest of very many messages that could not be read, and counts them all", () => {
    const payload = new Uint8Array();
    const letter = (number: number) => ({ from: "t", receivedAt: 7, reason: `reason ${number}`, remedy: "", payload });
    assert.deepEqual(inbox.deadLetterCount(), { total: 0, kept: 0 });
    for (const first of [0, 60_000])
      inbox.store(
        [],
        Array.from({ length: 60_000 }, (_, index) => letter(first + index)),
      );
    assert.deepEqual(inbox.deadLetterCount(), { total: 120_000, kept: 100_000 });
    const kept = inbox.deadLetters(200_000).map(({ reason }) => reason);
    assert.deepEqual([kept[0], kept.at(-1)], ["reason 119999", "reason 20000"]);
  });

  it("has what it kept after kill −9", () => {
    const file = join(folder, "killed.sqlite");
    const script = `
      import { Inbox } from ${JSON.stringify(join(import.meta.dirname, "../../oracle/inbox.ts"))};
      const inbox = Inbox.open(${JSON.stringify(file)});
      inbox.store([${JSON.stringify(said([interval(0, 1), interval(900, 2)]))}]);
      process.kill(process.pid, "SIGKILL");`;
    writeFileSync(join(folder, "store.mts"), script);
    const { signal, stderr } = spawnSync(process.execPath, [join(folder, "store.mts")], { encoding: "utf8" });
    assert.equal(signal, "SIGKILL", stderr);
    const again = Inbox.open(file);
    assert.equal(again.intervals("m1", "withdrawn", "meter", AT, AT + 3600).length, 2);
    again.close();
  });

  it("refuses a file that is something else", () => {
    writeFileSync(join(folder, "other.sqlite"), "no database, but long enough to be taken for one. ".repeat(10));
    assert.throws(() => Inbox.open(join(folder, "other.sqlite")), InboxError);
  });
});

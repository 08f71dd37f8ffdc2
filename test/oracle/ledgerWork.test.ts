/** Days onto a ledger, one oracle alone: what is recorded, from which source, and what was written down before a crash. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { json } from "node:stream/consumers";
import { mock } from "node:test";
import { pino } from "pino";
import type { Address, Hex } from "viem";
import { z } from "zod";
import { Sender } from "../../chain/send.ts";
import { Alarms } from "../../oracle/alarms.ts";
import { Council } from "../../oracle/council.ts";
import { seedFrom } from "../../oracle/dayBatches.ts";
import { makeMetrics } from "../../oracle/health.ts";
import { Inbox, type Origin } from "../../oracle/inbox.ts";
import { LedgerAccess } from "../../oracle/ledgerAccess.ts";
import { LedgerRounds } from "../../oracle/ledgerRounds.ts";
import { correctDays, type Done, type LedgerSettings, type LedgerWork, recordDays } from "../../oracle/ledgerWork.ts";
import type { Measurement, Quality } from "../../oracle/measurement.ts";
import { Outbox } from "../../oracle/outbox.ts";
import type { MeterChannels } from "../../oracle/plannedRosters.ts";
import { type BatchSigner, localSigner } from "../../oracle/record.ts";
import { remoteSigner } from "../../oracle/signers.ts";
import { waitingReader } from "../../oracle/spanReadings.ts";
import { type Hour, secondsOf } from "../../settlement/hours.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  keyOf,
  openStage,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";

const METERS: readonly MeterChannels[] = [
  { id: "roof", configuration: 0, injection: 1, withdrawal: undefined },
  { id: "home", configuration: 0, injection: undefined, withdrawal: 2 },
  { id: "gone", configuration: 0, injection: undefined, withdrawal: 9 },
];
const RULES = { rollsOverAt: undefined, mostPower: 6000, longestGap: 1800 };
const PATIENCE = 34 * 3600;
const END = FIRST_HOUR + 24;
const SECRET: Hex = `0x${"5".repeat(64)}`;
const SOON = secondsOf(END) + 60;

describe("days onto a ledger", function () {
  this.timeout(60_000);
  let folder: string;
  let stage: Stage;
  let ledger: Address;
  let inbox: Inbox;
  let outbox: Outbox;
  let done: Done[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-ledger-work-"));
    stage = await openStage();
    const at = await deployCommunity(stage);
    ledger = at.ledgers[0] ?? assert.fail();
    await enrol(stage, at, 3);
    await adoptRoster(stage, ledger, FIRST_HOUR, smallRoster(2));
    stage.chain.advanceTo(secondsOf(END + 72));
    inbox = Inbox.open(join(folder, "inbox.sqlite"));
    outbox = Outbox.open(join(folder, "outbox.sqlite"));
    done = [];
  });
  afterEach(async () => {
    inbox.close();
    outbox.close();
    await stage.chain.close();
    rmSync(folder, { recursive: true });
  });

  const access = (signer: BatchSigner = localSigner(stage.people.oracle.account)) =>
    new LedgerAccess(stage.client, ledger, signer, new Sender(stage.client, keyOf("oracle's sender")));
  const settings = (): LedgerSettings => ({
    meters: METERS,
    rulesOf: () => RULES,
    patience: PATIENCE,
    seedOf: (firstHour, revision) => seedFrom(SECRET, ledger, firstHour, revision),
    zone: undefined,
  });
  const council = { tolerance: { wattHours: 0, percent: 0 }, turn: 60 };
  const work = (): LedgerWork => {
    const own = access();
    const nobody = () => assert.fail("nobody else is there");
    return {
      ledger: own,
      inbox,
      outbox,
      settings: settings(),
      council: new Council(own, outbox, council, nobody, nobody),
      readWaiting: waitingReader(inbox, () => RULES),
      onDone: (each) => done.push(each),
      onLook: () => {},
    };
  };
  const hourly = (
    meter: string,
    hours: readonly Hour[],
    wattHours: number,
    quality: Quality = "measured",
    origin: Origin = "meter",
  ) => {
    const measurements = hours.map((hour): Measurement => {
      const direction = meter === "roof" ? "injected" : "withdrawn";
      return {
        kind: "interval",
        direction,
        start: secondsOf(hour),
        seconds: 3600,
        milliWattHours: 1000 * wattHours,
        quality,
      };
    });
    inbox.store([{ meter, origin, receivedAt: SOON, measurements }]);
  };
  const hours = (first: number, end: number) =>
    Array.from({ length: end - first }, (_, index) => FIRST_HOUR + first + index);
  /** What the outbox has of a meter, in stretches: first lane, end, Wh, source, quality, grade. */
  const provenanceOf = (meter: string, revision = 0) => {
    const own = outbox.provenance(ledger, FIRST_HOUR, revision).filter((each) => each.meter === meter);
    const stretches = new Map<string, number[]>();
    for (const { hour, wattHours, source, quality, grade } of own) {
      const key = `${wattHours} ${source} ${quality} ${grade}`;
      stretches.set(key, [...(stretches.get(key) ?? []), hour - FIRST_HOUR]);
    }
    return [...stretches].map(([key, lanes]) => `${lanes[0]}–${lanes.at(-1)}: ${key}`);
  };

  it("keeps of each hour where it comes from, and does not wait for meters that are not on the roster", async () => {
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 24), 50);
    hourly("home", hours(6, 12), 51, "measured", "distributor");
    hourly("home", hours(12, 18), 52, "estimated", "distributor");
    hourly("home", hours(18, 24), 6001, "measured", "distributor");
    const state = await recordDays(work(), SOON);
    assert.deepEqual([state.next, state.meters], [END, ["roof", "home"]]);
    assert.deepEqual(provenanceOf("roof"), ["0–23: 70 intervals measured indicative"]);
    assert.deepEqual(provenanceOf("home"), [
      "0–23: 50 intervals measured indicative",
      "6–11: 51 distributor measured distributor",
      "12–17: 52 distributor estimated estimated",
    ]);
    assert.deepEqual(outbox.gaps(ledger, 0), []);
  });

  it("reads a day that is waited for again only when something was said of it", async () => {
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 23), 50);
    const reading = mock.method(inbox, "registers");
    const waiting = work();
    for (let round = 0; round < 3; round++) assert.equal((await recordDays(waiting, SOON)).next, FIRST_HOUR);
    assert.equal(reading.mock.callCount(), 2, "once for each meter");
    hourly("home", hours(24, 26), 50);
    await recordDays(waiting, SOON);
    assert.equal(reading.mock.callCount(), 2, "of another day");
    hourly("home", hours(22, 23), 55, "measured", "distributor");
    assert.equal((await recordDays(waiting, SOON)).next, FIRST_HOUR);
    assert.equal(reading.mock.callCount(), 4);
    hourly("home", hours(23, 24), 50);
    assert.equal((await recordDays(waiting, SOON)).next, END);
    assert.deepEqual(provenanceOf("home"), [
      "0–23: 50 intervals measured indicative",
      "22–22: 55 distributor measured distributor",
    ]);
  });

  it("keeps what was missing, and of a correction also what stays as it was recorded", async () => {
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 20), 50);
    assert.equal((await recordDays(work(), SOON)).next, FIRST_HOUR, "not complete");
    assert.equal((await recordDays(work(), secondsOf(END) + PATIENCE)).next, END);
    assert.deepEqual(provenanceOf("home"), ["0–19: 50 intervals measured indicative"]);
    assert.deepEqual(outbox.gaps(ledger, 0), [{ firstHour: FIRST_HOUR, missing: 4 }]);

    // Another inbox, as after the old one was lost: of home it knows the last hours alone.
    inbox.close();
    inbox = Inbox.open(join(folder, "second.sqlite"));
    hourly("home", hours(20, 24), 60);
    assert.deepEqual(await correctDays(work(), hours(0, 24)), new Set());
    assert.deepEqual(
      done.map(({ kind }) => kind),
      ["recorded", "corrected"],
    );
    assert.deepEqual(provenanceOf("home", 1), [
      "0–19: 50 intervals measured indicative",
      "20–23: 60 intervals measured indicative",
    ]);
    assert.deepEqual(provenanceOf("roof", 1), provenanceOf("roof", 0));
    assert.deepEqual(outbox.gaps(ledger, 0), []);
    const [signed] = outbox.signed(ledger, { firstHour: FIRST_HOUR, hourCount: 24 });
    assert.deepEqual([signed?.firstHour, signed?.revision, signed?.provenance.length], [FIRST_HOUR, 1, 48]);
  });

  it("says after a crash what it wrote down before, with where it came from, whatever came meanwhile", async () => {
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 24), 50);
    const unreachable = work();
    const crashed = {
      ...unreachable,
      ledger: Object.assign(access(), { record: () => Promise.reject(new Error("crash")) }),
    };
    await assert.rejects(recordDays(crashed, SOON), /crash/);
    hourly("home", hours(0, 24), 55, "measured", "distributor");
    await recordDays(work(), SOON);
    const own = access();
    const standing = await own.standing(FIRST_HOUR, await own.versions());
    assert.deepEqual(standing?.batch.withdrawn, [new Array(24).fill(50)]);
    assert.deepEqual(provenanceOf("home"), ["0–23: 50 intervals measured indicative"]);
  });

  it("makes up anew what it wrote down for a roster that is no longer in force", async () => {
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 24), 50);
    const stale = { ...batchOf(smallRoster(2), FIRST_HOUR, 24), rosterVersion: 1 };
    outbox.freeze(ledger, { batch: stale, provenance: [] });
    await adoptRoster(stage, ledger, FIRST_HOUR, smallRoster(2));
    assert.equal((await recordDays(work(), SOON)).next, END);
    assert.equal(outbox.find(ledger, FIRST_HOUR, 0)?.rosterVersion, 2);
    assert.deepEqual(provenanceOf("home"), ["0–23: 50 intervals measured indicative"]);
  });

  it("waits for a channel on the roster of which it knows no meter, and counts it as missing", async () => {
    await adoptRoster(stage, ledger, FIRST_HOUR, smallRoster(3));
    hourly("roof", hours(0, 24), 70);
    hourly("home", hours(0, 24), 50);
    assert.equal((await recordDays(work(), SOON)).next, FIRST_HOUR);
    assert.equal((await recordDays(work(), secondsOf(END) + PATIENCE)).next, END);
    assert.deepEqual(outbox.gaps(ledger, 0), [{ firstHour: FIRST_HOUR, missing: 24 }]);
  });

  it("writes a batch down with where it comes from, or not at all", () => {
    const database = new DatabaseSync(join(folder, "outbox.sqlite"));
    database.exec("CREATE TRIGGER full BEFORE INSERT ON provenance BEGIN SELECT RAISE(ROLLBACK, 'full'); END");
    const batch = batchOf(smallRoster(2), FIRST_HOUR, 24);
    assert.throws(() => outbox.freeze(ledger, { batch, provenance: [] }), /full/);
    assert.equal(outbox.find(ledger, FIRST_HOUR, 0), undefined);
    database.exec("DROP TRIGGER full");
    database.close();
    assert.deepEqual(outbox.freeze(ledger, { batch, provenance: [] }), batch);
    assert.deepEqual(outbox.find(ledger, FIRST_HOUR, 0), batch);
  });

  describe("in rounds", () => {
    let now: number;
    let alarms: Alarms;
    beforeEach(() => {
      now = SOON;
      alarms = new Alarms(
        () => {},
        () => now,
      );
    });
    const rounds = (own: LedgerAccess, listened: readonly string[] = ["home"]) => {
      const adapter = { topics: [], read: () => [] };
      const listeners = new Map(listened.map((meter) => [meter, [{ meter, adapter }]]));
      const ledgers = [{ access: own, settings: settings() }];
      const log = pino({ level: "silent" });
      const given = { ledgers, inbox, outbox, council, listeners, log };
      return new LedgerRounds(
        given,
        alarms,
        makeMetrics(alarms),
        () => now,
        () => {},
      );
    };
    const raised = () => alarms.list().map(({ kind, subject }) => [kind, subject]);

    it("tells of a gap until it is closed, also after it began anew", async () => {
      hourly("roof", hours(0, 24), 70);
      hourly("home", hours(0, 20), 50);
      now = secondsOf(END) + PATIENCE;
      await rounds(access()).round(now);
      assert.deepEqual(raised(), [["gap-at-deadline", ledger]]);
      alarms = new Alarms(
        () => {},
        () => now,
      );
      const again = rounds(access());
      await again.round(now);
      assert.match(alarms.list()[0]?.text ?? "", /^4 readings are missing in the day from 2026-02-28T23:00:00Z/);
      hourly("home", hours(20, 24), 50);
      await again.round(now);
      assert.deepEqual(raised(), []);
      assert.deepEqual(inbox.changedHours(END), []);
    });

    it("forgets what was said of hours that were recorded 61 months ago, whatever the clock says", async () => {
      const old = FIRST_HOUR - 61 * 31 * 24;
      hourly("home", [old - 1, old, old + 24], 7);
      const kept = () => inbox.intervals("home", "withdrawn", "meter", 0, secondsOf(END)).map(({ start }) => start);
      now = 4_000_000_000;
      await rounds(access()).round(SOON);
      assert.deepEqual(kept(), [secondsOf(old), secondsOf(old + 24)]);
      outbox.freeze(ledger, { batch: batchOf(smallRoster(2), old - 24, 24), provenance: [] });
      outbox.freeze(ledger, { batch: batchOf(smallRoster(2), old, 24), provenance: [] });
      await rounds(access()).round(SOON);
      assert.equal(outbox.find(ledger, old - 24, 0), undefined);
      assert.notEqual(outbox.find(ledger, old, 0), undefined);
    });

    it("tells which meter said more than can be, in which hour, and how much could be", async () => {
      hourly("home", hours(3, 4), 6001);
      await rounds(access()).round(now);
      const [alarm] = alarms.list();
      assert.deepEqual([alarm?.kind, alarm?.subject], ["meter-implausible", "home"]);
      assert.match(
        alarm?.text ?? "",
        /^home: 6001 Wh withdrawn in the hour from 2026-03-01T02:00:00Z \(intervals\) is beyond its power of 6000 W/,
      );
      assert.match(alarm?.remedy ?? "", /power_kw/);
    });

    it("listens for the meters that are on the roster, as soon as the chain has said who is", async () => {
      const own = rounds(access(), ["roof", "home", "gone"]);
      assert.deepEqual(own.meters(), ["roof", "home", "gone"]);
      await own.round(now);
      assert.deepEqual(own.meters(), ["roof", "home"]);
    });

    it("waits for a remote signer that does not answer, and goes on when it is back", async () => {
      hourly("roof", hours(0, 24), 70);
      hourly("home", hours(0, 24), 50);
      const signer = await signerServer();
      const own = rounds(access(remoteSigner(signer.url, stage.people.oracle.address)));
      signer.isAway = true;
      await own.round(now);
      const [alarm, ...others] = alarms.list();
      assert.deepEqual([alarm?.kind, alarm?.subject, others], ["key-missing", ledger, []]);
      assert.match(alarm?.text ?? "", /^the signer at http:\/\/127\.0\.0\.1:\d+ does not sign: /);
      assert.match(alarm?.remedy ?? "", /^Start the signer/);
      assert.equal(await access().nextHour(), FIRST_HOUR);
      signer.isAway = false;
      await own.round(now);
      assert.deepEqual(raised(), []);
      assert.equal(await access().nextHour(), END);
      signer.server.close();
    });

    it("tells what it could not do for an error that nobody foresaw, and goes on", async () => {
      const own = access();
      let isBroken = true;
      const versions = own.versions.bind(own);
      own.versions = () => (isBroken ? Promise.reject(new RangeError("odd")) : versions());
      const odd = rounds(own);
      await odd.round(now);
      assert.deepEqual(raised(), [["work-failed", ledger]]);
      isBroken = false;
      await odd.round(now);
      assert.deepEqual(raised(), []);
    });

    it("tells that this machine's clock is off the chain's", async () => {
      now = secondsOf(END + 72) - 7200;
      await adoptRoster(stage, ledger, FIRST_HOUR, smallRoster(2));
      const own = rounds(access());
      await own.round(now);
      assert.match(own.clock[0]?.text ?? "", /^the chain's newest block is 2 h ahead of this machine's clock$/);
      now += 7200;
      await own.round(now);
      assert.deepEqual(own.clock, []);
    });
  });

  /** A signer by JSON-RPC with the oracle's key, that may be away. */
  async function signerServer(): Promise<{ server: Server; url: string; isAway: boolean }> {
    const requestShape = z.object({ id: z.number(), params: z.tuple([z.string(), z.string()]) });
    const typedShape = z.object({
      domain: z.record(z.string(), z.unknown()),
      types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
      primaryType: z.string(),
      message: z.record(z.string(), z.unknown()),
    });
    const server = createServer(async (request, response) => {
      if (signer.isAway) {
        response.destroy();
        return;
      }
      const { id, params } = requestShape.parse(await json(request));
      const result = await stage.people.oracle.account.signTypedData(typedShape.parse(JSON.parse(params[1])));
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    assert(typeof bound === "object" && bound !== null);
    const signer = { server, url: `http://127.0.0.1:${bound.port}`, isAway: false };
    return signer;
  }
});

/**
 * Four oracles, of which three must sign, over a real broker and one chain: with one that lies, one that is dead, one that comes
 * late, batches go on, with what the honest ones know, and who lies is named, also by what it signed itself.
 */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { type Address, type Hex, recoverAddress } from "viem";
import { z } from "zod";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { createCommunity } from "../../chain/deploy.ts";
import { events } from "../../chain/events.ts";
import { readBatchInput } from "../../chain/ledgerHistory.ts";
import { Sender } from "../../chain/send.ts";
import type { Adapter } from "../../oracle/adapters/adapter.ts";
import { condivisaAdapter } from "../../oracle/adapters/condivisa.ts";
import { seedFrom } from "../../oracle/dayBatches.ts";
import { Inbox } from "../../oracle/inbox.ts";
import { LedgerAccess } from "../../oracle/ledgerAccess.ts";
import { listenersOf } from "../../oracle/messages.ts";
import { Outbox } from "../../oracle/outbox.ts";
import type { MeterChannels } from "../../oracle/plannedRosters.ts";
import { localSigner } from "../../oracle/record.ts";
import { type RunningOracle, startOracle } from "../../oracle/service.ts";
import { proposerOf, verifyVote, voteTopic } from "../../oracle/votes.ts";
import { type Batch, decodeBatch, FIRST_REVISION, withoutPrices } from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { batchSpans, type Hour, type HourSpan, secondsOf } from "../../settlement/hours.ts";
import {
  adoptRoster,
  enrol,
  FIRST_HOUR,
  FIRST_MONTH,
  keyOf,
  openStage,
  type Stage,
  setupOf,
  smallRoster,
} from "../support/communityOnChain.ts";
import { type Broker, HAS_MOSQUITTO, mosquitto } from "../support/mosquitto.ts";
import { until } from "../support/processes.ts";

const DAYS = 4;
const HOURS = DAYS * 24;
const METERS: readonly MeterChannels[] = [
  { id: "roof", configuration: 0, injection: 1, withdrawal: undefined },
  { id: "home", configuration: 0, injection: undefined, withdrawal: 2 },
  { id: "shop", configuration: 0, injection: undefined, withdrawal: 3 },
];
const RULES = { rollsOverAt: undefined, mostPower: 100_000, longestGap: 1800 };
const PASSWORDS = { oracle: "o", meters: "m" };

const statusShape = z.object({
  alarms: z.array(z.object({ kind: z.string(), subject: z.string(), text: z.string() })),
});

/** Wh of a meter in the hours after the first. */
const energyOf = (meter: number, hour: number) => 100 + 10 * meter + (hour % 24);

describe("a council of oracles", function () {
  this.timeout(120_000);
  if (!HAS_MOSQUITTO) {
    it("is not tried here", () => console.log("      no Mosquitto (Debian: mosquitto, openssl)"));
    return;
  }

  const keys = ["one", "two", "three", "four"]
    .map((name) => keyOf(`oracle ${name}`))
    .toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  let folder: string;
  let broker: Broker;
  let stage: Stage;
  let ledger: Address;
  let oracles: RunningOracle[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-council-"));
    broker = await mosquitto(join(folder, "broker"), PASSWORDS);
    await broker.start();
    stage = await openStage();
    const configuration = { area: "AC1", firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH };
    const setup = { ...configuration, oracles: keys.map(({ address }) => address), quorum: 3 };
    const at = await createCommunity(stage.people.creator, stage.factory, setupOf(stage), [setup]);
    ledger = at.ledgers[0] ?? assert.fail();
    await enrol(stage, at, 3);
    await adoptRoster(stage, ledger, FIRST_HOUR, smallRoster(3));
    stage.chain.advanceTo(secondsOf(FIRST_HOUR + HOURS));
  });
  afterEach(async () => {
    await Promise.all(oracles.map((oracle) => oracle.stop()));
    oracles = [];
    await broker.kill();
    await stage.chain.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts the oracle with one of the four keys; `heard` changes what it understands. */
  async function start(index: number, heard: (adapter: Adapter) => Adapter = (adapter) => adapter) {
    const key = keys[index] ?? assert.fail();
    const data = join(folder, `oracle-${index}`);
    mkdirSync(data, { recursive: true });
    const secret: Hex = `0x${String(index + 1).repeat(64)}`;
    const topics = METERS.map(({ id }) => [id, heard(condivisaAdapter(`condivisa/${id}`))] as const);
    const oracle = await startOracle({
      mqtt: {
        url: broker.url,
        clientId: `oracle-${index}`,
        username: "oracle",
        password: PASSWORDS.oracle,
        ca: readFileSync(broker.ca, "utf8"),
        certificate: undefined,
        key: undefined,
      },
      listeners: listenersOf(new Map(topics)),
      ledgers: [
        {
          access: new LedgerAccess(
            stage.client,
            ledger,
            localSigner(key),
            new Sender(stage.client, keyOf(`sender ${index}`)),
          ),
          settings: {
            meters: METERS,
            rulesOf: () => RULES,
            patience: 3600,
            seedOf: (firstHour, revision) => seedFrom(secret, ledger, firstHour, revision),
            zone: undefined,
          },
        },
      ],
      inbox: Inbox.open(join(data, "inbox.sqlite")),
      outbox: Outbox.open(join(data, "outbox.sqlite")),
      council: { tolerance: { wattHours: 1, percent: 0 }, turn: 5 },
      incoming: [],
      data,
      clock: "readings",
      httpPort: 0,
      log: pino({ level: process.env["COUNCIL_LOG"] ?? "silent", base: { oracle: index } }),
    });
    oracles.push(oracle);
    await oracle.listening;
    return oracle;
  }

  async function alarmsOf({ health }: RunningOracle) {
    const status = statusShape.parse(await (await fetch(`${health.url}/status`)).json());
    return status.alarms;
  }

  /** All readings of all meters, hour by hour, of one day or of all. */
  async function measure(day?: number) {
    const ca = readFileSync(broker.ca, "utf8");
    const client = await connectAsync(broker.url, { username: "meters", password: PASSWORDS.meters, ca });
    const [first, end] = day === undefined ? [0, HOURS] : [24 * day, 24 * (day + 1)];
    for (let hour = first; hour < end; hour++) {
      for (const [meter, { id, injection }] of METERS.entries()) {
        const direction = injection === undefined ? "withdrawn" : "injected";
        const payload = {
          from: secondsOf(FIRST_HOUR + hour),
          seconds: 3600,
          unit: "Wh",
          [direction]: energyOf(meter, hour),
        };
        await client.publishAsync(`condivisa/${id}`, JSON.stringify(payload), { qos: 1 });
      }
    }
    await client.endAsync();
  }

  /** Every day is recorded, with what the meters said. */
  async function isRecorded() {
    const access = new LedgerAccess(stage.client, ledger, localSigner(keyOf("nobody")), stage.people.stranger);
    await until("all days", async () => (await access.nextHour()) === FIRST_HOUR + HOURS);
    for (const { firstHour } of batchSpans(FIRST_HOUR, FIRST_HOUR + HOURS)) {
      const standing = await access.standing(firstHour, await access.versions());
      const { injected, withdrawn } = standing?.batch ?? assert.fail();
      const expected = (meter: number) => Array.from({ length: 24 }, (_, hour) => energyOf(meter, hour));
      assert.deepEqual([...injected, ...withdrawn], [expected(0), expected(1), expected(2)]);
    }
  }

  /** Twice what was measured on some days, counted from the first. */
  const lyingOn =
    (days: readonly number[]) =>
    (adapter: Adapter): Adapter => ({
      topics: adapter.topics,
      read: (message) =>
        adapter.read(message).map((measurement) => {
          const start = measurement.kind === "interval" ? measurement.start : assert.fail();
          const day = Math.floor((start / 3600 - FIRST_HOUR) / 24);
          return days.includes(day) ? { ...measurement, milliWattHours: 2 * measurement.milliWattHours } : measurement;
        }),
    });

  async function stopped(oracle: RunningOracle) {
    await oracle.stop();
    oracles = oracles.filter((each) => each !== oracle);
  }

  /** Who signed the batch that was recorded for some hours. */
  async function signersOf(access: LedgerAccess, firstHour: Hour): Promise<Address[]> {
    const recorded = await events(stage.client, energyLedgerAbi, ledger, "BatchRecorded");
    const { args, transactionHash } = recorded.find((log) => log.args.firstHour === firstHour) ?? assert.fail();
    const { batch, signatures } = (await readBatchInput(stage.client, ledger, transactionHash)) ?? assert.fail();
    const versions = await access.versions();
    const digest = batchDigest(decodeBatch(batch), versions[0]?.roster ?? assert.fail(), access.domain);
    assert.equal(args.digest, digest);
    return Promise.all(signatures.map((signature) => recoverAddress({ hash: digest, signature })));
  }

  /**
   * Three of four make up for one fault at a time. Whoever lies together with one that is slow, and whoever is dead together with
   * one that is slow, can only hold a day up until the slow one comes.
   */
  it("records every day as it was through lies, death and slowness of others, and names the liar alone", async () => {
    const days = batchSpans(FIRST_HOUR, FIRST_HOUR + HOURS);
    const addresses = keys.map(({ address }) => address);
    const turn = ({ firstHour }: HourSpan) => addresses.indexOf(proposerOf(addresses, firstHour, 0) ?? assert.fail());
    // Who lies on the first day and who is dead on the second would propose on that day.
    const [liar = assert.fail(), dead = assert.fail(), slow = assert.fail(), steady = assert.fail()] = days.map(turn);
    const access = new LedgerAccess(stage.client, ledger, localSigner(keyOf("nobody")), stage.people.stranger);
    const isThere = (day: number) =>
      until(`day ${day}`, async () => (await access.nextHour()) === FIRST_HOUR + 24 * (day + 1));
    const isStuck = async (day: number) => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(await access.nextHour(), FIRST_HOUR + 24 * day, "two of four are not enough");
    };

    const witness = await start(steady);
    const deadOne = await start(dead);
    await start(liar, lyingOn([0, 3]));
    await stopped(await start(slow));
    await measure(0);
    await isStuck(0);
    const slowOne = await start(slow);
    await isThere(0);

    await stopped(deadOne);
    await stopped(slowOne);
    await measure(1);
    await isStuck(1);
    await start(slow);
    await isThere(1);

    // Without the dead one, the others at once.
    await measure(2);
    await isThere(2);

    // It is back; who lies again is one of four.
    await start(dead);
    await measure(3);
    await isThere(3);

    await isRecorded();
    const disagreeing = (await alarmsOf(witness)).filter(({ kind }) => kind === "oracle-disagrees");
    assert.deepEqual(
      disagreeing.map(({ subject }) => subject),
      [addresses[liar]],
    );
    const signed = await Promise.all(days.map(({ firstHour }) => signersOf(access, firstHour)));
    for (const [day, absent] of [liar, dead, dead, liar].entries()) {
      const present = [liar, dead, slow, steady].filter((index) => index !== absent).toSorted((a, b) => a - b);
      assert.deepEqual(
        signed[day],
        present.map((index) => addresses[index]),
        `day ${day}`,
      );
    }
    assert.deepEqual(await events(stage.client, energyLedgerAbi, ledger, "BatchAmended"), []);
  });

  it("names one that signs two batches for the same hours, keeps both as evidence, and records the true one", async () => {
    const honest = [0, 2];
    for (const index of honest) await start(index);
    const [span = assert.fail()] = batchSpans(FIRST_HOUR, FIRST_HOUR + HOURS);
    const row = (meter: number) => Array.from({ length: span.hourCount }, (_, hour) => energyOf(meter, hour));
    const truth: Batch = {
      ...{ ...span, ...FIRST_REVISION, rosterVersion: 1, grade: "indicative", seed: `0x${"ab".repeat(32)}` },
      ...{ injected: [row(0)], withdrawn: [row(1), row(2)], missing: [0, 0, 0], ...withoutPrices(span.hourCount) },
    };
    const lie = { ...truth, withdrawn: [row(1), row(2).map((wattHours) => 2 * wattHours)] };
    const liar = keys[1] ?? assert.fail();
    const access = new LedgerAccess(stage.client, ledger, localSigner(liar), stage.people.stranger);
    const versions = await access.versions();
    const { roster } = versions[0] ?? assert.fail();
    const ca = readFileSync(broker.ca, "utf8");
    const client = await connectAsync(broker.url, { username: "oracle", password: PASSWORDS.oracle, ca });
    for (const batch of [truth, lie]) {
      const vote = { batch, signature: await access.sign(batch, roster) };
      await client.publishAsync(voteTopic(ledger), JSON.stringify(vote), { qos: 1 });
    }
    await client.endAsync();
    await measure();
    // Two that know the readings, and the liar's signature on what is true.
    await until("the first day", async () => (await access.nextHour()) > FIRST_HOUR);
    const standing = await access.standing(FIRST_HOUR, await access.versions());
    assert.deepEqual(standing?.batch.withdrawn, truth.withdrawn);

    const digests = [truth, lie].map((batch) => batchDigest(batch, roster, access.domain));
    for (const [position, index] of honest.entries()) {
      const oracle = oracles[position] ?? assert.fail();
      const equivocation = async () => (await alarmsOf(oracle)).find(({ kind }) => kind === "oracle-equivocates");
      await until("the alarm", async () => (await equivocation()) !== undefined);
      const alarm = await equivocation();
      assert.equal(alarm?.subject, liar.address);
      for (const digest of digests) assert(alarm?.text.includes(digest), alarm?.text);
      const outbox = Outbox.open(join(folder, `oracle-${index}`, "outbox.sqlite"));
      const kept = outbox.votes(ledger, FIRST_HOUR, 0).filter(({ signer }) => signer === liar.address);
      outbox.close();
      assert.deepEqual(new Set(kept.map(({ digest }) => digest)), new Set(digests));
      // Anybody can tell from the two signatures alone.
      for (const vote of kept) {
        const voted = await verifyVote(vote, versions, [liar.address], access.domain);
        assert.equal(voted?.digest, vote.digest);
      }
    }
  });
});

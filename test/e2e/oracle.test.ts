/**
 * The oracle as it runs: a community's readings over MQTT through a real Mosquitto with TLS, onto a chain in a process of its own,
 * equal to the settlement of the same readings from a file; through duplicates, delays and kill −9 of every part.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { seededRandom } from "../../settlement/random.ts";
import { condivisa, condivisaAsync, settleArgs } from "../support/cli.ts";
import { HAS_MEASURED } from "../support/measured.ts";
import { type Broker, HAS_MOSQUITTO, mosquitto } from "../support/mosquitto.ts";
import { type OracleFolder, oracleFolder, settleFirstDay } from "../support/oracleFolder.ts";
import { until } from "../support/processes.ts";

const EXAMPLE = "examples/magliano";
/** The end of the example's readings. */
const END = Date.parse("2026-04-30T22:00:00Z") / 3_600_000;
const PASSWORDS = { oracle: "o-secret", meters: "m-secret" };

const ROUNDS = Number(process.env["CONDIVISA_KILL_ROUNDS"] ?? 4);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 1_000_000);

const settlementShape = z.object({
  months: z.array(z.object({ month: z.string(), injected: z.string(), withdrawn: z.string(), shared: z.string() })),
  accounts: z.array(z.object({ id: z.string(), entitled: z.string(), coincident: z.string() })),
});

describe("the oracle over MQTT", function () {
  this.timeout(600_000 + 20_000 * ROUNDS);
  if (!HAS_MOSQUITTO) {
    it("is not tried here", () => {
      console.log("      no Mosquitto (Debian: mosquitto, mosquitto-clients, openssl)");
    });
    return;
  }

  let folder: string;
  let begun: string;
  let broker: Broker;
  let communities: OracleFolder[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-oracle-"));
    assert.equal(condivisa(...settleArgs(EXAMPLE, join(folder, "whole"))).code, 0);

    begun = settleFirstDay(EXAMPLE, folder, "2026-03-01T23");

    const [, ...prices] = readFileSync(join(EXAMPLE, "prices.csv"), "utf8").trim().split("\n");
    const zonal = prices.map((line) => `CSUD,${line}`);
    writeFileSync(join(folder, "prices.csv"), `${["zone,utc_hour,price_eur_mwh", ...zonal].join("\n")}\n`);
    broker = await mosquitto(join(folder, "broker"), PASSWORDS);
    writeFileSync(join(folder, "meters.password"), PASSWORDS.meters);
  });
  afterEach(async () => {
    await Promise.all(communities.map((each) => each.kill()));
    communities = [];
    await broker.kill();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A community whose first day is recorded, with the oracle's key and file. */
  async function community(name: string): Promise<OracleFolder> {
    const more = ["zone: CSUD", "clock: readings"];
    const made = await oracleFolder(folder, name, begun, broker, PASSWORDS.oracle, more);
    communities.push(made);
    const prices = condivisa("import", made.file, join(folder, "prices.csv"), "--format", "prices-csv");
    assert.equal(prices.code, 0, prices.stderr);
    assert.match(prices.stdout, /prices\.csv: 1463 intervals/);
    return made;
  }

  const meters = (...faults: string[]) =>
    condivisaAsync(
      ...["simulate-meters", "--readings", join(EXAMPLE, "readings.csv"), "--mqtt", broker.url, "--quiet"],
      ...["--username", "meters", "--password-file", join(folder, "meters.password"), "--ca", broker.ca],
      ...faults,
    );

  const settlementOf = (out: string) =>
    settlementShape.parse(JSON.parse(readFileSync(join(out, "settlement.json"), "utf8")));

  /** The same readings from the file correct no hour, and the money is that of a settlement from the file. */
  function isAsFromTheFile(out: string) {
    const { code, stdout, stderr } = condivisa(...settleArgs(EXAMPLE, out));
    assert.equal(code, 0, stderr);
    // What meters at home say becomes the distributor's word.
    assert.match(
      stdout,
      /Corrected, of what was recorded before:\n {2}grade of AC001E00123: 60 days are now distributor\n\n/,
    );
    assert.match(stdout, /Audit OK: 61 batches/);
    assert.deepEqual(settlementOf(out), settlementOf(join(folder, "whole")));
  }

  // realReadings.test.ts does this with measured readings; where they are not at hand, the example's stand in.
  if (!HAS_MEASURED) {
    it("records what meters send as a file of the same readings would be recorded", async () => {
      await broker.start();
      const live = await community("live");
      const chain = await live.chain();
      const oracle = await live.oracle();
      const { code, stderr } = await meters("--duplicates", "5", "--late", "10", "--seed", "7");
      assert.equal(code, 0, stderr);
      await until("the last day", () => live.reached(END));
      const gap = /"gap-at-deadline"[^}]*5 readings are missing in the day from 2026-03-17T23:00:00Z/;
      await until("the alarm", async () => gap.test(await live.says("/status")));
      await oracle.stop();
      await chain.stop();
      isAsFromTheFile(live.out);
    });
  }

  it(`loses and doubles nothing through ${ROUNDS} rounds of kill −9, seed ${SEED}`, async () => {
    await broker.start();
    const killed = await community("killed");
    const random = seededRandom(SEED);
    let chain = await killed.chain();
    let oracle = await killed.oracle();
    const sending = meters(
      "--hours-a-second",
      String(ROUNDS > 20 ? 60 : 150),
      "--duplicates",
      "5",
      "--late",
      "10",
      "--seed",
      String(SEED),
    );
    // Meters that find no broker when they begin say so and end: only what was connected is to go on.
    await until("the meters' first readings", async () => /messages_total [1-9]/.test(await killed.says("/metrics")));
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(300 + 1500 * random());
      const victim = Math.floor(3 * random());
      if (victim === 0) {
        await chain.kill();
        chain = await killed.chain();
      } else if (victim === 1) {
        await oracle.kill();
        oracle = await killed.oracle();
      } else {
        await broker.kill();
        await sleep(300);
        await broker.start();
      }
    }
    const { code, stderr } = await sending;
    assert.equal(code, 0, stderr);
    // A broker that is killed forgets what it took in its last second: meters send that again.
    assert.equal((await meters()).code, 0);
    await until("the last day", () => killed.reached(END), 240);
    await until("every correction", async () => /"changed":0/.test(await killed.says("/status")), 240);
    await oracle.stop();
    await chain.stop();
    isAsFromTheFile(killed.out);
  });
});

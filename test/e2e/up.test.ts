/**
 * `./condivisa up` as a person runs it: a community of one's own, its meters simulated, asked over HTTP; every part killed while
 * meters send; in the end the settlement is that of the same readings from a file.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { z } from "zod";
import { readBrokerFile } from "../../scripts/up/brokerFile.ts";
import { formatMonth, hoursOfMarketDay, marketDayOf } from "../../settlement/hours.ts";
import { condivisa } from "../support/cli.ts";
import { freePort } from "../support/mosquitto.ts";
import { condivisaRunning, type Running, until } from "../support/processes.ts";
import { type UpCommunity, writeUpCommunity } from "../support/upCommunity.ts";

const PARTS = ["broker", "chain", "oracle", "api", "meters"] as const;

const settlementShape = z.object({
  months: z.array(z.object({ month: z.string(), injected: z.string(), withdrawn: z.string(), shared: z.string() })),
  accounts: z.array(z.object({ id: z.string(), entitled: z.string(), coincident: z.string(), paid: z.string() })),
});

describe("./condivisa up", function () {
  this.timeout(600_000);
  let folder: string;
  let data: string;
  let port: number;
  let community: UpCommunity;
  let running: Running | undefined;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-up-"));
    data = join(folder, "data");
    port = await freePort();
    community = writeUpCommunity(join(folder, "community"), thisHour());
  });
  after(async () => {
    await running?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(...args: string[]) {
    running = condivisaRunning("up", "--data", data, ...args);
    await running.says(/Ready in [\d.]+ s/);
    return running;
  }
  const nextHour = async () => {
    const metrics = await fetch(`http://127.0.0.1:${port + 3}/metrics`).then(
      (response) => response.text(),
      () => "",
    );
    return Number(/condivisa_oracle_next_hour\{[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0);
  };
  const today = () => hoursOfMarketDay(marketDayOf(thisHour())).firstHour;

  it("settles one's readings, shows a member's statement, and lets meters go on from there", async () => {
    const up = await start("--community", join(folder, "community"), "--simulate", "--port", String(port));
    assert.match(up.output(), new RegExp(`http://localhost:${port}/api/reference`));

    const signedIn = condivisa("sign-in", "treasurer", "--curl", "--data", data);
    assert.equal(signedIn.code, 0, signedIn.stderr);
    const cookie = /condivisa-session\t(\S+)/.exec(readFileSync(join(data, "sign-in/treasurer"), "utf8"))?.[1];
    const month = formatMonth(community.month);
    const statement = await fetch(
      `http://localhost:${port}/api/v1/communities/1/accounts/3/statement?from=${month}&to=${month}`,
      { headers: { cookie: `condivisa-session=${cookie}` } },
    );
    const text = await statement.text();
    assert.equal(statement.status, 200, text);
    assert.match(text, new RegExp(month));
    const nobody = await fetch(`http://localhost:${port}/api/v1/communities/1/accounts/3/statement`);
    assert.equal(nobody.status, 401);
  });

  it("lets a meter write under its own topic alone, and nobody without its password", async () => {
    const url = `mqtt://127.0.0.1:${port + 1}`;
    const password = readBrokerFile(join(data, "broker.json")).users["casa-conti"]?.password ?? "";
    await assert.rejects(connectAsync(url, { username: "casa-conti", password: "guessed", reconnectPeriod: 0 }));
    const meter = await connectAsync(url, { username: "casa-conti", password, reconnectPeriod: 0 });
    const closed = new Promise((resolve) => meter.once("close", () => resolve(undefined)));
    meter.publish("condivisa/casa-bianchi", '{"at":1,"unit":"Wh","withdrawn":1}', { qos: 1 });
    await closed;
    const again = await connectAsync(url, { username: "casa-conti", password, reconnectPeriod: 0 });
    const granted = await again.subscribeAsync("condivisa/casa-bianchi", { qos: 1 }).catch(() => []);
    assert(granted.every(({ qos }) => qos === 128));
    await again.endAsync();
  });

  it("loses and doubles nothing when each part is killed, and itself, while meters send", async () => {
    for (const part of PARTS) {
      process.kill(pidOf(part), "SIGKILL");
      await sleep(300);
    }
    await sleep(1500);
    await running?.kill();
    const again = await start();
    await until("the days until today", async () => (await nextHour()) >= today(), 180);
    assert.equal(condivisa("sign-in", "auditor", "--curl", "--data", data).code, 0);
    await again.stop();
    assert.match(again.output(), /Stopped/);
    assert.deepEqual(
      PARTS.filter((part) => isRunning(part)),
      [],
    );
  });

  it("has in the end what a settlement of the same readings has", async () => {
    const whole = join(folder, "whole.csv");
    community.writeReadings(whole, today());
    const files = ["--community", join(folder, "community/community.yaml"), "--readings", whole, "--quiet"];
    const receipts = ["--receipts", join(folder, "community/receipts.csv")];
    const live = condivisa("settle", ...files, ...receipts, "--out", join(data, "settlement"));
    assert.equal(live.code, 0, live.stderr);
    // What meters at home said becomes the distributor's word, and no hour of it another.
    assert.match(
      live.stdout,
      /Corrected, of what was recorded before:\n {2}grade of AC001E00999: \d+ days are now distributor\n\n/,
    );
    const fromFile = condivisa("settle", ...files, ...receipts, "--out", join(folder, "whole"));
    assert.equal(fromFile.code, 0, fromFile.stderr);
    assert.deepEqual(settlementOf(join(data, "settlement")), settlementOf(join(folder, "whole")));
  });

  it("refuses a folder that is not its own, another community's, and a port that is taken", async () => {
    const strange = join(folder, "strange");
    condivisa("init", strange);
    const refused = condivisa("up", "--data", strange, "--fresh");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /holds something that `up` did not put there/);
    assert(readdirSync(strange).includes("community.yaml"));
    const other = condivisa("up", "--data", data, "--community", strange);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /was begun with .*community.*--fresh/);
    writeFileSync(join(folder, "note"), "");
  });

  function pidOf(part: string): number {
    const found = processesOf(part);
    assert.equal(found.length, 1, `${part}: ${found.length} processes`);
    return found[0] ?? 0;
  }
  const isRunning = (part: string) => processesOf(part).length > 0;

  /** By their arguments, as only they name files of this folder. */
  function processesOf(part: string): number[] {
    const marks = {
      broker: "brokerPart.ts",
      chain: "\0chain\0",
      oracle: "\0oracle\0",
      api: "\0api\0",
      meters: "metersPart.ts",
    };
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const line = commandLine(pid);
        return line.includes(data) && line.includes(marks[z.enum(PARTS).parse(part)]);
      });
  }
});

function thisHour(): number {
  return Math.floor(Date.now() / 3_600_000);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function settlementOf(out: string) {
  return settlementShape.parse(JSON.parse(readFileSync(join(out, "settlement.json"), "utf8")));
}

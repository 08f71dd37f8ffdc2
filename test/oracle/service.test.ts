/** The oracle as a service on a machine that is not well: it tells what is wrong, keeps what it acknowledged, and goes on. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { createPublicClient, custom, HttpRequestError } from "viem";
import { z } from "zod";
import { embeddedClient } from "../../chain/client.ts";
import { type EmbeddedChain, openEmbeddedChain, type RpcRequest } from "../../chain/embedded.ts";
import { Sender } from "../../chain/send.ts";
import { condivisaAdapter } from "../../oracle/adapters/condivisa.ts";
import { Inbox } from "../../oracle/inbox.ts";
import { LedgerAccess } from "../../oracle/ledgerAccess.ts";
import { listenersOf } from "../../oracle/messages.ts";
import { Outbox } from "../../oracle/outbox.ts";
import { localSigner } from "../../oracle/record.ts";
import { type OracleService, type RunningOracle, startOracle } from "../../oracle/service.ts";
import { keyOf } from "../support/communityOnChain.ts";
import { HAS_MOSQUITTO, mosquitto } from "../support/mosquitto.ts";
import { until } from "../support/processes.ts";

const PASSWORDS = { oracle: "o", meters: "m" };
/** The turn of an hour. */
const FIRST_READING = 1_700_002_800;
const NOBODY = "mqtt://127.0.0.1:1";
const alarmsShape = z.array(z.object({ kind: z.string(), subject: z.string(), text: z.string(), remedy: z.string() }));
const healthShape = z.object({ ok: z.boolean(), alarms: alarmsShape });
const statusShape = z.object({ ok: z.boolean(), state: z.string(), alarms: alarmsShape });

describe("an oracle on a machine that is not well", function () {
  this.timeout(60_000);
  let folder: string;
  let chain: EmbeddedChain;
  let isChainThere: boolean;
  let free: number;
  let now: number;
  let oracle: RunningOracle | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-service-"));
    now = 1_800_000_000;
    free = 1e12;
    isChainThere = true;
    chain = await openEmbeddedChain({ genesisTime: now });
  });
  afterEach(async () => {
    await oracle?.stop();
    oracle = undefined;
    await chain.close();
    rmSync(folder, { recursive: true });
  });

  async function start(given: Partial<OracleService>) {
    const transport = custom(
      {
        request: (request: RpcRequest) =>
          isChainThere ? chain.request(request) : Promise.reject(new HttpRequestError({ url: "http://node" })),
      },
      { retryCount: 0 },
    );
    const client = createPublicClient({ chain: embeddedClient(chain).chain, transport, cacheTime: 0 });
    const nowhere = "0x1111111111111111111111111111111111111111";
    const service: OracleService = {
      mqtt: {
        url: NOBODY,
        clientId: "oracle",
        username: "oracle",
        password: PASSWORDS.oracle,
        ca: undefined,
        certificate: undefined,
        key: undefined,
      },
      listeners: listenersOf(new Map(["a", "b"].map((meter) => [meter, condivisaAdapter(`condivisa/${meter}`)]))),
      ledgers: [
        {
          access: new LedgerAccess(client, nowhere, localSigner(keyOf("oracle")), new Sender(client, keyOf("sender"))),
          settings: {
            meters: [],
            rulesOf: () => ({ rollsOverAt: undefined, mostPower: 6000, longestGap: 1800 }),
            patience: 0,
            seedOf: () => "0x",
            zone: undefined,
          },
        },
      ],
      inbox: Inbox.open(join(folder, "inbox.sqlite")),
      outbox: Outbox.open(join(folder, "outbox.sqlite")),
      data: folder,
      council: { tolerance: { wattHours: 0, percent: 0 }, turn: 60 },
      incoming: [],
      clock: "wall",
      httpPort: 0,
      log: pino({ level: "silent" }),
      ...given,
    };
    oracle = await startOracle(service, { now: () => now, freeBytes: () => free });
    return oracle;
  }

  const healthOf = async ({ health }: RunningOracle) => {
    const response = await fetch(`${health.url}/health`);
    return { status: response.status, ...healthShape.parse(await response.json()) };
  };
  const isRaised = async (running: RunningOracle, kind: string) =>
    (await healthOf(running)).alarms.some((alarm) => alarm.kind === kind);

  it("tells that the disk is nearly full, until it is not", async () => {
    free = 1000;
    const running = await start({});
    await until("the alarm", () => isRaised(running, "disk-nearly-full"));
    const { status, ok, alarms } = await healthOf(running);
    assert.deepEqual([status, ok], [503, false]);
    const alarm = alarms.find(({ kind }) => kind === "disk-nearly-full");
    assert.match(alarm?.remedy ?? "", /^Make room/);
    free = 1e12;
    await until("its end", async () => !(await isRaised(running, "disk-nearly-full")));
  });

  it("tells that the chain is not there, until it is", async () => {
    isChainThere = false;
    const running = await start({});
    await until("the alarm", () => isRaised(running, "chain-unreachable"));
    isChainThere = true;
    await until("its end", async () => !(await isRaised(running, "chain-unreachable")));
  });

  it("tells of a watched folder that it cannot read, and goes on", async () => {
    const incoming = join(folder, "incoming");
    writeFileSync(incoming, "no folder");
    const running = await start({
      incoming: [{ folder: incoming, options: { format: "pcf-csv", meterOf: new Map() } }],
    });
    await until("the alarm", () => isRaised(running, "folder-unreadable"));
    rmSync(incoming);
    mkdirSync(incoming);
    await until("its end", async () => !(await isRaised(running, "folder-unreadable")));
    writeFileSync(join(incoming, "wrong.csv"), "no curve");
    utimesSync(join(incoming, "wrong.csv"), now - 60, now - 60);
    await until("the next alarm", () => isRaised(running, "file-refused"));
  });

  it("tells that there is no broker, in the same words each second", async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => lines.push(line) });
    const running = await start({ log });
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert(await isRaised(running, "broker-unreachable"));
    assert.equal(lines.filter((line) => line.includes('"kind":"broker-unreachable"')).length, 1);
    assert(lines.filter((line) => line.includes('"msg":"broker"')).length <= 2, lines.join(""));
  });

  describe("with a broker", () => {
    if (!HAS_MOSQUITTO) {
      it("is not tried here", () => console.log("      no Mosquitto (Debian: mosquitto, openssl)"));
      return;
    }

    it("acknowledges nothing that it cannot keep, and has all of it when it can", async () => {
      const broker = await mosquitto(join(folder, "broker"), PASSWORDS);
      await broker.start();
      const ca = readFileSync(broker.ca, "utf8");
      const mqtt = {
        url: broker.url,
        clientId: "oracle",
        username: "oracle",
        password: PASSWORDS.oracle,
        ca,
        certificate: undefined,
        key: undefined,
      };
      const running = await start({ mqtt });
      await running.listening;
      const meters = await connectAsync(broker.url, { username: "meters", password: PASSWORDS.meters, ca });
      const send = (first: number, end: number) =>
        Promise.all(
          Array.from({ length: end - first }, (_, index) => {
            const from = FIRST_READING + 3600 * (first + index);
            const payload = JSON.stringify({ from, seconds: 3600, unit: "Wh", withdrawn: first + index });
            return meters.publishAsync("condivisa/a", payload, { qos: 1 });
          }),
        );
      const kept = () => {
        const database = new DatabaseSync(join(folder, "inbox.sqlite"), { readOnly: true });
        const row = database.prepare("SELECT count(*) AS count FROM interval").get();
        database.close();
        return z.object({ count: z.number() }).parse(row).count;
      };
      await send(0, 20);
      await until("the first readings", () => kept() === 20);

      const full = new DatabaseSync(join(folder, "inbox.sqlite"));
      full.exec("CREATE TRIGGER full BEFORE INSERT ON interval BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END");
      await send(20, 120);
      await until("the alarm", () => isRaised(running, "store-failed"));
      const { status, alarms } = await healthOf(running);
      assert.equal(status, 503);
      const alarm = alarms.find(({ kind }) => kind === "store-failed");
      assert.equal(alarm?.text, "readings cannot be kept, and wait at the broker: disk is full");
      assert.equal(kept(), 20);
      full.exec("DROP TRIGGER full");
      full.close();
      await until("all readings", () => kept() === 120);
      await until("the alarm's end", async () => !(await isRaised(running, "store-failed")));

      // What the broker says of it, while it runs and after.
      const watcher = await connectAsync(broker.url, { username: "oracle", password: PASSWORDS.oracle, ca });
      const states: string[] = [];
      watcher.on("message", (_, payload) => states.push(statusShape.parse(JSON.parse(payload.toString())).state));
      await watcher.subscribeAsync("condivisa/oracle/oracle/status", { qos: 1 });
      await until("its state", () => states.at(-1) === "running");
      await running.stop();
      oracle = undefined;
      await until("its end", () => states.at(-1) === "stopped");
      await watcher.endAsync();
      await meters.endAsync();
      await broker.kill();
    });
  });
});

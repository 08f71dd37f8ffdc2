/**
 * An oracle at work, with a broker, a chain and two meters: who may speak, files that come into its folder, what it says of itself,
 * and what `meters` and `doctor` say of it, when all is well and when it is not.
 */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync, type IClientOptions } from "mqtt";
import { generatePrivateKey } from "viem/accounts";
import { z } from "zod";
import { remoteClient } from "../../chain/client.ts";
import { followLedger } from "../../chain/followLedger.ts";
import { Inbox } from "../../oracle/inbox.ts";
import { writeKeystore } from "../../oracle/signers.ts";
import { examine, findingText } from "../../scripts/doctor.ts";
import { openSettlement } from "../../scripts/settlementFolder.ts";
import { decodeBatch } from "../../settlement/batch.ts";
import { secondsOf } from "../../settlement/hours.ts";
import { condivisa } from "../support/cli.ts";
import { dayOf, pcfCsv } from "../support/formatFiles.ts";
import { type Broker, freePort, HAS_MOSQUITTO, mosquitto } from "../support/mosquitto.ts";
import { type OracleFolder, oracleFolder, settleFirstDay } from "../support/oracleFolder.ts";
import { condivisaRunning, until } from "../support/processes.ts";

/** Market days by hours: the first is settled from a file, the second comes from the meters. */
const FIRST = Date.parse("2026-02-28T23:00:00Z") / 3_600_000;
const SECOND = FIRST + 24;
const POD = "IT001E00000001";
const PASSWORDS = { oracle: "o-secret", roof: "r-secret", home: "h-secret" };

const COMMUNITY = `name: At work
configurations: [{ area: AC001E00001 }]
members:
  - { id: anna, name: Anna, class: persona_fisica, meters: [{ id: home, pod: ${POD} }] }
  - id: bruno
    name: Bruno
    class: persona_fisica
    meters: [{ id: roof, withdraws: false, plant: { commissioned: 2021-06-01, power_kw: 6 } }]
funds: [{ id: cassa, name: Cassa, social: true }]
rules:
  - fallback: cassa
    split: [{ share: 10000, key: coincident-withdrawal }]
`;

const statusShape = z.object({
  alarms: z.array(z.object({ kind: z.string(), subject: z.string(), text: z.string(), remedy: z.string() })),
});
const blockShape = z.looseObject({ result: z.looseObject({ timestamp: z.string() }) });

describe("an oracle at work", function () {
  this.timeout(120_000);
  if (!HAS_MOSQUITTO) {
    it("is not tried here", () => console.log("      no Mosquitto (Debian: mosquitto, openssl)"));
    return;
  }

  let folder: string;
  let broker: Broker;
  let work: OracleFolder;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-work-"));
    const files = join(folder, "files");
    mkdirSync(files);
    writeFileSync(join(files, "community.yaml"), COMMUNITY);
    const readings = Array.from({ length: 24 }, (_, hour) => {
      const at = new Date((FIRST + hour) * 3_600_000).toISOString();
      return [`home,${at},,300`, `roof,${at},500,`];
    });
    writeFileSync(
      join(files, "readings.csv"),
      `${["meter_id,utc_hour,injected_wh,withdrawn_wh", ...readings.map(([home]) => home), ...readings.map(([, roof]) => roof)].join("\n")}\n`,
    );
    broker = await mosquitto(join(folder, "broker"), PASSWORDS);
    await broker.start();
    const begun = settleFirstDay(files, folder, "2026-03-02");
    // No password: the broker knows the oracle by its certificate.
    work = await oracleFolder(folder, "work", begun, broker, undefined, [
      "clock: readings",
      "community: files/community.yaml",
      "incoming: [{ folder: incoming, format: pcf-csv }]",
    ]);
    mkdirSync(join(folder, "incoming"));
    await work.chain();
    await work.oracle();
  });
  after(async () => {
    await work.kill();
    await broker.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const ca = () => readFileSync(broker.ca, "utf8");
  type Client = { readonly url: string; readonly options: IClientOptions };
  const clientOf = (name: keyof typeof PASSWORDS): Client => ({
    url: broker.url,
    options: { username: name, password: PASSWORDS[name], ca: ca() },
  });
  const connected = ({ url, options }: Client) =>
    connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...options }, false);

  /** Says something over a connection of its own: Mosquitto closes one on which it refuses something. */
  async function say(client: Client, topic: string, ...texts: readonly string[]): Promise<void> {
    const one = await connected(client);
    try {
      for (const text of texts) await one.publishAsync(topic, text, { qos: 1 });
    } finally {
      await one.endAsync(true);
    }
  }
  const sayAs = (name: keyof typeof PASSWORDS, topic: string, text: string, more: IClientOptions = {}) => {
    const { url, options } = clientOf(name);
    return say({ url, options: { ...options, ...more } }, topic, text);
  };
  const payload = (hour: number, energy: object) =>
    JSON.stringify({ from: secondsOf(hour), seconds: 3600, unit: "Wh", ...energy });

  /** What the inbox holds of the second day, looked at from beside. */
  function kept() {
    const inbox = Inbox.open(join(folder, "work-data", "inbox.sqlite"));
    const [from, end] = [secondsOf(SECOND), secondsOf(SECOND + 24)];
    try {
      return {
        home: inbox.intervals("home", "withdrawn", "meter", from, end).length,
        roof: inbox.intervals("roof", "injected", "meter", from, end).length,
        deadLetters: inbox.deadLetters(10).length,
      };
    } finally {
      inbox.close();
    }
  }

  const alarms = async () => statusShape.parse(JSON.parse(await work.says("/status"))).alarms;
  const alarmOf = async (kind: string) => (await alarms()).find((alarm) => alarm.kind === kind);

  it("refuses meters without a password, and one meter the topics of another", async () => {
    for (const identity of [{}, { username: "home", password: PASSWORDS.roof }]) {
      await assert.rejects(connected({ url: broker.url, options: { ca: ca(), ...identity } }), /not authorized/i);
    }
    await assert.rejects(sayAs("home", "condivisa/roof", payload(SECOND, { injected: 1 })), /not authorized/i);
    // By MQTT 3.1.1 a broker can only keep silent about it.
    for (const text of [payload(SECOND, { injected: 2 }), "rubbish"]) {
      await sayAs("home", "condivisa/roof", text, { protocolVersion: 4 });
    }
    await sayAs("home", "condivisa/home", payload(SECOND, { withdrawn: 300 }), { protocolVersion: 4 });
    await until("the meter's own topic", () => kept().home === 1);
    assert.deepEqual(kept(), { home: 1, roof: 0, deadLetters: 0 });
  });

  it("knows clients by their certificates where a certificate stands for the password", async () => {
    for (const identity of [{}, { username: "oracle", password: PASSWORDS.oracle }]) {
      const without = connected({ url: broker.certificateUrl, options: { ca: ca(), ...identity } });
      await assert.rejects(without, /certificate required/);
    }
    const { certificate, key } = broker.certify("roof");
    const by = {
      url: broker.certificateUrl,
      options: { ca: ca(), cert: readFileSync(certificate), key: readFileSync(key) },
    };
    await assert.rejects(say(by, "condivisa/home", payload(SECOND + 1, { withdrawn: 1 })), /not authorized/i);
    await say(by, "condivisa/roof", payload(SECOND, { injected: 500 }));
    await until("the certified meter", () => kept().roof === 1);
    assert.deepEqual(kept(), { home: 1, roof: 1, deadLetters: 0 });
  });

  it("imports a distributor's file that comes into its folder, and corrects the days it had recorded", async () => {
    for (const [name, energy] of [
      ["home", { withdrawn: 300 }],
      ["roof", { injected: 500 }],
    ] as const) {
      const texts = Array.from({ length: 24 }, (_, hour) => payload(SECOND + hour, energy));
      await say(clientOf(name), `condivisa/${name}`, ...texts);
    }
    await until("the second day", () => work.reached(SECOND + 24));
    assert.deepEqual((await recorded())?.withdrawn, [Array<number>(24).fill(300)]);

    drop("curve.csv", pcfCsv(dayOf("2026-03-02")));
    await until("the correction", async () => (await recorded())?.revision === 1);
    // Four quarter-hours of as many Wh as their number in the day.
    const hourly = Array.from({ length: 24 }, (_, hour) => 16 * hour + 10);
    assert.deepEqual((await recorded())?.withdrawn, [hourly]);
    assert.deepEqual(readdirSync(join(folder, "incoming", "done")), ["curve.csv"]);
    assert.equal(await alarmOf("file-refused"), undefined);
  });

  it("refuses a broken file with the reason beside it, and an alarm", async () => {
    drop("broken.csv", pcfCsv(dayOf("2026-03-02")).replace(";0,010;", ";much;"));
    await until("the refusal", async () => (await alarmOf("file-refused")) !== undefined);
    const refused = join(folder, "incoming", "refused");
    assert.deepEqual(readdirSync(refused).toSorted(), ["broken.csv", "broken.csv.reason.txt"]);
    const reason = readFileSync(join(refused, "broken.csv.reason.txt"), "utf8");
    assert.match(reason, /broken\.csv:11: ATTIVA_PRELEVATA: «much»/);
    const alarm = await alarmOf("file-refused");
    assert.match(alarm?.subject ?? "", /incoming$/);
    assert.match(alarm?.text ?? "", /broken\.csv/);
    assert.match(alarm?.text ?? "", /«much»/);
    assert.match(alarm?.remedy ?? "", /refused/);
    assert.equal((await recorded())?.revision, 1);
  });

  it("keeps its status at the broker, with alarms and remedies, for whoever comes later", async () => {
    await sayAs("home", "condivisa/home", '{ "at": ');
    await until("the alarm", async () => (await retainedStatus()).text.includes("message-unreadable"));
    const { text, retain } = await retainedStatus();
    assert(retain);
    const told = statusShape.parse(JSON.parse(text)).alarms;
    assert.deepEqual(told, statusShape.parse({ alarms: await alarms() }).alarms);
    assert(told.every(({ remedy }) => remedy !== ""));
    assert(told.some(({ subject, text: said }) => subject === "condivisa/home" && said.includes("not JSON")));
  });

  it("is shown by meters: each meter, its messages, alarms with what to do", async () => {
    const { code, stdout } = condivisa("meters", work.file);
    assert.equal(code, 0);
    assert.match(stdout, /^home +\d+ s ago +2026-03-02T23:00:00Z +\d+/m);
    assert.match(stdout, /^roof +\d+ s ago +2026-03-02T23:00:00Z +\d+/m);
    assert.match(stdout, /alarms:\n.*«much».*refused/);
    const watch = condivisaRunning("meters", work.file, "--watch");
    await until("a second look", () => watch.output().split("\x1b[2J").length > 2);
    await watch.stop();
    assert.match(watch.output(), /^home +\d+ s ago/m);
  });

  it("is silent to meters once it has ended: exit code 1, and how to start it", () => {
    const file = variant("elsewhere", [[/http: .*/, "http: { port: 1 }"]]);
    const { code, stderr } = condivisa("meters", file);
    assert.equal(code, 1);
    assert.match(stderr, /no oracle answers at http:\/\/127\.0\.0\.1:1\/status: start it with `\.\/condivisa oracle/);
  });

  it("is well, says doctor: exit code 0", () => {
    const { code, stdout } = condivisa("doctor", work.file);
    assert.equal(code, 0, stdout);
    const found = stdout

      .trimEnd()
      .split("\n")
      .map((line) => /^ {2}ok {4}([a-z]+)/.exec(line)?.[1]);
    assert.deepEqual(found, ["file", "key", "chain", "clock", "ledger", "broker", "data"]);
    assert.match(stdout, /one of 1 oracles, quorum 1; next hour 2026-03-02T23:00:00Z/);
  });

  it("is not, says doctor of a passphrase, a chain and a broker that are wrong: exit code 1, and what to do", async () => {
    writeFileSync(join(folder, "other-passphrase"), "another\n");
    const [chain, mqtt] = [await freePort(), await freePort()];
    const file = variant("wrong", [
      ["passphrase_file: passphrase", "passphrase_file: other-passphrase"],
      [/^chain: .*/m, `chain: http://127.0.0.1:${chain}`],
      [/^ {2}url: .*/m, `  url: mqtts://localhost:${mqtt}`],
    ]);
    const { code, stdout } = condivisa("doctor", file);
    assert.equal(code, 1);
    assert.match(stdout, /WRONG key: .*the passphrase does not open it.*Name a keystore and its passphrase/);
    assert.match(stdout, /WRONG chain: the chain at http.*Start it: `\.\/condivisa chain DIR`/);
    assert.match(stdout, /WRONG broker: .*ECONNREFUSED.*Start it, or mend url, password and certificate/);
    // Of what depends on these nothing is said.
    assert.equal(stdout.match(/WRONG/g)?.length, 3, stdout);
    assert.match(stdout, /ok {4}data/);
  });

  it("is not, says doctor of a stranger's key, a wrong password and a clock that is off", async () => {
    writeFileSync(join(folder, "stranger.json"), await writeKeystore(generatePrivateKey(), "a passphrase"));
    writeFileSync(join(folder, "wrong.password"), "guessed\n");
    const ahead = await chainAhead(work.chainPort, 3600);
    const file = variant("stranger", [
      ["keystore: work-key.json", "keystore: stranger.json"],
      [/^chain: .*/m, `chain: ${ahead.url}`],
      [/^ {2}url: .*/m, `  url: ${broker.url}\n  username: oracle\n  password_file: wrong.password`],
      [/^ {2}certificate: .*\n {2}key: .*\n/m, ""],
    ]);
    const said = (await examine(file)).map(findingText).join("\n");
    ahead.server.close();
    ahead.server.closeAllConnections();
    assert.match(said, /WRONG clock: the chain's newest block is 3\d\d\d s in the future\. Set this machine's clock/);
    assert.match(
      said,
      /WRONG ledger of AC001E00001: 0x\w+ is not one of its oracles\. Let the council make the key an oracle/,
    );
    assert.match(said, /WRONG broker: .*not authorized.*mend url, password and certificate/i);
    assert.equal(said.match(/WRONG/g)?.length, 3, said);
  });

  /** Puts a file into the watched folder as something that was written a while ago. */
  function drop(name: string, text: string): void {
    const file = join(folder, "incoming", name);
    writeFileSync(file, text);
    utimesSync(file, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
  }

  /** What a client that comes now is told first. */
  async function retainedStatus() {
    const client = await connected(clientOf("oracle"));
    const message = new Promise<{ text: string; retain: boolean }>((resolve) =>
      client.once("message", (_, content, { retain }) => resolve({ text: content.toString(), retain })),
    );
    await client.subscribeAsync("condivisa/oracle/work/status", { qos: 1 });
    return message.finally(() => client.endAsync(true));
  }

  /** What stands on the chain for the second day. */
  async function recorded() {
    const client = await remoteClient(`http://127.0.0.1:${work.chainPort}`);
    const [ledger = assert.fail()] = openSettlement(work.out).at.ledgers;
    const encoded = await followLedger(client, ledger).batchOf(SECOND);
    return encoded && decodeBatch(encoded);
  }

  /** The oracle's file with something changed. */
  function variant(name: string, changes: readonly (readonly [RegExp | string, string])[]): string {
    const file = join(folder, `${name}.yaml`);
    const text = readFileSync(work.file, "utf8");
    const changed = changes.reduce((before, [from, to]) => {
      const after = before.replace(from, to);
      assert.notEqual(after, before, `no ${from} in ${before}`);
      return after;
    }, text);
    writeFileSync(file, changed);
    return file;
  }
});

/** Passes requests on to a chain, and moves the time of its blocks so many seconds ahead of this machine's. */
async function chainAhead(port: number, seconds: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request, (part: Buffer) => part));
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const json: unknown = await answer.json();
    const block = blockShape.safeParse(json).data;
    const timestamp = `0x${(Math.floor(Date.now() / 1000) + seconds).toString(16)}`;
    const told = block === undefined ? json : { ...block, result: { ...block.result, timestamp } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
  });
  const free = await freePort();
  await new Promise<void>((resolve) => server.listen(free, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${free}`, server };
}

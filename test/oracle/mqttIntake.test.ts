/** Messages from a broker that speaks only MQTT 3.1.1: heard all the same, and acknowledged once they are in the inbox. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import { condivisaAdapter } from "../../oracle/adapters/condivisa.ts";
import { Inbox } from "../../oracle/inbox.ts";
import { listenersOf, readMessages } from "../../oracle/messages.ts";
import { connectOnce } from "../../oracle/mqttConnection.ts";
import { type Intake, receiveMessages } from "../../oracle/mqttIntake.ts";
import { until } from "../support/processes.ts";

const HOUR = 490_000;
const LISTENERS = listenersOf(new Map([["home", condivisaAdapter("condivisa/home")]]));
const ANONYMOUS = { username: undefined, password: undefined, ca: undefined, certificate: undefined, key: undefined };

describe("messages over MQTT 3.1.1", function () {
  this.timeout(30_000);
  let folder: string;
  let inbox: Inbox;
  let broker: Aedes;
  let server: Server;
  let url: string;
  let intake: Intake | undefined;
  /** What the broker answered to those who came, 0: come in, 1: not by this version, 5: not you. */
  let answers: (number | undefined)[];
  /** What was told of the connection. */
  let states: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-intake-"));
    inbox = Inbox.open(join(folder, "inbox.sqlite"));
    broker = await Aedes.createBroker();
    answers = [];
    states = [];
    broker.on("connackSent", (packet) => answers.push("returnCode" in packet ? packet.returnCode : undefined));
    server = createServer(broker.handle);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert(typeof address === "object" && address !== null);
    url = `mqtt://127.0.0.1:${address.port}`;
  });
  afterEach(async () => {
    await intake?.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
    inbox.close();
    rmSync(folder, { recursive: true });
  });

  const kept = () => inbox.intervals("home", "withdrawn", "meter", HOUR * 3600, (HOUR + 24) * 3600).length;

  let connections = 0;
  /** As the oracle does it; `before` is called with each group of messages, before they are kept. */
  function listen(before: () => void = () => {}): Intake {
    connections = 0;
    return receiveMessages({ url, clientId: "oracle", ...ANONYMOUS }, [...LISTENERS.keys()], {
      onMessages(messages) {
        before();
        const { received, dead } = readMessages(messages, LISTENERS);
        inbox.store(received, dead);
      },
      onState(state) {
        states.push(state);
        if (state === "connected") connections++;
      },
    });
  }

  async function publish(...hours: readonly number[]) {
    const meter = await connectOnce({ url, ...ANONYMOUS }, 5);
    for (const hour of hours) {
      const payload = { from: (HOUR + hour) * 3600, seconds: 3600, unit: "Wh", withdrawn: 100 + hour };
      await meter.publishAsync("condivisa/home", JSON.stringify(payload), { qos: 1 });
    }
    await meter.endAsync();
  }

  it("are heard, and acknowledged only once they are kept; what could not be kept comes again", async () => {
    const keptAtAcknowledgement: number[] = [];
    broker.on("ack", () => keptAtAcknowledgement.push(kept()));
    let failures = 1;
    intake = listen(() => {
      if (failures-- > 0) throw new Error("the disk is full");
    });
    await until("the oracle", () => connections > 0);
    assert.deepEqual(states, ["connected"]);
    await publish(0);
    await until("the message that could not be kept", () => kept() === 1 && connections === 2);
    await publish(1, 2);
    await until("all", () => kept() === 3 && keptAtAcknowledgement.length === 3);
    // Never fewer kept than acknowledged.
    assert(
      keptAtAcknowledgement.every((count, index) => count > index),
      String(keptAtAcknowledgement),
    );
    assert.deepEqual(answers.slice(0, 2), [1, 0]);
  });

  it("wait while the oracle is away", async () => {
    intake = listen();
    await until("the oracle", () => connections === 1);
    await intake.close();
    await publish(0, 1, 2);
    assert.equal(kept(), 0);
    intake = listen();
    await until("what waited", () => kept() === 3);
  });

  it("are heard also by one who was refused at first, as with a password that is mended", async () => {
    broker.authenticate = (_client, _name, _password, done) => done(null, answers.includes(5));
    intake = listen();
    await until("the oracle", () => connections === 1);
    assert.deepEqual(answers.slice(0, 3), [1, 5, 0]);
  });
});

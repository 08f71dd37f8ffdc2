/** The embedded broker: what it acknowledges is with the oracle, and everybody keeps to their own topics. */

import assert from "node:assert/strict";
import { connect, connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { type Broker, startBroker } from "../../../scripts/up/broker.ts";
import { isWithin, ORACLE_USER, userOf } from "../../../scripts/up/brokerAccess.ts";
import { until } from "../../support/processes.ts";

const TOPICS = ["condivisa/roof", "condivisa/house"];
const USERS = {
  [ORACLE_USER]: { password: "o", writes: ["condivisa/oracle/#"], reads: TOPICS },
  roof: { password: "r", writes: ["condivisa/roof", "condivisa/roof/#"], reads: [] },
  house: { password: "h", writes: ["condivisa/house", "condivisa/house/#"], reads: [] },
};
const ORACLE = { clientId: "oracle", username: ORACLE_USER, password: "o", clean: false } as const;

describe("the embedded broker", function () {
  this.timeout(30_000);
  let broker: Broker;
  let clients: MqttClient[];

  beforeEach(async () => {
    broker = await startBroker(0, USERS);
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.close();
  });

  async function come(options: IClientOptions): Promise<MqttClient> {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0, ...options });
    clients.push(client);
    return client;
  }
  const meter = (name: "roof" | "house") => come({ username: name, password: USERS[name].password });

  /** Hears, and acknowledges only what it is let. */
  function oracle(mayAcknowledge: () => boolean) {
    const heard: string[] = [];
    const client = connect(`mqtt://127.0.0.1:${broker.port}`, { ...ORACLE, reconnectPeriod: 0 });
    clients.push(client);
    client.handleMessage = (packet, done) => {
      heard.push(packet.payload.toString());
      if (mayAcknowledge()) done();
    };
    client.once("connect", () => client.subscribe(TOPICS, { qos: 1 }));
    return { heard, client };
  }

  /** A message on its way, and whether it was acknowledged. */
  function send(client: MqttClient, topic: string, payload: string) {
    const sent = { isTaken: false };
    client.publish(topic, payload, { qos: 1 }, (error) => {
      sent.isTaken = error === undefined || error === null;
    });
    return sent;
  }

  it("acknowledges a meter's message once the oracle has, and hands it over once", async () => {
    const roof = await meter("roof");
    const early = send(roof, "condivisa/roof", "before the oracle came");
    let isFull = true;
    const first = oracle(() => !isFull);
    await until("the message at the oracle", () => first.heard.length === 1);
    assert.equal(early.isTaken, false);

    // One that could not keep it comes again: so does the message.
    first.client.end(true);
    isFull = false;
    const second = oracle(() => true);
    await until("the acknowledgement", () => early.isTaken);
    const [house, later] = [await meter("house"), send(roof, "condivisa/roof", "later")];
    const other = send(house, "condivisa/house", "of the house");
    await until("both", () => later.isTaken && other.isTaken);
    assert.deepEqual(second.heard.toSorted(), ["before the oracle came", "later", "of the house"]);
  });

  it("lets nothing wait for the oracle that it does not read", async () => {
    oracle(() => true);
    const roof = await meter("roof");
    const sent = send(roof, "condivisa/roof/state", "online");
    await until("the acknowledgement", () => sent.isTaken);
  });

  it("hands over many messages in their order, each once", async () => {
    const { heard } = oracle(() => true);
    const roof = await meter("roof");
    const numbers = Array.from({ length: 2000 }, (_, number) => String(number));
    await Promise.all(numbers.map((number) => roof.publishAsync("condivisa/roof", number, { qos: 1 })));
    assert.deepEqual(heard, numbers);
  });

  it("closes the connection of who writes to another's topic, and shows nobody what is not theirs", async () => {
    const { heard } = oracle(() => true);
    const [roof, house] = [await meter("roof"), await meter("house")];
    const closed = new Promise<void>((resolve) => roof.once("close", () => resolve()));
    roof.on("error", () => undefined);
    send(roof, "condivisa/house", "a lie");
    await closed;
    await assert.rejects(house.subscribeAsync("condivisa/roof", { qos: 1 }));
    await assert.rejects(house.subscribeAsync("#", { qos: 1 }));
    assert.deepEqual(heard, []);
  });

  it("refuses a wrong password, no password, and another's session; the oracle can be kept out by nobody", async () => {
    await come({ clientId: "oracle", username: "house", password: "h", clean: false });
    await come(ORACLE);
    await assert.rejects(come({ username: "roof", password: "h" }), /Not authorized|Bad user/i);
    await assert.rejects(come({}), /Not authorized|Bad user/i);
    await assert.rejects(come({ clientId: "oracle", username: "roof", password: "r", clean: false }));
  });
});

describe("the rights at the embedded broker", () => {
  it("cover a topic, or everything under one", () => {
    assert(isWithin("condivisa/roof", ["condivisa/roof"]));
    assert(isWithin("condivisa/roof/a/b", ["condivisa/roof/#"]));
    assert(isWithin("condivisa/roof/#", ["condivisa/roof/#"]));
    for (const topic of ["condivisa/roof2", "condivisa/+", "#", "condivisa/#", "+/roof"]) {
      assert(!isWithin(topic, ["condivisa/roof", "condivisa/roof/#"]), topic);
    }
  });

  it("are nobody's without the password, and no name that objects have by nature", () => {
    const password = Buffer.from("r");
    assert.equal(userOf(USERS, "roof", password), USERS.roof);
    assert.equal(userOf(USERS, "roof", Buffer.from("R")), undefined);
    assert.equal(userOf(USERS, "constructor", password), undefined);
    assert.equal(userOf(USERS, undefined, password), undefined);
    assert.equal(userOf(USERS, "roof", undefined), undefined);
  });
});

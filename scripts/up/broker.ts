/**
 * The embedded MQTT broker, on the loopback address.
 *
 * It keeps nothing on disk, and needs not: a meter's message (QoS 1) is acknowledged only once the oracle has acknowledged it, which
 * it does when the message is in its inbox. What is killed in between was acknowledged to nobody, and the meter sends it again.
 */

import { createServer } from "node:net";
import { Aedes, type Client, type PublishPacket } from "aedes";
import { type BrokerUser, isWithin, ORACLE_USER, userOf } from "./brokerAccess.ts";

export type Broker = { readonly port: number; close(): Promise<void> };

type Held = { readonly from: Client; readonly packet: PublishPacket; readonly release: () => void };

const LOOPBACK = "127.0.0.1";
/** Names the copies that go to the oracle, so that its acknowledgements can be told from others. */
const HELD_COPIES = "held";
/** Where a message goes whose copy the oracle has: nobody reads there. */
const TAKEN_TOPIC = "$SYS/taken";
/** How MQTT 3.1.1 says that name or password is wrong. */
const BAD_USERNAME_OR_PASSWORD = 4;

/** @throws the error of the system if the port is taken */
export async function startBroker(port: number, users: Readonly<Record<string, BrokerUser>>): Promise<Broker> {
  const known = new WeakMap<Client, { readonly name: string; readonly user: BrokerUser }>();
  /** A session's subscriptions are taken up by whoever has its client id: so that must be who began it. */
  const owners = new Map<string, string>();
  const held = new Map<number, Held>();
  const sent = new Set<number>();
  let listening: { readonly client: Client; readonly topics: Set<string> } | undefined;
  let count = 0;

  const broker = await Aedes.createBroker({
    authenticate(client, name, password, done) {
      const user = userOf(users, name, password);
      const owner = owners.get(client.id) ?? name;
      if (name === undefined || user === undefined || owner !== name) {
        return done(Object.assign(new Error("refused"), { returnCode: BAD_USERNAME_OR_PASSWORD }), false);
      }
      owners.set(client.id, name);
      known.set(client, { name, user });
      done(null, true);
    },
    authorizeSubscribe(client, subscription, done) {
      done(null, isWithin(subscription.topic, known.get(client)?.user.reads ?? []) ? subscription : null);
    },
    authorizePublish(client, packet, done) {
      const from = client === null ? undefined : known.get(client);
      if (client === null || from === undefined || !isWithin(packet.topic, from.user.writes)) {
        return done(new Error(`${from?.name ?? "somebody"} may not write to ${packet.topic}`));
      }
      if (packet.qos === 0 || from.name === ORACLE_USER) return done(null);
      const number = ++count;
      held.set(number, { from: client, packet, release: () => done(null) });
      forward(number);
    },
  });

  /** To the oracle, if it listens; else it is looked at again when it does. */
  function forward(number: number): void {
    const message = held.get(number);
    if (message === undefined || listening === undefined || sent.has(number)) return;
    const { packet } = message;
    if (!listening.topics.has(packet.topic)) {
      held.delete(number);
      message.release();
      return;
    }
    sent.add(number);
    const { topic, payload } = packet;
    const copy = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
    broker.publish(Object.assign(copy, { brokerId: HELD_COPIES, brokerCounter: number }), () => undefined);
  }

  broker.on("subscribe", (subscriptions, client) => {
    if (known.get(client)?.name !== ORACLE_USER) return;
    const topics = listening?.client === client ? listening.topics : new Set<string>();
    for (const { topic } of subscriptions) topics.add(topic);
    listening = { client, topics };
    for (const number of held.keys()) forward(number);
  });
  broker.on("ack", (packet, client) => {
    if (known.get(client)?.name !== ORACLE_USER || packet === undefined) return;
    if (!("brokerId" in packet && "brokerCounter" in packet) || packet.brokerId !== HELD_COPIES) return;
    const number = Number(packet.brokerCounter);
    sent.delete(number);
    const message = held.get(number);
    if (message === undefined) return;
    held.delete(number);
    // The message itself is acknowledged from here on, and need not reach the oracle a second time.
    Object.assign(message.packet, { topic: TAKEN_TOPIC, retain: false });
    message.release();
  });
  broker.on("clientDisconnect", (client) => {
    if (listening?.client === client) listening = undefined;
    for (const [number, { from }] of held) if (from === client) held.delete(number);
  });

  const server = createServer(broker.handle);
  const bound = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
  return {
    port: bound,
    close: () => new Promise((resolve) => broker.close(() => server.close(() => resolve()))),
  };
}

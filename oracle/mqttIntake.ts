/**
 * Messages from an MQTT broker, acknowledged only once they are durable.
 *
 * The session is persistent: what is published while the oracle is away waits at the broker, and what was not acknowledged comes
 * again. Messages that arrive together are kept by one commit and acknowledged after it.
 */

import { connect, type IClientOptions, type MqttClient } from "mqtt";
import type { Message } from "./adapters/adapter.ts";
import { identityOf, MQTT_3_1_1, MQTT_5, type MqttOptions, refusesMqtt5 } from "./mqttConnection.ts";

export type IntakeEvents = {
  /** Must have kept them all when it returns; if it throws, none is acknowledged, and all come again a little later. */
  readonly onMessages: (messages: readonly Message[]) => void;
  /** Connected is who has subscribed. */
  readonly onState: (state: "connected" | "disconnected", detail: string) => void;
};

/** What the broker publishes for the oracle, and keeps, when it does not hear it any more. */
export type Will = { readonly topic: string; readonly message: string };

export type Intake = { readonly client: MqttClient; close(): Promise<void> };

/** As many messages may be on their way at once, if the broker allows it too. */
const RECEIVE_MAXIMUM = 10_000;
/** A session that nobody came back to for a month is forgotten by the broker. */
const SESSION_SECONDS = 31 * 86_400;
const RECONNECT_MILLISECONDS = 1000;
/** When messages could not be kept, as on a full disk, the broker keeps them so long. */
const REFUSED_MILLISECONDS = 5000;
/** After so long a connection that says nothing is made anew. */
const KEEPALIVE_SECONDS = 20;

/** What a broker answers to a subscription that it does not allow. */
const REFUSED = 0x80;

/** Subscribes with QoS 1, over MQTT 5, or 3.1.1 if the broker does not speak 5. */
export function receiveMessages(
  options: MqttOptions,
  topics: readonly string[],
  events: IntakeEvents,
  will?: Will,
): Intake {
  const client = connect(options.url, { ...clientOptions(options), ...willOf(will) });
  let waiting: Message[] = [];
  const acknowledgements = heldAcknowledgements(client);
  let isDue = false;
  let refused: NodeJS.Timeout | undefined;
  let lastError: string | undefined;
  /** The broker speaks no MQTT 5 and is asked again in 3.1.1: nothing is wrong. */
  let asksInOlder = false;

  const keepAll = () => {
    isDue = false;
    const messages = waiting;
    waiting = [];
    if (refused !== undefined) return acknowledgements.drop();
    try {
      events.onMessages(messages);
    } catch {
      acknowledgements.drop();
      client.end(true);
      refused = setTimeout(() => {
        refused = undefined;
        acknowledgements.drop();
        client.reconnect();
      }, REFUSED_MILLISECONDS);
      return;
    }
    acknowledgements.send();
  };
  client.on("message", (topic, payload) => {
    waiting.push({ topic, payload, receivedAt: Math.floor(Date.now() / 1000) });
    if (!isDue) setImmediate(keepAll);
    isDue = true;
  });
  client.on("connect", ({ sessionPresent }) => {
    client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
      const denied = granted.find(({ qos }) => qos >= REFUSED);
      if (error !== null) events.onState("disconnected", `subscribing: ${error.message}`);
      else if (denied !== undefined) events.onState("disconnected", `the broker does not let it read ${denied.topic}`);
      else {
        lastError = undefined;
        events.onState("connected", sessionPresent ? "session resumed" : "new session");
      }
    });
  });
  client.on("close", () => {
    acknowledgements.drop();
    if (refused === undefined && !asksInOlder) events.onState("disconnected", lastError ?? "connection closed");
    asksInOlder = false;
  });
  client.on("error", (error) => {
    if (refusesMqtt5(error)) {
      client.options.protocolVersion = MQTT_3_1_1;
      asksInOlder = true;
      return;
    }
    lastError = error.message;
    events.onState("disconnected", lastError);
  });
  return {
    client,
    async close() {
      clearTimeout(refused);
      await client.endAsync();
    },
  };
}

function willOf(will: Will | undefined): IClientOptions {
  if (will === undefined) return {};
  return { will: { topic: will.topic, payload: Buffer.from(will.message), qos: 1, retain: true } };
}

function clientOptions(options: MqttOptions): IClientOptions {
  return {
    ...identityOf(options),
    clientId: options.clientId,
    protocolVersion: MQTT_5,
    clean: false,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: 1000 * KEEPALIVE_SECONDS,
    properties: { sessionExpiryInterval: SESSION_SECONDS, receiveMaximum: RECEIVE_MAXIMUM },
    reconnectPeriod: RECONNECT_MILLISECONDS,
    // A refusal is not for ever: a password is mended, and who refuses MQTT 5 is asked again by 3.1.1.
    reconnectOnConnackError: true,
    resubscribe: false,
    queueQoSZero: false,
  };
}

/**
 * mqtt.js acknowledges a message before it reads the next one, so that each would wait for a commit of its own. Here the client
 * is told at once that an acknowledgement is sent, and it is sent after the commit.
 */
function heldAcknowledgements(client: MqttClient): { send(): void; drop(): void } {
  const sendPacket: unknown = Reflect.get(client, "_sendPacket");
  if (typeof sendPacket !== "function") throw new Error("this version of mqtt.js sends packets otherwise");
  let held: unknown[] = [];
  Reflect.set(client, "_sendPacket", (packet: { cmd: string }, done?: () => void, ...rest: unknown[]) => {
    if (packet.cmd !== "puback") return Reflect.apply(sendPacket, client, [packet, done, ...rest]);
    held.push(packet);
    done?.();
  });
  return {
    send() {
      const packets = held;
      held = [];
      for (const packet of packets) Reflect.apply(sendPacket, client, [packet]);
    },
    drop() {
      held = [];
    },
  };
}

/** The retained message that tells on the broker how the oracle is. */

import type { MqttClient } from "mqtt";
import type { Alarms } from "./alarms.ts";

/** Of more alarms at once the oldest are named. */
const MOST_NAMED = 100;

export type OracleState = "running" | "stopped" | "lost";

export function statusTopic(clientId: string): string {
  return `condivisa/oracle/${clientId}/status`;
}

/** @param state `lost` is what the broker says in the oracle's place when it does not hear it any more */
export function statusMessage(state: OracleState, alarms: Alarms): string {
  const raised = alarms.list();
  const ok = state === "running" && alarms.isHealthy();
  return JSON.stringify({ ok, state, raised: raised.length, alarms: raised.slice(0, MOST_NAMED) });
}

/** Publishes the state where it is another one than was last published, if the broker is there. */
export function statusPublisher(
  topic: string,
  alarms: Alarms,
): (client: MqttClient, state: OracleState) => Promise<void> {
  let published = "";
  return async (client, state) => {
    const message = statusMessage(state, alarms);
    if (message === published || !client.connected) return;
    const isSent = await client.publishAsync(topic, message, { qos: 1, retain: true }).then(
      () => true,
      () => false,
    );
    if (isSent) published = message;
  };
}

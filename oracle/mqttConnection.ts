/** How one connects to an MQTT broker: over MQTT 5, or 3.1.1 if the broker does not speak 5. */

import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";

/** Who one is to the broker. */
export type MqttIdentity = {
  /** `mqtts://broker:8883`, `mqtt://…`. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** PEM: of the authority that signed the broker's certificate, and one's own certificate and key. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
};

export type MqttOptions = MqttIdentity & { readonly clientId: string };

export const MQTT_5 = 5;
export const MQTT_3_1_1 = 4;
/** Reasons for which a broker refuses MQTT 5: unacceptable or unsupported protocol version. */
const UNSUPPORTED_VERSION = new Set([1, 0x84]);

/** The part of mqtt.js's options that says who one is. */
export function identityOf({ username, password, ca, certificate, key }: MqttIdentity): IClientOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Whether a broker closed the door because it does not speak MQTT 5. */
export function refusesMqtt5(error: Error): boolean {
  return "code" in error && UNSUPPORTED_VERSION.has(Number(error.code));
}

/** Connects with a session that nobody waits for. Rejects at the first failure; a connection lost later is made anew. */
export async function connectOnce(identity: MqttIdentity, keepaliveSeconds: number): Promise<MqttClient> {
  const options = {
    ...identityOf(identity),
    clean: true,
    keepalive: keepaliveSeconds,
    connectTimeout: 1000 * keepaliveSeconds,
  };
  try {
    return await connectAsync(identity.url, { ...options, protocolVersion: MQTT_5 }, false);
  } catch (error) {
    if (!(error instanceof Error && refusesMqtt5(error))) throw error;
    return connectAsync(identity.url, { ...options, protocolVersion: MQTT_3_1_1 }, false);
  }
}

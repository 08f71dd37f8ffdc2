/**
 * Shelly meters. They send no time with their registers: that of the receipt counts.
 *
 * First generation (Shelly EM, 3EM): `<prefix>/emeter/<channel>/total` and `/total_returned`, in Wh as plain text. Pro
 * EM: `<prefix>/status/em1data:<channel>`. Pro 3EM: `<prefix>/status/emdata:<channel>`; both JSON, in Wh.
 */

import { z } from "zod";
import type { Direction, Measurement } from "../measurement.ts";
import { milliWattHoursOf } from "../measurement.ts";
import { type Adapter, jsonOf, type Message, MessageError } from "./adapter.ts";

/** Which of a meter's clamps measures the point, and whether it sits the other way round. */
export type ShellyOptions = { readonly prefix: string; readonly channel: number; readonly reversed: boolean };

/** Registers count what goes out of the grid as plain energy, what goes into it as returned. */
const directionOf = (isReturned: boolean, { reversed }: ShellyOptions): Direction =>
  isReturned === reversed ? "withdrawn" : "injected";

export function shellyEmAdapter(options: ShellyOptions): Adapter {
  const base = `${options.prefix}/emeter/${options.channel}`;
  return {
    topics: [`${base}/total`, `${base}/total_returned`],
    read(message) {
      const text = new TextDecoder().decode(message.payload).trim();
      return [registerOf(message, directionOf(message.topic.endsWith("_returned"), options), text)];
    },
  };
}

const em1data = z.object({ total_act_energy: z.number(), total_act_ret_energy: z.number() });
const emdata = z.object({ total_act: z.number(), total_act_ret: z.number() });

export function shellyProEmAdapter(options: ShellyOptions): Adapter {
  return {
    topics: [`${options.prefix}/status/em1data:${options.channel}`],
    read(message) {
      const { total_act_energy, total_act_ret_energy } = status(em1data, message);
      return both(message, options, total_act_energy, total_act_ret_energy);
    },
  };
}

export function shellyPro3EmAdapter(options: ShellyOptions): Adapter {
  return {
    topics: [`${options.prefix}/status/emdata:${options.channel}`],
    read(message) {
      const { total_act, total_act_ret } = status(emdata, message);
      return both(message, options, total_act, total_act_ret);
    },
  };
}

function both(message: Message, options: ShellyOptions, energy: number, returned: number): Measurement[] {
  return [
    registerOf(message, directionOf(false, options), energy),
    registerOf(message, directionOf(true, options), returned),
  ];
}

function registerOf({ receivedAt }: Message, direction: Direction, wattHours: string | number): Measurement {
  const milliWattHours = milliWattHoursOf(wattHours, "Wh");
  if (milliWattHours !== undefined) return { kind: "register", direction, at: receivedAt, milliWattHours, device: "" };
  throw new MessageError(`«${wattHours}» is no energy in Wh`, "See whether the topic is that of the meter's register");
}

function status<T>(shape: z.ZodType<T>, message: Message): T {
  const result = shape.safeParse(jsonOf(message));
  if (result.success) return result.data;
  throw new MessageError(
    "no registers in it",
    "Check which Shelly it is: `adapter` and `channel` in the oracle's file",
  );
}

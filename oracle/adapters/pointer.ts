/** Any other meter that sends JSON: where its values stand is written in the oracle's file as JSON pointers (RFC 6901). */

import { DIRECTIONS, type Direction, type EnergyUnit, type Measurement, milliWattHoursOf } from "../measurement.ts";
import { type Adapter, jsonOf, MessageError } from "./adapter.ts";

export type PointerOptions = {
  readonly topic: string;
  /** Of a register. */
  readonly pointers: Readonly<Partial<Record<Direction, string>>>;
  readonly unit: EnergyUnit;
  /** Of a time: ISO 8601, or seconds or milliseconds since the Unix epoch; undefined: the time of receipt counts. */
  readonly time: string | undefined;
  readonly device: string | undefined;
};

export function pointerAdapter({ topic, pointers, unit, time, device }: PointerOptions): Adapter {
  return {
    topics: [topic],
    read(message) {
      const json = jsonOf(message);
      const at = time === undefined ? message.receivedAt : secondsOf(valueAt(json, time), time);
      const serial = device === undefined ? "" : String(valueAt(json, device)).slice(0, 64);
      return DIRECTIONS.flatMap((direction): Measurement[] => {
        const pointer = pointers[direction];
        if (pointer === undefined) return [];
        const value = valueAt(json, pointer);
        const isAmount = typeof value === "number" || typeof value === "string";
        const milliWattHours = isAmount ? milliWattHoursOf(value, unit) : undefined;
        if (milliWattHours !== undefined) return [{ kind: "register", direction, at, milliWattHours, device: serial }];
        throw new MessageError(
          `${pointer}: «${String(value)}» is no energy in ${unit}`,
          "Mend the pointer or the unit",
        );
      });
    },
  };
}

/** @throws MessageError if there is nothing */
function valueAt(json: unknown, pointer: string): unknown {
  let value = json;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    if (!isThere) throw new MessageError(`nothing at ${pointer}`, "Mend the pointer in the oracle's file");
    value = Reflect.get(Object(value), key);
  }
  return value;
}

/** Beyond the year 5138 seconds would be milliseconds. */
const MOST_SECONDS = 100_000_000_000;

function secondsOf(value: unknown, pointer: string): number {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  const seconds =
    typeof number === "number" ? (number < MOST_SECONDS ? number : number / 1000) : Date.parse(String(value)) / 1000;
  if (Number.isFinite(seconds) && seconds >= 0) return Math.floor(seconds);
  throw new MessageError(`${pointer}: «${String(value)}» is no time`, "Point `time` at ISO 8601 or a Unix time");
}

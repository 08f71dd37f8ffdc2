/**
 * Condivisa's own payload: registers or the energy of an interval, either direction, the unit stated.
 *
 * ```json
 * { "at": "2026-03-01T08:15:00Z", "unit": "kWh", "withdrawn": 8123.456, "injected": 77.01, "device": "E450-1" }
 * { "from": "2026-03-01T08:00:00Z", "seconds": 900, "unit": "Wh", "withdrawn": 139, "quality": "estimated" }
 * ```
 *
 * `at` makes registers of the amounts, `from` and `seconds` the energy of an interval. `sequence` may count the messages.
 */

import { z } from "zod";
import { DIRECTIONS, type Measurement, milliWattHoursOf, QUALITIES, UNITS } from "../measurement.ts";
import { type Adapter, jsonOf, MessageError } from "./adapter.ts";

const SECONDS_PER_HOUR = 3600;
const DOCUMENTED = "docs/oracle.md says what a payload has";

const amount = z.union([z.number().nonnegative(), z.string().regex(/^\d{1,15}(\.\d+)?$/, "not a decimal number")]);

/** `2026-03-01T08:15:00Z`, with an offset, or whole seconds since the Unix epoch. */
const time = z.union([
  z.int().min(0).max(0xffff_ffff),
  z.iso.datetime({ offset: true }).transform((text) => Math.floor(Date.parse(text) / 1000)),
]);

const energies = { unit: z.enum(UNITS), injected: amount.optional(), withdrawn: amount.optional() };
const registerShape = z.strictObject({
  at: time,
  ...energies,
  device: z.string().max(64).default(""),
  sequence: z.int().nonnegative().optional(),
});
const intervalShape = z.strictObject({
  from: time,
  seconds: z.int().min(60).max(SECONDS_PER_HOUR),
  ...energies,
  quality: z.enum(QUALITIES).default("measured"),
  sequence: z.int().nonnegative().optional(),
});

export function condivisaAdapter(topic: string): Adapter {
  return {
    topics: [topic],
    read(message) {
      const json = jsonOf(message);
      const isInterval = typeof json === "object" && json !== null && "from" in json;
      return isInterval ? intervals(parsed(intervalShape, json)) : registers(parsed(registerShape, json));
    },
  };
}

function registers({ at, device, ...payload }: z.infer<typeof registerShape>): Measurement[] {
  return amountsOf(payload).map((own) => ({ kind: "register", ...own, at, device }));
}

function intervals({ from: start, seconds, quality, ...payload }: z.infer<typeof intervalShape>): Measurement[] {
  if (SECONDS_PER_HOUR % seconds !== 0 || start % seconds !== 0) {
    throw new MessageError(
      `an interval of ${seconds} s from ${start} does not lie within one hour`,
      "Let intervals divide the hour: 60, 300, 600, 900, 1800 or 3600 seconds from its turn",
    );
  }
  return amountsOf(payload).map((own) => ({ kind: "interval", ...own, start, seconds, quality }));
}

type Energies = Pick<z.infer<typeof registerShape>, "unit" | "injected" | "withdrawn">;

function amountsOf(payload: Energies): { direction: Measurement["direction"]; milliWattHours: number }[] {
  const amounts: { direction: Measurement["direction"]; milliWattHours: number }[] = [];
  for (const direction of DIRECTIONS) {
    const value = payload[direction];
    if (value === undefined) continue;
    const milliWattHours = milliWattHoursOf(value, payload.unit);
    if (milliWattHours === undefined) {
      throw new MessageError(`${direction}: ${value} ${payload.unit} is no energy`, "Check the unit of the payload");
    }
    amounts.push({ direction, milliWattHours });
  }
  if (amounts.length > 0) return amounts;
  throw new MessageError("neither injected nor withdrawn", DOCUMENTED);
}

function parsed<T>(shape: z.ZodType<T>, json: unknown): T {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new MessageError(`${field === "" ? "payload" : field}: ${issue?.message ?? "wrong"}`, DOCUMENTED);
}

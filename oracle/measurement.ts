/** What a meter, or a file about it, says of the energy that went one way. */

import { parseDecimal } from "../settlement/amounts.ts";

export const DIRECTIONS = ["injected", "withdrawn"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const QUALITIES = ["measured", "estimated"] as const;
export type Quality = (typeof QUALITIES)[number];

/** What a register, which counts up for ever, showed at a moment. */
export type RegisterMeasurement = {
  readonly kind: "register";
  readonly direction: Direction;
  /** Seconds since the Unix epoch. */
  readonly at: number;
  /** Thousandths of a Wh. */
  readonly milliWattHours: number;
  /** Serial number or the like of what was read; empty if it does not say. */
  readonly device: string;
};

/** Energy that flowed in an interval. */
export type IntervalMeasurement = {
  readonly kind: "interval";
  readonly direction: Direction;
  /** Seconds since the Unix epoch. */
  readonly start: number;
  readonly seconds: number;
  /** Thousandths of a Wh. */
  readonly milliWattHours: number;
  readonly quality: Quality;
};

export type Measurement = RegisterMeasurement | IntervalMeasurement;

/** The latest moment of which it says something, seconds since the Unix epoch. */
export function endOf(measurement: Measurement): number {
  return measurement.kind === "register" ? measurement.at : measurement.start + measurement.seconds;
}

export const UNITS = ["Wh", "kWh", "MWh"] as const;
export type EnergyUnit = (typeof UNITS)[number];

/** Powers of ten from a thousandth of a Wh. */
const DIGITS: Readonly<Record<EnergyUnit, number>> = { Wh: 3, kWh: 6, MWh: 9 };

/** Registers and energies beyond are no meter's of a home or a plant: 9,000 MWh. */
export const MOST_MILLI_WATT_HOURS = Number.MAX_SAFE_INTEGER;

/**
 * An amount of energy as thousandths of a Wh, finer parts cut off; undefined if it is not one.
 * @param value as JSON has it: a number, or a decimal number as text
 */
export function milliWattHoursOf(value: string | number, unit: EnergyUnit): number | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    const exact = value * 10 ** DIGITS[unit];
    return exact <= MOST_MILLI_WATT_HOURS ? exact : undefined;
  }
  const text = typeof value === "number" ? plainText(value) : value;
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  const digits = DIGITS[unit];
  const exact = parseDecimal(`${whole}.${fraction.slice(0, digits).padEnd(digits, "0")}`, digits);
  return exact === undefined || exact > BigInt(MOST_MILLI_WATT_HOURS) ? undefined : Number(exact);
}

/** JSON may write small numbers as 1e-7. */
function plainText(value: number): string {
  const text = String(value);
  return /e/i.test(text) && Math.abs(value) < 1 ? value.toFixed(12) : text;
}

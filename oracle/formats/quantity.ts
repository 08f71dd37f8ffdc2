/** Numbers as files write them, as integers. */

import { parseDecimal } from "../../settlement/amounts.ts";
import type { EnergyUnit } from "../measurement.ts";
import { LARGEST_READING } from "../readingsFile.ts";

/** Of an interval's energy, or of its mean power. */
export type IntervalUnit = EnergyUnit | "kW";

export type DecimalSeparator = "," | ".";

/** What a reading holds, in thousandths of a Wh. */
const MOST_ENERGY = BigInt(LARGEST_READING) * 1000n;

/** More decimals than that are not a number of these formats. */
const DECIMALS = 20;

const SECONDS_PER_HOUR = 3600n;

/**
 * Energy as thousandths of a Wh, rounded half up.
 * @param seconds length of the interval, for mean power
 * @returns text that says what is wrong if it is no number, negative, or more than a reading holds
 */
export function parseEnergy(
  text: string,
  unit: IntervalUnit,
  separator: DecimalSeparator,
  seconds: number,
): number | string {
  const value = parseWithSeparator(text, separator);
  if (value === undefined) return `not a number of ${unit} with a decimal ${separator === "," ? "comma" : "point"}`;
  if (value < 0n) return "negative energy";
  const [factor, divisor] = milliWattHoursOf(unit, BigInt(seconds));
  const energy = divideRounded(value * factor, divisor * 10n ** BigInt(DECIMALS));
  return energy > MOST_ENERGY ? "more than 4294967.295 kWh" : Number(energy);
}

/** A decimal as an integer of 10⁻ᵖˡᵃᶜᵉˢ, rounded half away from zero; undefined if it is not one. */
export function parseRounded(text: string, places: number, separator: DecimalSeparator): bigint | undefined {
  const value = parseWithSeparator(text, separator);
  return value === undefined ? undefined : divideRounded(value, 10n ** BigInt(DECIMALS - places));
}

/** Rounded half away from zero. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const magnitude = ((value < 0n ? -value : value) + divisor / 2n) / divisor;
  return value < 0n ? -magnitude : magnitude;
}

function parseWithSeparator(text: string, separator: DecimalSeparator): bigint | undefined {
  if (separator === "," && text.includes(".")) return undefined;
  return parseDecimal(text.replace(separator, "."), DECIMALS);
}

/** By what to multiply and divide. */
function milliWattHoursOf(unit: IntervalUnit, seconds: bigint): readonly [factor: bigint, divisor: bigint] {
  switch (unit) {
    case "Wh":
      return [1000n, 1n];
    case "kWh":
      return [1_000_000n, 1n];
    case "MWh":
      return [1_000_000_000n, 1n];
    case "kW":
      return [1_000_000n * seconds, SECONDS_PER_HOUR];
  }
}

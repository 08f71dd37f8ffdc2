/**
 * Quantities as people write them, and the integers they are inside.
 *
 * Energy is Wh, money micro-euro (10⁻⁶ €), a tariff 10⁻⁴ €/MWh, an accrual 10⁻¹⁰ €: Wh × 10⁻⁴ €/MWh.
 */

export const MICRO_PER_EURO = 1_000_000n;
export const MICRO_PER_CENT = 10_000n;
/** 10⁻¹⁰ € in a micro-euro. */
export const ACCRUAL_PER_MICRO = 10_000n;

/** A decimal with at most `places` decimals (`-12.34`) as an integer of 10⁻ᵖˡᵃᶜᵉˢ; undefined if it is not one. */
export function parseDecimal(text: string, places: number): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? "";
  if (fraction.length > places) return undefined;
  const magnitude = BigInt(`${match[2]}${fraction.padEnd(places, "0")}`);
  return match[1] === "-" ? -magnitude : magnitude;
}

/** An integer of 10⁻ᵖˡᵃᶜᵉˢ as a decimal, rounded half away from zero to `shown` places. */
export function formatDecimal(value: bigint, places: number, shown: number = places): string {
  const dropped = 10n ** BigInt(places - shown);
  const magnitude = value < 0n ? -value : value;
  const rounded = (magnitude + dropped / 2n) / dropped;
  const digits = rounded.toString().padStart(shown + 1, "0");
  const sign = value < 0n && rounded !== 0n ? "-" : "";
  return shown === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -shown)}.${digits.slice(-shown)}`;
}

/** Micro-euro as euro with six decimals. */
export function formatMicro(micro: bigint): string {
  return formatDecimal(micro, 6);
}

/** Micro-euro as euro and cents, rounded half away from zero. */
export function formatEuro(micro: bigint): string {
  return formatDecimal(micro, 6, 2);
}

/** Wh as kWh with three decimals. */
export function formatKwh(wattHours: bigint): string {
  return formatDecimal(wattHours, 3);
}

export function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

export function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

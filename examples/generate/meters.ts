/** What the meters of a model community read, and the files that say so. */

import type { HourRange } from "../../oracle/dayBatches.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Reading } from "../../oracle/readingsFile.ts";
import { formatDecimal } from "../../settlement/amounts.ts";
import { formatHour, formatLocalHour, type Hour, marketDayOf } from "../../settlement/hours.ts";
import { clearSkyYield } from "./clearSky.ts";
import { type Load, loadWatts } from "./loadShapes.ts";

/** What is behind a meter, and how much of the usual; a silent meter leaves a gap from a local hour on. */
export type BehindMeter = {
  readonly load: Load;
  readonly size: number;
  readonly silent?: { readonly first: string; readonly hours: number };
};

/** An hour as the model needs it. */
export type ModelHour = {
  readonly hour: Hour;
  /** Local start, as `2026-03-18 09:00 +01:00`. */
  readonly local: string;
  /** 1 Monday – 7 Sunday. */
  readonly dayOfWeek: number;
  /** Clear sky's yield as a fraction of the rated power. */
  readonly sun: number;
};

export function modelHours({ first, end }: HourRange): ModelHour[] {
  return Array.from({ length: end - first }, (_, index) => {
    const hour = first + index;
    const local = formatLocalHour(hour);
    return {
      hour,
      local,
      dayOfWeek: Temporal.PlainDate.from(local.slice(0, 10)).dayOfWeek,
      sun: clearSkyYield(hour),
    };
  });
}

/** By market day: how much of the clear sky's yield gets through. */
export function cloudsOf({ first, end }: HourRange, random: () => number): Map<string, number> {
  const clouds = new Map<string, number>();
  for (let hour = first; hour < end; hour += 12) {
    const day = marketDayOf(hour);
    if (!clouds.has(day)) clouds.set(day, random() < 0.6 ? 0.85 + 0.15 * random() : 0.2 + 0.5 * random());
  }
  return clouds;
}

/**
 * A meter behind which a plant and a load are: it measures only what is left of one when the other is served.
 * @param power of the plant, W; 0 without one
 */
export function meterReadings(
  behind: BehindMeter,
  power: number,
  hours: readonly ModelHour[],
  clouds: ReadonlyMap<string, number>,
  random: () => number,
): Map<Hour, Reading> {
  const readings = new Map<Hour, Reading>();
  for (const { hour, local, dayOfWeek, sun: clear } of hours) {
    const load = loadWatts(behind.load, Number(local.slice(11, 13)), dayOfWeek) * behind.size * (0.75 + 0.5 * random());
    const sun = power * clear * (clouds.get(local.slice(0, 10)) ?? 1) * (0.92 + 0.16 * random());
    const surplus = Math.round(sun - load);
    const injected = power === 0 ? undefined : Math.max(0, surplus);
    readings.set(hour, { injected, withdrawn: Math.max(0, -surplus) });
  }
  for (const silent of silentHours(behind.silent, hours)) readings.delete(silent);
  return readings;
}

function silentHours(silent: BehindMeter["silent"], hours: readonly ModelHour[]): Hour[] {
  if (silent === undefined) return [];
  const from = hours.findIndex(({ local }) => local.startsWith(silent.first));
  return from < 0 ? [] : hours.slice(from, from + silent.hours).map(({ hour }) => hour);
}

/** The text of a readings file, meter by meter. */
export function readingsCsv(readings: ReadonlyMap<string, ReadonlyMap<Hour, Reading>>): string {
  const lines = [...readings].flatMap(([id, hours]) =>
    [...hours].map(
      ([hour, { injected, withdrawn }]) => `${id},${formatHour(hour)},${injected ?? ""},${withdrawn ?? ""}`,
    ),
  );
  return `${["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines].join("\n")}\n`;
}

/** The text of a prices file. */
export function pricesCsv(prices: Prices): string {
  const lines = [...prices].map(([hour, price]) => `${formatHour(hour)},${formatDecimal(BigInt(price), 4, 2)}`);
  return `${["utc_hour,price_eur_mwh", ...lines].join("\n")}\n`;
}

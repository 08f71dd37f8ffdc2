/** What a photovoltaic plant yields under a clear sky. */

import { formatHour, type Hour } from "../../settlement/hours.ts";

const MILLISECONDS_PER_HOUR = 3_600_000;
const MILLISECONDS_PER_DAY = 86_400_000;
const RADIANS = Math.PI / 180;
/** Magliano stands at 42° N, 12.5° E. */
const LATITUDE = 42;
const LONGITUDE = 12.5;
/** Part of the rated power that comes out at noon in June, all losses taken off. */
const PERFORMANCE = 0.82;

/** Mean output over an hour as a fraction of the rated power, for a fixed plant facing south. */
export function clearSkyYield(hour: Hour): number {
  return (at(hour + 0.25) + at(hour + 0.75)) / 2;
}

function at(hour: number): number {
  const year = formatHour(Math.floor(hour)).slice(0, 4);
  const dayOfYear = (hour * MILLISECONDS_PER_HOUR - Date.parse(`${year}-01-01T00:00:00Z`)) / MILLISECONDS_PER_DAY;
  const declination = 23.45 * Math.sin(((360 * (dayOfYear + 284)) / 365) * RADIANS);
  const solarTime = (hour % 24) + LONGITUDE / 15;
  const hourAngle = (solarTime - 12) * 15;
  // A tilt of 30° to the south is as if the plant lay flat 30° further south.
  const incidence = sineOfElevation(LATITUDE - 30, declination, hourAngle);
  const elevation = sineOfElevation(LATITUDE, declination, hourAngle);
  if (elevation <= 0 || incidence <= 0) return 0;
  const airMass = 1 / (elevation + 0.05);
  return PERFORMANCE * incidence * 0.72 ** (airMass ** 0.678 - 1);
}

function sineOfElevation(latitude: number, declination: number, hourAngle: number): number {
  return (
    Math.sin(latitude * RADIANS) * Math.sin(declination * RADIANS) +
    Math.cos(latitude * RADIANS) * Math.cos(declination * RADIANS) * Math.cos(hourAngle * RADIANS)
  );
}

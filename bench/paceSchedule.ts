/** When which of the meters of bench/oraclePace.ts says something. */

export const METERS = 10_000;
export const SECONDS_BETWEEN = 10;
/** Between two messages, of one meter and the next. */
export const MILLISECONDS_BETWEEN = (1000 * SECONDS_BETWEEN) / METERS;
/** To the broker, shared by all meters. */
export const CONNECTIONS = 100;

export function topicOf(meter: number): string {
  return `condivisa/meter-${meter}`;
}

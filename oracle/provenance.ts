/** Where each hour of a batch comes from: which source was believed, how good it is, and what it said. */

import { z } from "zod";
import type { Batch } from "../settlement/batch.ts";
import { GRADES } from "../settlement/grade.ts";
import type { Hour } from "../settlement/hours.ts";
import { type ChosenHour, SOURCES } from "./hours/choice.ts";
import { DIRECTIONS, type Direction, QUALITIES } from "./measurement.ts";

/** An hour of one direction of a meter, with where it comes from. */
export type Provenance = ChosenHour & { readonly meter: string; readonly direction: Direction; readonly hour: Hour };

/** A batch with where the readings in it come from; of a reading that is missing there is nothing. */
export type SourcedBatch = { readonly batch: Batch; readonly provenance: readonly Provenance[] };

/** Consecutive hours of the same source, quality and grade: of most days one for each direction of a meter. */
const stretchesShape = z.array(
  z.object({
    meter: z.string(),
    direction: z.enum(DIRECTIONS),
    firstHour: z.number(),
    wattHours: z.array(z.number()),
    source: z.enum(SOURCES),
    quality: z.enum(QUALITIES),
    grade: z.enum(GRADES),
  }),
);
type Stretch = z.infer<typeof stretchesShape>[number];

/** As JSON: about 230 bytes a day for each direction of a meter. @param provenance of each meter and direction in order */
export function encodeProvenance(provenance: readonly Provenance[]): string {
  const stretches: Stretch[] = [];
  for (const { hour, wattHours, ...origin } of provenance) {
    const last = stretches.at(-1);
    if (last !== undefined && hour === last.firstHour + last.wattHours.length && isOfSameOrigin(last, origin)) {
      last.wattHours.push(wattHours);
    } else stretches.push({ ...origin, firstHour: hour, wattHours: [wattHours] });
  }
  return JSON.stringify(stretches);
}

export function decodeProvenance(text: string): Provenance[] {
  return stretchesShape
    .parse(JSON.parse(text))
    .flatMap(({ firstHour, wattHours, ...origin }) =>
      wattHours.map((energy, index) => ({ ...origin, hour: firstHour + index, wattHours: energy })),
    );
}

/**
 * Of a correction: what is known, and of hours of which nothing is known any more what was known before, as the readings
 * of these stay as they were recorded.
 * @param isMetered whether the correction has a row for it
 */
export function carriedOver(
  known: readonly Provenance[],
  before: readonly Provenance[],
  isMetered: (origin: Pick<Provenance, "meter" | "direction">) => boolean,
): Provenance[] {
  const keyOf = ({ meter, direction, hour }: Provenance) => `${meter} ${direction} ${hour}`;
  const isKnown = new Set(known.map(keyOf));
  const kept = before.filter((each) => isMetered(each) && !isKnown.has(keyOf(each)));
  return [...known, ...kept].toSorted(
    (a, b) => compare(a.meter, b.meter) || compare(a.direction, b.direction) || a.hour - b.hour,
  );
}

function isOfSameOrigin(a: Stretch, b: Omit<Provenance, "hour" | "wattHours">): boolean {
  return (
    a.meter === b.meter &&
    a.direction === b.direction &&
    a.source === b.source &&
    a.quality === b.quality &&
    a.grade === b.grade
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

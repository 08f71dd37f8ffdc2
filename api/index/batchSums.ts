/** What a batch adds to its month, as text, and read again. */

import { z } from "zod";
import type { BatchSums } from "../../settlement/recomputeLedger.ts";

const whole = z.string().transform(BigInt);
const plantSums = z.object({ accrued: whole, injected: whole, attributed: whole });

const shape = z.object({
  hours: z.number(),
  injected: whole,
  withdrawn: whole,
  shared: whole,
  accrued: whole,
  missing: z.number(),
  hoursWithoutPrice: z.number(),
  grade: z.number(),
  plantSets: z.object({ withoutGrant: plantSums, withGrant: plantSums }),
  /** Channel, Wh, coincident Wh, missing. */
  channels: z
    .array(z.tuple([z.number(), z.number(), z.number(), z.number()]))
    .transform(
      (channels) =>
        new Map(
          channels.map(([number, energy, coincident, missing]) => [
            number,
            { energy: BigInt(energy), coincident: BigInt(coincident), missing },
          ]),
        ),
    ),
  /** Plant, Wh. */
  attributed: z
    .array(z.tuple([z.number(), z.number()]))
    .transform((plants) => new Map(plants.map(([number, energy]) => [number, BigInt(energy)]))),
});

/** A day's energy of one channel has at most 37 bits, so that it fits in a JSON number. */
export function toSumsText({ channels, attributed, ...sums }: BatchSums): string {
  const rows = [...channels].map(([number, { energy, coincident, missing }]) => {
    return [number, Number(energy), Number(coincident), missing];
  });
  const plants = [...attributed].map(([number, energy]) => [number, Number(energy)]);
  return JSON.stringify({ ...sums, channels: rows, attributed: plants }, (_, part: unknown) =>
    typeof part === "bigint" ? part.toString() : part,
  );
}

export function fromSumsText(text: string): BatchSums {
  return shape.parse(JSON.parse(text));
}

/** What a batch adds to its month, as text, and read again. */

import { z } from "zod";
import type { BatchSums, ChannelSums } from "../../settlement/recomputeLedger.ts";

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
  /** Of each channel its number, Wh, coincident Wh and missing readings: a list without inner ones is read several times as fast. */
  channels: z.array(z.number()).transform((numbers) => {
    const channels = new Map<number, ChannelSums>();
    const bigAt = (at: number) => BigInt(numbers[at] ?? 0);
    for (let at = 0; at < numbers.length; at += CHANNEL_NUMBERS) {
      const sums = { energy: bigAt(at + 1), coincident: bigAt(at + 2), missing: numbers[at + 3] ?? 0 };
      channels.set(numbers[at] ?? 0, sums);
    }
    return channels;
  }),
  /** Plant, Wh. */
  attributed: z
    .array(z.tuple([z.number(), z.number()]))
    .transform((plants) => new Map(plants.map(([number, energy]) => [number, BigInt(energy)]))),
});
const CHANNEL_NUMBERS = 4;

/** A day's energy of one channel has at most 37 bits, so that it fits in a JSON number. */
export function toSumsText({ channels, attributed, ...sums }: BatchSums): string {
  const numbers: number[] = [];
  for (const [number, { energy, coincident, missing }] of channels) {
    numbers.push(number, Number(energy), Number(coincident), missing);
  }
  const plants = [...attributed].map(([number, energy]) => [number, Number(energy)]);
  const rest = JSON.stringify(sums, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
  // Behind the rest: what a replacer is asked of takes ten times as long.
  return `${rest.slice(0, -1)},"channels":${JSON.stringify(numbers)},"attributed":${JSON.stringify(plants)}}`;
}

export function fromSumsText(text: string): BatchSums {
  return shape.parse(JSON.parse(text));
}

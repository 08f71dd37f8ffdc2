/** What a batch adds to its month, as text, and read again. */

import { z } from "zod";
import type { PlantSetSums } from "../../settlement/premium.ts";
import type { BatchSums, ChannelSums } from "../../settlement/recomputeLedger.ts";

/** Lists without inner ones, and read as a whole: a shape of each sum takes ten times as long, and a year of them is read at once. */
const shape = z.object({
  /** hours, missing, hoursWithoutPrice, grade */
  counts: z.custom<readonly number[]>((value) => isNumbers(value) && value.length === COUNTS),
  /** injected, withdrawn, shared, accrued; of the plants without grant and of those with one: accrued, injected, attributed */
  amounts: z.custom<readonly string[]>((value) => isTexts(value) && value.length === AMOUNTS),
  /** Of each channel its number, Wh, coincident Wh and missing readings: a day's energy has at most 37 bits. */
  channels: z.custom<readonly number[]>((value) => isNumbers(value) && value.length % CHANNEL_NUMBERS === 0),
  /** Of each plant its number and Wh. */
  attributed: z.custom<readonly number[]>((value) => isNumbers(value) && value.length % PLANT_NUMBERS === 0),
});
const COUNTS = 4;
const AMOUNTS = 10;
const CHANNEL_NUMBERS = 4;
const PLANT_NUMBERS = 2;

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isSafeInteger);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

export function toSumsText({ channels, attributed, plantSets, ...sums }: BatchSums): string {
  const { withoutGrant, withGrant } = plantSets;
  const ofSet = (set: PlantSetSums) => [set.accrued, set.injected, set.attributed];
  const numbers: number[] = [];
  for (const [number, { energy, coincident, missing }] of channels) {
    numbers.push(number, Number(energy), Number(coincident), missing);
  }
  const written: z.infer<typeof shape> = {
    counts: [sums.hours, sums.missing, sums.hoursWithoutPrice, sums.grade],
    amounts: [
      ...[sums.injected, sums.withdrawn, sums.shared, sums.accrued],
      ...[...ofSet(withoutGrant), ...ofSet(withGrant)],
    ].map(String),
    channels: numbers,
    attributed: [...attributed].flatMap(([number, energy]) => [number, Number(energy)]),
  };
  return JSON.stringify(written);
}

/** @throws if it is not what toSumsText wrote */
export function fromSumsText(text: string): BatchSums {
  const { counts, amounts, ...of } = shape.parse(JSON.parse(text));
  const [hours = 0, missing = 0, hoursWithoutPrice = 0, grade = 0] = counts;
  const [injected = 0n, withdrawn = 0n, shared = 0n, accrued = 0n, ...ofSets] = amounts.map(BigInt);
  const channels = new Map<number, ChannelSums>();
  const bigAt = (numbers: readonly number[], at: number) => BigInt(numbers[at] ?? 0);
  for (let at = 0; at < of.channels.length; at += CHANNEL_NUMBERS) {
    const [energy, coincident] = [bigAt(of.channels, at + 1), bigAt(of.channels, at + 2)];
    channels.set(of.channels[at] ?? 0, { energy, coincident, missing: of.channels[at + 3] ?? 0 });
  }
  const attributed = new Map<number, bigint>();
  for (let at = 0; at < of.attributed.length; at += PLANT_NUMBERS) {
    attributed.set(of.attributed[at] ?? 0, bigAt(of.attributed, at + 1));
  }
  const plantSets = { withoutGrant: plantSumsOf(ofSets.slice(0, 3)), withGrant: plantSumsOf(ofSets.slice(3)) };
  return {
    hours,
    injected,
    withdrawn,
    shared,
    accrued,
    missing,
    hoursWithoutPrice,
    grade,
    plantSets,
    channels,
    attributed,
  };
}

function plantSumsOf([accrued = 0n, injected = 0n, attributed = 0n]: readonly bigint[]): PlantSetSums {
  return { accrued, injected, attributed };
}

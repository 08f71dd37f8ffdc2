/** Compares what the chain has of each hour, corrections included, with a file of readings. */

import { LANES, maskBit } from "../settlement/batch.ts";
import type { Hour } from "../settlement/hours.ts";
import { newestAt, type RecomputedLedger } from "../settlement/recomputeLedger.ts";
import { channelsOf } from "../settlement/roster.ts";
import type { MeterChannels } from "./plannedRosters.ts";
import type { Readings } from "./readingsFile.ts";

/** Wh; undefined: missing. */
export type ReadingDifference = {
  readonly meter: string;
  readonly hour: Hour;
  readonly direction: "injected" | "withdrawn";
  readonly recorded: number | undefined;
  readonly inFile: number | undefined;
};

/** Every recorded hour of every channel against the file, in the order of the hours. */
export function compareReadings(
  ledgers: readonly RecomputedLedger[],
  meters: readonly MeterChannels[],
  readings: Readings,
): ReadingDifference[] {
  const differences = ledgers.flatMap((ledger, configuration) => {
    const ofConfiguration = meters.filter((meter) => meter.configuration === configuration);
    return compareLedger(ledger, ofConfiguration, readings);
  });
  return differences.toSorted((a, b) => a.hour - b.hour);
}

function compareLedger(
  ledger: RecomputedLedger,
  meters: readonly MeterChannels[],
  readings: Readings,
): ReadingDifference[] {
  const differences: ReadingDifference[] = [];
  const injecting = new Map(meters.map((meter) => [meter.injection, meter]));
  const withdrawing = new Map(meters.map((meter) => [meter.withdrawal, meter]));
  for (const revisions of ledger.batches) {
    const newest = newestAt(revisions);
    if (newest === undefined) continue;
    const { batch } = newest;
    const roster = ledger.versions[batch.rosterVersion - 1]?.roster;
    const rows = [...batch.injected, ...batch.withdrawn];
    for (const [index, channel] of (roster === undefined ? [] : channelsOf(roster)).entries()) {
      const injects = index < batch.injected.length;
      const meter = (injects ? injecting : withdrawing).get(channel.number);
      if (meter === undefined) continue;
      const direction = injects ? "injected" : "withdrawn";
      for (let lane = 0; lane < Math.min(batch.hourCount, LANES); lane++) {
        const hour = batch.firstHour + lane;
        const isMissing = ((batch.missing[index] ?? 0) & maskBit(lane)) !== 0;
        const recorded = isMissing ? undefined : rows[index]?.[lane];
        const inFile = readings.get(meter.id)?.get(hour)?.[direction];
        if (recorded !== inFile) differences.push({ meter: meter.id, hour, direction, recorded, inFile });
      }
    }
  }
  return differences;
}

/** Hourly data as CSV: a member's own channels, or a configuration's sums. Energy in whole Wh. */

import type { ChannelBatch, ToldBatch } from "../../settlement/channelHours.ts";
import { configurationHours } from "../../settlement/channelHours.ts";
import { GRADES } from "../../settlement/grade.ts";
import { formatHour, formatLocalHour } from "../../settlement/hours.ts";
import { csvOf, textCell } from "./csv.ts";
import type { Names } from "./names.ts";

/**
 * `ratio_q30` is ⌊shared · 2³⁰ / total⌋ of the configuration's side on which the channel is; `scaled_q30` is energy · ratio; of a
 * batch (its lines have one batch_first_hour) Σ coincident_wh = ⌊Σ scaled_q30 / 2³⁰⌋, what the ledger counts.
 */
export const CHANNEL_HOUR_COLUMNS = [
  "utc_hour",
  "local_hour",
  "configuration",
  "channel",
  "meter",
  "direction",
  "energy_wh",
  "missing",
  "coincident_wh",
  "attributed_wh",
  "configuration_injected_wh",
  "configuration_withdrawn_wh",
  "configuration_shared_wh",
  "ratio_q30",
  "scaled_q30",
  "grade",
  "revision",
  "batch_first_hour",
  "block",
  "transaction",
] as const;

/** A channel's batches, as `channelBatches` has them. */
export type ChannelHours = {
  readonly configuration: number;
  readonly area: string;
  readonly channel: number;
  readonly direction: "injected" | "withdrawn";
  readonly batches: readonly ChannelBatch[];
};

export function channelHoursCsv(channels: readonly ChannelHours[], names: Names): string {
  return csvOf(
    CHANNEL_HOUR_COLUMNS,
    channels.flatMap(({ configuration, area, channel, direction, batches }) =>
      batches.flatMap((batch) =>
        batch.hours.map((hour) => ({
          utc_hour: formatHour(hour.hour),
          local_hour: formatLocalHour(hour.hour),
          configuration: textCell(area),
          channel,
          meter: textCell(names.meterOf(configuration, channel) ?? ""),
          direction,
          energy_wh: hour.energy,
          missing: hour.isMissing ? 1 : 0,
          coincident_wh: hour.coincident,
          attributed_wh: hour.attributed ?? "",
          configuration_injected_wh: hour.injected,
          configuration_withdrawn_wh: hour.withdrawn,
          configuration_shared_wh: hour.shared,
          ratio_q30: hour.ratio,
          scaled_q30: hour.scaled,
          grade: batch.grade ?? "",
          revision: batch.revision,
          batch_first_hour: formatHour(batch.firstHour),
          block: batch.block,
          transaction: batch.transaction,
        })),
      ),
    ),
  );
}

export const CONFIGURATION_HOUR_COLUMNS = [
  "utc_hour",
  "local_hour",
  "configuration",
  "injected_wh",
  "withdrawn_wh",
  "shared_wh",
  "grade",
  "revision",
  "block",
  "transaction",
] as const;

export function configurationHoursCsv(area: string, batches: readonly ToldBatch[]): string {
  return csvOf(
    CONFIGURATION_HOUR_COLUMNS,
    batches.flatMap((batch) =>
      configurationHours(batch).map(({ hour, injected, withdrawn, shared }) => ({
        utc_hour: formatHour(hour),
        local_hour: formatLocalHour(hour),
        configuration: textCell(area),
        injected_wh: injected,
        withdrawn_wh: withdrawn,
        shared_wh: shared,
        grade: GRADES[batch.grade] ?? "",
        revision: batch.revision,
        block: batch.place.block,
        transaction: batch.place.transaction,
      })),
    ),
  );
}

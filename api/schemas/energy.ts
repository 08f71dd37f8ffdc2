/** Energy by hour and day. */

import { z } from "zod";
import { GRADES } from "../../settlement/grade.ts";
import { hash, integer, time, wattHours } from "./place.ts";

const onChain = { block: z.int(), transaction: hash };

const configurationHour = {
  hour: time.meta({ description: "Its beginning" }),
  injected: wattHours,
  withdrawn: wattHours,
  shared: wattHours,
};

export const configurationHours = z
  .object({
    configuration: z.int(),
    batches: z.array(
      z.object({
        firstHour: time,
        grade: z.enum(GRADES).optional(),
        revision: z.int(),
        missing: z.int(),
        ...onChain,
        hours: z.array(z.object(configurationHour)),
      }),
    ),
  })
  .meta({ id: "ConfigurationHours", description: "What the whole configuration injected, withdrew and shared. Wh" });

export const channelHours = z
  .object({
    configuration: z.int(),
    channel: z.int(),
    direction: z.enum(["injected", "withdrawn"]),
    batches: z.array(
      z.object({
        firstHour: time,
        grade: z.enum(GRADES).optional(),
        revision: z.int(),
        ...onChain,
        energy: wattHours,
        coincident: wattHours,
        attributed: wattHours.optional(),
        missing: z.int(),
        hours: z.array(
          z.object({
            ...configurationHour,
            energy: wattHours,
            isMissing: z.boolean(),
            ratio: integer.meta({ description: "⌊shared · 2³⁰ / total of the channel's side⌋" }),
            scaled: integer.meta({ description: "energy · ratio" }),
            coincident: wattHours.meta({ description: "What the batch's coincident energy grows by" }),
            attributed: wattHours.optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "ChannelHours", description: "The hours of one channel, within its configuration's. Wh" });

export const days = z
  .object({
    items: z.array(
      z.object({ day: z.string(), injected: wattHours, withdrawn: wattHours, shared: wattHours, missing: z.int() }),
    ),
  })
  .meta({ id: "Days", description: "By market day. Wh" });

export const channelDays = z
  .object({
    items: z.array(
      z.object({
        day: z.string(),
        channel: z.int(),
        configuration: z.int(),
        energy: wattHours,
        coincident: wattHours,
        attributed: wattHours.optional(),
        missing: z.int(),
      }),
    ),
  })
  .meta({ id: "ChannelDays", description: "By market day and channel. Wh" });

export const batch = z
  .object({
    position: z.int(),
    firstHour: time,
    hourCount: z.int(),
    revision: z.int(),
    grade: z.enum(GRADES).optional(),
    missing: z.int(),
    accrued: integer,
    digest: hash,
    rowRoot: hash,
    ...onChain,
  })
  .meta({ id: "Batch" });

export const rowProof = z
  .object({
    configuration: z.int(),
    ledger: z.string(),
    firstHour: time,
    hourCount: z.int(),
    revision: z.int(),
    digest: hash,
    rowRoot: hash,
    ...onChain,
    proof: z.object({
      channel: z.int(),
      salt: hash,
      row: z.string(),
      mask: z.int(),
      siblings: z.array(hash),
    }),
  })
  .meta({ id: "RowProof", description: "That this row, and no other, was signed and recorded" });

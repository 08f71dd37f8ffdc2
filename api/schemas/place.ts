/** Where something stands on the chain. */

import { z } from "zod";

export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ id: "Hash", description: "32 bytes, hexadecimal" });
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .meta({ id: "Address" });
/** An integer that may pass 2⁵³. */
export const integer = z
  .string()
  .regex(/^-?\d+$/)
  .meta({ id: "Integer", description: "An integer as a decimal string" });
export const micro = z
  .string()
  .regex(/^-?\d+$/)
  .meta({ id: "MicroEuro", description: "10⁻⁶ €, as a decimal string" });
export const wattHours = z.string().regex(/^\d+$/).meta({ id: "WattHours", description: "Wh, as a decimal string" });
export const month = z
  .string()
  .regex(/^\d{4}-\d{2}$/)
  .meta({ id: "Month", description: "A month of the calendar in Italy" });
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .meta({ id: "Time", description: "UTC" });

export const place = {
  block: z.int(),
  transaction: hash,
  time: time.meta({ description: "Of the block" }),
};

/** The same before it is written as JSON: seconds since the Unix epoch. */
export type PlaceTold = { readonly block: number; readonly transaction: `0x${string}`; readonly time: number };

/**
 * What the columns of a table mean, for exports without a public format, such as GSE's. Written as YAML; docs/import.md
 * describes it.
 */

import { z } from "zod";
import { UNITS } from "../measurement.ts";

const column = z.string().min(1);

/** A column, or the same value for every row. */
const columnOrValue = z.union([z.strictObject({ column }), z.strictObject({ value: z.string().min(1) })]);

export const mappingShape = z
  .strictObject({
    table: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("csv"), delimiter: z.string().length(1).default(";") }),
      z.strictObject({ type: z.literal("xlsx"), sheet: z.string().min(1).optional() }),
    ]),
    /** Line with the names of the columns, counted from 1. */
    header_line: z.int().min(1).default(1),
    source: columnOrValue,
    /** Together they give the time of a row. */
    time: z.array(z.strictObject({ column, format: z.string().min(1) })).min(1),
    zone: z.enum(["Europe/Rome", "UTC"]),
    /** What the time is of its interval. */
    marks: z.enum(["start", "end"]).default("start"),
    /** Which clock a row goes by, for the hour that is there twice. */
    clock: z.strictObject({ column, standard: z.string(), summer: z.string() }).optional(),
    /** Length of every interval. */
    seconds: z
      .int()
      .min(60)
      .max(3600)
      .refine((value) => 3600 % value === 0, "not a part of an hour: Write 900 or 3600"),
    energy: z
      .strictObject({ injected: column.optional(), withdrawn: column.optional() })
      .refine(({ injected, withdrawn }) => injected !== undefined || withdrawn !== undefined, "no column: Name one"),
    /** kW is the mean power of an interval. */
    unit: z.enum([...UNITS, "kW"]),
    decimal: z.enum([",", "."]).default(","),
    /** Without it, everything is measured. */
    quality: z.strictObject({ column, measured: z.array(z.string()), estimated: z.array(z.string()) }).optional(),
  })
  .readonly();

export type Mapping = z.infer<typeof mappingShape>;

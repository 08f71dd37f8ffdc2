/** Numbers in addresses: written one way only, so that an address has one form. */

import { z } from "zod";

const MOST = 4_294_967_295;

/** A whole number from 1 to 2³² − 1, without leading zeros. */
export function numberParam(description: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,9}$/, "not a number")
    .transform(Number)
    .refine((value) => value <= MOST, "not a number of this chain")
    .meta({ description, override: ({ jsonSchema }) => asInteger(jsonSchema) });
}

function asInteger(schema: Record<string, unknown>): void {
  delete schema["pattern"];
  Object.assign(schema, { type: "integer", minimum: 1, maximum: MOST });
}

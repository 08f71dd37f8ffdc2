/** A calendar day in the community file. */

import { z } from "zod";

export const date = z.string().refine(isDate, "not a date: write it as 2021-05-01");

/** Whether it is one, written as 2021-05-01. */
export function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

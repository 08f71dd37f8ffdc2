/** A balance in one column: micro-euro owed, of credit and ordered. */

import { z } from "zod";
import type { Balance } from "../../settlement/bookEntries.ts";

export function balanceText({ owed, credit, ordered }: Balance): string {
  return `${owed} ${credit} ${ordered}`;
}

export const balanceOf = z.string().transform((text): Balance => {
  const [owed = 0n, credit = 0n, ordered = 0n] = text.split(" ").map(BigInt);
  return { owed, credit, ordered };
});

/** Transactions that are to be sent in order, and what each does in words. */

import type { Call } from "../../chain/call.ts";
import { formatEuro } from "../../settlement/amounts.ts";
import { Problem } from "../http/problem.ts";

export type Words = { readonly it: string; readonly en: string };

export type Planned = {
  readonly call: Call;
  readonly description: Words;
  /** It is accepted only once those before it are in a block, so that it cannot be tried now. */
  readonly needsEarlier: boolean;
};

export function planned(call: Call, it: string, en: string): Planned {
  return { call, description: { it, en }, needsEarlier: false };
}

/** Each needs those before it. */
export function inOrder(all: readonly Planned[]): Planned[] {
  return all.map((each, index) => ({ ...each, needsEarlier: index > 0 }));
}

/** Micro-euro as people write it in each language. */
export function euroWords(micro: bigint): Words {
  const text = formatEuro(micro);
  return { it: `${text.replace(".", ",")} €`, en: `${text} €` };
}

/** What is asked for does not fit what stands on the chain. */
export function contradiction(detail: string): Problem {
  return new Problem(409, detail);
}

/** Where what a ledger said of a batch differs from what these sources make of the same readings. */

import { sum } from "../../settlement/amounts.ts";
import type { KeptBatch } from "./applyBlock.ts";
import type { Finding } from "./indexStore.ts";

const UNREADABLE = "calldata that holds this batch";

export function batchFindings({ event, recomputed }: KeptBatch): Finding[] {
  if (recomputed === undefined)
    return [{ subject: "calldata", chain: "none that can be read", recomputed: UNREADABLE }];
  const { sums, digest, rowRoot, tally } = recomputed;
  const pairs: [string, unknown, unknown][] = [
    ["digest", event.digest, digest],
    ["row root", event.rowRoot, rowRoot],
    ["accrued (10⁻¹⁰ €)", event.accrued, sums.accrued],
    ["missing readings", event.missing, sums.missing],
    ["grade", event.grade, sums.grade],
    ["hours", event.hourCount, sums.hours],
    ...(["injected", "withdrawn", "shared"] as const).flatMap((name): [string, unknown, unknown][] => [
      [`${name} in all (Wh)`, sum(event[name]), sums[name]],
      [`${name} by hour (Wh)`, event[name].join(" "), tally[name].join(" ")],
    ]),
  ];
  return pairs
    .filter(([, chain, own]) => chain !== own)
    .map(([subject, chain, own]) => ({ subject, chain: String(chain), recomputed: String(own) }));
}

/** Where what a ledger said of a batch differs from what these sources make of the same readings. */

import { sum } from "../../settlement/amounts.ts";
import type { KeptBatch } from "./applyBlock.ts";
import type { Finding } from "./rowReader.ts";

const UNREADABLE = "calldata that holds this batch";

export function batchFindings({ event, recomputed }: KeptBatch): Finding[] {
  if (recomputed === undefined)
    return [{ subject: "calldata", chain: "none that can be read", recomputed: UNREADABLE }];
  const { sums, digest, rowRoot, tally } = recomputed;
  const pairs: Pair[] = [
    ["digest", event.digest, digest],
    ["row root", event.rowRoot, rowRoot],
    ["accrued (10⁻¹⁰ €)", event.accrued, sums.accrued],
    ["missing readings", event.missing, sums.missing],
    ["grade", event.grade, sums.grade],
    ["hours", event.hourCount, sums.hours],
    ...ENERGIES.map((name): Pair => [`${name} in all (Wh)`, sum(event[name]), sums[name]]),
  ];
  const found = pairs.filter(([, chain, own]) => chain !== own);
  const byHour = ENERGIES.filter((name) => event[name].some((energy, hour) => energy !== tally[name][hour]));
  return [
    ...found,
    ...byHour.map((name): Pair => [`${name} by hour (Wh)`, event[name].join(" "), tally[name].join(" ")]),
  ].map(([subject, chain, own]) => ({ subject, chain: String(chain), recomputed: String(own) }));
}

type Pair = readonly [subject: string, chain: unknown, own: unknown];
const ENERGIES = ["injected", "withdrawn", "shared"] as const;

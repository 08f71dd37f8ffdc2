/** What somebody has to look at, by what the index knows. */

import { formatHour } from "../../settlement/hours.ts";
import type { IndexState } from "./followChain.ts";
import type { IndexReader } from "./reader.ts";

export type IndexAlarm = {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly remedy: string;
};

const DAYS_SILENT = 4;
const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3600;
/** A chain that makes blocks all the time is behind after so long. */
const BLOCKS_BEHIND = 100;

/** @param now seconds since the Unix epoch */
export function alarmsOf(reader: IndexReader, community: number, state: IndexState, now: number): IndexAlarm[] {
  return [
    ...chainAlarms(state),
    ...reader
      .contracts(community)
      .filter(({ isForeign }) => isForeign)
      .map(({ kind, address }) => ({
        kind: "foreign-code",
        subject: address,
        text: `the code of ${kind} at ${address} is not what this version compiles`,
        remedy: "Trust none of its figures before somebody has compared the sources: `./condivisa audit`",
      })),
    ...reader.findings(community).map(({ block, subject, chain, recomputed }) => ({
      kind: "chain-differs",
      subject: `block ${block}`,
      text: `${subject}: the chain says ${chain}, recomputed it is ${recomputed}`,
      remedy: "Run `./condivisa audit`: it says where the difference begins",
    })),
    ...reader.configurations(community).flatMap(({ configuration, area, nextHour }) => {
      if (nextHour === undefined) return [];
      const days = Math.floor((now - nextHour * SECONDS_PER_HOUR) / SECONDS_PER_DAY);
      if (days < DAYS_SILENT) return [];
      return [
        {
          kind: "no-batches",
          subject: `configuration ${configuration}`,
          text: `nothing of ${area} has been recorded since ${formatHour(nextHour)}, ${days} days ago`,
          remedy: "Look at the oracle: `./condivisa doctor` and its /health",
        },
      ];
    }),
    ...reader.incompleteMonths(community).map(({ area, month, missing }) => ({
      kind: "readings-missing",
      subject: `${area} ${month}`,
      text: `${missing} readings of ${month} are missing in ${area} and count as zero`,
      remedy: "Import them from the distributor's file: they become a correction",
    })),
  ];
}

function chainAlarms({ block, head, problem }: IndexState): IndexAlarm[] {
  if (problem !== undefined) {
    const remedy = "Check that the node runs; what is shown is the state of the last block that was read";
    return [{ kind: "chain-unreachable", subject: "chain", text: problem, remedy }];
  }
  if (head - block <= BLOCKS_BEHIND) return [];
  const text = `the index is at block ${block} of ${head}`;
  return [{ kind: "index-behind", subject: "index", text, remedy: "Wait: it is catching up. What is shown is older" }];
}

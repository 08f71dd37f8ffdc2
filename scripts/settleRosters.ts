/** Who is metered from when on: which rosters a settlement adopts, and how far back it may reach. */

import type { CommunityPlan } from "../oracle/communityPlan.ts";
import type { HourRange } from "../oracle/dayBatches.ts";
import { rostersToAdopt } from "../oracle/rosterChanges.ts";
import type { History } from "../settlement/history.ts";
import { type Hour, hoursOfMarketDay, marketDayOf } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { channelsOf, decodeRoster } from "../settlement/roster.ts";

export type LedgerRosters = {
  /** In the order of their adoption, those to come included. */
  readonly versions: readonly RosterVersion[];
  /** The last of them: still to be adopted. */
  readonly toAdopt: readonly RosterVersion[];
};

/** From which market day on recorded days get another roster. */
export type RosterChange = { readonly area: string; readonly from: string };

/**
 * The rosters of every configuration.
 * @param file the community file, for messages
 * @param ranges the hours to record
 * @param backTo the first market day that may get another roster after it was recorded
 * @throws InputError if a roster would be empty, or would reach back further
 */
export function planRosters(
  file: string,
  plan: CommunityPlan,
  history: History | undefined,
  ranges: readonly HourRange[],
  backTo: string | undefined,
): LedgerRosters[] {
  return plan.configurations.map(({ area, rosters: planned }, index) => {
    const adopted = (history?.ledgers[index]?.rosters ?? []).map(({ effectiveHour, blob }) => {
      return { effectiveHour, roster: decodeRoster(blob) };
    });
    const range = ranges[index] ?? { first: 0, end: 0 };
    const first = Math.min(range.first, ...adopted.map(({ effectiveHour }) => effectiveHour));
    checkMetered(file, plan, index, first);
    const toAdopt = rostersToAdopt(adopted, planned, { first, end: range.end });
    const empty = toAdopt.find(({ roster }) => channelsOf(roster).length === 0);
    if (empty !== undefined) {
      const problem = `${area} has no meter on ${marketDayOf(empty.effectiveHour)}`;
      throw new InputError([{ file, field: "members", problem, remedy: "Mend `from` and `until` of its meters" }]);
    }
    checkReach(file, area, toAdopt[0]?.effectiveHour ?? range.first, range.first, backTo);
    return { versions: [...adopted, ...toAdopt], toAdopt };
  });
}

/** The change of a configuration's rosters that recorded days get, if any. */
export function rosterChanges(
  plan: CommunityPlan,
  rosters: readonly LedgerRosters[],
  next: readonly Hour[],
): RosterChange[] {
  return plan.configurations.flatMap(({ area }, index) => {
    const from = rosters[index]?.toAdopt[0]?.effectiveHour;
    return from === undefined || from >= (next[index] ?? 0) ? [] : [{ area, from: marketDayOf(from) }];
  });
}

/** Numbers are given out in the order of the rosters, so a meter that is on none cannot have one. */
function checkMetered(file: string, { meters }: CommunityPlan, configuration: number, first: Hour): void {
  const early = meters.find((meter) => meter.configuration === configuration && meter.period.end <= first);
  if (early === undefined) return;
  const problem = `its last day is before the first day of its configuration, ${marketDayOf(first)}`;
  const remedy = "Take this entry out, or mend its `until`";
  throw new InputError([{ file, field: "meters", value: early.id, problem, remedy }]);
}

/** Money that was divided is divided anew when recorded days get another roster: only if it is meant. */
function checkReach(file: string, area: string, from: Hour, next: Hour, backTo: string | undefined): void {
  if (from >= next || (backTo !== undefined && hoursOfMarketDay(backTo).firstHour <= from)) return;
  const day = marketDayOf(from);
  throw new InputError([
    {
      file,
      field: "members",
      value: backTo,
      problem: `the meters of ${area} are others than those recorded, from ${day} on; recorded until ${marketDayOf(next - 1)}`,
      remedy: `Say --back-to ${day} to correct all days since and to divide their money anew, or mend the file: what changes from a later day on is a new entry with \`from\`, after \`until\` in the old one`,
    },
  ]);
}

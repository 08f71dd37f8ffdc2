/** From the rosters that a ledger has to those that the community file asks for. */

import type { Hour } from "../settlement/hours.ts";
import { type RosterVersion, versionAt } from "../settlement/keys.ts";
import { encodeRoster } from "../settlement/roster.ts";
import type { HourRange } from "./dayBatches.ts";

/**
 * The versions to adopt, in order, after which the rosters in force in a range of hours are the planned ones. A version supersedes
 * all others from its first hour on, so everything from the first difference on is adopted anew; nothing if nothing differs.
 * @param adopted in the order in which they were adopted
 * @param planned in the order of their hours; the first from the beginning
 */
export function rostersToAdopt(
  adopted: readonly RosterVersion[],
  planned: readonly RosterVersion[],
  { first, end }: HourRange,
): RosterVersion[] {
  const wanted = planned
    .map(({ effectiveHour, roster }) => ({ effectiveHour: Math.max(effectiveHour, first), roster }))
    .filter(({ effectiveHour }, index, all) => effectiveHour !== all[index + 1]?.effectiveHour && effectiveHour < end);
  const hours = [...adopted, ...wanted].map(({ effectiveHour }) => effectiveHour).filter((hour) => hour < end);
  const differing = hours.filter((hour) => encodedAt(hour, adopted) !== encodedAt(hour, wanted));
  if (differing.length === 0) return [];
  const from = Math.min(...differing);
  const roster = versionAt(from, wanted)?.roster;
  const later = wanted.filter(({ effectiveHour }) => effectiveHour > from);
  return roster === undefined ? [] : [{ effectiveHour: from, roster }, ...later];
}

function encodedAt(hour: Hour, versions: readonly RosterVersion[]): string | undefined {
  const inForce = versionAt(hour, versions);
  return inForce && encodeRoster(inForce.roster);
}

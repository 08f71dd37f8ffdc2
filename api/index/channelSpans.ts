/** From when to when each channel was metered, by the rosters that are in force now. */

import type { Hour } from "../../settlement/hours.ts";
import type { RosterVersion } from "../../settlement/keys.ts";
import { channelsOf, type MemberClass } from "../../settlement/roster.ts";

export type ChannelSpan = {
  readonly channel: number;
  readonly account: number;
  readonly direction: "injected" | "withdrawn";
  readonly class: MemberClass;
  readonly exempt: boolean;
  readonly weight: number;
  readonly plant: number | undefined;
  readonly fromHour: Hour;
  /** The first hour after it; undefined while it is on the newest roster. */
  readonly endHour: Hour | undefined;
};

/** @param versions in the order of their adoption */
export function channelSpans(versions: readonly RosterVersion[]): ChannelSpan[] {
  const spans = new Map<number, ChannelSpan>();
  for (const { from, end, roster } of inForce(versions)) {
    const injecting = new Set(roster.injection.map(({ number }) => number));
    for (const channel of channelsOf(roster)) {
      spans.set(channel.number, {
        channel: channel.number,
        account: channel.account,
        direction: injecting.has(channel.number) ? "injected" : "withdrawn",
        class: channel.class,
        exempt: channel.exempt,
        weight: channel.weight,
        plant: roster.plants.find((plant) => plant.channel === channel.number)?.number,
        fromHour: spans.get(channel.number)?.fromHour ?? from,
        endHour: end,
      });
    }
  }
  return [...spans.values()].toSorted((a, b) => a.channel - b.channel);
}

/** The stretches in which each version is in force, in the order of time: a version yields to those that were adopted later. */
function inForce(versions: readonly RosterVersion[]) {
  return versions
    .flatMap(({ effectiveHour, roster }, index) => {
      const later = versions.slice(index + 1).map((version) => version.effectiveHour);
      const end = later.length === 0 ? undefined : Math.min(...later);
      return end !== undefined && end <= effectiveHour ? [] : [{ from: effectiveHour, end, roster }];
    })
    .toSorted((a, b) => a.from - b.from);
}

/** Who is metered when: numbers for the meters of a configuration, and its rosters day by day. */

import type { RosterVersion } from "../settlement/keys.ts";
import { type Channel, channelsOf, type Plant, type Roster, waterfallOrder } from "../settlement/roster.ts";
import type { MemberEntry, MeterEntry } from "./communityFile.ts";
import type { Direction } from "./measurement.ts";
import { ALWAYS, isWithin, NO_END, type Period, periodOf } from "./meterPeriods.ts";
import { type PlantTerms, termsOf } from "./plantEntry.ts";

/** Which channels of a configuration measure a meter. */
export type MeterChannels = {
  readonly id: string;
  readonly configuration: number;
  readonly injection: number | undefined;
  readonly withdrawal: number | undefined;
  /** When they do; undefined: always. */
  readonly period?: Period;
};

/** Which of a meter's channels measures what. */
export const CHANNEL_OF = { injected: "injection", withdrawn: "withdrawal" } as const satisfies Record<
  Direction,
  keyof MeterChannels
>;

/** The meters whose channels are on a roster, with these channels. */
export function metersOnRoster(meters: readonly MeterChannels[], roster: Roster): MeterChannels[] {
  const numbers = new Set(channelsOf(roster).map(({ number }) => number));
  const onRoster = (channel: number | undefined) =>
    channel !== undefined && numbers.has(channel) ? channel : undefined;
  return meters
    .map((meter) => ({ ...meter, injection: onRoster(meter.injection), withdrawal: onRoster(meter.withdrawal) }))
    .filter(({ injection, withdrawal }) => injection !== undefined || withdrawal !== undefined);
}

/** A meter on the terms that its channels and plant keep for life: on other terms it has other numbers. */
export type NumberedMeter = Omit<MeterChannels, "period"> & {
  readonly plant: number | undefined;
  /** Account, class, exemption, weight, directions and the plant's terms, as text. */
  readonly terms: string;
};

export type PlannedMeter = NumberedMeter & { readonly period: Period };

/** A meter of the file with what its channels and its plant keep for life. */
export type Metered = {
  readonly id: string;
  readonly period: Period;
  readonly withdraws: boolean;
  readonly channel: Omit<Channel, "number">;
  readonly plant: PlantTerms | undefined;
};

/** Its account is the member's. */
export function meteredOf(member: MemberEntry, account: number, meter: MeterEntry): Metered {
  return {
    id: meter.id,
    period: periodOf(meter, member),
    withdraws: meter.withdraws,
    channel: { account, class: meter.class ?? member.class, exempt: meter.exempt, weight: meter.weight },
    plant: meter.plant && termsOf(meter.plant),
  };
}

export type MeterWithNumbers = { readonly metered: Metered; readonly planned: PlannedMeter };

/**
 * A new roster version takes the next numbers without a gap, so those of earlier days come first.
 * @param known of this configuration
 */
export function numberMeters(
  configuration: number,
  metered: readonly Metered[],
  known: readonly NumberedMeter[],
): MeterWithNumbers[] {
  const keyOf = (id: string, terms: string) => `${id} ${terms}`;
  const numbered = new Map(known.map((meter) => [keyOf(meter.id, meter.terms), meter]));
  let channels = Math.max(0, ...known.flatMap(({ injection, withdrawal }) => [injection ?? 0, withdrawal ?? 0]));
  let plants = Math.max(0, ...known.map(({ plant }) => plant ?? 0));
  return metered
    .toSorted((a, b) => a.period.first - b.period.first)
    .map((meter) => {
      const { channel, plant, withdraws } = meter;
      const terms = JSON.stringify({ ...channel, withdraws, plant });
      const key = keyOf(meter.id, terms);
      const numbers = numbered.get(key) ?? {
        id: meter.id,
        configuration,
        injection: plant && ++channels,
        withdrawal: withdraws ? ++channels : undefined,
        plant: plant && ++plants,
        terms,
      };
      numbered.set(key, numbers);
      return { metered: meter, planned: { ...numbers, period: meter.period } };
    });
}

/** The rosters between the days on which something changes. */
export function rostersOf(meters: readonly MeterWithNumbers[], nonIncentivisedLast: boolean): RosterVersion[] {
  const periods = [ALWAYS, ...meters.map(({ planned }) => planned.period)];
  const days = new Set(periods.flatMap(({ first, end }) => (end === NO_END ? [first] : [first, end])));
  const rosters: RosterVersion[] = [];
  for (const effectiveHour of [...days].toSorted((a, b) => a - b)) {
    const metered = meters.filter(({ planned }) => isWithin(effectiveHour, planned.period));
    rosters.push({ effectiveHour, roster: rosterOf(metered, nonIncentivisedLast) });
  }
  return rosters;
}

function rosterOf(meters: readonly MeterWithNumbers[], nonIncentivisedLast: boolean): Roster {
  const injection: Channel[] = [];
  const withdrawal: Channel[] = [];
  const plants: Plant[] = [];
  for (const { metered, planned } of meters) {
    const { channel } = metered;
    // The static weight of a meter counts once, with its withdrawal if it has both directions.
    const weight = planned.withdrawal === undefined ? channel.weight : 0;
    if (planned.withdrawal !== undefined) withdrawal.push({ number: planned.withdrawal, ...channel });
    if (planned.injection === undefined || planned.plant === undefined || metered.plant === undefined) continue;
    injection.push({ number: planned.injection, ...channel, weight });
    plants.push({ number: planned.plant, channel: planned.injection, ...metered.plant });
  }
  const ascending = (a: Channel, b: Channel) => a.number - b.number;
  return {
    injection: injection.toSorted(ascending),
    withdrawal: withdrawal.toSorted(ascending),
    plants: waterfallOrder(plants, nonIncentivisedLast),
  };
}

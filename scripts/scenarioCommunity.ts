/** The community and the readings of a scenario, from those of the community as it is. */

import type { CommunityFile, MemberEntry, MeterEntry } from "../oracle/communityFile.ts";
import { LARGEST_READING, type Reading, type Readings } from "../oracle/readingsFile.ts";
import type { Hour } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { NewMeter, Scenario } from "./scenariosFile.ts";

type Ratio = { readonly numerator: bigint; readonly denominator: bigint };

/** Where a meter's readings come from: another meter's, or its own, so many times. */
export type Profile = { readonly like: string; readonly injection: Ratio; readonly withdrawal: Ratio };

export type ChangedCommunity = {
  readonly community: CommunityFile;
  /** By meter; of those whose readings are not simply their own. */
  readonly profiles: ReadonlyMap<string, Profile>;
};

const ONE: Ratio = { numerator: 1n, denominator: 1n };
const MILLIONTHS = 1_000_000;

/** Whether energy flows otherwise than in the community as it is. */
export function changesEnergy({ remove, scale, add }: Scenario): boolean {
  const changes = [remove.members, remove.meters, Object.keys(scale), add.members, add.meters];
  return changes.some(({ length }) => length > 0);
}

/**
 * Removes, scales and adds, in this order. A member without meters goes. The rules' documents are left out: nothing is
 * adopted.
 */
export function applyScenario(community: CommunityFile, scenario: Scenario): ChangedCommunity {
  const before = new Map(community.members.flatMap((member) => member.meters.map((meter) => [meter.id, meter])));
  const profiles = new Map<string, Profile>();
  for (const [id, factor] of Object.entries(scenario.scale)) {
    profiles.set(id, { like: id, injection: ratioOf(factor), withdrawal: ONE });
  }
  const measuredLike = ({ like, withdrawal_times, ...meter }: NewMeter): MeterEntry => {
    profiles.set(meter.id, {
      like,
      injection: powerRatio(meter, before.get(like)),
      withdrawal: ratioOf(withdrawal_times),
    });
    return meter;
  };

  const kept = community.members
    .filter(({ id }) => !scenario.remove.members.includes(id))
    .map((member): MemberEntry => {
      const own = member.meters
        .filter(({ id }) => !scenario.remove.meters.includes(id))
        .map((meter) => scaled(meter, scenario));
      const more = scenario.add.meters.filter((meter) => meter.member === member.id);
      return { ...member, meters: [...own, ...more.map(({ member: _, ...meter }) => measuredLike(meter))] };
    })
    .filter(({ meters }) => meters.length > 0);
  const added = scenario.add.members.map((member) => ({ ...member, meters: member.meters.map(measuredLike) }));
  return {
    community: {
      ...community,
      members: [...kept, ...added],
      funds: [...community.funds, ...scenario.add.funds],
      rules: (scenario.rules ?? community.rules).map(({ document: _, ...ruleSet }) => ruleSet),
    },
    profiles,
  };
}

/**
 * Readings by the profiles; each rounded down to whole Wh.
 * @param scenario its name, and the file it stands in, for messages
 * @throws InputError if a reading becomes larger than a meter can say
 */
export function readingsOf(
  readings: Readings,
  { community, profiles }: ChangedCommunity,
  scenario: { readonly file: string; readonly name: string },
): Readings {
  const changed = new Map(readings);
  for (const meter of community.members.flatMap(({ meters }) => meters)) {
    const profile = profiles.get(meter.id);
    if (profile === undefined) continue;
    const hours = new Map<Hour, Reading>();
    for (const [hour, { injected, withdrawn }] of readings.get(profile.like) ?? []) {
      hours.set(hour, {
        injected: timesOf(injected, profile.injection),
        withdrawn: timesOf(withdrawn, profile.withdrawal),
      });
    }
    for (const { injected = 0, withdrawn = 0 } of hours.values()) {
      if (Math.max(injected, withdrawn) <= LARGEST_READING) continue;
      const problem = `a reading of meter ${meter.id} becomes larger than ${LARGEST_READING} Wh`;
      throw new InputError([
        { file: scenario.file, field: scenario.name, problem, remedy: "Scale it by less, or mend its readings" },
      ]);
    }
    changed.set(meter.id, hours);
  }
  return changed;
}

function scaled(meter: MeterEntry, { scale, weights }: Scenario): MeterEntry {
  const factor = scale[meter.id] ?? 1;
  const plant = meter.plant && { ...meter.plant, power_kw: Math.round(meter.plant.power_kw * factor * 1000) / 1000 };
  return { ...meter, weight: weights[meter.id] ?? meter.weight, ...(plant && { plant }) };
}

/** A plant injects like the other in proportion to its power. */
function powerRatio(meter: MeterEntry, like: MeterEntry | undefined): Ratio {
  if (meter.plant === undefined || like?.plant === undefined) return ONE;
  return { numerator: watts(meter.plant.power_kw), denominator: watts(like.plant.power_kw) };
}

function watts(kilowatts: number): bigint {
  return BigInt(Math.max(1, Math.round(kilowatts * 1000)));
}

function ratioOf(factor: number): Ratio {
  return { numerator: BigInt(Math.round(factor * MILLIONTHS)), denominator: BigInt(MILLIONTHS) };
}

function timesOf(wattHours: number | undefined, { numerator, denominator }: Ratio): number | undefined {
  return wattHours === undefined ? undefined : Number((BigInt(wattHours) * numerator) / denominator);
}

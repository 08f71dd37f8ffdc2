/** The keys by which rules divide a month's pool: each account's energy, hours or weight. */

import { endOfMonth, type Hour, type Month, startOfMonth } from "./hours.ts";
import { type Channel, channelsOf, type Roster } from "./roster.ts";
import type { Rule } from "./rules.ts";

/** A roster version and the hour from which it is in force, as long as no version adopted later is. */
export type RosterVersion = { readonly effectiveHour: Hour; readonly roster: Roster };

/** What a ledger keeps of a month. */
export type MonthSums = {
  /** Wh by channel number. */
  readonly coincident: ReadonlyMap<number, bigint>;
  /** Wh by plant number. */
  readonly attributed: ReadonlyMap<number, bigint>;
};

/** A roster and in how many hours of a month it is in force. */
export type InForce = { readonly roster: Roster; readonly hours: bigint };

/**
 * One account's key: Wh, or hours of the month (equal), or weight × hours (static weight). Empty for key `fund`.
 * @param versions in the order in which they were adopted
 */
export function keysOfMonth(
  rule: Rule,
  month: Month,
  versions: readonly RosterVersion[],
  sums: MonthSums,
): Map<number, bigint> {
  const inForce = rostersOfMonth(month, versions);
  switch (rule.key) {
    case "fund":
      return new Map();
    case "coincident-injection":
      return energyKeys(rule, inForce, (roster) => roster.injection.map(({ number }) => number), sums.coincident);
    case "coincident-withdrawal":
      return energyKeys(rule, inForce, (roster) => roster.withdrawal.map(({ number }) => number), sums.coincident);
    case "attributed-injection":
      return attributedKeys(rule, inForce, sums.attributed);
    case "equal":
      return equalKeys(rule, inForce);
    case "static-weight":
      return weightKeys(rule, inForce);
  }
}

/**
 * The rosters in force in a month, each with the number of its hours: a version yields to all that were adopted later, from
 * their effective hours on.
 */
export function rostersOfMonth(month: Month, versions: readonly RosterVersion[]): InForce[] {
  return versions.flatMap(({ effectiveHour, roster }, index) => {
    const begin = Math.max(effectiveHour, startOfMonth(month));
    const end = Math.min(endOfMonth(month), ...versions.slice(index + 1).map((later) => later.effectiveHour));
    return begin < end ? [{ roster, hours: BigInt(end - begin) }] : [];
  });
}

/** The version in force at an hour: the last adopted one whose effective hour has come. */
export function versionAt<T extends RosterVersion>(hour: Hour, versions: readonly T[]): T | undefined {
  return versions.findLast(({ effectiveHour }) => effectiveHour <= hour);
}

/**
 * A channel's energy of the month counts once, on however many rosters it is. That of a channel which a later version took off
 * every roster of the month counts for nobody.
 */
function energyKeys(
  rule: Rule,
  inForce: readonly InForce[],
  channelsOfSide: (roster: Roster) => readonly number[],
  energy: ReadonlyMap<number, bigint>,
): Map<number, bigint> {
  const accountOf = new Map<number, number>();
  for (const { roster } of inForce) {
    const side = new Set(channelsOfSide(roster));
    for (const channel of channelsOf(roster)) {
      if (side.has(channel.number) && rule.classes.includes(channel.class)) {
        accountOf.set(channel.number, channel.account);
      }
    }
  }
  const keys = new Map<number, bigint>();
  for (const [channel, account] of accountOf) addTo(keys, account, energy.get(channel) ?? 0n);
  return keys;
}

function attributedKeys(
  rule: Rule,
  inForce: readonly InForce[],
  attributed: ReadonlyMap<number, bigint>,
): Map<number, bigint> {
  const accountOf = new Map<number, number>();
  for (const { roster } of inForce) {
    for (const plant of roster.plants) {
      const channel = roster.injection.find(({ number }) => number === plant.channel);
      if (channel !== undefined && rule.classes.includes(channel.class)) accountOf.set(plant.number, channel.account);
    }
  }
  const keys = new Map<number, bigint>();
  for (const [plant, account] of accountOf) addTo(keys, account, attributed.get(plant) ?? 0n);
  return keys;
}

/** The channels whose accounts count as heads or by weight: those of the excess pool are its consumers'. */
function countedChannels(rule: Rule, roster: Roster): Channel[] {
  const channels = rule.pool === "excess" ? roster.withdrawal : channelsOf(roster);
  return channels.filter((channel) => rule.classes.includes(channel.class));
}

/** One a head, however many channels of the served classes it has. */
function equalKeys(rule: Rule, inForce: readonly InForce[]): Map<number, bigint> {
  const keys = new Map<number, bigint>();
  for (const { roster, hours } of inForce) {
    const accounts = new Set(countedChannels(rule, roster).map(({ account }) => account));
    for (const account of accounts) addTo(keys, account, hours);
  }
  return keys;
}

function weightKeys(rule: Rule, inForce: readonly InForce[]): Map<number, bigint> {
  const keys = new Map<number, bigint>();
  for (const { roster, hours } of inForce) {
    for (const { account, weight } of countedChannels(rule, roster)) addTo(keys, account, BigInt(weight) * hours);
  }
  return keys;
}

function addTo(keys: Map<number, bigint>, account: number, amount: bigint): void {
  keys.set(account, (keys.get(account) ?? 0n) + amount);
}

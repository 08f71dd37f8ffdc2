/** A community on a fresh embedded chain, with a key for every person, for tests of contracts. */

import { type Address, keccak256, toHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { embeddedClient } from "../../chain/client.ts";
import { type CommunityAddresses, type CommunitySetup, createCommunity, deployFactory } from "../../chain/deploy.ts";
import { EMBEDDED_CHAIN_ID, type EmbeddedChain, openEmbeddedChain } from "../../chain/embedded.ts";
import { type ChainClient, Sender } from "../../chain/send.ts";
import * as setUp from "../../chain/setUp.ts";
import { amendBatch, recordBatch } from "../../oracle/record.ts";
import { type Batch, FIRST_REVISION, withoutPrices } from "../../settlement/batch.ts";
import { batchDigest } from "../../settlement/batchDigest.ts";
import { type Hour, type Month, parseMonth, secondsOf, startOfMonth } from "../../settlement/hours.ts";
import type { Channel, Roster } from "../../settlement/roster.ts";
import type { Remainders, RuleSet } from "../../settlement/rules.ts";

export const ROLES = [
  "creator",
  "council",
  "secretary",
  "treasurer",
  "president",
  "auditor",
  "oracle",
  "stranger",
] as const;
export type Role = (typeof ROLES)[number];

export type Stage = {
  readonly chain: EmbeddedChain;
  readonly client: ChainClient;
  readonly people: Readonly<Record<Role, Sender>>;
  readonly factory: Address;
};

export const OBJECTION_SECONDS = 72 * 3600;
export const FIRST_MONTH: Month = parseMonth("2026-03") ?? 0;
export const FIRST_HOUR: Hour = startOfMonth(FIRST_MONTH);

/** A deterministic key for a name. */
export function keyOf(name: string): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(toHex(`test key of ${name}`)));
}

/**
 * A chain that begins a day before the first hour, with the factory deployed.
 * @param journal in which the chain is kept; without one it is gone with the process
 */
export async function openStage(genesisHour: Hour = FIRST_HOUR - 24, journal?: string): Promise<Stage> {
  const kept = journal === undefined ? {} : { journal };
  const { chain, client, people } = stageOn(await openEmbeddedChain({ ...kept, genesisTime: secondsOf(genesisHour) }));
  return { chain, client, people, factory: await deployFactory(people.creator) };
}

/** The people of a chain that is there. */
export function stageOn(chain: EmbeddedChain): Omit<Stage, "factory"> {
  const client = embeddedClient(chain);
  const sender = (role: Role) => new Sender(client, keyOf(role));
  const people = {
    creator: sender("creator"),
    council: sender("council"),
    secretary: sender("secretary"),
    treasurer: sender("treasurer"),
    president: sender("president"),
    auditor: sender("auditor"),
    oracle: sender("oracle"),
    stranger: sender("stranger"),
  };
  return { chain, client, people };
}

export function setupOf(stage: Stage): CommunitySetup {
  const { secretary, treasurer, president, auditor, council } = stage.people;
  return {
    officers: {
      secretary: secretary.address,
      treasurer: treasurer.address,
      president: president.address,
      auditor: auditor.address,
    },
    council: council.address,
    adminSeconds: 0,
    grantSeconds: 0,
    objectionSeconds: OBJECTION_SECONDS,
  };
}

/** Deploys a community with one ledger an entry of `firstHours`. */
export async function deployCommunity(
  stage: Stage,
  configurations: readonly { firstHour: Hour; firstMonth: Month; nonIncentivisedLast?: boolean }[] = [
    { firstHour: FIRST_HOUR, firstMonth: FIRST_MONTH },
  ],
): Promise<CommunityAddresses> {
  return createCommunity(
    stage.people.creator,
    stage.factory,
    setupOf(stage),
    configurations.map((configuration, index) => ({
      ...configuration,
      area: `AREA-${index}`,
      oracles: [stage.people.oracle.address],
      quorum: 1,
    })),
  );
}

/** The remainders of a community whose only fund is followed by its two reserves, as `enrol` makes it. */
export function remaindersOf(fund: number): Remainders {
  return { fallbackFund: fund, excessFallbackFund: fund, excessReserve: fund + 1, advanceReserve: fund + 2 };
}

/** Enrols `members` members, then one fund under the number `members + 1`, then two reserves. */
export function enrol(stage: Stage, at: CommunityAddresses, members: number): Promise<void> {
  const member: setUp.Enrolment = { kind: "member", social: false, wallet: undefined };
  const fund: setUp.Enrolment = { kind: "fund", social: true, wallet: undefined };
  const reserve: setUp.Enrolment = { kind: "reserve", social: false, wallet: undefined };
  const enrolments = [...Array.from({ length: members }, () => member), fund, reserve, reserve];
  return setUp.enrol(stage.people.secretary, at.community, enrolments);
}

/** Puts the next roster version in force. */
export function adoptRoster(stage: Stage, ledger: Address, effectiveHour: Hour, roster: Roster): Promise<void> {
  const { secretary, president } = stage.people;
  return setUp.adoptRoster(secretary, president, ledger, effectiveHour, roster);
}

/** Puts the next rule set in force. */
export function adoptRuleSet(stage: Stage, at: CommunityAddresses, ruleSet: RuleSet): Promise<void> {
  const { secretary, president } = stage.people;
  return setUp.adoptRuleSet(secretary, president, at.ruleBook, ruleSet);
}

/** A small roster: channel 1 injects (plant 1), the others withdraw; channel n belongs to account n. */
export function smallRoster(channels: number): Roster {
  const channel = (number: number): Channel => ({
    number,
    account: number,
    class: "persona_fisica",
    exempt: false,
    weight: number,
  });
  return {
    injection: [channel(1)],
    withdrawal: Array.from({ length: channels - 1 }, (_, i) => channel(i + 2)),
    plants: [{ number: 1, channel: 1, commissioned: "2021-05-01", power: 20_000, regime: "42-bis", tariff: 1_100_000 }],
  };
}

/** A batch in which every reading is what `reading` says. */
export function batchOf(
  roster: Roster,
  firstHour: Hour,
  hourCount: number,
  reading: (row: number, hour: number) => number = (row, hour) => 100 * (row + 1) + hour,
): Batch {
  const rows = (count: number, first: number) =>
    Array.from({ length: count }, (_, row) =>
      Array.from({ length: 24 }, (_, hour) => (hour < hourCount ? reading(first + row, hour) : 0)),
    );
  const channels = roster.injection.length + roster.withdrawal.length;
  return {
    firstHour,
    hourCount,
    rosterVersion: 1,
    grade: "distributor",
    ...FIRST_REVISION,
    seed: keccak256(toHex(`seed of ${firstHour}`)),
    injected: rows(roster.injection.length, 0),
    withdrawn: rows(roster.withdrawal.length, roster.injection.length),
    missing: new Array(channels).fill(0),
    ...withoutPrices(hourCount),
  };
}

/** Signs a batch with the oracle's key and records it at the end of its last hour. */
export function record(stage: Stage, ledger: Address, batch: Batch, roster: Roster) {
  stage.chain.advanceTo(secondsOf(batch.firstHour + batch.hourCount));
  return recordBatch(stage.people.oracle, ledger, EMBEDDED_CHAIN_ID, roster, batch);
}

/** The batch as a correction of what stands recorded: the next revision of it, with a seed of its own. */
export function correctionOf(old: Batch, oldRoster: Roster, ledger: Address, change: Partial<Batch>): Batch {
  const revision = old.revision + 1;
  return {
    ...old,
    ...change,
    revision,
    replaces: batchDigest(old, oldRoster, { chainId: EMBEDDED_CHAIN_ID, ledger }),
    seed: keccak256(toHex(`seed of ${old.firstHour}, revision ${revision}`)),
  };
}

/** Signs a correction with the oracle's key and puts it in the place of the old batch. */
export function amend(stage: Stage, ledger: Address, old: Batch, corrected: Batch, roster: Roster) {
  return amendBatch(stage.people.oracle, ledger, EMBEDDED_CHAIN_ID, { old, corrected, roster });
}

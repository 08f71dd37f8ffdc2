/** Communities to measure: one channel a member, a tenth of the channels with a plant, on a chain of their own. */

import { type Address, type Hex, keccak256, slice, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { embeddedClient } from "../chain/client.ts";
import { type CommunityAddresses, createCommunity, deployFactory } from "../chain/deploy.ts";
import { type EmbeddedChain, openEmbeddedChain } from "../chain/embedded.ts";
import { type ChainClient, Sender } from "../chain/send.ts";
import { adoptRoster, adoptRuleSet, enrol } from "../chain/setUp.ts";
import { amendBatch, recordBatch } from "../oracle/record.ts";
import { type Batch, FIRST_REVISION, LANES, withoutPrices } from "../settlement/batch.ts";
import { batchDigest } from "../settlement/batchDigest.ts";
import { type Hour, type HourSpan, monthOf, secondsOf } from "../settlement/hours.ts";
import { powerClassOf, reductionOfGrant } from "../settlement/premium.ts";
import type { Channel, Plant, Roster } from "../settlement/roster.ts";
import { PAY_ALL, type RuleSet } from "../settlement/rules.ts";
import { type Readings, zonalPrice } from "./readings.ts";

const ROLES = ["creator", "council", "secretary", "treasurer", "president", "auditor", "oracle", "stranger"] as const;
export type People = Readonly<Record<(typeof ROLES)[number], Sender>>;

export type Stage = {
  readonly chain: EmbeddedChain;
  readonly client: ChainClient;
  readonly people: People;
  readonly factory: Address;
};

const OBJECTION_SECONDS = 72 * 3600;

/**
 * A chain that begins a day before an hour, with the factory deployed.
 * @param journal a new file, where it is to outlast the process
 */
export async function openStage(firstHour: Hour, journal?: string): Promise<Stage> {
  const genesisTime = secondsOf(firstHour - 24);
  const chain = await openEmbeddedChain(journal === undefined ? { genesisTime } : { genesisTime, journal });
  const client = embeddedClient(chain);
  const sender = (role: string) => new Sender(client, privateKeyToAccount(keccak256(toHex(`bench key of ${role}`))));
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
  return { chain, client, people, factory: await deployFactory(people.creator) };
}

/** Deploys a community whose only oracle is the stage's. */
export function deployCommunity(stage: Stage, firstHour: Hour, ledgers = 1): Promise<CommunityAddresses> {
  const { creator, council, secretary, treasurer, president, auditor, oracle } = stage.people;
  const officers = {
    secretary: secretary.address,
    treasurer: treasurer.address,
    president: president.address,
    auditor: auditor.address,
  };
  return createCommunity(
    creator,
    stage.factory,
    { officers, council: council.address, adminSeconds: 0, grantSeconds: 0, objectionSeconds: OBJECTION_SECONDS },
    Array.from({ length: ledgers }, (_, index) => ({
      area: `AREA-${index}`,
      firstHour,
      firstMonth: monthOf(firstHour),
      oracles: [oracle.address],
      quorum: 1,
    })),
  );
}

/** The address to which member n is paid, in Condivisa and in the alternatives. */
export function walletOf(member: number): Address {
  return slice(keccak256(toHex(`bench wallet of member ${member}`)), 12);
}

/** Enrols members 1 to `members`, each with a wallet, then one fund under the next number, then two reserves. */
export async function enrolMembers(stage: Stage, at: CommunityAddresses, members: number): Promise<void> {
  const enrolments = Array.from({ length: members }, (_, i) => ({
    kind: "member" as const,
    social: false,
    wallet: walletOf(i + 1),
  }));
  const fund = { kind: "fund", social: true, wallet: undefined } as const;
  const reserve = { kind: "reserve", social: false, wallet: undefined } as const;
  await enrol(stage.people.secretary, at.community, [...enrolments, fund, reserve, reserve]);
}

/** Plants under art. 42-bis, or CACER plants: in three classes of power, every fourth with a grant. */
export type Incentive = "42-bis" | "CACER";

/** Channel n is member n's; the first tenth of them inject and have a plant. With CACER plants every other consumer is exempt. */
export function rosterOf(members: number, incentive: Incentive = "42-bis"): Roster {
  const injections = Math.ceil(members / 10);
  const channels = Array.from({ length: members }, (_, i): Channel => {
    const number = i + 1;
    const exempt = incentive === "CACER" && i >= injections && i % 2 === 0;
    return { number, account: number, class: "persona_fisica", exempt, weight: 1 };
  });
  const injection = channels.slice(0, injections);
  return {
    injection,
    withdrawal: channels.slice(injections),
    plants: injection.map(({ number }) => (incentive === "42-bis" ? fixedTariffPlant(number) : cacerPlant(number))),
  };
}

function fixedTariffPlant(number: number): Plant {
  return { number, channel: number, commissioned: "2021-05-01", power: 20_000, regime: "42-bis", tariff: 1_100_000 };
}

function cacerPlant(number: number): Plant {
  const power = [20_000, 300_000, 900_000][number % 3] ?? 0;
  const terms = powerClassOf(power);
  if (terms === undefined) throw new RangeError(`no power class for ${power} W`);
  const reduction = reductionOfGrant(number % 4 === 1 ? 3000 : 0);
  return {
    number,
    channel: number,
    commissioned: "2025-05-01",
    power,
    regime: "CACER",
    ...terms,
    correction: 40_000,
    reduction,
  };
}

/** Puts a roster in force from an hour on. */
export async function useRoster(stage: Stage, ledger: Address, hour: Hour, roster: Roster): Promise<void> {
  await adoptRoster(stage.people.secretary, stage.people.president, ledger, hour, roster);
}

/** A regolamento as they are: to producers, to those who draw in the same hour, and to a fund. */
export async function useRules(stage: Stage, at: CommunityAddresses, fund: number, fromMonth: number): Promise<void> {
  const ruleSet: RuleSet = {
    fromMonth,
    remainders: {
      fallbackFund: fund,
      excessFallbackFund: fund,
      excessReserve: fund + 1,
      advanceReserve: fund + 2,
    },
    policy: PAY_ALL,
    documentHash: keccak256(toHex("bench regolamento")),
    rules: [
      { pool: "ordinary", share: 1000, key: "fund", classes: [], fund },
      { pool: "ordinary", share: 4000, key: "attributed-injection", classes: ["persona_fisica"], fund: 0 },
      { pool: "ordinary", share: 5000, key: "coincident-withdrawal", classes: ["persona_fisica"], fund: 0 },
    ],
  };
  await adoptRuleSet(stage.people.secretary, stage.people.president, at.ruleBook, ruleSet);
}

/** Typical readings of a day, with the zonal prices of a day if the roster's plants are paid by them. */
export function batchOf(roster: Roster, span: HourSpan, readings: Readings): Batch {
  const row = (index: number) =>
    Array.from({ length: LANES }, (_, hour) => (hour < span.hourCount ? readings(index, hour) : 0));
  const injections = roster.injection.length;
  return {
    ...span,
    rosterVersion: 1,
    grade: "distributor",
    ...FIRST_REVISION,
    seed: seedOf(span.firstHour),
    injected: roster.injection.map((_, index) => row(index)),
    withdrawn: roster.withdrawal.map((_, index) => row(injections + index)),
    missing: new Array(injections + roster.withdrawal.length).fill(0),
    ...pricesOf(roster, span),
  };
}

function pricesOf(roster: Roster, { hourCount }: HourSpan): Pick<Batch, "priceMask" | "prices"> {
  if (roster.plants.every(({ regime }) => regime !== "CACER")) return withoutPrices(hourCount);
  return {
    priceMask: 0,
    prices: Array.from({ length: LANES }, (_, hour) => (hour < hourCount ? zonalPrice(hour) : 0)),
  };
}

/** Records a batch at the end of its last hour, or now if that is over. */
export async function record(stage: Stage, ledger: Address, roster: Roster, batch: Batch): Promise<void> {
  stage.chain.advanceTo(secondsOf(batch.firstHour + batch.hourCount));
  await recordBatch(stage.people.oracle, ledger, stage.client.chain.id, roster, batch);
}

/** Puts a batch of the same hours in the place of one that is recorded. */
export async function amend(stage: Stage, ledger: Address, roster: Roster, old: Batch, batch: Batch): Promise<void> {
  const chainId = stage.client.chain.id;
  const corrected = {
    ...batch,
    revision: old.revision + 1,
    replaces: batchDigest(old, roster, { chainId, ledger }),
    seed: keccak256(old.seed),
  };
  await amendBatch(stage.people.oracle, ledger, chainId, { old, corrected, roster });
}

function seedOf(hour: Hour): Hex {
  return keccak256(toHex(`bench seed of hour ${hour}`));
}

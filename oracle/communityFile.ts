/** The community file: members, meters, plants, funds and rules, as the secretary writes them. */

import { getAddress, isAddress } from "viem";
import { z } from "zod";
import { parseMonth } from "../settlement/hours.ts";
import { CLASSES } from "../settlement/roster.ts";
import { KEYS, MAX_RULES, WHOLE } from "../settlement/rules.ts";
import { date } from "./dateEntry.ts";
import { plantShape } from "./plantEntry.ts";
import { readText } from "./textFile.ts";
import { parseYaml } from "./yamlFile.ts";

const POD = /^IT\d{3}E[0-9A-Z]{8,9}$/;
const AREA = /^[A-Z0-9-]{1,31}$/;
const ID = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/** `RuleBook.MAX_MINIMUM_PAYMENT`. */
const MOST_MINIMUM_EUR = 1000;

/** Ids of the two accounts that every community has beside its own. */
export const RESERVES = { excess: "accantonamento-eccedenza", advance: "accantonamento-anticipi" } as const;

const EARLIEST_START = "2000-01-01";

const month = z.string().refine((text) => parseMonth(text) !== undefined, "not a month: write it as 2026-03");
const id = z.string().regex(ID, "not an id: use up to 40 lower-case letters, digits, - and _");
const memberClass = z.enum(CLASSES, `unknown class: use one of ${CLASSES.join(", ")}`);

const wallet = z
  .string()
  .refine(
    (text) => isAddress(text),
    "not a wallet address: 0x and 40 hexadecimal digits with a valid checksum, in quotes",
  )
  .refine(
    (text) => !isAddress(text) || BigInt(text) !== 0n,
    "the zero address: leave `wallet` out for a payee without one",
  )
  .transform((text) => getAddress(text))
  .optional();

export const meterShape = z.strictObject({
  id: z.string().regex(/^[^\s,;"]{1,40}$/, "not a meter id: use up to 40 characters without spaces, commas or quotes"),
  pod: z.string().regex(POD, "not a POD: IT, three digits, E, then 8 or 9 digits or letters").optional(),
  area: z.string().optional(),
  withdraws: z.boolean().default(true),
  plant: plantShape.optional(),
  exempt: z.boolean().default(false),
  weight: z.int("not a whole number").min(0, "below zero").max(0xffffffff, "too large").default(0),
});

export const memberShape = z.strictObject({
  id,
  name: z.string().min(1, "empty: write the name"),
  class: memberClass,
  producer: z.boolean().default(false),
  wallet,
  meters: z.array(meterShape).min(1, "no meters: a member has at least one"),
});

export const fundShape = z.strictObject({ id, name: z.string().min(1), social: z.boolean().default(false), wallet });

const ruleShape = z.strictObject({
  share: z.int("not a whole number of basis points").min(1, "below one basis point").max(WHOLE, "above 10000"),
  key: z.enum(KEYS, `unknown key: use one of ${KEYS.join(", ")}`),
  classes: z.array(memberClass).min(1, "empty: leave it out to serve every class").optional(),
  fund: z.string().optional(),
});

const excessShape = z.strictObject({
  fallback: z.string().optional(),
  split: z.array(ruleShape).max(MAX_RULES, `more than ${MAX_RULES} rules`).default([]),
});

const payoutShape = z.strictObject({
  calendar: z.enum(["monthly", "yearly"], "not a calendar: use monthly or yearly").default("monthly"),
  hold_back_percent: z
    .number("not a number: write percent, for example 20")
    .min(0, "below zero: write percent, for example 20")
    .max(100, "above 100: write percent, for example 20")
    .refine((percent) => Number.isInteger(percent * 100), "more than two decimals: write percent, for example 12.5")
    .default(0),
  minimum_eur: z
    .number("not a number: write euro, for example 5")
    .min(0, "below zero: write euro, for example 5")
    .max(MOST_MINIMUM_EUR, `above ${MOST_MINIMUM_EUR} €: write the least amount worth a payment`)
    .refine((euro) => Number.isInteger(Math.round(euro * 1e8) / 1e6), "more than two decimals: write euro and cents")
    .default(0),
});

export const ruleSetShape = z.strictObject({
  from: month.optional(),
  document: z.string().optional(),
  fallback: z.string(),
  split: z.array(ruleShape).min(1, "no rules").max(MAX_RULES, `more than ${MAX_RULES} rules`),
  excess: excessShape.default({ split: [] }),
  payout: payoutShape.default({ calendar: "monthly", hold_back_percent: 0, minimum_eur: 0 }),
});

const communityShape = z.strictObject({
  name: z.string().min(1, "empty: write the community's name"),
  objection_hours: z.int().min(0).max(8760).default(72),
  configurations: z
    .array(
      z.strictObject({
        area: z.string().regex(AREA, "not an area code: up to 31 capital letters, digits and -"),
        start: date.refine((day) => day >= EARLIEST_START, "too early: write the day as 2026-03-01").optional(),
        non_incentivised_last: z.boolean().default(false),
      }),
    )
    .min(1, "no configuration: name the primary-substation area"),
  members: z.array(memberShape).min(1, "no members"),
  funds: z.array(fundShape).min(1, "no funds: rounding dust and unclaimed shares need a fund to go to"),
  rules: z.array(ruleSetShape).min(1, "no rules"),
});

export type CommunityFile = z.infer<typeof communityShape>;
type RuleSetEntry = CommunityFile["rules"][number];
export type MemberEntry = CommunityFile["members"][number];
export type MeterEntry = MemberEntry["meters"][number];

/** Reads and checks a community file. Throws InputError with everything that is wrong in it. */
export function readCommunityFile(file: string): CommunityFile {
  return parseCommunity(readText(file), file);
}

/** Checks the text of a community file; `file` is for messages. */
export function parseCommunity(text: string, file: string): CommunityFile {
  return parseYaml(text, file, communityFormat);
}

/** What is wrong with a community that was changed after its file was read: path and message. */
export function communityProblems(community: CommunityFile): [PropertyKey[], string][] {
  const parsed = communityShape.safeParse(community);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => [path, message]);
  return crossChecks(parsed.data);
}

const communityFormat = {
  shape: communityShape,
  crossChecks,
  documentation: "docs/community-file.md",
  sample: "`./condivisa init` writes a file to start from",
};

/** What one entry alone cannot show: repeated ids, references that lead nowhere, shares that are not whole. */
function crossChecks(community: CommunityFile): [PropertyKey[], string][] {
  const problems: [PropertyKey[], string][] = [];
  const unique = (kind: string) => {
    const seen = new Set<string>();
    return (value: string | undefined, path: PropertyKey[]) => {
      if (value === undefined) return;
      if (seen.has(value)) problems.push([path, `repeated ${kind}: Each stands once`]);
      seen.add(value);
    };
  };
  const accountIds = unique("id");
  const meterIds = unique("meter");
  const pods = unique("POD");
  const areas = unique("area");
  const wallets = unique("wallet");
  for (const reserve of Object.values(RESERVES)) accountIds(reserve, []);
  for (const [c, configuration] of community.configurations.entries()) {
    areas(configuration.area, ["configurations", c, "area"]);
  }
  const areaNames = community.configurations.map(({ area }) => area);
  for (const [m, member] of community.members.entries()) {
    accountIds(member.id, ["members", m, "id"]);
    wallets(member.wallet, ["members", m, "wallet"]);
    for (const [n, meter] of member.meters.entries()) {
      const path: PropertyKey[] = ["members", m, "meters", n];
      meterIds(meter.id, [...path, "id"]);
      pods(meter.pod, [...path, "pod"]);
      if (meter.area === undefined && areaNames.length > 1) {
        problems.push([path, `area missing: There are several configurations; say which: ${areaNames.join(", ")}`]);
      }
      if (meter.area !== undefined && !areaNames.includes(meter.area)) {
        problems.push([[...path, "area"], `unknown area: Use one of ${areaNames.join(", ")}`]);
      }
      if (!meter.withdraws && meter.plant === undefined) {
        problems.push([path, "measures nothing: Give it a plant, or let it withdraw"]);
      }
    }
  }
  for (const [f, fund] of community.funds.entries()) {
    accountIds(fund.id, ["funds", f, "id"]);
    wallets(fund.wallet, ["funds", f, "wallet"]);
  }
  for (const [r, ruleSet] of community.rules.entries()) ruleSetChecks(community, ruleSet, ["rules", r], problems);
  rulesOrder(community, problems);
  return problems;
}

function ruleSetChecks(
  community: CommunityFile,
  ruleSet: RuleSetEntry,
  path: PropertyKey[],
  problems: [PropertyKey[], string][],
): void {
  const funds = community.funds.map((fund) => fund.id);
  const known = `Use one of ${funds.join(", ")}`;
  if (!funds.includes(ruleSet.fallback)) problems.push([[...path, "fallback"], `not a fund: ${known}`]);
  for (const [s, rule] of ruleSet.split.entries()) ruleChecks(funds, rule, [...path, "split", s], problems);
  wholeCheck(ruleSet.split, [...path, "split"], problems);
  excessChecks(community, ruleSet, [...path, "excess"], problems);
  const count = ruleSet.split.length + ruleSet.excess.split.length;
  if (count > MAX_RULES) problems.push([path, `${count} rules with those of the excess: At most ${MAX_RULES} in all`]);
}

/** The law's words: consumers that are not enterprises, or social purposes. */
function excessChecks(
  community: CommunityFile,
  { excess }: RuleSetEntry,
  path: PropertyKey[],
  problems: [PropertyKey[], string][],
): void {
  const social = community.funds.filter((fund) => fund.social).map((fund) => fund.id);
  const known = `Use one of ${social.join(", ")}`;
  if (social.length === 0) {
    problems.push([["funds"], "no social fund: Mark one with `social: true`; the excess premium has to go somewhere"]);
    return;
  }
  if (excess.fallback !== undefined && !social.includes(excess.fallback)) {
    problems.push([[...path, "fallback"], `not a social fund: ${known}`]);
  }
  const funds = community.funds.map((fund) => fund.id);
  for (const [s, rule] of excess.split.entries()) {
    const at = [...path, "split", s];
    ruleChecks(funds, rule, at, problems);
    if (rule.key === "fund") {
      if (funds.includes(rule.fund ?? "") && !social.includes(rule.fund ?? "")) {
        problems.push([[...at, "fund"], `not a social fund: ${known}`]);
      }
    } else if (rule.key === "attributed-injection" || rule.key === "coincident-injection") {
      problems.push([[...at, "key"], "not for the excess: Use coincident-withdrawal, equal, static-weight or fund"]);
    } else if (rule.classes?.includes("impresa")) {
      problems.push([[...at, "classes"], "the excess may not go to enterprises: Take impresa out"]);
    }
  }
  if (excess.split.length > 0) wholeCheck(excess.split, [...path, "split"], problems);
}

function ruleChecks(
  funds: readonly string[],
  rule: RuleSetEntry["split"][number],
  at: PropertyKey[],
  problems: [PropertyKey[], string][],
): void {
  const known = `Use one of ${funds.join(", ")}`;
  if (rule.key === "fund") {
    if (rule.fund === undefined || !funds.includes(rule.fund)) problems.push([[...at, "fund"], `not a fund: ${known}`]);
    if (rule.classes !== undefined) problems.push([[...at, "classes"], "a fund has no classes: Remove it"]);
  } else if (rule.fund !== undefined) {
    problems.push([[...at, "fund"], "fund without key fund: Remove it, or write key: fund"]);
  }
}

function wholeCheck(split: RuleSetEntry["split"], path: PropertyKey[], problems: [PropertyKey[], string][]): void {
  const whole = split.reduce((total, rule) => total + rule.share, 0);
  if (whole !== WHOLE) {
    problems.push([path, `shares add up to ${whole}: They must add up to 10000 basis points (100%)`]);
  }
}

function rulesOrder(community: CommunityFile, problems: [PropertyKey[], string][]): void {
  for (const [r, ruleSet] of community.rules.entries()) {
    const previous = community.rules[r - 1];
    if (previous === undefined) continue;
    if (ruleSet.from === undefined || ruleSet.from <= (previous.from ?? "")) {
      problems.push([["rules", r], "not after the rule set before it: Give each a later month in `from`"]);
    }
  }
}

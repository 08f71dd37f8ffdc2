/** The community file: members, meters, plants, funds and rules, as the secretary writes them. */

import { getAddress, isAddress } from "viem";
import { z } from "zod";
import { parseMonth } from "../settlement/hours.ts";
import { CLASSES } from "../settlement/roster.ts";
import { KEYS, MAX_RULES, WHOLE } from "../settlement/rules.ts";
import { crossChecks } from "./communityChecks.ts";
import { date } from "./dateEntry.ts";
import { plantShape } from "./plantEntry.ts";
import { readText } from "./textFile.ts";
import { parseYaml } from "./yamlFile.ts";

const POD = /^IT\d{3}E[0-9A-Z]{8,9}$/;
const AREA = /^[A-Z0-9-]{1,31}$/;
const ID = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/** `RuleBook.MAX_MINIMUM_PAYMENT`. */
const MOST_MINIMUM_EUR = 1000;

const EARLIEST_START = "2000-01-01";

const month = z.string().refine((text) => parseMonth(text) !== undefined, "not a month: write it as 2026-03");
const id = z.string().regex(ID, "not an id: use up to 40 lower-case letters, digits, - and _");
const day = date.refine((text) => text >= EARLIEST_START, "too early: write the day as 2026-03-01");
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
  from: day.optional(),
  until: day.optional(),
  class: memberClass.optional(),
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
  from: day.optional(),
  until: day.optional(),
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
        start: day.optional(),
        non_incentivised_last: z.boolean().default(false),
      }),
    )
    .min(1, "no configuration: name the primary-substation area"),
  members: z.array(memberShape).min(1, "no members"),
  funds: z.array(fundShape).min(1, "no funds: rounding dust and unclaimed shares need a fund to go to"),
  rules: z.array(ruleSetShape).min(1, "no rules"),
});

export type CommunityFile = z.infer<typeof communityShape>;
export type RuleSetEntry = CommunityFile["rules"][number];
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

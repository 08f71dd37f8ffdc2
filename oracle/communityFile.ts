/** The community file: members, meters, plants, funds and rules, as the secretary writes them. */

import { readFileSync } from "node:fs";
import { getAddress, isAddress } from "viem";
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { parseMonth } from "../settlement/hours.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { CLASSES } from "../settlement/roster.ts";
import { KEYS, MAX_RULES, WHOLE } from "../settlement/rules.ts";
import { date } from "./dateEntry.ts";
import { plantShape } from "./plantEntry.ts";

const POD = /^IT\d{3}E[0-9A-Z]{8,9}$/;
const AREA = /^[A-Z0-9-]{1,31}$/;
const ID = /^[a-z0-9][a-z0-9_-]{0,39}$/;

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

const meterShape = z.strictObject({
  id: z.string().regex(/^[^\s,;"]{1,40}$/, "not a meter id: use up to 40 characters without spaces, commas or quotes"),
  pod: z.string().regex(POD, "not a POD: IT, three digits, E, then 8 or 9 digits or letters").optional(),
  area: z.string().optional(),
  withdraws: z.boolean().default(true),
  plant: plantShape.optional(),
  exempt: z.boolean().default(false),
  weight: z.int("not a whole number").min(0, "below zero").max(0xffffffff, "too large").default(0),
});

const memberShape = z.strictObject({
  id,
  name: z.string().min(1, "empty: write the name"),
  class: memberClass,
  producer: z.boolean().default(false),
  wallet,
  meters: z.array(meterShape).min(1, "no meters: a member has at least one"),
});

const fundShape = z.strictObject({ id, name: z.string().min(1), social: z.boolean().default(false), wallet });

const ruleShape = z.strictObject({
  share: z.int("not a whole number of basis points").min(1, "below one basis point").max(WHOLE, "above 10000"),
  key: z.enum(KEYS, `unknown key: use one of ${KEYS.join(", ")}`),
  classes: z.array(memberClass).min(1, "empty: leave it out to serve every class").optional(),
  fund: z.string().optional(),
});

const ruleSetShape = z.strictObject({
  from: month.optional(),
  document: z.string().optional(),
  fallback: z.string(),
  split: z.array(ruleShape).min(1, "no rules").max(MAX_RULES, `more than ${MAX_RULES} rules`),
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
export type MemberEntry = CommunityFile["members"][number];
export type MeterEntry = MemberEntry["meters"][number];

/** Reads and checks a community file. Throws InputError with everything that is wrong in it. */
export function readCommunityFile(file: string): CommunityFile {
  return parseCommunity(readText(file), file);
}

/** Reads a file of text. Throws InputError if there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "no such file" : "cannot be read";
    throw new InputError([{ file, problem: reason, remedy: "Check the path" }]);
  }
}

/** Checks the text of a community file; `file` is for messages. */
export function parseCommunity(text: string, file: string): CommunityFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        problem: (error.message.split(" at line")[0] ?? error.message).trim(),
        remedy: "Mend the YAML; `./condivisa init` writes a file to start from",
      })),
    );
  }
  if (document.contents === null) {
    throw new InputError([{ file, problem: "empty file", remedy: "`./condivisa init` writes a file to start from" }]);
  }

  const locate = (path: readonly PropertyKey[]): { line: number | undefined; value: string | undefined } => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isScalar(node) || isMap(node) || isSeq(node)) {
        const line = node.range ? lines.linePos(node.range[0]).line : undefined;
        const shown = isScalar(node) && length === path.length ? String(node.value) : undefined;
        return { line, value: shown };
      }
    }
    return { line: undefined, value: undefined };
  };
  const problemAt = (path: readonly PropertyKey[], message: string): InputProblem => {
    const [problem, ...remedy] = message.split(": ");
    return {
      file,
      ...locate(path),
      field: fieldName(path),
      problem: problem ?? message,
      remedy: capitalised(remedy.join(": ") || "See docs/community-file.md"),
    };
  };

  const parsed = communityShape.safeParse(contentOf(document, file));
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
          return issue.keys.map((key) =>
            problemAt([...issue.path, key], "unknown field: Remove it or mend its spelling"),
          );
        }
        const missing = issue.code === "invalid_type" && !document.hasIn(issue.path);
        return [problemAt(issue.path, missing ? "missing: Add it" : issue.message)];
      }),
    );
  }
  const problems = crossChecks(parsed.data).map(([path, message]) => problemAt(path, message));
  if (problems.length > 0) throw new InputError(problems);
  return parsed.data;
}

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
  ruleSet: CommunityFile["rules"][number],
  path: PropertyKey[],
  problems: [PropertyKey[], string][],
): void {
  const funds = community.funds.map((fund) => fund.id);
  const known = `Use one of ${funds.join(", ")}`;
  if (!funds.includes(ruleSet.fallback)) problems.push([[...path, "fallback"], `not a fund: ${known}`]);
  for (const [s, rule] of ruleSet.split.entries()) {
    const at = [...path, "split", s];
    if (rule.key === "fund") {
      if (rule.fund === undefined || !funds.includes(rule.fund))
        problems.push([[...at, "fund"], `not a fund: ${known}`]);
      if (rule.classes !== undefined) problems.push([[...at, "classes"], "a fund has no classes: Remove it"]);
    } else if (rule.fund !== undefined) {
      problems.push([[...at, "fund"], "fund without key fund: Remove it, or write key: fund"]);
    }
  }
  const whole = ruleSet.split.reduce((total, rule) => total + rule.share, 0);
  if (whole !== WHOLE) {
    problems.push([[...path, "split"], `shares add up to ${whole}: They must add up to 10000 basis points (100%)`]);
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

/** The document's content. Throws InputError if an alias in it leads nowhere. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InputError([{ file, problem, remedy: "Mend the YAML; text that begins with * or & stands in quotes" }]);
  }
}

function fieldName(path: readonly PropertyKey[]): string | undefined {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return name === "" ? undefined : name.replace(/^\./, "");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

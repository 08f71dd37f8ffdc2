/** Checks of a whole community file. */

import { MAX_RULES, WHOLE } from "../settlement/rules.ts";
import type { CommunityFile, MeterEntry, RuleSetEntry } from "./communityFile.ts";
import { overlap, type Period, periodOf } from "./meterPeriods.ts";
import { RESERVES } from "./reserves.ts";

/** What one entry alone cannot show: repeated ids, references that lead nowhere, shares that are not whole. */
export function crossChecks(community: CommunityFile): [PropertyKey[], string][] {
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
  const meterIds = oneAtATime("meter", problems);
  const pods = oneAtATime("POD", problems);
  const areas = unique("area");
  const wallets = unique("wallet");
  for (const reserve of Object.values(RESERVES)) accountIds(reserve, []);
  for (const [c, configuration] of community.configurations.entries()) {
    areas(configuration.area, ["configurations", c, "area"]);
  }
  const areaNames = community.configurations.map(({ area }) => area);
  const areaOfMeter = oneArea(problems);
  for (const [m, member] of community.members.entries()) {
    accountIds(member.id, ["members", m, "id"]);
    wallets(member.wallet, ["members", m, "wallet"]);
    for (const [n, meter] of member.meters.entries()) {
      const path: PropertyKey[] = ["members", m, "meters", n];
      const period = periodOf(meter, member);
      if (period.first >= period.end)
        problems.push([[...path, "until"], "before its first day: Mend `from` or `until`"]);
      if (member.until !== undefined && meter.until !== undefined && meter.until > member.until) {
        problems.push([[...path, "until"], `after the member's last day, ${member.until}: Mend one of them`]);
      }
      meterIds(meter.id, period, [...path, "id"]);
      pods(meter.pod, period, [...path, "pod"]);
      areaOfMeter(meter, [...path, "area"]);
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

/** The same meter or POD may stand in several entries that follow each other: *voltura*, new class, new plant. */
function oneAtATime(kind: string, problems: [PropertyKey[], string][]) {
  const seen = new Map<string, Period[]>();
  return (value: string | undefined, period: Period, path: PropertyKey[]) => {
    if (value === undefined) return;
    const others = seen.get(value) ?? [];
    if (others.some((other) => overlap(other, period))) {
      problems.push([path, `repeated ${kind}: Each stands once at a time; let its entries follow by from and until`]);
    }
    seen.set(value, [...others, period]);
  };
}

function oneArea(problems: [PropertyKey[], string][]) {
  const areaOf = new Map<string, string | undefined>();
  return ({ id, area }: MeterEntry, path: PropertyKey[]) => {
    if (areaOf.has(id) && areaOf.get(id) !== area) {
      problems.push([path, `another area than the entry of meter ${id} before: A meter stays where it is`]);
    }
    areaOf.set(id, area);
  };
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

/** Plays a whole community on an embedded chain: rosters, rules, readings, receipts and runs, in the order of the story. */

import { type Address, type Hex, keccak256, toHex, zeroHash } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { approveRun, bookReceipt, isLive, newestRun, proposeRun, type Receipt } from "../../chain/payout.ts";
import { adoptRoster, adoptRuleSet, enrol } from "../../chain/setUp.ts";
import { type Batch, FIRST_REVISION, maskBit, withoutPrices } from "../../settlement/batch.ts";
import type { Grade } from "../../settlement/grade.ts";
import { batchSpans, type Hour, type HourSpan, type Month, monthOf } from "../../settlement/hours.ts";
import { channelsOf, type Roster } from "../../settlement/roster.ts";
import type { RuleSet } from "../../settlement/rules.ts";
import { deployCommunity, record, type Stage } from "./communityOnChain.ts";

export type PlayedConfiguration = {
  readonly firstHour: Hour;
  /** In the order in which they take force; the first at `firstHour`. */
  readonly rosters: readonly { readonly effectiveHour: Hour; readonly roster: Roster }[];
};

export type PlayedCommunity = {
  /** Members are numbered first, then funds. */
  readonly members: number;
  readonly funds: number;
  readonly configurations: readonly PlayedConfiguration[];
  readonly ruleSets: readonly RuleSet[];
  /** Wh of a channel in an hour; undefined: missing. */
  readonly reading: (configuration: number, channel: number, hour: Hour) => number | undefined;
  readonly grade: Grade;
};

/** Deploys the community and adopts its first rosters and its rules. */
export async function beginCommunity(stage: Stage, community: PlayedCommunity): Promise<CommunityAddresses> {
  const { secretary, president } = stage.people;
  const at = await deployCommunity(
    stage,
    community.configurations.map(({ firstHour }) => ({ firstHour, firstMonth: monthOf(firstHour) })),
  );
  const member = { kind: "member", social: false, wallet: undefined } as const;
  const fund = { kind: "fund", social: true, wallet: undefined } as const;
  await enrol(secretary, at.community, [
    ...new Array<typeof member>(community.members).fill(member),
    ...new Array<typeof fund>(community.funds).fill(fund),
  ]);
  for (const [index, { rosters }] of community.configurations.entries()) {
    for (const { effectiveHour, roster } of rosters) {
      await adoptRoster(secretary, president, ledgerOf(at, index), effectiveHour, roster);
    }
  }
  for (const ruleSet of community.ruleSets) await adoptRuleSet(secretary, president, at.ruleBook, ruleSet);
  return at;
}

/** Records all hours of all configurations from `first` to before `end`, day by day. Returns the batches. */
export async function recordHours(
  stage: Stage,
  at: CommunityAddresses,
  community: PlayedCommunity,
  first: Hour,
  end: Hour,
): Promise<{ configuration: number; batch: Batch; roster: Roster }[]> {
  const recorded = [];
  for (const [configuration, { firstHour, rosters }] of community.configurations.entries()) {
    for (const [index, { effectiveHour, roster }] of rosters.entries()) {
      const from = Math.max(first, firstHour, effectiveHour);
      const to = Math.min(end, rosters[index + 1]?.effectiveHour ?? end);
      for (const span of from < to ? batchSpans(from, to) : []) {
        const batch = batchOfSpan(community, configuration, roster, index + 1, span);
        await record(stage, ledgerOf(at, configuration), batch, roster);
        recorded.push({ configuration, batch, roster });
      }
    }
  }
  return recorded;
}

export async function book(stage: Stage, at: CommunityAddresses, receipts: readonly Receipt[]): Promise<void> {
  for (const receipt of receipts) await bookReceipt(stage.people.treasurer, at.treasury, receipt);
}

/** A premium of so many micro-euro; the name tells two equal ones apart. */
export function premium(configuration: number, month: Month, net: bigint, name = ""): Receipt {
  const documentHash: Hex = name === "" ? zeroHash : keccak256(toHex(name));
  return { configuration, month, kind: "premium", gross: net, fee: 0n, vat: 0n, net, documentHash };
}

/**
 * A run over months from opening to payout.
 * @param words how many words of accounts the next chunk may go through
 * @param meanwhile happens once, between two chunks of weighing
 */
export async function playRun(
  stage: Stage,
  at: CommunityAddresses,
  months: { readonly from: Month; readonly to: Month },
  words: () => number = () => 1000,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { treasurer, president } = stage.people;
  const call = { abi: treasuryAbi, address: at.treasury } as const;
  await treasurer.send({ ...call, functionName: "open", args: [months.from, months.to] });
  let left: (() => Promise<void>) | undefined = meanwhile;
  for (;;) {
    const run = await newestRun(stage.client, at.treasury);
    if (run === undefined || !isLive(run)) return;
    const chunk = [run.number, BigInt(words())] as const;
    switch (run.phase) {
      case "weigh":
      case "apportion":
        await treasurer.send({ ...call, functionName: run.phase, args: chunk });
        await left?.();
        left = undefined;
        break;
      case "apportioned":
        await proposeRun(treasurer, at.treasury, run);
        break;
      case "proposed":
        await approveRun(stage.client, president, at.treasury, run, run.provisional ? "as far as it is known" : "");
        break;
      default:
        stage.chain.advanceTo(run.payableFrom);
        await treasurer.send({ ...call, functionName: "pay", args: chunk });
    }
  }
}

export function ledgerOf(at: CommunityAddresses, configuration: number): Address {
  const ledger = at.ledgers[configuration];
  if (ledger === undefined) throw new RangeError(`configuration ${configuration}`);
  return ledger;
}

function batchOfSpan(
  community: PlayedCommunity,
  configuration: number,
  roster: Roster,
  rosterVersion: number,
  span: HourSpan,
): Batch {
  const rows = channelsOf(roster).map(({ number }) => {
    const row = new Array<number>(24).fill(0);
    let mask = 0;
    for (let lane = 0; lane < span.hourCount; lane++) {
      const reading = community.reading(configuration, number, span.firstHour + lane);
      if (reading === undefined) mask |= maskBit(lane);
      else row[lane] = reading;
    }
    return { row, mask };
  });
  return {
    ...span,
    rosterVersion,
    grade: community.grade,
    ...FIRST_REVISION,
    seed: keccak256(toHex(`seed ${configuration} ${span.firstHour}`)),
    injected: rows.slice(0, roster.injection.length).map(({ row }) => row),
    withdrawn: rows.slice(roster.injection.length).map(({ row }) => row),
    missing: rows.map(({ mask }) => mask),
    ...withoutPrices(span.hourCount),
  };
}
